using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Configuration;

namespace Masumi.Node.Settings;

/// <summary>
/// Reads one section of the settings, wherever they stand (a file, the environment, the command line), and collects everything that is wrong with them:
/// every mistake is said at once, by the setting's path, such as <c>sources[0].wallets[1].role</c>.
/// </summary>
internal sealed class SettingsReader
{
    private const int LongestShown = 60;
    private readonly SettingsText _text;
    private readonly IConfiguration _section;
    private readonly string _path;

    // Where there is something else than what is read, nothing is missing.
    private readonly bool _isReadable;

    // Where there is a text instead of an object, that is said once, and nothing of what is not there.
    private readonly bool _isText;
    private readonly Dictionary<string, IReadOnlyList<SettingsReader>> _asked = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The whole of the settings.</summary>
    public SettingsReader(SettingsText text)
        : this(text, text.Root, "") { }

    private SettingsReader(SettingsText text, IConfiguration section, string path, bool isText = false)
    {
        _isText = isText;
        _isReadable = !isText && text.IsReadable;
        _text = text;
        _section = section;
        _path = path;
    }

    /// <summary>What was found so far, here and in every other section.</summary>
    public IReadOnlyList<SettingProblem> Problems => _text.Problems;

    /// <summary>Reads the files that settings name; throws what reading throws, or <see cref="FormatException"/>.</summary>
    public Func<string, byte[]> ReadFile => _text.ReadFile;

    /// <summary>A setting's whole name.</summary>
    public string PathOf(string name) => _path.Length == 0 ? name : $"{_path}.{name}";

    /// <summary>Notes a problem.</summary>
    public void Refuse(string name, string problem)
    {
        if (!_isText)
        {
            _text.Refuse(PathOf(name), problem);
        }
    }

    /// <summary>Whether anything at all is said about it.</summary>
    public bool Has(string name)
    {
        Ask(name);
        return _section.GetSection(name).Exists();
    }

    /// <summary>Whether it is a list, or an object.</summary>
    public bool IsList(string name) => _section.GetSection(name).GetChildren().Any();

    /// <summary>The settings below a name; without any when it is not there.</summary>
    public SettingsReader Section(string name)
    {
        var section = _section.GetSection(name);
        if (section.Value is { Length: > 0 })
        {
            Refuse(name, "an object is needed, got a text");
        }

        var reader = new SettingsReader(_text, section, PathOf(name), isText: _isText || section.Value is { Length: > 0 });
        _asked[name] = [reader];
        return reader;
    }

    /// <summary>The items of a list; none when it is not there.</summary>
    public IReadOnlyList<SettingsReader> Items(string name, string allowed)
    {
        var items = new List<SettingsReader>();
        foreach (var item in List(name, allowed))
        {
            items.Add(new SettingsReader(_text, item, $"{PathOf(name)}[{items.Count}]", isText: item.Value is { Length: > 0 }));
            if (item.Value is { Length: > 0 })
            {
                _text.Refuse(items[^1]._path, $"{allowed} is needed, got a text");
            }
        }

        _asked[name] = items;
        return items;
    }

    /// <summary>Text that must be there; null when it is not or is something else, which is noted.</summary>
    public string? Text(string name, string allowed, bool secret = false)
    {
        var there = Has(name);
        if (!there && _isReadable)
        {
            Refuse(name, $"missing; {allowed} is needed");
        }

        return there ? OptionalText(name, allowed, secret) : null;
    }

    /// <summary>Text that may be left out.</summary>
    public string? OptionalText(string name, string allowed, bool secret = false)
    {
        Ask(name);
        var section = _section.GetSection(name);
        return section.GetChildren().Any() ? NoText(PathOf(name), allowed)
            : section.Value is { } text ? Sound(PathOf(name), text, allowed, secret)
            : null;
    }

    /// <summary>
    /// Text that nobody else may see: in the setting itself, or in a file that only its owner may read and that the setting with <c>File</c> behind its name
    /// names.
    /// </summary>
    public string? Secret(string name, string allowed)
    {
        var before = Problems.Count;
        var secret = OptionalSecret(name, allowed);
        if (secret is null && Problems.Count == before && _isReadable)
        {
            Refuse(name, $"missing; {allowed} is needed, or {name}File with the path of a file that holds it");
        }

        return secret;
    }

    /// <summary>As <see cref="Secret"/>; it may be left out.</summary>
    public string? OptionalSecret(string name, string allowed)
    {
        var there = OptionalText(name, allowed, secret: true);
        if (OptionalText($"{name}File", "the path of a file") is not { } file)
        {
            return there;
        }

        if (there is not null)
        {
            Refuse(name, $"it is set, and {name}File too; one of them is needed");
            return null;
        }

        try
        {
            if (PrivateFile.Read(file, out var bytes) is { } refusal)
            {
                Refuse($"{name}File", refusal);
                return null;
            }

            var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes).TrimEnd('\r', '\n');
            if (text.Length > 0)
            {
                return text;
            }

            Refuse($"{name}File", $"{Place(file)} is empty; {allowed} is needed in it");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or ArgumentException)
        {
            var why = e switch
            {
                DecoderFallbackException => "no text in UTF-8",
                FileNotFoundException or DirectoryNotFoundException => "there is no such file",
                UnauthorizedAccessException => "it is not allowed",
                _ => "it is no file to read",
            };
            Refuse($"{name}File", $"{Place(file)} cannot be read: {why}");
        }

        return null;
    }

    /// <summary>A list of texts that may be left out.</summary>
    public ImmutableArray<string>? OptionalTexts(string name, string allowed)
    {
        Ask(name);
        if (!_section.GetSection(name).Exists())
        {
            return null;
        }

        // Where only texts can stand, a list is one with commas.
        if (_section.GetSection(name).Value is { Length: > 0 } text && _text.IsOnlyText(PathOf(name)))
        {
            return Sound(PathOf(name), text, allowed, secret: false) is { } sound ? [.. sound.Split(',', StringSplitOptions.TrimEntries)] : null;
        }

        var before = Problems.Count;
        var texts = ImmutableArray.CreateBuilder<string>();
        foreach (var item in List(name, allowed))
        {
            var path = $"{PathOf(name)}[{texts.Count}]";
            texts.Add((item.GetChildren().Any() ? NoText(path, allowed) : Sound(path, item.Value ?? "", allowed, secret: false)) ?? "");
        }

        return Problems.Count == before ? texts.ToImmutable() : null;
    }

    /// <summary>A whole number that must be there.</summary>
    public long? Whole(string name, long least, long most) => Whole(name, Text(name, Range(least, most)), least, most);

    /// <summary>A whole number that may be left out.</summary>
    public long? OptionalWhole(string name, long least, long most) => Whole(name, OptionalText(name, Range(least, most)), least, most);

    /// <summary>One of a few words that must be there.</summary>
    public T? Choice<T>(string name, string? meaning = null)
        where T : struct, Enum => Text(name, OneOf<T>() + (meaning is null ? "" : $" ({meaning})")) is { } text ? Chosen<T>(name, text) : null;

    /// <summary>One of a few words that may be left out.</summary>
    public T? OptionalChoice<T>(string name)
        where T : struct, Enum => OptionalText(name, OneOf<T>()) is { } text ? Chosen<T>(name, text) : null;

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

    /// <summary>Notes everything that nobody asked for. After everything has been read.</summary>
    public void RefuseUnknown()
    {
        foreach (var child in _section.GetChildren())
        {
            if (_asked.TryGetValue(child.Key, out var sections))
            {
                foreach (var section in sections)
                {
                    section.RefuseUnknown();
                }

                continue;
            }

            var near = Near(child.Key, _asked.Keys);
            _text.Refuse(Quoted(PathOf(child.Key)), near is null ? "no setting of this service" : $"no setting of this service; did you mean {near}?");
        }
    }

    /// <summary>Text as it may stand in a line: bounded, without control characters.</summary>
    public static string Quoted(string text)
    {
        var shown = text.Length > LongestShown ? string.Concat(text.AsSpan(0, LongestShown), "...") : text;
        return $"'{string.Concat(shown.Select(c => char.IsControl(c) || char.IsSurrogate(c) || c is '\u2028' or '\u2029' ? $"\\u{(int)c:x4}" : c.ToString()))}'";
    }

    // Somebody may have put the secret itself where its file belongs: only what names something is surely none.
    private static string Place(string file) => Path.Exists(file) ? Quoted(file) : "what it names";

    private void Ask(string name) => _asked.TryAdd(name, []);

    // Places are 0, 1, 2, ..., also where the environment names them.
    private List<IConfigurationSection> List(string name, string allowed)
    {
        Ask(name);
        var section = _section.GetSection(name);
        if (section.Value is { Length: > 0 })
        {
            Refuse(name, $"a list is needed, each {allowed}, got a text");
            return [];
        }

        var items = section.GetChildren().ToList();
        for (var i = 0; i < items.Count; i++)
        {
            if (items[i].Key != i.ToString(CultureInfo.InvariantCulture))
            {
                Refuse(name, $"a list is needed, its items named 0 to {items.Count - 1}; one is named {Quoted(items[i].Key)}");
                return [];
            }
        }

        return items;
    }

    // What is no single short word may be a secret that stands in the wrong place.
    private static string Short(string text) => text.Length <= 20 && !text.Any(char.IsWhiteSpace) ? Quoted(text) : "something else";

    private string? NoText(string path, string allowed)
    {
        _text.Refuse(path, $"{allowed} is needed, got an object or a list");
        return null;
    }

    private string? Sound(string path, string text, string allowed, bool secret)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]) && !(i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1])))
            {
                _text.Refuse(path, $"{allowed} is needed, got half a character");
                return null;
            }

            i += char.IsSurrogate(text[i]) ? 1 : 0;
        }

        // Only what can be shown may be shown.
        return secret || text.Length > 0 ? text : Empty();

        string? Empty()
        {
            _text.Refuse(path, $"{allowed} is needed, got ''");
            return null;
        }
    }

    private long? Whole(string name, string? text, long least, long most)
    {
        if (text is null)
        {
            return null;
        }

        if (Digits.TryReadSigned<long>(text, out var number) && number >= least && number <= most)
        {
            return number;
        }

        Refuse(name, $"{Range(least, most)} is needed, got {Quoted(text)}");
        return null;
    }

    private T? Chosen<T>(string name, string text)
        where T : struct, Enum
    {
        var words = Enum.GetNames<T>().Select(Word<T>).ToList();
        if (words.IndexOf(text) is >= 0 and var index)
        {
            return Enum.Parse<T>(Enum.GetNames<T>()[index]);
        }

        var near = Near(text, words);
        Refuse(name, $"{OneOf<T>()} is needed, got {Short(text)}{(near is null ? "" : $"; did you mean {near}?")}");
        return null;
    }

    private static string OneOf<T>()
        where T : struct, Enum
    {
        var words = Enum.GetNames<T>().Select(Word<T>).ToArray();
        return $"{string.Join(", ", words[..^1])} or {words[^1]}";
    }

    // Names of networks and roles are the wire's; words of our own are lower case.
    private static string Word<T>(string name) => typeof(T) == typeof(ContractChoice) ? name.ToLowerInvariant() : name;

    private static string Range(long least, long most) => $"a whole number from {least} to {most}";

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
