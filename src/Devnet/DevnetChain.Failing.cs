using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Transactions;

namespace Masumi.Devnet;

/// <summary>Transactions that a block takes as invalid though their scripts accept, as a node does whose parameters differ at inclusion.</summary>
public sealed partial class DevnetChain
{
    private readonly HashSet<TransactionId> _failing = [];
    private bool _failNext;

    /// <summary>
    /// Lets the block that takes a waiting transaction take it as invalid: its collateral is lost, and nothing else happens. What waits and needs its outputs
    /// is dropped then. When that block is taken back, the transaction waits again as it was sent.
    /// </summary>
    /// <returns>Why not, in a sentence; null when it will.</returns>
    public string? FailInBlock(TransactionId txId)
    {
        lock (_writer)
        {
            var pending = _view.Mempool.Find(p => p.Transaction.Id == txId);
            if (pending is null)
            {
                return $"{txId} does not wait in the mempool.";
            }

            if (!CanFail(pending.Transaction))
            {
                return $"{txId} runs no scripts with collateral behind them, so that no block can take it as failed.";
            }

            _failing.Add(txId);
            return null;
        }
    }

    /// <summary>As <see cref="FailInBlock"/> for the first transaction with scripts and collateral that a block takes from now on.</summary>
    public void FailNextInBlock()
    {
        lock (_writer)
        {
            _failNext = true;
        }
    }

    // Phase 2 is what scripts do, and collateral is what they cost.
    private static bool CanFail(Transaction transaction) =>
        transaction.IsValid && !transaction.Witnesses.Redeemers.IsEmpty && !transaction.Body.Collateral.IsEmpty;

    private void ChooseWhatFails(DevnetView view)
    {
        if (_failNext && view.Mempool.Find(p => CanFail(p.Transaction)) is { } first)
        {
            _failNext = false;
            _failing.Add(first.Transaction.Id);
        }
    }

    private ImmutableHashSet<TransactionId> WhatFails(DevnetView view) =>
        _failing.Count == 0 ? [] : [.. view.Mempool.Where(p => CanFail(p.Transaction)).Select(p => p.Transaction.Id).Where(_failing.Contains)];

    /// <summary>A transaction of a block as its sender made it: one that was made to fail was valid.</summary>
    private Transaction AsSent(Transaction transaction, DevnetView view)
    {
        if (transaction.IsValid)
        {
            return transaction;
        }

        var outputs = transaction
            .Body.Inputs.Concat(transaction.Body.ReferenceInputs)
            .Distinct()
            .Select(i => view.Index.Outputs.GetValueOrDefault(i)?.Utxo)
            .OfType<Utxo>()
            .ToArray();
        return EvaluateOn(view.State, transaction, outputs, out _) is { ContextFailure: null, Succeeded: true } ? transaction.WithValidity(true) : transaction;
    }
}
