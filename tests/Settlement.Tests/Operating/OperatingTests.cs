using Dapper;
using Masumi.Cardano;
using Masumi.Plutus;
using Masumi.Protocol;
using Masumi.Settlement.Attempts;
using Masumi.Settlement.Deals;
using Masumi.Settlement.Engine;
using Masumi.Settlement.Futures;
using Masumi.Settlement.Operating;
using Masumi.Settlement.Rails;

namespace Masumi.Settlement.Tests.Operating;

/// <summary>What operators are told about deals and can do about them, on a node with a real chain.</summary>
public class OperatingTests
{
    private const string Result = "3333333333333333333333333333333333333333333333333333333333333333";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whoever_asks_for_a_look_is_answered_by_the_round_that_looked()
    {
        await using var world = await SettlementWorld.CreateAsync();
        await world.LockAsync();
        var one = world.Buyer.Engine.LookAgainAsync([world.Buyer.Source.Id], Stop);
        var other = world.Buyer.Engine.LookAgainAsync([world.Buyer.Source.Id], Stop);
        Assert.False(one.IsCompleted);
        await world.Buyer.RoundAsync();
        Assert.Equal([LookedAgain.Nothing, LookedAgain.Nothing], await Task.WhenAll(one, other));
    }

    [Fact]
    public async Task A_look_that_the_chain_keeps_from_happening_happens_later_and_can_be_waited_for_no_longer()
    {
        await using var world = await SettlementWorld.CreateAsync();
        await world.LockAsync();
        world.Buyer.Chain.Down = true;
        using var impatient = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var given = world.Buyer.Engine.LookAgainAsync([world.Buyer.Source.Id], impatient.Token);
        var patient = world.Buyer.Engine.LookAgainAsync([world.Buyer.Source.Id], Stop);
        await world.Buyer.RoundAsync();
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
        Assert.False(patient.IsCompleted);
        world.Buyer.Chain.Down = false;
        await world.Buyer.RoundAsync();
        Assert.Equal(LookedAgain.Nothing, await patient);
    }

    [Fact]
    public async Task Rounds_that_fail_are_told_with_their_cause_once_then_rarely_and_once_when_they_are_over()
    {
        await using var world = await SettlementWorld.CreateAsync();
        var engine = world.Buyer.Engine;
        await UntilAsync(() => engine.State.LastRound is not null);
        Assert.Equal((null, 0), (engine.State.FailsSince, engine.State.Failures));
        await TableAsync("transfer", "gone");
        await FailAsync(6);
        var state = engine.State;
        Assert.True(state.IsFailing);
        Assert.Equal(world.Time.GetUtcNow(), state.FailsSince);
        Assert.Equal("the database cannot be used", state.Cause);
        Assert.Contains("no such table", state.Because, StringComparison.Ordinal);
        Assert.Equal(1, Told());
        world.Time.Move(TimeSpan.FromMinutes(5));
        await FailAsync(9);
        Assert.Equal(2, Told());

        await TableAsync("gone", "transfer");
        await UntilAsync(() => engine.State.FailsSince is null);
        Assert.Equal(3, Told());
        world.Buyer.Chain.Down = true;
        await FailAsync(3);
        Assert.Equal(("the chain is not available", 4), (engine.State.Cause, Told()));

        int Told() =>
            world.Buyer.Lines.Count(l =>
                l.StartsWith("The engine's rounds", StringComparison.Ordinal) || l.StartsWith("A round of settlement failed", StringComparison.Ordinal)
            );
        Task FailAsync(int times) => UntilAsync(() => engine.State.Failures >= times);
        Task TableAsync(string from, string to) =>
            world.Buyer.Database.WriteAsync((c, t) => c.ExecuteAsync($"ALTER TABLE {from} RENAME TO {to}", transaction: t), Stop);
        async Task UntilAsync(Func<bool> isSo)
        {
            using var stop = new CancellationTokenSource();
            var running = engine.RunAsync(stop.Token);
            while (!isSo())
            {
                engine.Wake();
                await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Stop);
            }

            await stop.CancelAsync();
            await running;
        }
    }

    [Fact]
    public async Task A_purchase_short_of_money_names_the_amount_and_the_address_and_recovering_it_after_funding_locks_once()
    {
        await using var world = await SettlementWorld.CreateAsync();
        var identifier = await world.AgreeAsync(2_000);
        await world.Buyer.RoundAsync();
        var why = await WhyAsync(world.Buyer, identifier);
        Assert.Equal("insufficient_funds", why.Problem!.Code);
        Assert.Equal(world.Buyer.Wallet.Address.ToString(), why.Funds!.At);
        Assert.Contains("1001500000 lovelace", why.Funds.Missing, StringComparison.Ordinal);
        var fund = Assert.Single(why.Exits, e => e.Command == $"send to {world.Buyer.Wallet.Address}");
        Assert.EndsWith("1500000 lovelace more are needed for a refund or a dispute later", fund.What, StringComparison.Ordinal);
        Assert.Equal(Intent.Lock, why.Action);
        Assert.NotNull(why.At);

        world.Fund(world.Buyer.Wallet.Address, 2_000);
        world.Devnet.Mine();
        var recovered = await RecoverAsync(world, identifier);
        Assert.True(recovered.TriedAgain);
        Assert.Single(recovered.NewAttempts);
        await world.SettleAsync();
        Assert.Empty((await RecoverAsync(world, identifier)).NewAttempts);
        Assert.Single(world.LocksOf(identifier));
    }

    [Fact]
    public async Task Recovering_while_a_lock_is_on_its_way_never_signs_a_second_one()
    {
        await using var world = await SettlementWorld.CreateAsync();
        world.Buyer.Chain.OnSubmit = _ => Fault.Swallowed;
        var identifier = await world.AgreeAsync();
        await world.Buyer.RoundAsync();
        for (var i = 0; i < 3; i++)
        {
            Assert.Empty((await RecoverAsync(world, identifier)).NewAttempts);
        }

        var why = await WhyAsync(world.Buyer, identifier);
        Assert.StartsWith("the chain decides about Lock", why.Step, StringComparison.Ordinal);
        var waits = Assert.Single(why.WaitsFor);
        Assert.Contains(": the provider took it; valid until 20", waits, StringComparison.Ordinal);
        Assert.EndsWith("and if no block has it then, it is made anew", waits, StringComparison.Ordinal);
        Assert.Single(why.Standing);
    }

    [Fact]
    public async Task A_dispute_waits_for_a_person_and_names_every_way_out()
    {
        await using var world = await DisputedAsync();
        var buyer = await WhyAsync(world.Buyer, await OnlyAsync(world));
        Assert.True(buyer.NeedsPerson);
        Assert.Contains(
            buyer.Exits,
            e => e.What.StartsWith("Release", StringComparison.Ordinal) && e.Command.Contains("cancel-refund-request", StringComparison.Ordinal)
        );
        var intent = Assert.Single(buyer.Exits, e => e.Command.StartsWith("masumi dispute intent --escrow ", StringComparison.Ordinal)).Command;
        var contract = SettlementWorld.Contract;
        Assert.EndsWith(
            $"--chain URL --network Preprod --required-admins 2 --admin {string.Join(' ', contract.Admins)} --cooldown 420000",
            intent,
            StringComparison.Ordinal
        );
        var seller = await WhyAsync(world.Seller, await OnlyAsync(world));
        Assert.Contains(seller.Exits, e => e.Command.Contains("payment/authorize-refund", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_wish_that_waits_for_its_cooldown_says_so_and_waits_for_nobody_else()
    {
        await using var world = await SettlementWorld.CreateAsync();
        var identifier = await world.LockAsync();
        await world.Buyer.WantAsync(identifier, Intent.RequestRefund);
        await world.SettleAsync();
        await world.Seller.WantAsync(identifier, Intent.SubmitResult, Result);
        await world.SettleAsync();
        await world.Seller.WantAsync(identifier, Intent.AuthorizeRefund);
        var why = await WhyAsync(world.Seller, identifier);
        Assert.StartsWith("the contract's cooldown since this side's last action, until 20", Assert.Single(why.WaitsFor), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_state_of_a_life_has_a_next_step_or_names_whom_it_waits_for()
    {
        await using var world = await SettlementWorld.CreateAsync();
        var identifier = await world.AgreeAsync();
        await CheckAsync();
        await world.SettleAsync();
        await CheckAsync();
        Assert.StartsWith("WithdrawRefund at", (await WhyAsync(world.Buyer, identifier)).Step, StringComparison.Ordinal);
        await world.Seller.WantAsync(identifier, Intent.SubmitResult, Result);
        await world.SettleAsync();
        await CheckAsync();
        Assert.StartsWith("Withdraw at", (await WhyAsync(world.Seller, identifier)).Step, StringComparison.Ordinal);
        await world.AdvanceAsync(TimeSpan.FromHours(7));
        await CheckAsync();
        Assert.Empty((await WhyAsync(world.Seller, identifier)).Exits);

        async Task CheckAsync()
        {
            foreach (var node in new[] { world.Buyer, world.Seller })
            {
                var why = await WhyAsync(node, identifier);
                Assert.True(why.At is not null || why.WaitsFor.Length > 0, $"{why}");
                Assert.False(why.NeedsPerson);
            }
        }
    }

    [Fact]
    public async Task A_purchase_that_was_never_locked_says_so_and_names_its_exits()
    {
        await using var world = await SettlementWorld.CreateAsync();
        var identifier = await world.AgreeAsync(2_000);
        await world.AdvanceAsync(TimeSpan.FromHours(3));
        var deal = await world.Buyer.DealAsync(identifier);
        Assert.True(deal.IsExpired);
        var why = await WhyAsync(world.Buyer, identifier);
        Assert.True(why.NeedsPerson);
        Assert.Contains(why.Exits, e => e.Command == $"masumi deals recover {deal.Id}");
        Assert.DoesNotContain(why.Exits, e => e.Command.StartsWith("send to", StringComparison.Ordinal));
        Assert.Null(why.Funds);
        var inspection = new DealInspection(world.Buyer.Store);
        Assert.Equal([deal.Id], (await inspection.ListAsync(new DealSelection(Stuck: true), Stop)).Select(d => d.Id));
        Assert.Empty(await inspection.ListAsync(new DealSelection(DealSide.Payment), Stop));
        Assert.Equal(deal.Id, Assert.Single(await inspection.FindAsync(identifier, Stop)).Id);
        Assert.Empty(await inspection.FindAsync("nobody's", Stop));
    }

    [Fact]
    public async Task A_transaction_that_is_refused_again_and_again_is_a_problem_with_the_providers_words_and_the_deadline()
    {
        await using var world = await SettlementWorld.CreateAsync();
        world.Buyer.Chain.OnSubmit = _ => Fault.Refused;
        var identifier = await world.AgreeAsync();
        await BlocksAsync(world, 1);
        Assert.Null((await world.Buyer.DealAsync(identifier)).Problem);
        await BlocksAsync(world, 5);
        var problem = (await world.Buyer.DealAsync(identifier)).Problem!;
        Assert.Equal(("refused", false), (problem.Code, problem.NeedsManual));
        Assert.Contains("BadInputsUTxO", problem.Note, StringComparison.Ordinal);
        Assert.Contains("before payByTime", problem.Note, StringComparison.Ordinal);
        Assert.Single(await StuckAsync(world.Buyer));

        world.Buyer.Chain.OnSubmit = _ => Fault.None;
        await BlocksAsync(world, 10);
        await world.SettleAsync();
        var deal = await world.Buyer.DealAsync(identifier);
        Assert.Equal((OnChainState.FundsLocked, null), (deal.OnChainState, deal.Problem));
        Assert.Empty(await StuckAsync(world.Buyer));
    }

    [Fact]
    public async Task What_was_refused_until_its_time_was_over_keeps_the_providers_words_also_when_it_is_given_up()
    {
        await using var world = await SettlementWorld.CreateAsync();
        world.Buyer.Chain.OnSubmit = _ => Fault.Refused;
        var identifier = await world.AgreeAsync(payWithin: TimeSpan.FromMinutes(20));
        for (var minute = 0; minute < 40; minute++)
        {
            world.Devnet.Advance(TimeSpan.FromMinutes(1));
            await world.Buyer.RoundAsync();
        }

        var deal = await world.Buyer.DealAsync(identifier);
        Assert.True(deal.IsExpired, $"{deal}");
        Assert.Equal("not_locked", deal.Problem!.Code);
        Assert.Contains("BadInputsUTxO", deal.Problem.Note, StringComparison.Ordinal);
        Assert.All(await world.Buyer.AttemptsAsync(identifier), a => Assert.Equal("validity ended; not on chain; last refused: BadInputsUTxO", a.Answer));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_dispute_that_was_not_made_in_time_is_told_for_good_with_who_collected_what_and_what_hindered_it(bool isRefused)
    {
        await using var world = await SettlementWorld.CreateAsync();
        var identifier = await world.LockAsync();
        await world.Seller.WantAsync(identifier, Intent.SubmitResult, Result);
        await world.SettleAsync();
        await world.Buyer.WantAsync(identifier, Intent.RequestRefund);
        if (isRefused)
        {
            world.Buyer.Chain.OnSubmit = _ => Fault.Refused;
        }
        else
        {
            // No money in the wallet that would pay for it.
            world.Buyer.Chain.HidesCoins = true;
        }

        world.Buyer.Restart();
        for (var quarter = 0; quarter < 26; quarter++)
        {
            world.Devnet.Advance(TimeSpan.FromMinutes(15));
            await world.Buyer.RoundAsync();
            await world.Seller.RoundAsync();
        }

        await world.SettleAsync();
        var deal = await world.Buyer.DealAsync(identifier);
        Assert.Equal(OnChainState.Withdrawn, deal.OnChainState);
        Assert.Equal(("missed", ErrorType.Unknown, false), (deal.Problem!.Code, deal.Problem.Type, deal.Problem.NeedsManual));
        Assert.StartsWith("Your dispute was not on chain before unlockTime", deal.Problem.Note, StringComparison.Ordinal);
        Assert.Contains($"the seller collected 5 ADA in {deal.Projection.CurrentTransaction}", deal.Problem.Note, StringComparison.Ordinal);
        Assert.Contains(isRefused ? "last hindrance: refused: BadInputsUTxO" : "last hindrance: Not enough funds", deal.Problem.Note, StringComparison.Ordinal);
        Assert.Equal("missed", (await WhyAsync(world.Buyer, identifier)).Problem?.Code);
        Assert.Equal([deal.Id], await StuckAsync(world.Buyer));
        Assert.Empty(await StuckAsync(world.Buyer, world.Time.GetUtcNow().AddDays(1)));
        var inspection = new DealInspection(world.Buyer.Store);
        Assert.Equal(deal.Id, Assert.Single(await inspection.ListAsync(new DealSelection { Lost = true }, Stop)).Id);
        Assert.Empty(await new DealInspection(world.Seller.Store).ListAsync(new DealSelection { Lost = true }, Stop));
    }

    [Fact]
    public async Task A_transaction_is_alive_in_a_mempool_and_in_a_block_and_a_rival_after_its_time()
    {
        await using var world = await SettlementWorld.CreateAsync();
        world.Buyer.Chain.OnSubmit = _ => Fault.Swallowed;
        var identifier = await world.AgreeAsync();
        await world.Buyer.RoundAsync();
        var lost = Assert.Single(await world.Buyer.AttemptsAsync(identifier));
        var verdict = await ProveAsync(world, lost);
        Assert.Equal((AttemptFate.Alive, InputStanding.Unspent), (verdict.Fate, Assert.Single(verdict.Inputs).Standing));

        world.Devnet.Advance(TimeSpan.FromMinutes(10));
        verdict = await ProveAsync(world, lost);
        Assert.Equal((AttemptFate.Rival, (Slot?)(lost.InvalidHereafter + 129_600)), (verdict.Fate, verdict.Until));

        // What replaces it spends what it spends.
        world.Buyer.Chain.OnSubmit = _ => Fault.None;
        await world.SettleAsync();
        var taker = (await world.Buyer.AttemptsAsync(identifier)).Single(a => a.Id != lost.Id);
        verdict = await ProveAsync(world, lost);
        Assert.Equal(AttemptFate.Rival, verdict.Fate);
        Assert.Equal(taker.TxId, Assert.Single(verdict.Inputs).SpentBy);
        Assert.Equal(AttemptFate.Alive, (await ProveAsync(world, taker)).Fate);
        Assert.Null(await new AttemptProof(world.Buyer.Store, world.Buyer.Chain, world.Buyer.Options).ProveAsync("nobody's", Stop));
    }

    [Fact]
    public async Task The_futures_of_a_deal_are_those_of_its_own_escrow()
    {
        await using var world = await SettlementWorld.CreateAsync();
        var identifier = await world.AgreeAsync();
        Assert.Null(await GrowAsync(world.Buyer, identifier));
        await world.SettleAsync();
        var future = (await GrowAsync(world.Buyer, identifier))!;
        var price = future.Holds.Escrow;
        Assert.All(future.Leaves, leaf => Assert.Equal(price, leaf.Holds.Total));
        Assert.Contains(future.Leaves, leaf => leaf is { End: FutureEnd.Admins });
        Assert.Equal(Intent.WithdrawRefund, future.Next[0].Move!.Action);
        Assert.Single(await world.Buyer.AttemptsAsync(identifier));
    }

    // P2, for longer than from one look to the next.
    [Fact]
    public async Task Recovering_a_deal_finds_what_was_missed_since_it_was_made_however_often_was_looked_since()
    {
        await using var world = await SettlementWorld.CreateAsync();
        var identifier = await world.AgreeAsync();
        await world.Buyer.RoundAsync();
        world.Views.Set("seller", $"hide:{world.Buyer.Chain.Handed[0].Id}");
        world.Devnet.Mine(250);
        await world.Seller.RoundAsync();
        world.Devnet.Advance(TimeSpan.FromMinutes(31));
        await world.Seller.RoundAsync();
        world.Views.Clear("seller");
        world.Devnet.Mine();
        var looking = world.Seller.Engine.LookAgainAsync([world.Seller.Source.Id], Stop);
        await world.Seller.RoundAsync();
        Assert.Equal(LookedAgain.Nothing, await looking);
        Assert.Null((await world.Seller.DealAsync(identifier)).OnChainState);

        Assert.Equal(1, (await RecoverAsync(world.Seller, identifier)).Looked.Missed);
        Assert.Equal(OnChainState.FundsLocked, (await world.Seller.DealAsync(identifier)).OnChainState);
    }

    [Fact]
    public async Task Recovering_a_purchase_short_of_money_sees_money_that_came_a_moment_ago()
    {
        await using var world = await SettlementWorld.CreateAsync();
        var identifier = await world.AgreeAsync(2_000, TimeSpan.FromHours(3));
        for (var i = 0; i < 3; i++)
        {
            await world.Buyer.RoundAsync();
            world.Devnet.Advance(TimeSpan.FromMinutes(50));
        }

        await world.Buyer.RoundAsync();
        world.Fund(world.Buyer.Wallet.Address, 2_000);
        world.Devnet.Mine();
        Assert.Single((await RecoverAsync(world, identifier)).NewAttempts);
    }

    private static async Task BlocksAsync(SettlementWorld world, int blocks)
    {
        for (var i = 0; i < blocks; i++)
        {
            await world.Buyer.RoundAsync();
            world.Devnet.Mine();
        }
    }

    private static async Task<IEnumerable<string>> StuckAsync(TestNode node, DateTimeOffset? endedSince = null) =>
        (await new DealInspection(node.Store).ListAsync(new DealSelection(Stuck: true) { EndedSince = endedSince }, Stop)).Select(d => d.Id);

    private static async Task<SettlementWorld> DisputedAsync()
    {
        var world = await SettlementWorld.CreateAsync();
        var identifier = await world.LockAsync();
        await world.Seller.WantAsync(identifier, Intent.SubmitResult, Result);
        await world.SettleAsync();
        await world.Buyer.WantAsync(identifier, Intent.RequestRefund);
        await world.SettleAsync();
        Assert.Equal(OnChainState.Disputed, (await world.Buyer.DealAsync(identifier)).Projection.State);
        return world;
    }

    private static async Task<string> OnlyAsync(SettlementWorld world) =>
        Assert.Single(await new DealInspection(world.Buyer.Store).ListAsync(new DealSelection(), Stop)).Terms.Identifier.ToString();

    private static async Task<DealDiagnosis> WhyAsync(TestNode node, string identifier) =>
        DealDiagnosis.Of(
            await new DealInspection(node.Store).ReportAsync(await node.DealAsync(identifier), Stop),
            node.Clock.GetUtcNow(),
            node.Options.Rules,
            node.Engine.HoldsUntil,
            node.Clock.Tip
        );

    private static Task<RecoveredDeal> RecoverAsync(SettlementWorld world, string identifier) => RecoverAsync(world.Buyer, identifier);

    private static async Task<RecoveredDeal> RecoverAsync(TestNode node, string identifier)
    {
        var recovery = new DealRecovery(node.Store, node.Engine, node.Clock, TimeProvider.System, node.Options);
        var recovering = recovery.RecoverAsync(await node.DealAsync(identifier), Stop);
        await node.RoundAsync();
        return await recovering;
    }

    private static async Task<AttemptVerdict> ProveAsync(SettlementWorld world, Attempt attempt) =>
        (await new AttemptProof(world.Buyer.Store, world.Buyer.Chain, world.Buyer.Options).ProveAsync(attempt.TxId.ToString(), Stop))!;

    private static async Task<Future?> GrowAsync(TestNode node, string identifier) =>
        await new DealFutures(node.Store, node.Chain, new ScriptCatalog(node.Chain, node.Store), new PlutusEvaluator(), node.Clock).GrowAsync(
            await new DealInspection(node.Store).ReportAsync(await node.DealAsync(identifier), Stop),
            Stop
        );
}
