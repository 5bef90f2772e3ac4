using System.Collections.Immutable;
using Masumi.Cardano.Parameters;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;

namespace Masumi.Cardano.Building;

/// <summary>What one script execution did.</summary>
/// <param name="Pointer">Which redeemer.</param>
/// <param name="ScriptHash">Which script ran.</param>
/// <param name="Units">What it used; for a failure, what it had used until then.</param>
/// <param name="Logs">Its traces in order.</param>
/// <param name="Failure">Null when it succeeded, otherwise why not.</param>
public sealed record ScriptExecution(RedeemerPointer Pointer, ScriptHash ScriptHash, ExUnits Units, ImmutableArray<string> Logs, string? Failure);

/// <summary>What evaluating all scripts of a transaction gave.</summary>
/// <param name="Executions">One per redeemer, in pointer order; empty when the context could not be built.</param>
/// <param name="ContextFailure">Why no script could run (the ledger's CollectErrors: missing script, cost model, bad translation), or null.</param>
public sealed record TransactionEvaluation(ImmutableArray<ScriptExecution> Executions, string? ContextFailure)
{
    /// <summary>True when every script ran and accepted.</summary>
    public bool Succeeded => ContextFailure is null && Executions.All(e => e.Failure is null);

    /// <summary>All units together.</summary>
    public ExUnits TotalUnits => Executions.Aggregate(default(ExUnits), (sum, e) => sum + e.Units);
}

/// <summary>Runs the Plutus scripts of a transaction exactly as the ledger does. Implemented by Masumi.Plutus.</summary>
public interface IScriptEvaluator
{
    /// <summary>
    /// Evaluates every redeemer. Each may use up to <paramref name="limit"/> when given, otherwise up to its own declared units.
    /// </summary>
    /// <param name="transaction">The transaction; signatures, fee and script data hash are not looked at.</param>
    /// <param name="utxos">Every spent and reference input.</param>
    /// <param name="parameters">For cost models and protocol version.</param>
    /// <param name="slots">For the validity range in POSIX time.</param>
    /// <param name="limit">Per-redeemer limit instead of the declared units.</param>
    TransactionEvaluation Evaluate(
        Transaction transaction,
        IReadOnlyDictionary<TxInput, TxOutput> utxos,
        ProtocolParameters parameters,
        SlotConfig slots,
        ExUnits? limit = null
    );
}
