using System.CommandLine;
using System.Text.Json.Nodes;
using Masumi.Cardano;
using Masumi.Cardano.Scripts;
using Masumi.Contracts.Catalog;
using Masumi.Protocol;

namespace Masumi.Node.Verbs;

/// <summary>
/// <c>masumi contracts verify</c>: whether a script, from a file or from a chain, is one that is known, plainly and with the V1 re-encoding pass (spec
/// escrow.md 1.5).
/// </summary>
internal static class ContractsVerify
{
    public static Command Create()
    {
        var file = new Argument<string?>("FILE")
        {
            Description = "A CIP-57 blueprint, or a script as CBOR (hexadecimal or bytes, wrapped once or twice); '-' reads standard input.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var hash = new Option<string?>("--hash") { Description = "Instead of a file: the script with this hash, from the chain provider." };
        var expect = new Option<string?>("--expect") { Description = "The name (of 'contracts list') it must be; any known one by default." };
        expect.AcceptOnlyFromAmong([.. ExpectedScript.All.Select(e => e.Name)]);
        var json = new Option<bool>("--json") { Description = "Print one JSON document." };
        var (chain, parameters) = (new ChainOptions(required: false), new ContractOptions());
        var command = new Command(
            "verify",
            "Says whether a script is a deployed contract or one of ours, as it is and with parameters applied, plainly and re-encoded."
        )
        {
            file,
            hash,
            expect,
            json,
        };
        chain.AddTo(command);
        parameters.AddTo(command);
        command.SetAction(
            async (parsed, cancellation) =>
            {
                try
                {
                    if (parsed.GetValue(file) is not null && parsed.GetValue(hash) is not null)
                    {
                        throw new FormatException("either a FILE or a --hash is verified, not both");
                    }

                    var wanted = parsed.GetValue(expect);
                    var expected = ExpectedScript.All.Where(e => wanted is null || e.Name == wanted).ToList();
                    // Ours, with parameters of the caller's own, is another script.
                    expected =
                    [
                        .. expected.Select(e =>
                            e.Networks.IsEmpty ? ExpectedScript.Own(ContractsVerb.Named(e.Name), parameters.OwnInstance(parsed, e.Instance.Family)) : e
                        ),
                    ];
                    IReadOnlyList<ScriptComparison> comparisons = parsed.GetValue(hash) is { } text
                        ? ScriptVerification.Compare(await FromChainAsync(chain, parsed, ScriptHash.Parse(text), cancellation), expected)
                        : Compare(HexFile.ReadAll(parsed.GetValue(file) ?? throw new FormatException("a FILE or a --hash is needed")), expected);
                    return Report([.. comparisons], parsed.GetValue(json));
                }
                catch (Exception e) when (ContractsVerb.IsInput(e))
                {
                    await Console.Error.WriteLineAsync($"masumi contracts verify: {ContractsVerb.Words(e)}");
                    return 2;
                }
            }
        );
        return command;
    }

    private static async Task<ScriptFile> FromChainAsync(ChainOptions chain, ParseResult parsed, ScriptHash hash, CancellationToken cancellation)
    {
        using var provider = chain.Open(parsed);
        var script = await provider.FindScriptAsync(hash, cancellation) ?? throw new FormatException($"the chain does not know the script {hash}");
        return script.Language == ScriptLanguage.PlutusV3
            ? new ScriptFile(script, 0)
            : throw new FormatException($"the script {hash} is {script.Language}, not PlutusV3");
    }

    // A blueprint may hold one validator or the other; a file that has neither is refused.
    private static List<ScriptComparison> Compare(byte[] bytes, IReadOnlyList<ExpectedScript> expected)
    {
        var comparisons = new List<ScriptComparison>();
        FormatException? refusal = null;
        foreach (var group in expected.GroupBy(e => e.Kind))
        {
            try
            {
                comparisons.AddRange(ScriptVerification.Compare(ScriptFile.Read(bytes, group.Key), group));
            }
            catch (FormatException e)
            {
                refusal ??= e;
            }
        }

        return comparisons.Count > 0 || refusal is null ? comparisons : throw refusal;
    }

    private static int Report(List<ScriptComparison> comparisons, bool json)
    {
        var matches = comparisons.Where(c => c.Matches).ToList();
        if (json)
        {
            Console.WriteLine(
                new JsonObject
                {
                    ["matches"] = matches.Count > 0,
                    ["contracts"] = new JsonArray([.. matches.Select(m => (JsonNode)m.Expected.Name).DistinctBy(n => (string)n!)]),
                    ["comparisons"] = new JsonArray([
                        .. comparisons.Select(c =>
                            (JsonNode)
                                new JsonObject
                                {
                                    ["name"] = c.Expected.Name,
                                    ["family"] = c.Expected.Instance.Family.ToString(),
                                    ["networks"] = new JsonArray([.. c.Expected.Networks.Select(n => (JsonNode)Word.Text(n))]),
                                    ["form"] = c.Form.ToString(),
                                    ["hash"] = c.Hash.ToString(),
                                    ["expected"] = c.Expected.Hash.ToString(),
                                    ["matches"] = c.Matches,
                                    ["failure"] = c.CheckFailure,
                                }
                        ),
                    ]),
                }.ToJsonString()
            );
            return matches.Count > 0 ? 0 : 1;
        }

        foreach (var c in comparisons)
        {
            var verdict =
                c.Matches ? "is it"
                : c.CheckFailure is { } failure ? "has the hash but not the bytes: " + failure
                : "is not it";
            Console.WriteLine($"{c.Expected.Name, -30}{c.Form, -22}{c.Hash}  {verdict}");
        }

        Console.WriteLine(
            matches.Count > 0
                ? "verified: " + string.Join("; ", matches.Select(Words).Distinct())
                : "not verified: it is none of the expected scripts in any form"
        );
        return matches.Count > 0 ? 0 : 1;
    }

    private static string Words(ScriptComparison c) =>
        c.Expected.Name
        + (c.Expected.Networks.IsEmpty ? "" : $" on {string.Join(" and ", c.Expected.Networks)}")
        + c.Form switch
        {
            ScriptForm.AsGiven => ", as it is",
            ScriptForm.Reencoded => ", once re-encoded",
            ScriptForm.Applied => ", with its parameters applied",
            _ => ", with its parameters applied and re-encoded",
        };
}
