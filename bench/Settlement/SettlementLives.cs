using System.Diagnostics;
using System.Text;
using Masumi.Chain;
using Masumi.Protocol;
using Masumi.Settlement.Deals;
using Masumi.Settlement.Engine;
using Masumi.Settlement.Sources;
using Masumi.Storage.Sqlite;

namespace Masumi.Bench.Settlement;

/// <summary>Jobs from the agreement to the money, of two nodes.</summary>
internal static class SettlementLives
{
    // Jobs from the agreement to the money, on two nodes with databases on disk that reach it with every commit.
    public static async Task TogetherAsync(string folder, StringBuilder text)
    {
        const int Count = 200;
        await using var world = await BenchWorld.StartAsync();
        var options = new SettlementOptions { LockWindow = TimeSpan.Zero, Confirmations = Confirmations.Always(1) };
        await using var buyer = await world.NodeAsync(
            SqliteDatabase.Open(Path.Combine(folder, "buyer.db"), TimeProvider.System),
            options,
            WalletRole.Purchasing
        );
        await using var seller = await world.NodeAsync(
            SqliteDatabase.Open(Path.Combine(folder, "seller.db"), TimeProvider.System),
            options,
            WalletRole.Selling
        );
        world.Fund(buyer.Wallets[WalletRole.Purchasing].Address, 4000, coins: 4);
        world.Fund(seller.Wallets[WalletRole.Selling].Address, 200, coins: 8);
        world.Chain.Mine();
        await buyer.Engine.RunRoundAsync(default);
        await seller.Engine.RunRoundAsync(default);

        // A process that has run for a while; what it costs to start is measured elsewhere.
        await LiveAsync(Count);
        var calls = Calls(buyer) + Calls(seller);
        var started = Stopwatch.GetTimestamp();
        await LiveAsync(Count);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        SettlementReport.Row(
            text,
            "whole lives a second, both nodes and the devnet on this machine, a block every 250 ms, full batches",
            "25",
            $"{Count / seconds:F1} ({Count} in {seconds:F1} s; {Disk.Syncs(folder):F0} fdatasync a second beside it)"
        );
        SettlementReport.Row(
            text,
            "provider calls of a life, both nodes, without tips and lists",
            "14",
            $"{(Calls(buyer) + Calls(seller) - calls) / (double)Count:F1}, in batches"
        );

        async Task LiveAsync(int count)
        {
            var jobs = Enumerable.Range(0, count).Select(_ => world.Agree()).ToList();
            foreach (var job in jobs)
            {
                await seller.MakeAsync(job, DealSide.Payment);
                await buyer.MakeAsync(job, DealSide.Purchase);
            }

            await UntilAsync(jobs, OnChainState.FundsLocked);
            foreach (var job in jobs)
            {
                await seller.ResultAsync(job);
            }

            await UntilAsync(jobs, OnChainState.ResultSubmitted);
            world.Chain.Advance(TimeSpan.FromHours(7));
            await UntilAsync(jobs, OnChainState.Withdrawn);
        }

        async Task UntilAsync(List<Job> jobs, OnChainState state)
        {
            var left = jobs.ToList();
            for (var rounds = 0; left.Count > 0; rounds++)
            {
                var block = Stopwatch.GetTimestamp();
                await buyer.Engine.RunRoundAsync(default);
                await seller.Engine.RunRoundAsync(default);
                var still = new List<Job>();
                foreach (var job in left)
                {
                    if (
                        (await buyer.DealAsync(job, DealSide.Purchase)).OnChainState != state
                        || (await seller.DealAsync(job, DealSide.Payment)).OnChainState != state
                    )
                    {
                        still.Add(job);
                    }
                }

                left = still;
                if (rounds > 200)
                {
                    throw new InvalidOperationException($"{left.Count} of {jobs.Count} are not {state}.");
                }

                var wait = TimeSpan.FromMilliseconds(250) - Stopwatch.GetElapsedTime(block);
                if (wait > TimeSpan.Zero)
                {
                    await Task.Delay(wait);
                }

                world.Chain.Advance(TimeSpan.FromSeconds(20));
            }
        }
    }

    // One job after the other, each transaction in a block of its own: nothing is shared.
    public static async Task OneByOneAsync(string folder, StringBuilder text)
    {
        const int Warm = 100;
        const int Count = 100;
        await using var world = await BenchWorld.StartAsync();
        var options = new SettlementOptions { LockWindow = TimeSpan.Zero, Confirmations = Confirmations.Always(0) };
        await using var buyer = await world.NodeAsync(
            SqliteDatabase.Open(Path.Combine(folder, "lone-buyer.db"), TimeProvider.System),
            options,
            WalletRole.Purchasing
        );
        await using var seller = await world.NodeAsync(
            SqliteDatabase.Open(Path.Combine(folder, "lone-seller.db"), TimeProvider.System),
            options,
            WalletRole.Selling
        );
        world.Fund(buyer.Wallets[WalletRole.Purchasing].Address, 4000, coins: 4);
        world.Fund(seller.Wallets[WalletRole.Selling].Address, 200, coins: 8);
        world.Chain.Mine();
        await BothAsync();
        for (var i = 0; i < Warm; i++)
        {
            await LifeAsync();
        }

        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < Count; i++)
        {
            await LifeAsync();
        }

        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        SettlementReport.Row(
            text,
            "whole lives a second, one after the other, a block per transaction",
            "8",
            $"{Count / seconds:F1} ({Count} in {seconds:F1} s; {Disk.Syncs(folder):F0} fdatasync a second beside it)"
        );

        async Task LifeAsync()
        {
            var job = world.Agree();
            await seller.MakeAsync(job, DealSide.Payment);
            await buyer.MakeAsync(job, DealSide.Purchase);
            await StepAsync(buyer);
            SettlementReport.Expect(OnChainState.FundsLocked, await seller.DealAsync(job, DealSide.Payment));
            await seller.ResultAsync(job);
            await StepAsync(seller);
            SettlementReport.Expect(OnChainState.ResultSubmitted, await buyer.DealAsync(job, DealSide.Purchase));
            world.Chain.Advance(TimeSpan.FromHours(7));
            await BothAsync();
            world.Chain.Mine();
            await BothAsync();
            SettlementReport.Expect(OnChainState.Withdrawn, await buyer.DealAsync(job, DealSide.Purchase));
            SettlementReport.Expect(OnChainState.Withdrawn, await seller.DealAsync(job, DealSide.Payment));
        }

        async Task StepAsync(BenchNode who)
        {
            await who.Engine.RunRoundAsync(default);
            world.Chain.Mine();
            await BothAsync();
        }

        async Task BothAsync()
        {
            await buyer.Engine.RunRoundAsync(default);
            await seller.Engine.RunRoundAsync(default);
        }
    }

    private static long Calls(BenchNode node) => node.Chain.Calls.Total - node.Chain.Calls.Of(CallKind.Tip) - node.Chain.Calls.Of(CallKind.AddressList);
}
