using System.Collections.Concurrent;
using System.Collections.Immutable;
using Masumi.Cardano.Parameters;
using Masumi.Cardano.Scripts;
using Masumi.Contracts.Common;
using Masumi.Contracts.Tests.Scenarios;
using Masumi.Contracts.Tests.Whole;
using Masumi.OnChain.Language;
using Masumi.Plutus;
using Masumi.Plutus.FlatFormat;
using Masumi.Plutus.Runtime;
using Masumi.Plutus.Syntax;

namespace Masumi.Contracts.Tests.Weakened;

/// <summary>Looks for a case that a changed contract judges otherwise than is right. Stops at the first, the likeliest come first.</summary>
internal sealed class Jury(Validator validator)
{
    private static readonly ProtocolParameters Parameters = ProtocolParameters.Mainnet;

    private readonly ImmutableArray<Case> _cases = ScenarioCases.Of(validator);

    // What noticed something lately is likely to notice the next thing.
    private readonly ConcurrentStack<Case> _noticed = new();
    private int _runs;

    /// <summary>How often a contract was run.</summary>
    public int Runs => _runs;

    public int Count => _cases.Length;

    /// <summary>What notices that the program is not the contract; null when nothing does.</summary>
    /// <param name="program">The contract, changed.</param>
    /// <param name="rule">The rule the change is near.</param>
    public string? Notices(Expr program, string? rule)
    {
        var compiled = Compiler.Compile(new Term<Unit>(program), new CompilerOptions(Optimise: false));

        // Through flat and back, as on chain.
        var script = UplcProgram.FromScript(compiled.ToScript(ScriptLanguage.PlutusV3));
        var likely = _cases.Where(c => rule is not null && c.Rule == rule);
        var lately = _noticed.Take(40);
        var others = _cases.Where(c => c.Rule is null).Concat(_cases);
        foreach (var judged in likely.Concat(lately).Concat(others).Distinct<Case>(ReferenceEqualityComparer.Instance))
        {
            Interlocked.Increment(ref _runs);
            if (Accepts(script, judged) != judged.IsAccepted)
            {
                if (judged.Rule != rule)
                {
                    _noticed.Push(judged);
                }

                return judged.IsAccepted ? "a case that must be accepted" : $"a case rejected by '{judged.Rule}'";
            }
        }

        return ChangedTransactionNotices(compiled) ? "a changed transaction" : null;
    }

    /// <summary>How the changed contract fails in the cases that the rule rejects.</summary>
    public IEnumerable<EvaluationFailure?> Failures(Expr program, string rule)
    {
        var script = Compiler.Compile(new Term<Unit>(program), new CompilerOptions(Optimise: false));
        return _cases.Where(c => c.Rule == rule).Select(c => Run(script, c).Failure);
    }

    private static bool Accepts(UplcProgram script, Case judged) => Run(script, judged) is { Succeeded: true, Result: Constant.Unit };

    private static EvaluationOutcome Run(UplcProgram script, Case judged) =>
        Evaluator.Evaluate(
            script.ApplyParameters([.. judged.Parameters, judged.Context]),
            ScriptLanguage.PlutusV3,
            Parameters.ProtocolMajor,
            Parameters.CostModels[ScriptLanguage.PlutusV3],
            Parameters.MaxTxExUnits
        );

    private bool ChangedTransactionNotices(UplcProgram compiled)
    {
        if (validator is Validator.RegistryV1 or Validator.RegistryV2)
        {
            return false;
        }

        var family = validator == Validator.EscrowV1 ? EscrowFamily.V1 : EscrowFamily.V2;
        var changed = ChangedTransactions.Of(family);
        var guard = new Guard(compiled.ApplyParameters(changed[0].Draft.Contract.Parameters().AsSpan()).ToScript(ScriptLanguage.PlutusV3));
        return changed.Any(c => guard.Refusals(c.Draft) is { } refusals && refusals.IsEmpty != c.IsAccepted);
    }
}
