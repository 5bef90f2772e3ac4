using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.Extensions.Configuration;

namespace Masumi.Node.Settings;

/// <summary>
/// Where settings stand: a JSON object (comments and trailing commas are allowed), over it the environment (<c>MASUMI__CHAIN__KEY</c> is <c>chain.key</c>),
/// over that the command line. What is wrong with any of them is collected here.
/// </summary>
internal sealed class SettingsText
{
    /// <summary>What the environment's settings begin with.</summary>
    public const string Prefix = "MASUMI__";

    private static readonly JsonDocumentOptions Lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };
    private readonly List<SettingProblem> _problems = [];
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly SettingsLayers _layers = new();

    private SettingsText(Func<string, byte[]> readFile)
    {
        ReadFile = readFile;
        Root = new ConfigurationBuilder().Build();
    }

    /// <summary>The settings.</summary>
    public IConfigurationRoot Root { get; private set; }

    /// <summary>Reads the files that settings name; throws what reading throws, or <see cref="FormatException"/>.</summary>
    public Func<string, byte[]> ReadFile { get; }

    /// <summary>False where nothing could be read: then nothing is missing.</summary>
    public bool IsReadable { get; private set; } = true;

    /// <summary>What was found so far.</summary>
    public IReadOnlyList<SettingProblem> Problems => _problems;

    /// <summary>Reads all three.</summary>
    /// <param name="json">The file's text; null: there is none.</param>
    /// <param name="source">What to call it.</param>
    /// <param name="readFile">Reads files that settings name.</param>
    /// <param name="environment">The environment's variables; null: it does not count.</param>
    /// <param name="commandLine">Settings by path, such as <c>chain.key</c>, from the command line.</param>
    public static SettingsText Read(
        ReadOnlyMemory<byte>? json,
        string source,
        Func<string, byte[]> readFile,
        IEnumerable<KeyValuePair<string, string>>? environment = null,
        IEnumerable<KeyValuePair<string, string>>? commandLine = null
    )
    {
        var text = new SettingsText(readFile);
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        if (json is { } bytes)
        {
            text.Read(bytes, source, values);
        }

        var variables = (environment ?? [])
            .Where(v => v.Key.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            .OrderBy(v => v.Key, StringComparer.Ordinal);
        text.Lay("settings", values.Select(v => new PlacedSetting(v.Key, v.Value, SettingsPlace.File, v.Key)));
        text.Lay("environment", variables.Select(v => new PlacedSetting(KeyOfVariable(v.Key), v.Value, SettingsPlace.Environment, v.Key)));
        text.Lay("--set", (commandLine ?? []).Select(s => new PlacedSetting(Key(s.Key), s.Value, SettingsPlace.CommandLine, s.Key)));
        text.Root = new ConfigurationBuilder().AddInMemoryCollection(text._layers.Values).Build();
        return text;
    }

    /// <summary>Notes a problem, and where the setting stands when it is not the file.</summary>
    public void Refuse(string path, string problem) =>
        _problems.Add(
            new SettingProblem(
                path,
                _layers.Find(Key(path.Trim('\''))) is { Place: SettingsPlace.Environment } variable
                    ? $"{problem} (from {SettingsReader.Quoted(variable.Name).Trim('\'')} in the environment)"
                    : problem
            )
        );

    /// <summary>Whether a setting, or the one that it is in, is a text in the environment or on the command line, where nothing but texts can stand.</summary>
    public bool IsOnlyText(string path) => _layers.Find(Key(path)) is { Place: not SettingsPlace.File };

    /// <summary>The environment's name for a setting.</summary>
    public static string Variable(string path) => Prefix + Key(path).Replace(":", "__", StringComparison.Ordinal).ToUpperInvariant();

    private static string Key(string path) => path.Replace("[", ":", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal).Replace('.', ':');

    private static string KeyOfVariable(string name) => name[Prefix.Length..].Replace("__", ":", StringComparison.Ordinal);

    private void Lay(string place, IEnumerable<PlacedSetting> settings) =>
        _layers.Lay(settings, (setting, problem) => _problems.Add(new SettingProblem(place, $"{SettingsReader.Quoted(setting.Name)} {problem}")));

    private void Read(ReadOnlyMemory<byte> json, string source, Dictionary<string, string?> values)
    {
        IsReadable = false;
        if (!Utf8.IsValid(json.Span))
        {
            Refuse(source, "not text in UTF-8");
            return;
        }

        var text = json.Span.StartsWith(Encoding.UTF8.Preamble) ? json[Encoding.UTF8.Preamble.Length..] : json;
        if (text.Span.Trim(" \t\r\n"u8).IsEmpty)
        {
            Refuse(source, "empty; a JSON object with the settings is needed");
            return;
        }

        try
        {
            using var document = JsonDocument.Parse(text, Lenient);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                Refuse(source, "a JSON object with the settings is needed, got something else");
                return;
            }

            IsReadable = true;
            Flatten("", document.RootElement, values);
        }
        catch (JsonException e)
        {
            // Its message may repeat what stands there.
            Refuse(source, $"no JSON at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}");
        }
    }

    private void Flatten(string path, JsonElement value, Dictionary<string, string?> values)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                var isEmpty = true;
                foreach (var member in value.EnumerateObject())
                {
                    isEmpty = false;
                    Flatten(path, member, values);
                }

                // There is an object, though nothing is in it.
                if (isEmpty && path.Length > 0)
                {
                    values[Key(path)] = "";
                }

                break;
            case JsonValueKind.Array:
                var index = 0;
                foreach (var item in value.EnumerateArray())
                {
                    Flatten($"{path}[{index++}]", item, values);
                }

                // There is a list, though nothing is in it.
                if (index == 0)
                {
                    values[Key(path)] = "";
                }

                break;
            case JsonValueKind.Null:
                // Stands for nothing, but has its place in a list.
                if (path.EndsWith(']'))
                {
                    values[Key(path)] = "";
                }

                break;
            case JsonValueKind.String:
                try
                {
                    values[Key(path)] = value.GetString();
                }
                catch (InvalidOperationException)
                {
                    // Half a character; who reads it says so.
                    values[Key(path)] = "\ud800";
                }

                break;
            default:
                values[Key(path)] = value.ValueKind == JsonValueKind.Number ? value.GetRawText() : value.GetRawText().ToLower(CultureInfo.InvariantCulture);
                break;
        }
    }

    private void Flatten(string path, JsonProperty member, Dictionary<string, string?> values)
    {
        string name;
        try
        {
            name = member.Name;
        }
        catch (InvalidOperationException)
        {
            Refuse(path.Length == 0 ? "settings" : path, "a setting whose name is no text");
            return;
        }

        var full = path.Length == 0 ? name : $"{path}.{name}";
        if (!_names.Add(Key(full)))
        {
            Refuse(SettingsReader.Quoted(full), "there twice");
            return;
        }

        // A name with these signs would be taken for a path.
        if (name.Length == 0 || name.IndexOfAny([':', '.', '[', ']']) >= 0)
        {
            Refuse(SettingsReader.Quoted(full), "no setting of this service");
            return;
        }

        Flatten(full, member.Value, values);
    }
}
