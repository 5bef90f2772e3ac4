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
        var commandLine = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var setting in parsed.GetValue(_set) ?? [])
        {
            var equals = setting.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                throw new SettingsException([new("--set", "PATH=VALUE is needed, got something without an equals sign")]);
            }

            if (!commandLine.TryAdd(setting[..equals], setting[(equals + 1)..]))
            {
                throw new SettingsException([new("--set", $"{SettingsReader.Quoted(setting[..equals])} is there twice")]);
            }
        }

        if (parsed.GetValue(_listen) is { } listen)
        {
            commandLine["listen"] = listen;
        }

        return parsed.GetValue(_config) switch
        {
            null => SettingsText.Read(null, "settings", path => HexFile.ReadAll(path), environment: true, commandLine),
            "" => throw new SettingsException([new("--config", "the path of a file is needed, got ''")]),
            "-" => SettingsText.Read(HexFile.ReadAll("-"), "standard input", path => HexFile.ReadAll(path), environment: true, commandLine),
            var file => SettingsText.Read(ReadFile(file), file, path => HexFile.ReadAll(path), environment: true, commandLine),
        };
    }

    private static byte[] ReadFile(string file)
    {
        try
        {
            return PrivateFile.Refusal(file) is { } refusal ? throw new SettingsException([new("--config", refusal)]) : HexFile.ReadAll(file);
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            throw new SettingsException([new("--config", e.Message.TrimEnd('.'))]);
        }
    }
}
