using System.Collections;
using System.CommandLine;
using Masumi.Node.Settings;

namespace Masumi.Node.Verbs;

/// <summary>Where the settings of a service are: <c>--config FILE</c>, the environment, <c>--listen</c> and <c>--set</c>.</summary>
internal sealed class SettingsOptions
{
    private readonly Option<string?> _config = new("--config")
    {
        Description = "File with the settings, its owner's alone (mode 0600); '-' is standard input.",
    };

    private readonly Option<string?> _listen = new("--listen") { Description = $"Where to listen: {ListenSettings.Allowed}." };

    private readonly Option<string[]> _set = new("--set")
    {
        Description =
            "One setting by its path, such as --set chain.url=https://...; over the environment, which is over the file. Not for secrets: others see command lines.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    /// <summary>Adds them to a verb.</summary>
    public Command AddTo(Command command)
    {
        command.Add(_config);
        command.Add(_listen);
        command.Add(_set);
        return command;
    }

    /// <summary>Reads them all. Throws <see cref="SettingsException"/> for a file that cannot be read or used.</summary>
    public SettingsText Read(ParseResult parsed)
    {
        var commandLine = Set(parsed);
        if (parsed.GetValue(_listen) is { } listen)
        {
            commandLine.Add(KeyValuePair.Create("listen", listen));
        }

        return parsed.GetValue(_config) switch
        {
            null => SettingsText.Read(null, "settings", path => HexFile.ReadAll(path), Variables(), commandLine),
            "" => throw new SettingsException([new("--config", "the path of a file is needed, got ''")]),
            "-" => SettingsText.Read(HexFile.ReadAll("-"), "standard input", path => HexFile.ReadAll(path), Variables(), commandLine),
            var file => SettingsText.Read(ReadFile(file), file, path => HexFile.ReadAll(path), Variables(), commandLine),
        };
    }

    /// <summary>The environment.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Variables() =>
        Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(v => KeyValuePair.Create((string)v.Key, (string?)v.Value ?? ""));

    private List<KeyValuePair<string, string>> Set(ParseResult parsed)
    {
        const string Needed = "PATH=VALUE is needed, such as chain.pollMilliseconds=500";
        if (parsed.GetResult(_set) is { } given && given.IdentifierTokenCount > given.Tokens.Count)
        {
            throw new SettingsException([new("--set", $"{Needed}, got nothing")]);
        }

        var settings = new List<KeyValuePair<string, string>>();
        foreach (var setting in parsed.GetValue(_set) ?? [])
        {
            // What stands there instead may be a secret.
            var equals = setting.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                throw new SettingsException([
                    new("--set", $"{Needed}, got something without {(equals < 0 ? "an equals sign" : "a path before the equals sign")}"),
                ]);
            }

            settings.Add(KeyValuePair.Create(setting[..equals], setting[(equals + 1)..]));
        }

        return settings;
    }

    /// <summary>Reads a file that must be its owner's alone. Throws <see cref="SettingsException"/>.</summary>
    public static byte[] ReadFile(string file)
    {
        try
        {
            return PrivateFile.Read(file, out var bytes) is { } refusal ? throw new SettingsException([new("--config", refusal)]) : bytes;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException([new("--config", e.Message.TrimEnd('.'))]);
        }
    }
}
