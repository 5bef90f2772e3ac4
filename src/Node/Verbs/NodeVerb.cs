using System.CommandLine;
using System.Text.Json.Nodes;
using Masumi.Chain;
using Masumi.Node.Hosting;
using Masumi.Node.Settings;
using Masumi.Storage;
using Microsoft.Extensions.Logging;

namespace Masumi.Node.Verbs;

/// <summary>
/// <c>masumi node</c>: one payment node as a process of its own, set up by a JSON object on standard input or in a file (so that no secret stands on a
/// command line). Whatever is wrong with it is one line each on standard error, and nothing has been changed.
/// </summary>
internal static class NodeVerb
{
    private const int Unusable = 2;

    public static Command Create()
    {
        var settings = new Option<string>("--settings")
        {
            Description = "File with the settings, its owner's alone (mode 0600); '-' (the default) reads standard input.",
            DefaultValueFactory = _ => "-",
        };
        var command = new Command(
            "node",
            "One payment node. Settings are a JSON object: {databaseFile, secret, adminKey, chainUrl, chainKey?, clearTextHosts?, port, network, role, mnemonic, pollMilliseconds?}, and optionally which contract: {family, requiredAdmins, admins, cooldownMilliseconds, feeAddress, feePermille, contractAddress, policyId, scriptFile, policyFile, referenceScripts: [\"TXID#INDEX\"]} (docs/contracts.md)."
        )
        {
            settings,
        };
        command.SetAction((parsed, cancellation) => RunAsync(parsed.GetValue(settings)!, cancellation));
        return command;
    }

    /// <summary>The setup of a node, as this verb reads it.</summary>
    public static JsonObject Write(PaymentNodeOptions options)
    {
        var source = options.Sources[0];
        var wallet = source.Wallets[0];
        return new JsonObject
        {
            ["databaseFile"] = options.DatabaseFile,
            ["secret"] = options.Secret,
            ["adminKey"] = options.AdminKey,
            ["chainUrl"] = options.ChainUrl.ToString(),
            ["chainKey"] = options.ChainKey,
            ["port"] = options.Port,
            ["network"] = options.Network.ToString(),
            ["role"] = wallet.Role.ToString(),
            ["mnemonic"] = wallet.Mnemonic,
            ["pollMilliseconds"] = options.Settlement.PollInterval.TotalMilliseconds,
        };
    }

    private static async Task<int> RunAsync(string file, CancellationToken cancellation)
    {
        using var loggers = LoggerFactory.Create(b => b.AddSimpleConsole(o => o.SingleLine = true).SetMinimumLevel(LogLevel.Warning));
        PaymentNode started;
        try
        {
            started = await PaymentNode.StartAsync(PaymentNodeOptions.Of(Read(file)), loggers, cancellation);
        }
        catch (SettingsException e)
        {
            foreach (var problem in e.Problems)
            {
                await Console.Error.WriteLineAsync($"masumi node: {problem}");
            }

            return Unusable;
        }
        catch (Exception e) when (e is ChainUnavailableException or StorageUnavailableException or MigrationException)
        {
            await Console.Error.WriteLineAsync($"masumi node: {(e is ChainUnavailableException ? "chainUrl" : "databaseFile")}: {e.Message.TrimEnd('.')}");
            return Unusable;
        }

        await using var node = started;
        Console.WriteLine($"ready {node.BaseUrl}");
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
        }
        catch (OperationCanceledException)
        {
            // Ctrl+C or SIGTERM is the way out.
        }

        return 0;
    }

    private static NodeSettings Read(string file)
    {
        if (file == "-")
        {
            return NodeSettings.Read(HexFile.ReadAll(file), "standard input", HexFile.ReadAll);
        }

        try
        {
            return PrivateFile.Refusal(file) is { } refusal
                ? throw new SettingsException([new("--settings", refusal)])
                : NodeSettings.Read(HexFile.ReadAll(file), file, HexFile.ReadAll);
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            throw new SettingsException([new("--settings", e.Message.TrimEnd('.'))]);
        }
    }
}
