using System.CommandLine;
using System.Text.Json.Nodes;
using Masumi.Cardano.Parameters;
using Masumi.Cardano.Scripts;
using Masumi.Plutus;
using Masumi.Plutus.Syntax;

namespace Masumi.Node.Verbs;

/// <summary><c>masumi uplc eval FILE</c>: runs one program and prints its result and what it cost.</summary>
internal static class UplcEval
{
    private const int Done = 0;
    private const int Failed = 1;
    private const int Unusable = 2;

    public static Command Create()
    {
        var limits = ProtocolParameters.Mainnet.MaxTxExUnits;
        var file = new Argument<string>("FILE") { Description = "The program as text; '-' reads standard input." };
        var flat = new Option<bool>("--flat") { Description = "The program is flat: its bytes, or hexadecimal, bare or in CBOR byte strings." };
        var arguments = new Option<string[]>("--args")
        {
            Description = "What to apply the program to: closed terms as text, or data as '#' and hexadecimal CBOR.",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => [],
        };
        var language = new Option<int>("--plutus") { Description = "Language version: 1, 2 or 3.", DefaultValueFactory = _ => 3 };
        language.AcceptOnlyFromAmong("1", "2", "3");
        var protocol = new Option<int>("--protocol")
        {
            Description = "Major protocol version.",
            DefaultValueFactory = _ => ProtocolParameters.Mainnet.ProtocolMajor,
        };
        var cpu = new Option<long>("--cpu") { Description = "Most cpu units; a transaction's by default.", DefaultValueFactory = _ => limits.Steps };
        var memory = new Option<long>("--mem") { Description = "Most memory units; a transaction's by default.", DefaultValueFactory = _ => limits.Memory };
        var json = new Option<bool>("--json") { Description = "Print one JSON document." };
        var command = new Command("eval", "Runs a program at mainnet's prices and prints its result and units.")
        {
            file,
            flat,
            arguments,
            language,
            protocol,
            cpu,
            memory,
            json,
        };
        command.SetAction(parsed =>
        {
            UplcProgram program;
            try
            {
                program = Apply(UplcFile.Read(parsed.GetValue(file)!, parsed.GetValue(flat)), parsed.GetValue(arguments)!);
            }
            catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
            {
                Console.Error.WriteLine($"masumi uplc eval: {e.Message}");
                return Unusable;
            }

            return Run(
                program,
                (ScriptLanguage)parsed.GetValue(language),
                parsed.GetValue(protocol),
                new ExUnits(parsed.GetValue(memory), parsed.GetValue(cpu)),
                parsed.GetValue(json)
            );
        });
        return command;
    }

    private static UplcProgram Apply(UplcProgram program, string[] arguments)
    {
        foreach (var argument in arguments)
        {
            Term term;
            try
            {
                term = argument.StartsWith('#')
                    ? new Term.Const(new Constant.Data(PlutusData.FromCbor(Convert.FromHexString(argument.AsSpan(1)))))
                    : UplcText.ParseTerm(argument);
            }
            catch (FormatException e)
            {
                throw new FormatException($"the argument {argument}: {e.Message}", e);
            }

            program = program with { Term = new Term.Apply(program.Term, term) };
        }

        return program;
    }

    private static int Run(UplcProgram program, ScriptLanguage language, int protocolMajor, ExUnits limit, bool json)
    {
        var prices = ProtocolParameters.Mainnet.CostModels[language];
        var outcome = Evaluator.EvaluateToTerm(program, language, protocolMajor, prices, limit, out var term);
        string? result = null;
        try
        {
            result = term is null ? null : UplcText.Print(program with { Term = term });
        }
        catch (FormatException e)
        {
            Console.Error.WriteLine($"masumi uplc eval: {e.Message}");
        }

        if (json)
        {
            Console.WriteLine(
                new JsonObject
                {
                    ["succeeded"] = outcome.Succeeded,
                    ["result"] = result,
                    ["failure"] = outcome.Failure?.ToString(),
                    ["cpu"] = outcome.Units.Steps,
                    ["mem"] = outcome.Units.Memory,
                    ["logs"] = new JsonArray([.. outcome.Logs.Select(l => (JsonNode)l)]),
                }.ToJsonString()
            );
            return outcome.Succeeded ? Done : Failed;
        }

        foreach (var log in outcome.Logs)
        {
            Console.Error.WriteLine($"trace: {log}");
        }

        if (outcome.Succeeded)
        {
            Console.WriteLine(result);
        }
        else
        {
            Console.Error.WriteLine($"evaluation failure: {outcome.Failure}");
        }

        Console.WriteLine($"cpu {outcome.Units.Steps}, mem {outcome.Units.Memory}");
        return outcome.Succeeded ? Done : Failed;
    }
}
