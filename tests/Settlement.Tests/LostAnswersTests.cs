using Masumi.Cardano;
using Masumi.Cardano.Building;
using Masumi.Cardano.Transactions;
using Masumi.Devnet;
using Masumi.Protocol;
using Masumi.Settlement.Attempts;
using Masumi.Settlement.Rails;

namespace Masumi.Settlement.Tests;

/// <summary>
/// Faults between a node and the chain (spec settlement.md section 7): whatever happens to a request, its answer or the process, funds are locked once and the
/// deal goes on by itself. On every store.
/// </summary>
public sealed class LostAnswersTests
{
    public static TheoryData<StoreKind> Stores => [StoreKind.Sqlite, StoreKind.Postgres];

    [Theory, MemberData(nameof(Stores))]
    public async Task A_lock_whose_answer_was_lost_is_found_on_chain_and_not_built_again(StoreKind store)
    {
        await using var world = await SettlementWorld.CreateAsync(store);
        world.Buyer.Chain.OnSubmit = Once(Fault.AnswerLost);
        var identifier = await world.LockAsync();
        Assert.Single(world.Buyer.Chain.Handed.Select(t => t.Id).Distinct());
        Assert.Single(world.LocksOf(identifier));
        Assert.Equal(AttemptState.InBlock, Assert.Single(await world.Buyer.AttemptsAsync(identifier)).State);
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task A_lock_that_never_arrived_is_sent_again_byte_for_byte(StoreKind store)
    {
        await using var world = await SettlementWorld.CreateAsync(store);
        world.Buyer.Chain.OnSubmit = Once(Fault.RequestLost);
        var identifier = await world.LockAsync();
        var handed = world.Buyer.Chain.Handed;
        Assert.True(handed.Count >= 2);
        Assert.All(handed, t => Assert.True(t.Bytes.Span.SequenceEqual(handed[0].Bytes.Span)));
        Assert.Single(world.LocksOf(identifier));
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task A_process_that_dies_between_storing_and_sending_sends_what_it_stored(StoreKind store)
    {
        await using var world = await SettlementWorld.CreateAsync(store);
        Transaction? signed = null;
        world.Buyer.Chain.OnSubmit = t =>
        {
            var fault = signed is null ? Fault.CrashBefore : Fault.None;
            signed ??= t;
            return fault;
        };
        var identifier = await world.LockAsync();
        Assert.All(world.Buyer.Chain.Handed, t => Assert.Equal(signed!.Id, t.Id));
        Assert.Equal([signed!.Id], world.LocksOf(identifier));
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task A_process_that_dies_between_sending_and_writing_that_down_does_not_lock_twice(StoreKind store)
    {
        await using var world = await SettlementWorld.CreateAsync(store);
        world.Buyer.Chain.OnSubmit = Once(Fault.CrashAfter);
        var identifier = await world.LockAsync();
        Assert.Single(world.LocksOf(identifier));
        Assert.Single(await world.Buyer.AttemptsAsync(identifier));
    }

    [Fact]
    public async Task Every_step_of_a_deal_survives_every_fault_of_its_submission()
    {
        foreach (var fault in Enum.GetValues<Fault>().Except([Fault.None, Fault.Swallowed, Fault.Delayed]))
        {
            await using var world = await SettlementWorld.CreateAsync();
            var seen = new HashSet<TransactionId>();
            world.Buyer.Chain.OnSubmit = t => seen.Add(t.Id) ? fault : Fault.None;
            world.Seller.Chain.OnSubmit = t => seen.Add(t.Id) ? fault : Fault.None;
            var identifier = await world.LockAsync();
            await world.Seller.WantAsync(identifier, Intent.SubmitResult, new string('b', 64));
            await world.SettleAsync();
            Assert.Equal(OnChainState.ResultSubmitted, (await world.Buyer.DealAsync(identifier)).Projection.State);
            await world.Buyer.WantAsync(identifier, Intent.RequestRefund);
            await world.AdvanceAsync(TimeSpan.FromHours(1));
            Assert.Equal(OnChainState.Disputed, (await world.Seller.DealAsync(identifier)).Projection.State);
            await world.Seller.WantAsync(identifier, Intent.AuthorizeRefund);
            await world.AdvanceAsync(TimeSpan.FromHours(1));
            await world.AdvanceAsync(TimeSpan.FromHours(1));
            Assert.True((await world.Buyer.DealAsync(identifier)).Projection.State == OnChainState.RefundWithdrawn, $"{fault}");
            Assert.Equal(OnChainState.RefundWithdrawn, (await world.Seller.DealAsync(identifier)).Projection.State);
            Assert.Equal(5, seen.Count);
            Assert.Single(world.LocksOf(identifier));
        }
    }

    [Fact]
    public async Task While_the_provider_is_down_nothing_changes_and_then_everything_goes_on()
    {
        await using var world = await SettlementWorld.CreateAsync();
        var identifier = await world.AgreeAsync();
        world.Buyer.Chain.Down = true;
        await world.SettleAsync();
        var waiting = await world.Buyer.DealAsync(identifier);
        Assert.Equal((Intent.Lock, null), (waiting.Intent, waiting.Problem));
        Assert.Empty(await world.Buyer.AttemptsAsync(identifier));

        world.Buyer.Chain.Down = false;
        await world.SettleAsync();
        Assert.Single(world.LocksOf(identifier));
    }

    [Fact]
    public async Task While_the_provider_is_behind_nothing_is_paid_or_concluded_and_then_everything_goes_on()
    {
        await using var world = await SettlementWorld.CreateAsync();
        await world.LockAsync();
        var waiting = await world.AgreeAsync();
        var handed = world.Buyer.Chain.Handed.Count;
        world.Buyer.Chain.IsBehind = true;
        world.Devnet.Mine();
        await world.Buyer.RoundAsync();

        // The tip is the same at the second look; it must not pass for followed.
        await world.Buyer.RoundAsync();
        Assert.Equal(handed, world.Buyer.Chain.Handed.Count);
        world.Devnet.Advance(TimeSpan.FromHours(3));
        await world.Buyer.RoundAsync();
        Assert.Equal((Intent.Lock, null), ((await world.Buyer.DealAsync(waiting)).Intent, (await world.Buyer.DealAsync(waiting)).Projection.State));

        world.Buyer.Chain.IsBehind = false;
        var next = await world.AgreeAsync();
        await world.SettleAsync();
        Assert.Single(world.LocksOf(next));
        Assert.Equal(OnChainState.FundsOrDatumInvalid, (await world.Buyer.DealAsync(waiting)).OnChainState);
    }

    [Fact]
    public async Task A_coin_spent_elsewhere_makes_the_lock_be_built_from_others()
    {
        await using var world = await SettlementWorld.CreateAsync(buyerCoins: 2);
        var identifier = await world.AgreeAsync();
        var spent = false;
        world.Buyer.Chain.OnSubmit = t =>
        {
            if (!spent)
            {
                // The owner uses the same mnemonic in another wallet, a moment before.
                spent = true;
                Spend(world, t.Body.Inputs[0]);
            }

            return Fault.None;
        };
        await world.SettleAsync();
        Assert.Equal(OnChainState.FundsLocked, (await world.Buyer.DealAsync(identifier)).Projection.State);
        Assert.Contains(await world.Buyer.AttemptsAsync(identifier), i => i.State == AttemptState.Conflicted);
        Assert.Single(world.LocksOf(identifier));
    }

    private static void Spend(SettlementWorld world, TxInput input)
    {
        var coin = new Utxo(input, world.Devnet.State.Find(input)!);
        var plan = new TransactionPlan
        {
            Inputs = [coin],
            ChangeAddress = world.Buyer.Wallet.Address,
            Signers = [world.Buyer.Keys.Payment],
        };
        var built = Assert.IsType<BuildResult.Built>(TransactionBuilder.Build(plan, world.Devnet.Parameters, world.Devnet.Slots, new Plutus.PlutusEvaluator()));
        Assert.IsType<DevnetSubmission.Accepted>(world.Devnet.Submit(built.Transaction));
    }

    private static Func<Transaction, Fault> Once(Fault fault)
    {
        var left = 1;
        return _ => left-- > 0 ? fault : Fault.None;
    }
}
