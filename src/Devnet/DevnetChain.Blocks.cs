using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Transactions;
using Masumi.Ledger;
using Masumi.Ledger.State;

namespace Masumi.Devnet;

/// <summary>How blocks are made.</summary>
public sealed partial class DevnetChain
{
    private void MineLocked() => MineLocked(NextSlot);

    private void MineLocked(Slot slot)
    {
        AdvanceTo(Slots.TimeOf(slot));
        ChooseWhatFails(_view);
        var next = Next(_view, slot);
        Publish(next, _view.Blocks.Count, StoredClockAt(Clock.GetUtcNow()));
        Made(next.Tip);
    }

    /// <summary>
    /// The chain with one more block. Whatever waits was judged one after the other on top of the tip, so a block is a first part of it that fits, and the
    /// rest waits on as it is. Only when time ran out for something, something is to fail, or an epoch began that changes something, all is judged again.
    /// </summary>
    private DevnetView Next(DevnetView view, Slot slot)
    {
        var state = view.Rules.At(view.State, slot);
        var parameters = ParametersAt(slot);

        // Most epochs begin with nothing but another number.
        var sameRules = ReferenceEquals(parameters, ParametersOf(view.State.Epoch));
        var failing = WhatFails(view);
        var unchanged = sameRules && failing.IsEmpty && state with { Epoch = view.State.Epoch } == view.State && view.Mempool.All(p => p.HoldsAt(slot));
        var mempool = unchanged
            ? view.Mempool
            : Admit(
                state,
                slot,
                view.Mempool.Select(p => p.Transaction.WithValidity(p.Transaction.IsValid && !failing.Contains(p.Transaction.Id))),
                !sameRules
            );
        var budget = new BlockBudget(parameters);
        var included = mempool.TakeWhile(p => budget.TryAdd(p.Transaction, p.Before)).ToArray();
        var block = LedgerBlock.On(view.Tip, slot, [.. included.Select(p => p.Transaction)], _salt);
        var after = included.Length == 0 ? state : view.Rules.At(included[^1].After, slot);
        var rest = included.Length == mempool.Count ? [] : mempool.RemoveRange(0, included.Length);
        if (rest.Exists(p => failing.Contains(p.Transaction.Id)))
        {
            // They fail in the block that takes them, and wait as they were sent.
            rest = Admit(after, slot, rest.Select(p => p.Transaction.WithValidity(p.Transaction.IsValid || failing.Contains(p.Transaction.Id))));
        }

        return view.With(block, after, rest).Waiting(rest);
    }

    private void Made(LedgerBlock block)
    {
        _failing.ExceptWith(block.Transactions.Select(t => t.Id));
        _untidied += block.Transactions.Length;
        if (_untidied >= ManyTransactions)
        {
            // Not while more of them come.
            _tidying?.Change(QuietTime, Timeout.InfiniteTimeSpan);
        }
    }

    // Many transactions leave several times the memory behind that their bytes need, and the runtime is in no hurry to return it.
    private void Tidy()
    {
        lock (_writer)
        {
            _untidied = 0;
        }

        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }

    /// <summary>What of these transactions, accepted before, holds on top of a state, one after the other.</summary>
    /// <param name="state">What they follow.</param>
    /// <param name="slot">When they are judged.</param>
    /// <param name="transactions">In order.</param>
    /// <param name="rulesChanged">Their scripts are run again too: what these cost and do follows from the parameters.</param>
    private ImmutableList<PendingTransaction> Admit(LedgerState state, Slot slot, IEnumerable<Transaction> transactions, bool rulesChanged = false)
    {
        state = _view.Rules.At(state, slot);
        var environment = EnvironmentAt(slot);
        var mempool = ImmutableList.CreateBuilder<PendingTransaction>();
        foreach (var transaction in transactions)
        {
            var result =
                rulesChanged && transaction.IsValid
                    ? Conway.Apply(state, environment, transaction, _evaluator)
                    : Conway.Reapply(state, environment, transaction);
            if (result is ApplyResult.Applied applied)
            {
                mempool.Add(new PendingTransaction(transaction, state, applied.State));
                state = applied.State;
            }
        }

        return mempool.ToImmutable();
    }

    private void AdvanceTo(DateTimeOffset time)
    {
        var ahead = time - Clock.GetUtcNow();
        if (ahead > TimeSpan.Zero)
        {
            Clock.Advance(ahead);
        }
    }

    private void ProduceOnTime()
    {
        lock (_writer)
        {
            // Never ahead of the clock: a tick within the tip's slot waits for the next.
            if (_disposed || Clock.IsPaused || CurrentSlot <= _view.Tip.Slot)
            {
                return;
            }

            try
            {
                MineLocked();
            }
            catch (IOException e)
            {
                // Whoever submits or looks at /devnet is told; the next tick tries again.
                _storageFailure = e.Message;
            }
        }
    }
}
