using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Transactions;
using Masumi.Node.Hosting;
using Masumi.Settlement;
using Microsoft.Extensions.Logging;

namespace Masumi.Node.Verbs;

/// <summary>
/// <c>masumi node</c>: one payment node as a process of its own, set up by a JSON object on standard input (so that no secret stands on a command line).
/// </summary>
internal static class NodeVerb
{
    public static Command Create()
    {
        var command = new Command(
            "node",
            "One payment node on our own contract. Reads {databaseFile, secret, adminKey, chainUrl, chainKey?, port, network, role, mnemonic, pollMilliseconds?} from standard input, and optionally which contract: {family, requiredAdmins, admins, cooldownMilliseconds, feeAddress, feePermille, contractAddress, policyId, scriptFile, policyFile, referenceScripts: [\"TXID#INDEX\"]} (docs/contracts.md)."
        );
        command.SetAction((_, cancellation) => RunAsync(cancellation));
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
            ["network"] = source.Network,
            ["role"] = wallet.Role.ToString(),
            ["mnemonic"] = wallet.Mnemonic,
            ["pollMilliseconds"] = options.Settlement.PollInterval.TotalMilliseconds,
        };
    }

    private static async Task<int> RunAsync(CancellationToken cancellation)
    {
        using var loggers = LoggerFactory.Create(b => b.AddSimpleConsole(o => o.SingleLine = true).SetMinimumLevel(LogLevel.Warning));
        PaymentNode started;
        try
        {
            var options = Read((JsonObject)JsonNode.Parse(await Console.In.ReadToEndAsync(cancellation))!);
            started = await PaymentNode.StartAsync(options, loggers, cancellation);
        }
        catch (Exception e)
            when (e
                    is JsonException
                        or FormatException
                        or ArgumentException
                        or NullReferenceException
                        or InvalidCastException
                        or InvalidOperationException
                        or FileNotFoundException
                        or DirectoryNotFoundException
                        or UnauthorizedAccessException
            )
        {
            await Console.Error.WriteLineAsync("masumi node: the setup on standard input is not usable: " + e.Message);
            return 2;
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

    private static PaymentNodeOptions Read(JsonObject json)
    {
        var network = (string)json["network"]!;
        var id = network == "Mainnet" ? NetworkId.Mainnet : NetworkId.Testnet;
        var contract = ContractSetup.Read(json, id);
        var wallet = new WalletSetup(Enum.Parse<WalletRole>((string)json["role"]!), (string)json["mnemonic"]!, "set up at first start");
        return new PaymentNodeOptions
        {
            DatabaseFile = (string)json["databaseFile"]!,
            Secret = (string)json["secret"]!,
            AdminKey = (string)json["adminKey"]!,
            ChainUrl = new Uri((string)json["chainUrl"]!),
            ChainKey = (string?)json["chainKey"],
            Port = (int)json["port"]!,
            Sources = [new PaymentSourceSetup(network, contract.Contract, contract.PolicyId, [wallet], contract.Scripts)],
            ReferenceScripts = json["referenceScripts"] is JsonArray references ? [.. references.Select(r => TxInput.Parse((string)r!))] : [],
            Settlement = new SettlementOptions { PollInterval = TimeSpan.FromMilliseconds((double?)json["pollMilliseconds"] ?? 10_000) },
        };
    }
}
