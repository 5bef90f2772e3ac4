using Masumi.Protocol;
using Masumi.Settlement.Rails;
using Xunit.Sdk;

namespace Masumi.Settlement.Tests;

/// <summary>
/// Whole deals under random faults (spec settlement.md 8.6): lost requests and answers, processes that die around a submission, providers that are down or
/// swallow transactions, rollbacks, and time that runs. A failure prints its seed; MASUMI_CHAOS_SEED repeats it, MASUMI_CHAOS_RUNS sets how many are tried.
/// </summary>
public sealed class ChaosTests(ITestOutputHelper output)
{
    private const int Deals = 4;
    private const int Steps = 60;

    [Fact]
    public async Task Whatever_fails_on_the_way_funds_are_locked_once_and_every_deal_ends()
    {
        var fixedSeed = Environment.GetEnvironmentVariable("MASUMI_CHAOS_SEED");
        var runs = fixedSeed is not null ? 1 : int.Parse(Environment.GetEnvironmentVariable("MASUMI_CHAOS_RUNS") ?? "4");
        for (var run = 0; run < runs; run++)
        {
            var seed = fixedSeed is null ? Random.Shared.Next() : int.Parse(fixedSeed);
            output.WriteLine($"seed {seed}");
            try
            {
                await RunAsync(new Random(seed));
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                throw new XunitException($"MASUMI_CHAOS_SEED={seed}: {e.Message}", e);
            }
        }
    }

    private async Task RunAsync(Random random)
    {
        await using var world = await SettlementWorld.CreateAsync(buyerCoins: 3);
        var nodes = new[] { world.Buyer, world.Seller };
        foreach (var node in nodes)
        {
            node.Chain.OnSubmit = _ => random.Next(3) == 0 ? (Fault)random.Next(1, 7) : Fault.None;
        }

        var jobs = new List<string>();
        for (var step = 0; step < Steps; step++)
        {
            if (jobs.Count < Deals && random.Next(4) == 0)
            {
                jobs.Add(await world.AgreeAsync(random.Next(2, 60)));
            }

            await StepAsync(world, random, jobs);
            await CheckAsync(world, jobs);
        }

        // The weather clears. Everything that is still possible happens by itself.
        foreach (var node in nodes)
        {
            node.Chain.OnSubmit = _ => Fault.None;
            node.Chain.Down = false;
        }

        for (var hour = 0; hour < 14; hour++)
        {
            world.Devnet.Advance(TimeSpan.FromHours(1));
            await world.SettleAsync();
            foreach (var job in jobs)
            {
                // A dispute ends when somebody gives in.
                if (await world.Seller.DealAsync(job) is { Intent: Intent.Nothing, Projection.State: OnChainState.Disputed })
                {
                    await world.Seller.WantAsync(job, Intent.AuthorizeRefund);
                }
            }

            await CheckAsync(world, jobs);
        }

        Assert.DoesNotContain(world.Devnet.Blocks.SelectMany(b => b.Transactions), t => !t.IsValid);
        foreach (var job in jobs)
        {
            var buyer = await world.Buyer.DealAsync(job);
            var seller = await world.Seller.DealAsync(job);
            output.WriteLine($"  {buyer.Projection.State} / {seller.Projection.State} {buyer.Problem?.Note}");
            Assert.Equal(buyer.OnChainState, seller.OnChainState);
            if (world.LocksOf(job).Count == 1)
            {
                Assert.True(buyer.IsFinal, $"the buyer's deal ended as {buyer.Projection.State}, {buyer.Intent}, {buyer.Problem}");
                Assert.Equal(buyer.Projection.ResultHash, seller.Projection.ResultHash);
            }
            else
            {
                Assert.Equal(OnChainState.FundsOrDatumInvalid, buyer.OnChainState);
            }
        }
    }

    private static async Task StepAsync(SettlementWorld world, Random random, List<string> jobs)
    {
        var node = random.Next(2) == 0 ? world.Buyer : world.Seller;
        switch (random.Next(13))
        {
            case <= 4:
                await node.RoundAsync();
                break;
            case <= 7:
                world.Devnet.Mine();
                break;
            case 8:
                world.Devnet.Advance(TimeSpan.FromMinutes(random.Next(1, 12)));
                break;
            case 9:
                // Never into the setting-up: the wallets' money is no matter of this test.
                world.Devnet.Rollback((int)Math.Min(random.Next(1, 5), Math.Max(0, world.Devnet.Tip.Height - 2)), drop: true);
                world.Devnet.Mine(random.Next(1, 3));
                break;
            case 10:
                await node.Chain.ReleaseAsync(TestContext.Current.CancellationToken);
                break;
            case 11:
                node.Chain.Down = !node.Chain.Down;
                node.Restart();
                break;
            default:
                if (jobs.Count > 0)
                {
                    await DecideAsync(world, random, jobs[random.Next(jobs.Count)]);
                }

                break;
        }
    }

    // A person or an agent asks for what is possible in the state its own node shows.
    private static async Task DecideAsync(SettlementWorld world, Random random, string job)
    {
        var seller = await world.Seller.DealAsync(job);
        var buyer = await world.Buyer.DealAsync(job);
        if (seller is { Intent: Intent.Nothing, Projection.State: OnChainState.FundsLocked, Problem: null })
        {
            await world.Seller.WantAsync(job, Intent.SubmitResult, new string("abcdef"[random.Next(6)], 64));
        }
        else if (seller is { Intent: Intent.Nothing, Projection.State: OnChainState.Disputed or OnChainState.RefundRequested, Problem: null })
        {
            await world.Seller.WantAsync(job, Intent.AuthorizeRefund);
        }
        else if (buyer is { Intent: Intent.Nothing, Projection.State: OnChainState.FundsLocked or OnChainState.ResultSubmitted, Problem: null })
        {
            await world.Buyer.WantAsync(job, Intent.RequestRefund);
        }
    }

    private static async Task CheckAsync(SettlementWorld world, List<string> jobs)
    {
        foreach (var job in jobs)
        {
            Assert.True(world.LocksOf(job).Count <= 1, "locked twice");
        }

        foreach (var node in new[] { world.Buyer, world.Seller })
        {
            var inputs = (await node.Store.Attempts.ListOpenAsync(long.MaxValue, TestContext.Current.CancellationToken))
                .SelectMany(i => i.Transaction!.Body.Inputs)
                .ToList();
            Assert.Equal(inputs.Distinct().Count(), inputs.Count);
        }
    }
}
