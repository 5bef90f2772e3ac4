using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Plutus.Costs;
using Masumi.Plutus.Machine;

namespace Masumi.Plutus;

/// <summary>Runs programs with exact costs.</summary>
public static class Evaluator
{
    /// <summary>Runs a closed program.</summary>
    /// <param name="program">The program with its arguments applied.</param>
    /// <param name="language">Decides builtin semantics and prices, together with <paramref name="protocolMajor"/>.</param>
    /// <param name="protocolMajor">Major protocol version.</param>
    /// <param name="costModel">The language's array from the protocol parameters.</param>
    /// <param name="limit">The units it may use.</param>
    public static EvaluationOutcome Evaluate(UplcProgram program, ScriptLanguage language, int protocolMajor, ImmutableArray<long> costModel, ExUnits limit)
    {
        ArgumentNullException.ThrowIfNull(program);
        return Evaluate(program.Term, program, CostModel.Resolve(language, protocolMajor, costModel), language, protocolMajor, limit);
    }

    /// <summary>Decodes and runs a closed program; bytes that are no program are a failure of the outcome.</summary>
    /// <param name="flat">The program with its arguments applied, in flat encoding.</param>
    /// <param name="language">Decides builtin semantics and prices, together with <paramref name="protocolMajor"/>.</param>
    /// <param name="protocolMajor">Major protocol version.</param>
    /// <param name="costModel">The language's array from the protocol parameters.</param>
    /// <param name="limit">The units it may use.</param>
    public static EvaluationOutcome EvaluateFlat(
        ReadOnlySpan<byte> flat,
        ScriptLanguage language,
        int protocolMajor,
        ImmutableArray<long> costModel,
        ExUnits limit
    )
    {
        UplcProgram program;
        try
        {
            program = Flat.Decode(flat);
        }
        catch (FormatException e)
        {
            return new EvaluationOutcome(new EvaluationFailure.Malformed(e.Message), null, default, []);
        }

        return Evaluate(program, language, protocolMajor, costModel, limit);
    }

    internal static EvaluationOutcome Evaluate(Term term, UplcProgram program, CostModel costs, ScriptLanguage language, int protocolMajor, ExUnits limit)
    {
        if (VersionRefusal(program, language, protocolMajor) is { } refusal)
        {
            return new EvaluationOutcome(refusal, null, default, []);
        }

        Node compiled;
        try
        {
            compiled = Node.Compile(term);
        }
        catch (FormatException e)
        {
            return new EvaluationOutcome(new EvaluationFailure.Malformed(e.Message), null, default, []);
        }

        return new CekMachine(costs, limit).Run(compiled);
    }

    internal static EvaluationFailure? VersionRefusal(UplcProgram program, ScriptLanguage language, int protocolMajor)
    {
        var known = (program.Major, program.Minor, program.Patch) switch
        {
            (1, 0, 0) => true,
            (1, 1, 0) => language == ScriptLanguage.PlutusV3 || protocolMajor >= 11,
            _ => false,
        };
        return known
            ? null
            : new EvaluationFailure.Malformed(
                $"UPLC {program.Major}.{program.Minor}.{program.Patch} is not available in {language} at protocol version {protocolMajor}"
            );
    }
}
