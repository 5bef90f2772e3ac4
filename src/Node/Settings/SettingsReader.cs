using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Masumi.Node.Settings;

/// <summary>Reads settings out of a JSON object and collects everything that is wrong with them: every mistake is said at once.</summary>
internal sealed class SettingsReader
{
    private const int LongestShown = 60;
    private readonly Dictionary<string, JsonElement> _members = new(StringComparer.Ordinal);
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);
    private readonly List<SettingProblem> _problems = [];

    // Where nothing could be read, nothing is missing.
    private bool _readable;

    private SettingsReader() { }

    /// <summary>What was found so far.</summary>
    public IReadOnlyList<SettingProblem> Problems => _problems;

    /// <summary>Reads text. What is no JSON object is one problem, named after <paramref name="source"/>, and has no settings.</summary>
    public static SettingsReader Parse(ReadOnlyMemory<byte> json, string source)
    {
        var reader = new SettingsReader();
        if (!Utf8.IsValid(json.Span))
        {
            reader.Refuse(source, "not text in UTF-8");
            return reader;
        }

        var text = json.Span.StartsWith(Encoding.UTF8.Preamble) ? json[Encoding.UTF8.Preamble.Length..] : json;
        if (text.Span.Trim(" \t\r\n"u8).IsEmpty)
        {
            reader.Refuse(source, "empty; a JSON object with the settings is needed");
            return reader;
        }

        try
        {
            reader.Read(JsonElement.Parse(text.Span), source);
        }
        catch (JsonException e)
        {
            // Its message may repeat what stands there.
            reader.Refuse(source, $"no JSON at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}");
        }

        return reader;
    }

    /// <summary>Notes a problem.</summary>
    public void Refuse(string setting, string problem) => _problems.Add(new SettingProblem(setting, problem));

    /// <summary>Text that must be there; null when it is not or is something else, which is noted.</summary>
    public string? Text(string name, string allowed, bool secret = false) => Find(name, allowed) is { } value ? Text(name, value, allowed, secret) : null;

    /// <summary>Text that may be left out.</summary>
    public string? OptionalText(string name, string allowed, bool secret = false) => Find(name) is { } value ? Text(name, value, allowed, secret) : null;

    /// <summary>A list of texts that may be left out.</summary>
    public ImmutableArray<string>? OptionalTexts(string name, string allowed)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Array)
        {
            Refuse(name, $"a list is needed, each {allowed}, got {Shown(value)}");
            return null;
        }

        var texts = ImmutableArray.CreateBuilder<string>();
        var index = 0;
        foreach (var item in value.EnumerateArray())
        {
            if (Text($"{name}[{index++}]", item, allowed, secret: false) is not { } text)
            {
                return null;
            }

            texts.Add(text);
        }

        return texts.ToImmutable();
    }

    /// <summary>A whole number that must be there.</summary>
    public long? Whole(string name, long least, long most) => Find(name, Range(least, most)) is { } value ? Whole(name, value, least, most) : null;

    /// <summary>A whole number that may be left out.</summary>
    public long? OptionalWhole(string name, long least, long most) => Find(name) is { } value ? Whole(name, value, least, most) : null;

    /// <summary>One of a few words that must be there.</summary>
    public T? Choice<T>(string name)
        where T : struct, Enum => Text(name, OneOf<T>()) is { } text ? Choice<T>(name, text) : null;

    /// <summary>One of a few words that may be left out.</summary>
    public T? OptionalChoice<T>(string name)
        where T : struct, Enum => OptionalText(name, OneOf<T>()) is { } text ? Choice<T>(name, text) : null;

    /// <summary>Text as a value of its own kind; what its parser refuses is noted.</summary>
    public T? Parsed<T>(string name, string? text, Func<string, T> parse, string allowed)
    {
        try
        {
            return text is null ? default : parse(text);
        }
        catch (Exception e) when (e is FormatException or ArgumentException or OverflowException)
        {
            Refuse(name, $"{allowed} is needed, got {Quoted(text!)}");
            return default;
        }
    }

    /// <summary>Notes every member that nobody asked for. After everything has been read.</summary>
    public void RefuseUnknown()
    {
        foreach (var name in _members.Keys.Where(n => !_asked.Contains(n)))
        {
            var near = Near(name, _asked);
            Refuse(Quoted(name), near is null ? "no setting of this service" : $"no setting of this service; did you mean {near}?");
        }
    }

    /// <summary>Text as it may stand in a line: bounded, without control characters.</summary>
    public static string Quoted(string text)
    {
        var shown = text.Length > LongestShown ? string.Concat(text.AsSpan(0, LongestShown), "...") : text;
        return $"'{string.Concat(shown.Select(c => char.IsControl(c) || char.IsSurrogate(c) || c is '\u2028' or '\u2029' ? $"\\u{(int)c:x4}" : c.ToString()))}'";
    }

    private void Read(JsonElement root, string source)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            Refuse(source, $"a JSON object with the settings is needed, got {Shown(root)}");
            return;
        }

        _readable = true;
        foreach (var member in root.EnumerateObject())
        {
            string name;
            try
            {
                name = member.Name;
            }
            catch (InvalidOperationException)
            {
                Refuse(source, "a setting whose name is no text");
                continue;
            }

            if (!_members.TryAdd(name, member.Value))
            {
                Refuse(Quoted(name), "there twice");
            }
        }
    }

    // Null stands for nothing.
    private JsonElement? Find(string name)
    {
        _asked.Add(name);
        return _members.TryGetValue(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
    }

    private JsonElement? Find(string name, string allowed)
    {
        var value = Find(name);
        if (value is null && _readable)
        {
            Refuse(name, $"missing; {allowed} is needed");
        }

        return value;
    }

    private string? Text(string name, JsonElement value, string allowed, bool secret)
    {
        try
        {
            if (value.ValueKind == JsonValueKind.String && value.GetString() is { } text)
            {
                return text;
            }

            Refuse(name, $"{allowed} is needed, got {(secret ? Kind(value) : Shown(value))}");
        }
        catch (InvalidOperationException)
        {
            Refuse(name, $"{allowed} is needed, got half a character");
        }

        return null;
    }

    private long? Whole(string name, JsonElement value, long least, long most)
    {
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number >= least && number <= most)
        {
            return number;
        }

        Refuse(name, $"{Range(least, most)} is needed, got {Shown(value)}");
        return null;
    }

    private T? Choice<T>(string name, string text)
        where T : struct, Enum
    {
        var words = Enum.GetNames<T>();
        if (words.Contains(text, StringComparer.Ordinal))
        {
            return Enum.Parse<T>(text);
        }

        var near = Near(text, words);
        Refuse(name, $"{OneOf<T>()} is needed, got {Quoted(text)}{(near is null ? "" : $"; did you mean {near}?")}");
        return null;
    }

    private static string OneOf<T>()
        where T : struct, Enum
    {
        var words = Enum.GetNames<T>();
        return $"{string.Join(", ", words[..^1])} or {words[^1]}";
    }

    private static string Range(long least, long most) => $"a whole number from {least} to {most}";

    private static string Shown(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.String => TextOf(value) is { } text ? $"the text {Quoted(text)}" : "half a character",
            JsonValueKind.Number => Quoted(value.GetRawText()).Trim('\''),
            _ => Kind(value),
        };

    private static string? TextOf(JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static string Kind(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Object => "an object",
            JsonValueKind.Array => "a list",
            JsonValueKind.String => "a text",
            JsonValueKind.Number => "a number",
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            _ => "null",
        };

    private static string? Near(string word, IEnumerable<string> known) =>
        known
            .Select(k => new { Word = k, Distance = Distance(word.ToUpperInvariant(), k.ToUpperInvariant()) })
            .Where(k => k.Distance <= 2)
            .MinBy(k => k.Distance)
            ?.Word;

    // Levenshtein's, row by row.
    private static int Distance(string a, string b)
    {
        if (Math.Abs(a.Length - b.Length) > 2)
        {
            return int.MaxValue;
        }

        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)));
            }
        }

        return row[^1];
    }
}
