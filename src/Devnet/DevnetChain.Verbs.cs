using System.Collections.Immutable;
using System.Globalization;
using Masumi.Cardano;
using Masumi.Cardano.Parameters;
using Masumi.Cardano.Transactions;
using Masumi.Ledger.State;

namespace Masumi.Devnet;

/// <summary>What only a development chain can be told to do.</summary>
public sealed partial class DevnetChain
{
    /// <summary>Most snapshots at a time: each keeps its chain alive.</summary>
    public const int MaxSnapshots = 100;

    private const int MaxSnapshotName = 64;

    private readonly SortedDictionary<string, Snapshot> _snapshots = new(StringComparer.Ordinal);
    private int _snapshotCount;
    private SubmitFault? _fault;

    /// <summary>True while neither blocks are made nor time passes.</summary>
    public bool IsPaused => Clock.IsPaused;

    /// <summary>The names of all snapshots.</summary>
    public ImmutableArray<string> Snapshots
    {
        get
        {
            lock (_writer)
            {
                return [.. _snapshots.Keys];
            }
        }
    }

    /// <summary>Stops block production and time. What is submitted waits. <see cref="Mine"/> and <see cref="Advance"/> work as ever.</summary>
    public void Pause()
    {
        lock (_writer)
        {
            Clock.Pause();
            Publish(_view, _view.Blocks.Count, StoredClockAt(Clock.GetUtcNow()));
        }
    }

    /// <summary>Lets time and block production go on from where they stopped.</summary>
    public void Resume()
    {
        lock (_writer)
        {
            Clock.Resume();
            Publish(_view, _view.Blocks.Count, StoredClockAt(Clock.GetUtcNow()));
            if (_options.Production == BlockProduction.PerTransaction && !_view.Mempool.IsEmpty)
            {
                MineLocked();
            }
        }
    }

    /// <summary>As <see cref="Advance"/>, to a time; false, changing nothing, when it is over or beyond what the clock can tell.</summary>
    public bool TrySetTime(DateTimeOffset time)
    {
        lock (_writer)
        {
            return TryAdvance(time - Clock.GetUtcNow());
        }
    }

    /// <summary>
    /// Takes the newest blocks back. Their transactions wait again, before what waits already, as far as they still hold, or are dropped.
    /// Time does not go back. Throws when there are fewer blocks after genesis.
    /// </summary>
    public void Rollback(int blocks, bool drop = false)
    {
        if (!TryRollback(blocks, drop))
        {
            throw new ArgumentOutOfRangeException(nameof(blocks), blocks, "There are not that many blocks after genesis.");
        }
    }

    /// <summary>As <see cref="Rollback"/>; false, changing nothing, when there are fewer blocks after genesis.</summary>
    public bool TryRollback(int blocks, bool drop = false)
    {
        lock (_writer)
        {
            var view = _view;
            if (blocks < 0 || blocks > view.Tip.Height)
            {
                return false;
            }

            if (blocks == 0)
            {
                return true;
            }

            var back = Back(blocks, drop);
            _salt++;
            Publish(back, back.Blocks.Count, StoredClockAt(Clock.GetUtcNow()));
            return true;
        }
    }

    /// <summary>
    /// Takes the newest blocks back and makes others instead, as one step: nobody sees the chain in between, and none of the new blocks is at a slot before
    /// those it replaces. False, changing nothing, when there are fewer blocks after genesis.
    /// </summary>
    /// <param name="back">How many blocks are replaced.</param>
    /// <param name="blocks">By how many, at least one; no node adopts a chain that is not longer.</param>
    /// <param name="drop">Drop what the replaced blocks held; otherwise the new ones hold it as far as it still holds, before what waits already.</param>
    /// <param name="first">What comes before all that; what of it does not hold is left out.</param>
    public bool TryFork(int back, int blocks, bool drop = false, IEnumerable<Transaction>? first = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(blocks, 1);
        lock (_writer)
        {
            var view = _view;
            if (back < 0 || back > view.Tip.Height)
            {
                return false;
            }

            var replaced = view.Blocks.GetRange(view.Blocks.Count - back, back);
            var next = NextSlot;
            var fork = Back(back, drop, first);
            var kept = fork.Blocks.Count;
            _salt++;
            ChooseWhatFails(fork);
            for (var i = 0; i < blocks; i++)
            {
                fork = Next(fork, i < back ? replaced[i].Slot : next + (i - back));
            }

            AdvanceTo(Slots.TimeOf(fork.Tip.Slot));
            Publish(fork, kept, StoredClockAt(Clock.GetUtcNow()));
            foreach (var block in fork.Blocks.Skip(kept))
            {
                Made(block);
            }

            return true;
        }
    }

    /// <summary>The chain without its newest blocks; what they held waits before what waits already.</summary>
    private DevnetView Back(int blocks, bool drop, IEnumerable<Transaction>? first = null)
    {
        var view = _view;
        var undone = drop ? [] : view.Blocks.Skip(view.Blocks.Count - blocks).SelectMany(b => b.Transactions).Select(t => AsSent(t, view));
        var back = view.Without(blocks);
        var slot = CurrentSlot > back.Tip.Slot ? CurrentSlot : back.Tip.Slot + 1;
        var rivals = Admit(back.State, slot, first ?? [], rulesChanged: true);
        var state = rivals.IsEmpty ? back.State : rivals[^1].After;
        var waiting = undone.Concat(view.Mempool.Select(p => p.Transaction));
        return back.Waiting(rivals.AddRange(Admit(state, slot, waiting, rulesChanged: _changes.Count > 1)));
    }

    /// <summary>Takes a transaction out of the mempool, and all that need it. The ids of what is gone; empty when it does not wait.</summary>
    public ImmutableArray<TransactionId> Drop(TransactionId txId)
    {
        lock (_writer)
        {
            _failing.Remove(txId);
            var view = _view;
            var at = view.Mempool.FindIndex(p => p.Transaction.Id == txId);
            if (at < 0)
            {
                return [];
            }

            var dropped = view.Mempool[at];
            var kept = view.Mempool.RemoveRange(at, view.Mempool.Count - at);
            var left = kept.AddRange(Admit(dropped.Before, NextSlot, view.Mempool.Skip(at + 1).Select(p => p.Transaction)));
            var ids = left.Select(p => p.Transaction.Id).ToHashSet();
            _view = view.Waiting(left);
            return [.. view.Mempool.Select(p => p.Transaction.Id).Where(id => !ids.Contains(id))];
        }
    }

    /// <summary>
    /// Remembers the chain, the mempool, the time and the parameters under a name, by default a number, as long as this process runs. Null, changing nothing, when there are
    /// <see cref="MaxSnapshots"/>, or the name is taken or not 1 to 64 letters, digits, dots, dashes and underscores.
    /// </summary>
    public string? TakeSnapshot(string? name = null)
    {
        lock (_writer)
        {
            if (_snapshots.Count >= MaxSnapshots)
            {
                return null;
            }

            if (name is null)
            {
                do
                {
                    name = (++_snapshotCount).ToString(CultureInfo.InvariantCulture);
                } while (_snapshots.ContainsKey(name));
            }

            var fits = name.Length is > 0 and <= MaxSnapshotName && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');
            return fits && _snapshots.TryAdd(name, new Snapshot(_view, Clock.GetUtcNow(), _changes)) ? name : null;
        }
    }

    /// <summary>
    /// Goes back to a snapshot (or forward to one on a branch that was left): chain, mempool, and time too, or deadlines would have passed
    /// that had not. It can be used again. False, changing nothing, when there is none of that name.
    /// </summary>
    public bool TryRevert(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        lock (_writer)
        {
            if (!_snapshots.TryGetValue(name, out var snapshot))
            {
                return false;
            }

            _salt++;
            _changes = snapshot.Changes;
            Publish(snapshot.View, _view.BlocksSharedWith(snapshot.View), StoredClockAt(snapshot.Time));
            Clock.Set(snapshot.Time);
            return true;
        }
    }

    /// <summary>Lets one submission fail: the next one, or with <see cref="SubmitFault.Accepted"/> the next that holds. Null: none after all.</summary>
    public void FailNextSubmit(SubmitFault? fault)
    {
        lock (_writer)
        {
            _fault = fault;
        }
    }

    /// <summary>
    /// Begins again with the genesis block: no other block, no mempool, no snapshots, time as the wall clock tells it, parameters as at the start.
    /// </summary>
    public void Reset()
    {
        lock (_writer)
        {
            _log?.Reset();
            _salt++;
            _fault = null;
            _failing.Clear();
            _failNext = false;
            _changes = [(0, _options.Parameters)];
            _snapshots.Clear();
            Forget();
            Clock.Resume();
            Clock.Set(_options.Time.GetUtcNow());
            AdvanceTo(Slots.ZeroTime);
            _view = DevnetView.Of(_view.Blocks.GetRange(0, 1), _view.Rules);
        }
    }

    private DevnetSubmission SubmitFaultily(Transaction transaction, SubmitFault fault)
    {
        switch (fault)
        {
            case SubmitFault.Rejected:
                _fault = null;
                return new DevnetSubmission.Refused([new LedgerFailure(LedgerRule.Utxo, "BadInputsUTxO", string.Join(", ", transaction.Body.Inputs.Order()))]);
            case SubmitFault.Lost:
                _fault = null;
                return new DevnetSubmission.AnswerLost();
            default:
                var answer = SubmitLocked(transaction);
                if (answer is not DevnetSubmission.Accepted)
                {
                    return answer;
                }

                _fault = null;
                return new DevnetSubmission.AnswerLost();
        }
    }

    private sealed record Snapshot(DevnetView View, DateTimeOffset Time, ImmutableList<(long Epoch, ProtocolParameters Parameters)> Changes);
}
