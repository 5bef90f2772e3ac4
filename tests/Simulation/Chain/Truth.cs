using Masumi.Cardano;
using Masumi.Cardano.Parameters;
using Masumi.Cardano.Transactions;
using Masumi.Devnet;
using Masumi.Simulation.Scheduling;

namespace Masumi.Simulation.Chain;

/// <summary>What becomes of the transactions in blocks that a fork leaves behind.</summary>
internal enum Orphans
{
    /// <summary>They wait again.</summary>
    Wait,

    /// <summary>They come back minutes later.</summary>
    ComeLater,

    /// <summary>Nobody has them any more.</summary>
    Gone,
}

/// <summary>The chain went on: what was taken back, what came.</summary>
internal sealed record ChainChange(DevnetView Before, DevnetView After, int Shared);

/// <summary>
/// What is really on chain, with every view of it that ever was: a provider that is k blocks behind is an index into that list. The ledger is the devnet's own,
/// whole; time is the world's.
/// </summary>
internal sealed class Truth : IDisposable
{
    private readonly Scheduler _scheduler;
    private readonly Process _nature;
    private readonly DevnetChain _chain;
    private readonly List<DevnetView> _views;

    public Truth(Scheduler scheduler, Process nature, DevnetOptions options)
    {
        _scheduler = scheduler;
        _nature = nature;
        _chain = new DevnetChain(options with { Production = BlockProduction.OnDemand, Time = nature.Time });
        _views = [_chain.View];
    }

    /// <summary>Told of every change, in the step that makes it.</summary>
    public Action<ChainChange>? OnChanged { get; set; }

    /// <summary>As it is now.</summary>
    public DevnetView Best => _views[^1];

    /// <summary>How many views there were.</summary>
    public int Count => _views.Count;

    /// <summary>Slot to time mapping.</summary>
    public SlotConfig Slots => _chain.Slots;

    /// <summary>The parameters.</summary>
    public ProtocolParameters Parameters => _chain.Parameters;

    /// <summary>The epoch as those see it who ask for parameters: one more with each change.</summary>
    public long Epoch { get; private set; }

    /// <summary>How many transactions were made to fail in their blocks.</summary>
    public int Failing { get; private set; }

    /// <summary>What waits for a block.</summary>
    public IReadOnlyList<Transaction> Mempool => _chain.Mempool;

    /// <summary>The outputs after everything that waits.</summary>
    public Ledger.State.LedgerState Unspent => _chain.View.MempoolState;

    /// <summary>An earlier view; the first for a number below 0.</summary>
    public DevnetView ViewAt(int index) => _views[Math.Clamp(index, 0, _views.Count - 1)];

    /// <summary>The ledger's word about a transaction.</summary>
    public DevnetSubmission Submit(Transaction transaction)
    {
        var answer = _chain.Submit(transaction);
        _scheduler.Note(Dice.Hash(transaction.Id.ToString()) ^ (answer is DevnetSubmission.Accepted ? 1UL : 2UL));
        return answer;
    }

    /// <summary>The next block, now.</summary>
    public void Mine()
    {
        _chain.Mine();
        Publish();
    }

    /// <summary>From now on fees, prices and what an output must hold are this part of what they were on the first day.</summary>
    public void ChangeParameters(double part)
    {
        Epoch++;
        _chain.ChangeParameters(p =>
            p with
            {
                MinFeePerByte = Of(ProtocolParameters.Mainnet.MinFeePerByte),
                MinFeeConstant = new Lovelace(Of(ProtocolParameters.Mainnet.MinFeeConstant.Amount)),
                CoinsPerUtxoByte = Of(ProtocolParameters.Mainnet.CoinsPerUtxoByte),
            }
        );

        long Of(long number) => (long)(number * part);
    }

    /// <summary>The next transaction with scripts that comes into a block fails there.</summary>
    public void FailNext()
    {
        Failing++;
        _chain.FailNextInBlock();
    }

    /// <summary>
    /// Another branch wins. It has one block more than what it replaces, unless <paramref name="shorterFor"/> says that it shows before it is complete.
    /// </summary>
    public void Fork(int depth, Orphans orphans, int missing, TimeSpan shorterFor)
    {
        var view = Best;
        depth = (int)Math.Min(depth, view.Tip.Height - 1);
        if (depth < 1)
        {
            return;
        }

        var undone = view.Blocks.Skip(view.Blocks.Count - depth).SelectMany(b => b.Transactions).ToList();
        _chain.Rollback(depth, orphans != Orphans.Wait);
        if (orphans == Orphans.ComeLater)
        {
            foreach (var transaction in undone)
            {
                _scheduler.At(
                    _nature,
                    _nature.Actor.Between("orphan", TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(8)),
                    "orphan returns",
                    () => Submit(transaction)
                );
            }
        }

        var blocks = shorterFor > TimeSpan.Zero ? Math.Max(0, depth - missing) : depth + 1;
        MineBetween(_chain.Tip.Slot.Number, _chain.CurrentSlot.Number, blocks);
        Publish();
        if (shorterFor > TimeSpan.Zero)
        {
            _scheduler.At(
                _nature,
                shorterFor,
                "branch completes",
                () =>
                {
                    MineBetween(_chain.Tip.Slot.Number, _chain.CurrentSlot.Number, Math.Max(1, missing + 1));
                    Publish();
                }
            );
        }
    }

    public void Dispose() => _chain.Dispose();

    // On slots that lie between, so that the clock stands where it stood.
    private void MineBetween(long from, long to, int blocks)
    {
        for (var i = 1; i <= blocks; i++)
        {
            var slot = from + (long)((to - from) * (i / (double)blocks));
            _chain.MineAt(new Slot(Math.Max(slot, _chain.Tip.Slot.Number + 1)));
        }
    }

    private void Publish()
    {
        var before = Best;
        var after = _chain.View;
        if (after.Tip.Hash == before.Tip.Hash)
        {
            return;
        }

        _views.Add(after);
        _scheduler.Note(Dice.Hash(after.Tip.Hash.ToString()));
        OnChanged?.Invoke(new ChainChange(before, after, before.BlocksSharedWith(after)));
    }
}
