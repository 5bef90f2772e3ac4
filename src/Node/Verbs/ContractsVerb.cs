using System.CommandLine;
using System.Text.Json.Nodes;
using Masumi.Chain;
using Masumi.Contracts.Catalog;
using Masumi.Contracts.Common;
using Masumi.Protocol;

namespace Masumi.Node.Verbs;

/// <summary><c>masumi contracts</c>: our contracts and the deployed ones.</summary>
internal static class ContractsVerb
{
    public static Command Create() =>
        new("contracts", "The contracts: ours, and those deployed.")
        {
            List(),
            ContractsShow.Create(),
            AddressOf(),
            Blueprint(),
            ContractsVerify.Create(),
            ContractsPublish.Create(),
        };

    /// <summary>An argument that names one of ours.</summary>
    public static Argument<string> Name()
    {
        var name = new Argument<string>("NAME") { Description = "One of: " + string.Join(", ", ContractCatalog.Own.Select(c => c.Name)) };
        name.AcceptOnlyFromAmong([.. ContractCatalog.Own.Select(c => c.Name)]);
        return name;
    }

    public static OwnContract Named(string name) => ContractCatalog.Own.Single(c => c.Name == name);

    /// <summary>Runs what reads parameters and files; what is wrong with them is one line.</summary>
    public static int Guarded(string verb, Func<int> run)
    {
        try
        {
            return run();
        }
        catch (Exception e) when (IsInput(e))
        {
            Console.Error.WriteLine($"masumi {verb}: {Words(e)}");
            return 2;
        }
    }

    /// <summary>What a caller gave that cannot be used, a chain that cannot be asked among it, as exceptions say it.</summary>
    public static bool IsInput(Exception e) =>
        e
            is FormatException
                or ArgumentException
                or IOException
                or UnauthorizedAccessException
                or OverflowException
                or System.Text.Json.JsonException
                or ChainUnavailableException;

    /// <summary>What such an exception says to somebody who does not know the code: one line, without names of parameters.</summary>
    public static string Words(Exception e)
    {
        // A provider's answer is somebody's text.
        var line = PlainText.Of(e.Message.Split('\n', '\r')[0].TrimEnd());
        return e is OverflowException ? "a number is larger than there can be"
            : e is ArgumentException { ParamName: { } name } && line.EndsWith($" (Parameter '{name}')", StringComparison.Ordinal)
                ? line[..line.LastIndexOf(" (", StringComparison.Ordinal)]
            : line;
    }

    private static Command List()
    {
        var deployed = new Option<bool>("--deployed") { Description = "Those deployed on the public networks instead of ours." };
        var json = new Option<bool>("--json") { Description = "Print one JSON array." };
        var command = new Command("list", "Every contract with the deployed instances' parameters: name, family, script hash, size in bytes.")
        {
            deployed,
            json,
        };
        command.SetAction(parsed =>
        {
            var rows = ExpectedScript.All.Where(e => e.Networks.IsEmpty != parsed.GetValue(deployed)).Select(Row).ToList();
            if (parsed.GetValue(json))
            {
                Console.WriteLine(new JsonArray([.. rows]).ToJsonString());
                return 0;
            }

            Console.WriteLine($"{"name", -30}{"family", -8}{"script hash", -58}bytes");
            foreach (var row in rows)
            {
                Console.WriteLine(
                    $"{(string)row["name"]!, -30}{(string)row["family"]!, -8}{(string)row["scriptHash"]!, -58}{row["sizeBytes"]?.ToString() ?? "-"}"
                );
            }

            return 0;
        });
        return command;
    }

    private static JsonObject Row(ExpectedScript e) =>
        new()
        {
            ["name"] = e.Name,
            ["family"] = e.Instance.Family.ToString(),
            ["kind"] = e.Kind.ToString(),
            ["scriptHash"] = e.Hash.ToString(),
            ["sizeBytes"] = e.Networks.IsEmpty ? Named(e.Name).Script(e.Instance).Bytes.Length : e.Check?.CborBytes,
            ["networks"] = new JsonArray([.. e.Networks.Select(n => (JsonNode)Word.Text(n))]),
        };

    private static Command AddressOf()
    {
        var (name, options, json) = (Name(), new ContractOptions(), new Option<bool>("--json") { Description = "Print one JSON document." });
        var command = new Command("address", "Where an escrow of ours is, or the policy id of a registry.") { name, json };
        options.AddTo(command);
        command.SetAction(parsed =>
            Guarded(
                "contracts address",
                () =>
                {
                    var contract = Named(parsed.GetValue(name)!);
                    var instance = options.OwnInstance(parsed, contract.Family);
                    var hash = contract.Script(instance).Hash.ToString();
                    var isEscrow = contract.Kind == ContractKind.Escrow;
                    Console.WriteLine(
                        !parsed.GetValue(json) ? (isEscrow ? instance.Address.ToString() : hash)
                        : isEscrow ? new JsonObject { ["address"] = instance.Address.ToString(), ["scriptHash"] = hash }.ToJsonString()
                        : new JsonObject { ["policyId"] = hash, ["scriptHash"] = hash }.ToJsonString()
                    );
                    return 0;
                }
            )
        );
        return command;
    }

    private static Command Blueprint()
    {
        var name = Name();
        // A blueprint is JSON anyway; the option is taken so that every verb has it.
        var command = new Command("blueprint", "Prints the CIP-57 blueprint of one of our contracts, before parameters.")
        {
            name,
            new Option<bool>("--json") { Description = "As without: a blueprint is JSON." },
        };
        command.SetAction(parsed =>
        {
            Console.Write(Named(parsed.GetValue(name)!).Blueprint);
            return 0;
        });
        return command;
    }
}
