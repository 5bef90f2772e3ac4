using System.Collections.Concurrent;
using Masumi.Ledger;

namespace Masumi.Acceptance.Killing;

/// <summary>
/// What happens to both nodes meanwhile: one of them is killed every 20 to 40 seconds and started again at once, blocks are taken back every minute, lists are two blocks
/// behind for a fifth of the calls. Which of it happens next follows from the seed. If wanted, time runs eighty times as fast, in jumps that are longer than any validity.
/// </summary>
internal sealed class Chaos(Trade trade, int seed, TimeSpan lasts, bool jumps)
{
    private const string Behind = "list-behind:2@20%";

    /// <summary>How far a jump of the clock goes; whatever waits for a block is in one before.</summary>
    public static TimeSpan Jump { get; } = TimeSpan.FromMinutes(10);

    private const int DeepestRollback = 6;
    private readonly ConcurrentQueue<string> _happened = new();
    private readonly long _began = TimeProvider.System.GetTimestamp();

    // A short run, for trying, has no fewer of everything than a third.
    private readonly double _pace = Math.Clamp(lasts / TimeSpan.FromMinutes(5), 0.3, 1);

    public int Kills { get; private set; }

    public int Rollbacks { get; private set; }

    public int BlocksTakenBack { get; private set; }

    public int TransactionsTakenBack { get; private set; }

    public int Jumps { get; private set; }

    /// <summary>Everything that was done, with its second.</summary>
    public IReadOnlyCollection<string> Happened => _happened;

    private TimeSpan Passed => TimeProvider.System.GetElapsedTime(_began);

    public async Task RunAsync(CancellationToken stop)
    {
        trade.Devnet.Views.Seed = seed;
        trade.Devnet.Views.Set(Trade.BuyersKey, Behind);
        trade.Devnet.Views.Set(Trade.SellersKey, Behind);
        await Task.WhenAll(
            EveryAsync(20, 40, new Random(seed), KillAsync, stop),
            EveryAsync(58, 62, new Random(seed + 1), RollbackAsync, stop),
            jumps ? EveryAsync(6, 9, new Random(seed + 2), JumpAsync, stop) : Task.CompletedTask
        );
        trade.Devnet.Views.Clear(Trade.BuyersKey);
        trade.Devnet.Views.Clear(Trade.SellersKey);
    }

    /// <summary>Moves the clock; what waits for a block gets one before.</summary>
    public static void Advance(Trade trade, TimeSpan by)
    {
        trade.Devnet.Chain.Mine();
        trade.Devnet.Chain.Advance(by);
    }

    private async Task EveryAsync(int least, int most, Random random, Func<Random, Task> happens, CancellationToken stop)
    {
        while (true)
        {
            var pause = TimeSpan.FromSeconds((least + (random.NextDouble() * (most - least))) * _pace);
            if (Passed + pause > lasts)
            {
                var rest = lasts - Passed;
                await Task.Delay(rest > TimeSpan.Zero ? rest : TimeSpan.Zero, stop);
                return;
            }

            await Task.Delay(pause, stop);
            await happens(random);
        }
    }

    private async Task KillAsync(Random random)
    {
        var (name, node) = random.Next(2) == 0 ? ("buyer", trade.Buyer) : ("seller", trade.Seller);
        Assert.True(node.IsRunning, $"The {name}'s node ended by itself at {Passed}.");
        await node.KillAsync();
        Kills++;
        Say($"{name} killed");
        await node.StartAsync();
        Say($"{name} runs again");
    }

    private Task RollbackAsync(Random random)
    {
        var chain = trade.Devnet.Chain;
        var (blocks, way) = (random.Next(1, DeepestRollback + 1), random.Next(3));
        var before = chain.Blocks;
        var done = way switch
        {
            0 => chain.TryRollback(blocks),
            1 => chain.TryRollback(blocks, drop: true),
            _ => chain.TryFork(blocks, blocks + 1, drop: random.Next(2) == 0),
        };
        Assert.True(done);
        var gone = before.Except(chain.Blocks, ReferenceEqualityComparer.Instance).Cast<LedgerBlock>().ToList();
        Rollbacks++;
        BlocksTakenBack += blocks;
        TransactionsTakenBack += gone.Sum(b => b.Transactions.Length);
        Say($"{blocks} blocks with {gone.Sum(b => b.Transactions.Length)} transactions {(way switch { 0 => "taken back", 1 => "dropped", _ => "forked" })}");
        return Task.CompletedTask;
    }

    private Task JumpAsync(Random random)
    {
        Advance(trade, Jump);
        Jumps++;
        return Task.CompletedTask;
    }

    private void Say(string what) => _happened.Enqueue($"{Passed.TotalSeconds, 6:0.0} s, height {trade.Devnet.Chain.Tip.Height}: {what}");
}
