using System.Collections.Immutable;
using Masumi.Cardano.Scripts;
using Masumi.Plutus.Costs;
using Masumi.Plutus.FlatFormat;
using Masumi.Plutus.Machine;
using Masumi.Plutus.Runtime;
using Masumi.Plutus.Syntax;

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
        var costs = CostModel.Resolve(language, protocolMajor, costModel);
        try
        {
            var code = CodeReader.Read(flat, out var version);
            return VersionRefusal(version, language, protocolMajor) is { } refusal ? Refused(refusal) : new CodeMachine(costs, limit).Run(code, out _);
        }
        catch (FormatException e)
        {
            return Refused(new EvaluationFailure.Malformed(e.Message));
        }
        catch (StackExhausted)
        {
            // Too deep for the host's stack. What follows the deep part has not been read yet and may be malformed after all.
            return EvaluateDeepFlat(flat, language, protocolMajor, costs, limit);
        }
    }

    private static EvaluationOutcome EvaluateDeepFlat(ReadOnlySpan<byte> flat, ScriptLanguage language, int protocolMajor, CostModel costs, ExUnits limit)
    {
        UplcProgram program;
        try
        {
            program = Flat.Decode(flat);
        }
        catch (FormatException e)
        {
            return Refused(new EvaluationFailure.Malformed(e.Message));
        }

        return VersionRefusal((program.Major, program.Minor, program.Patch), language, protocolMajor) is { } refusal
            ? Refused(refusal)
            : EvaluateDeep(program.Term, costs, limit);
    }

    /// <summary>
    /// Runs a closed program as <see cref="Evaluate(UplcProgram, ScriptLanguage, int, ImmutableArray{long}, ExUnits)"/> does, and gives its result as a closed term,
    /// functions included: what they had captured stands in place of their variables. Parts of the term may be shared, so that its text may be much larger.
    /// </summary>
    /// <param name="program">The program with its arguments applied.</param>
    /// <param name="language">Decides builtin semantics and prices, together with <paramref name="protocolMajor"/>.</param>
    /// <param name="protocolMajor">Major protocol version.</param>
    /// <param name="costModel">The language's array from the protocol parameters.</param>
    /// <param name="limit">The units it may use.</param>
    /// <param name="result">Null for a failure. Throws <see cref="FormatException"/> when the term would not fit into reasonable memory.</param>
    public static EvaluationOutcome EvaluateToTerm(
        UplcProgram program,
        ScriptLanguage language,
        int protocolMajor,
        ImmutableArray<long> costModel,
        ExUnits limit,
        out Term? result
    )
    {
        ArgumentNullException.ThrowIfNull(program);
        result = null;
        if (VersionRefusal((program.Major, program.Minor, program.Patch), language, protocolMajor) is { } refusal)
        {
            return Refused(refusal);
        }

        var machine = new CekMachine(CostModel.Resolve(language, protocolMajor, costModel), limit);
        var outcome = RunDeep(machine, program.Term);
        result = machine.Result is null ? null : Discharge.ToTerm(machine.Result);
        return outcome;
    }

    internal static EvaluationOutcome Evaluate(Term term, UplcProgram program, CostModel costs, ScriptLanguage language, int protocolMajor, ExUnits limit)
    {
        if (VersionRefusal((program.Major, program.Minor, program.Patch), language, protocolMajor) is { } refusal)
        {
            return Refused(refusal);
        }

        try
        {
            return new CodeMachine(costs, limit).Run(CodeBuilder.Compile(term), out _);
        }
        catch (FormatException e)
        {
            return Refused(new EvaluationFailure.Malformed(e.Message));
        }
        catch (StackExhausted)
        {
            return EvaluateDeep(term, costs, limit);
        }
    }

    /// <summary>Runs on the machine that keeps its own stack: slower, and for any depth.</summary>
    internal static EvaluationOutcome EvaluateDeep(Term term, CostModel costs, ExUnits limit) => RunDeep(new CekMachine(costs, limit), term);

    private static EvaluationOutcome RunDeep(CekMachine machine, Term term)
    {
        try
        {
            return machine.Run(Node.Compile(term));
        }
        catch (FormatException e)
        {
            return Refused(new EvaluationFailure.Malformed(e.Message));
        }
    }

    private static EvaluationOutcome Refused(EvaluationFailure failure) => new(failure, null, default, []);

    internal static EvaluationFailure? VersionRefusal((int Major, int Minor, int Patch) version, ScriptLanguage language, int protocolMajor)
    {
        var known = version switch
        {
            (1, 0, 0) => true,
            (1, 1, 0) => language == ScriptLanguage.PlutusV3 || protocolMajor >= 11,
            _ => false,
        };
        return known
            ? null
            : new EvaluationFailure.Malformed(
                $"UPLC {version.Major}.{version.Minor}.{version.Patch} is not available in {language} at protocol version {protocolMajor}"
            );
    }
}
