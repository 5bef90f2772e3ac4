using System.Collections.Immutable;
using Masumi.Cardano.Building;
using Masumi.Cardano.Transactions;
using Masumi.Ledger.Rules;
using Masumi.Ledger.State;

namespace Masumi.Ledger;

/// <summary>What the ledger says to a transaction.</summary>
public abstract record ApplyResult
{
    private ApplyResult() { }

    /// <summary>It holds; <paramref name="State"/> is the state after it.</summary>
    /// <param name="State">The state after the transaction.</param>
    /// <param name="Evaluation">What its scripts did; null when it has none.</param>
    public sealed record Applied(LedgerState State, TransactionEvaluation? Evaluation) : ApplyResult;

    /// <summary>It does not hold, for all these reasons, in ledger order.</summary>
    public sealed record Refused(ImmutableArray<LedgerFailure> Failures) : ApplyResult;
}

/// <summary>
/// The Conway ledger rules for everything but governance procedures. Pure: no clock, no I/O. Votes and proposals
/// are refused with <see cref="LedgerFailure.OutsideScopePredicate"/>.
/// </summary>
public static class Conway
{
    // Not for a transaction that admits that its scripts fail: nothing but its collateral counts then.
    private static readonly Action<RuleContext, ICollection<LedgerFailure>>[] OnlyWhenValid =
    [
        // LEDGER
        TreasuryValue.Check,
        ReferenceScriptSize.Check,
        WithdrawalDelegation.Check,
        // CERTS
        Withdrawals.Check,
        Certificates.Check,
    ];

    private static readonly Action<RuleContext, ICollection<LedgerFailure>>[] PhaseOne =
    [
        // UTXOW
        NativeScriptsHold.Check,
        ScriptWitnesses.Check,
        Datums.Check,
        Redeemers.Check,
        Signatures.Check,
        RequiredSignatures.Check,
        AuxiliaryDataHash.Check,
        MalformedScripts.Check,
        ScriptDataHash.Check,
        // UTXO
        DisjointReferenceInputs.Check,
        ValidityInterval.Check,
        Forecast.Check,
        InputSet.Check,
        FeeTooSmall.Check,
        CollateralRules.Check,
        BadInputs.Check,
        ValueConserved.Check,
        OutputTooSmall.Check,
        OutputTooBig.Check,
        BootstrapAttributes.Check,
        Networks.Check,
        TransactionSize.Check,
        ExUnitsLimit.Check,
        CollateralCount.Check,
    ];

    /// <summary>Checks phase 1 and phase 2 and gives the state after the transaction, or every reason why not.</summary>
    public static ApplyResult Apply(LedgerState state, LedgerEnvironment environment, Transaction transaction, IScriptEvaluator evaluator)
    {
        var context = new RuleContext(transaction, state, environment);
        var failures = CheckPhaseOne(context);
        if (failures.Count > 0)
        {
            return new ApplyResult.Refused([.. failures]);
        }

        var evaluation = ScriptsRun.Check(context, evaluator, failures);
        return failures.Count > 0
            ? new ApplyResult.Refused([.. failures])
            : new ApplyResult.Applied(state.After(transaction, environment.Parameters), evaluation);
    }

    /// <summary>
    /// As <see cref="Apply"/> for a transaction whose scripts were run before with the same inputs and parameters: their outcome depends
    /// on nothing else, so only phase 1 is repeated.
    /// </summary>
    public static ApplyResult Reapply(LedgerState state, LedgerEnvironment environment, Transaction transaction)
    {
        var failures = CheckPhaseOne(new RuleContext(transaction, state, environment));
        return failures.Count > 0 ? new ApplyResult.Refused([.. failures]) : new ApplyResult.Applied(state.After(transaction, environment.Parameters), null);
    }

    /// <summary>
    /// What a mempool refuses besides: no block could ever hold a transaction with more reference scripts than this, but for one that admits
    /// that its scripts fail no rule counts them. Null for all others.
    /// </summary>
    public static LedgerFailure? RefuseFromMempool(LedgerState state, LedgerEnvironment environment, Transaction transaction)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        if (transaction.IsValid)
        {
            return null;
        }

        var failures = new List<LedgerFailure>();
        ReferenceScriptSize.Check(new RuleContext(transaction, state, environment), failures);
        return failures.FirstOrDefault();
    }

    private static List<LedgerFailure> CheckPhaseOne(RuleContext context)
    {
        var failures = new List<LedgerFailure>();
        Scope.Check(context, failures);
        if (failures.Count > 0)
        {
            // Without governance the sums of the other rules would be wrong.
            return failures;
        }

        foreach (var check in context.Transaction.IsValid ? OnlyWhenValid.Concat(PhaseOne) : PhaseOne)
        {
            check(context, failures);
        }

        return failures;
    }
}
