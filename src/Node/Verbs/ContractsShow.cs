using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Masumi.Cardano.Scripts;
using Masumi.Contracts.Catalog;
using Masumi.Contracts.Escrow.Common;
using Masumi.Plutus.FlatFormat;
using Masumi.Plutus.Syntax;

namespace Masumi.Node.Verbs;

/// <summary><c>masumi contracts show</c>: one of our contracts, its builds, and the way from its bytes to its source.</summary>
internal static class ContractsShow
{
    // As they are typed.
    private static readonly (string Word, ContractBuild Build)[] Builds =
    [
        ("release", ContractBuild.Release),
        ("traced", ContractBuild.Traced),
        ("written", ContractBuild.Written),
        ("written-traced", ContractBuild.WrittenTraced),
    ];

    public static Command Create()
    {
        var (name, options) = (ContractsVerb.Name(), new ContractOptions());
        var json = new Option<bool>("--json") { Description = "Print one JSON document." };
        var program = new Option<bool>("--program") { Description = "Print the build's program too, as text and (with --json) as CBOR: one long line." };
        var listing = new Option<bool>("--listing")
        {
            Description =
                "Print the build's program before parameters with the names and rules of its source, indented (docs/contracts.md explains the forms).",
        };
        var build = new Option<string?>("--build")
        {
            Description = "Which build: release (the one that guards money), traced (it logs the rule that refuses), written (not optimised), written-traced.",
        };
        build.AcceptOnlyFromAmong([.. Builds.Select(b => b.Word)]);
        var stage = new Option<string?>("--stage") { Description = "With --listing: optimised (as on chain) or written (as the compiler gets it)." };
        stage.AcceptOnlyFromAmong("optimised", "written");
        var command = new Command("show", "One of our contracts: parameters, the hash and size of each build and, if asked for, the program or its listing.")
        {
            name,
            program,
            listing,
            stage,
            build,
            json,
        };
        options.AddTo(command);
        command.SetAction(parsed =>
            ContractsVerb.Guarded(
                "contracts show",
                () =>
                {
                    var contract = ContractsVerb.Named(parsed.GetValue(name)!);
                    var shown = new Shown(contract, options.OwnInstance(parsed, contract.Family), Chosen(parsed.GetValue(build), parsed.GetValue(stage)));
                    if (parsed.GetValue(stage) is not null && !parsed.GetValue(listing))
                    {
                        throw new FormatException("--stage goes with --listing; --build chooses what else is printed");
                    }

                    if (parsed.GetValue(json))
                    {
                        Console.WriteLine(Json(shown, parsed.GetValue(program), parsed.GetValue(listing)).ToJsonString());
                    }
                    else if (parsed.GetValue(listing))
                    {
                        Console.Write(shown.Listing());
                    }
                    else
                    {
                        Print(shown, parsed.GetValue(program), parsed.GetValue(build) is not null);
                    }

                    return 0;
                }
            )
        );
        return command;
    }

    private static ContractBuild Chosen(string? build, string? stage) =>
        (build, stage) switch
        {
            (not null, not null) => throw new FormatException("either a --build or a --stage is listed, not both"),
            (null, "written") => ContractBuild.Written,
            (null, _) => ContractBuild.Release,
            _ => Builds.Single(b => b.Word == build).Build,
        };

    private static JsonObject Json(Shown shown, bool program, bool listing)
    {
        var script = shown.Script(shown.Build);
        var document = new JsonObject
        {
            ["name"] = shown.Contract.Name,
            ["title"] = shown.Contract.Title,
            ["family"] = shown.Contract.Family.ToString(),
            ["kind"] = shown.Contract.Kind.ToString(),
            ["parameters"] = new JsonArray([
                .. shown.Parameters.Select(p => (JsonNode)new JsonObject { ["name"] = p.Key, ["cbor"] = Convert.ToHexStringLower(p.Value.ToCbor()) }),
            ]),
            ["build"] = Builds.Single(b => b.Build == shown.Build).Word,
            ["scriptHash"] = script.Hash.ToString(),
            ["sizeBytes"] = script.Bytes.Length,
            ["address"] = shown.Address,
            ["builds"] = new JsonArray([.. Builds.Select(b => (JsonNode)BuildRow(shown, b.Word, b.Build))]),
        };
        if (program)
        {
            document["cbor"] = Convert.ToHexStringLower(script.Bytes.Span);
            document["uplc"] = UplcText.Print(UplcProgram.FromScript(script));
        }

        if (listing)
        {
            document["listing"] = shown.Listing();
        }

        return document;
    }

    private static JsonObject BuildRow(Shown shown, string word, ContractBuild build)
    {
        var (applied, before) = (shown.Script(build), shown.BeforeParameters(build));
        return new JsonObject
        {
            ["build"] = word,
            ["scriptHash"] = applied.Hash.ToString(),
            ["sizeBytes"] = applied.Bytes.Length,
            ["hashBeforeParameters"] = before.Hash.ToString(),
            ["sizeBeforeParameters"] = before.Bytes.Length,
        };
    }

    private static void Print(Shown shown, bool program, bool oneBuild)
    {
        var script = shown.Script(shown.Build);
        Console.WriteLine($"{shown.Contract.Name}: {shown.Contract.Kind} of {shown.Contract.Family}, Plutus V3, {shown.Contract.Title}");
        foreach (var (parameter, value) in shown.Parameters)
        {
            Console.WriteLine($"  {parameter} = {Convert.ToHexStringLower(value.ToCbor())}");
        }

        Console.WriteLine($"hash {script.Hash}");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"size {script.Bytes.Length} bytes"));
        if (shown.Address is { } address)
        {
            Console.WriteLine($"address {address}");
        }

        if (!oneBuild)
        {
            Console.WriteLine("builds");
            foreach (var (word, build) in Builds)
            {
                var built = shown.Script(build);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {word, -15} {built.Hash}  {built.Bytes.Length} bytes"));
            }
        }

        if (program)
        {
            Console.WriteLine(UplcText.Print(UplcProgram.FromScript(script)));
        }
    }

    private sealed record Shown(OwnContract Contract, EscrowContract Instance, ContractBuild Build)
    {
        public IReadOnlyList<KeyValuePair<string, PlutusData>> Parameters => ContractCatalog.Parameters(Contract.Kind, Instance);

        // Where the money is: that of the release alone, whichever build is looked at.
        public string? Address => Contract.Kind == ContractKind.Escrow && Build == ContractBuild.Release ? Instance.Address.ToString() : null;

        public Script Script(ContractBuild build) => Contract.Script(Instance, build);

        public Script BeforeParameters(ContractBuild build) => Contract.ProgramOf(build).ToScript(ScriptLanguage.PlutusV3);

        /// <summary>What it is in a comment, then the listing.</summary>
        public string Listing()
        {
            var script = BeforeParameters(Build);
            var what = Build switch
            {
                ContractBuild.Release => "as optimised, which is what is on chain",
                ContractBuild.Traced => "as optimised, with traces",
                ContractBuild.Written => "as written",
                _ => "as written, with traces",
            };
            return string.Create(
                CultureInfo.InvariantCulture,
                $"-- {Contract.Title} ({Contract.Name}), {what}; before parameters: {script.Bytes.Length} bytes, hash {script.Hash}\n{Contract.Listing(Build)}"
            );
        }
    }
}
