using System.Collections.Immutable;
using Masumi.Cardano.Scripts;
using Masumi.Plutus.Costs;
using Masumi.Plutus.FlatFormat;
using Masumi.Plutus.Machine;
using Masumi.Plutus.Runtime;
using Masumi.Plutus.Syntax;

namespace Masumi.Plutus;

/// <summary>A script ready to run any number of times, on any thread.</summary>
internal sealed class CompiledScript
{
    private readonly Script _script;
    private readonly (int Major, int Minor, int Patch) _version;

    // Null for a script that nests too deep for the host's stack.
    private readonly Code? _code;

    /// <summary>Throws <see cref="FormatException"/> when the script's bytes are no closed program.</summary>
    public CompiledScript(Script script)
    {
        _script = script;
        var flat = ScriptPrograms.FlatOf(script);
        try
        {
            _code = CodeReader.Read(flat, out _version);
        }
        catch (StackExhausted)
        {
            var program = Flat.Decode(flat);
            _version = (program.Major, program.Minor, program.Patch);
        }
    }

    /// <summary>Runs it with data as its arguments.</summary>
    public EvaluationOutcome Run(ImmutableArray<PlutusData> arguments, CostModel costs, int protocolMajor, ExUnits limit)
    {
        if (Evaluator.VersionRefusal(_version, _script.Language, protocolMajor) is { } refusal)
        {
            return new EvaluationOutcome(refusal, null, default, []);
        }

        if (_code is not null)
        {
            try
            {
                var applied = arguments.Aggregate(_code, (code, a) => CodeBuilder.Apply(code, CodeBuilder.Constant(new Constant.Data(a))));
                return new CodeMachine(costs, limit).Run(applied, out _);
            }
            catch (StackExhausted)
            {
                // Then on the machine that needs no stack, from the beginning: running has no effects.
            }
        }

        return Evaluator.EvaluateDeep(UplcProgram.FromScript(_script).ApplyParameters(arguments.AsSpan()).Term, costs, limit);
    }
}
