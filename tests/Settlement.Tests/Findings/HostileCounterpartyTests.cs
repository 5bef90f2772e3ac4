using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Building;
using Masumi.Cardano.Keys;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Escrow;
using Masumi.Contracts.Escrow.Common;
using Masumi.Devnet;
using Masumi.Protocol;
using Masumi.Settlement.Deals;
using Masumi.Settlement.Rails;

namespace Masumi.Settlement.Tests.Findings;

/// <summary>Outputs that strangers and sellers make under the identifier of a deal: the right lock wins whenever it comes.</summary>
public sealed class HostileCounterpartyTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Who the datum names as buyer.</summary>
    public enum Named
    {
        /// <summary>Who pays.</summary>
        Stranger,

        /// <summary>Our buyer, who did not sign.</summary>
        Victim,
    }

    // H2
    [Theory]
    [InlineData(Named.Stranger, 4, 20)]
    [InlineData(Named.Victim, 4, 20)]
    [InlineData(Named.Victim, 20, 20)]
    [InlineData(Named.Victim, 40, 20)]
    public async Task A_strangers_lock_before_the_honest_one_holds_up_nobody(Named named, long ada, long price)
    {
        await using var world = await SettlementWorld.CreateAsync();
        var stranger = new Stranger(world);
        var identifier = await world.AgreeAsync(price);
        stranger.Lock(await world.Seller.DealAsync(identifier), named, ada);
        world.Devnet.Mine();
        await world.Seller.RoundAsync();
        var seller = await world.Seller.DealAsync(identifier);
        Assert.Equal((null, "strange_output", false), (seller.OnChainState, seller.Problem?.Code, seller.Problem?.NeedsManual));

        await world.SettleAsync();
        Assert.Null((await world.Seller.DealAsync(identifier)).Problem);
        await world.Seller.WantAsync(identifier, Intent.SubmitResult, new string('a', 64));
        await world.SettleAsync();
        await world.AdvanceAsync(TimeSpan.FromHours(8));
        await EndAsync(world, identifier, OnChainState.Withdrawn);
    }

    // H2, the refund
    [Theory]
    [InlineData(Named.Stranger)]
    [InlineData(Named.Victim)]
    public async Task A_strangers_lock_before_the_honest_one_does_not_keep_the_refund_from_the_buyer(Named named)
    {
        await using var world = await SettlementWorld.CreateAsync();
        var stranger = new Stranger(world);
        var identifier = await world.AgreeAsync(20);
        stranger.Lock(await world.Seller.DealAsync(identifier), named, 4);
        world.Devnet.Mine();
        await world.SettleAsync();
        await world.AdvanceAsync(TimeSpan.FromHours(5));
        await EndAsync(world, identifier, OnChainState.RefundWithdrawn);
    }

    // H2, helped by a rollback of one block: the stranger's is first in the end.
    [Fact]
    public async Task A_rollback_that_puts_a_strangers_lock_before_the_honest_one_changes_nothing()
    {
        await using var world = await SettlementWorld.CreateAsync();
        var stranger = new Stranger(world);
        var identifier = await world.LockAsync(20);
        var deal = await world.Seller.DealAsync(identifier);
        var height = world.Devnet.Blocks.Single(b => b.Transactions.Any(t => t.Id == deal.Projection.CurrentTransaction)).Height;
        var wrong = stranger.Build(deal, Named.Victim, 4);
        var back = (int)(world.Devnet.Tip.Height - height + 1);
        Assert.True(world.Devnet.TryFork(back, back + 1, drop: false, first: [wrong]));
        await world.SettleAsync();
        Assert.Equal(OnChainState.FundsLocked, (await world.Buyer.DealAsync(identifier)).OnChainState);
        await world.Seller.WantAsync(identifier, Intent.SubmitResult, new string('a', 64));
        await world.SettleAsync();
        await world.AdvanceAsync(TimeSpan.FromHours(8));
        await EndAsync(world, identifier, OnChainState.Withdrawn);
        Assert.Equal(2, world.LocksOf(identifier).Count);
    }

    // H2: another pays the whole price, first. The work is his; the buyer's own money comes back.
    [Fact]
    public async Task Of_two_right_locks_the_first_counts_and_the_second_is_reported_with_where_it_stands()
    {
        await using var world = await SettlementWorld.CreateAsync();
        var stranger = new Stranger(world);
        var identifier = await world.AgreeAsync(20);
        stranger.Lock(await world.Seller.DealAsync(identifier), Named.Stranger, 20);
        world.Devnet.Mine();
        await world.SettleAsync();
        var seller = await world.Seller.DealAsync(identifier);
        Assert.Equal(OnChainState.FundsLocked, seller.OnChainState);
        Assert.Equal(stranger.Home, seller.Projection.BuyerAddress);
        Assert.NotNull(seller.Projection.SecondLock);
        Assert.Contains(await world.Seller.Store.Events.ListAsync(0, 1000, Stop), e => e.Kind == "SecondLock" && e.EntityId == seller.Id);

        // The buyer's purchase is its own wallet's lock and nobody else's.
        var buyer = await world.Buyer.DealAsync(identifier);
        Assert.Equal((OnChainState.FundsLocked, world.Buyer.Wallet.Address), (buyer.OnChainState, buyer.Projection.BuyerAddress));
        await world.Seller.WantAsync(identifier, Intent.SubmitResult, new string('a', 64));
        await world.SettleAsync();
        await world.AdvanceAsync(TimeSpan.FromHours(5));
        await world.AdvanceAsync(TimeSpan.FromHours(3));
        Assert.Equal(OnChainState.RefundWithdrawn, (await world.Buyer.DealAsync(identifier)).OnChainState);
        Assert.Equal(OnChainState.Withdrawn, (await world.Seller.DealAsync(identifier)).OnChainState);
        Assert.DoesNotContain(world.Devnet.State.Utxos, u => u.Value.Address == world.Escrow.Address);
    }

    // F30: spec escrow.md 8.4 asks for at least the price in ADA, and tokens to the unit.
    [Fact]
    public async Task A_lock_of_more_ADA_than_the_price_counts_and_all_of_it_is_the_sellers()
    {
        await using var world = await SettlementWorld.CreateAsync();
        var stranger = new Stranger(world);
        var identifier = await world.AgreeAsync(20);
        stranger.Lock(await world.Seller.DealAsync(identifier), Named.Stranger, 31);
        world.Devnet.Mine();
        await world.Seller.RoundAsync();
        world.Devnet.Mine();
        await world.Seller.RoundAsync();
        var seller = await world.Seller.DealAsync(identifier);
        Assert.Equal((OnChainState.FundsLocked, null), (seller.OnChainState, seller.Problem));
        await world.Seller.WantAsync(identifier, Intent.SubmitResult, new string('a', 64));
        await world.SettleAsync();
        await world.AdvanceAsync(TimeSpan.FromHours(7));
        Assert.Equal(OnChainState.Withdrawn, (await world.Seller.DealAsync(identifier)).OnChainState);
        var collected = world.Seller.Chain.Handed[^1].Body.Outputs.Where(o => o.Address == world.Seller.Wallet.Address).Max(o => o.Value.Coin);
        Assert.True(collected >= Lovelace.FromAda(31));
    }

    // H2, F28
    [Fact]
    public async Task Dust_under_an_identifier_is_ignored_output_by_output()
    {
        await using var world = await SettlementWorld.CreateAsync();
        var stranger = new Stranger(world);
        var identifier = await world.AgreeAsync(20);
        for (var i = 0; i < 12; i++)
        {
            stranger.Lock(await world.Seller.DealAsync(identifier), i % 2 == 0 ? Named.Stranger : Named.Victim, 4 + (i % 3));
        }

        world.Devnet.Mine();
        await world.SettleAsync();
        stranger.Lock(await world.Seller.DealAsync(identifier), Named.Victim, 4);
        await world.Seller.WantAsync(identifier, Intent.SubmitResult, new string('a', 64));
        await world.SettleAsync();
        await world.AdvanceAsync(TimeSpan.FromHours(8));
        await EndAsync(world, identifier, OnChainState.Withdrawn);
    }

    // H8, the node's side: what is wanted is not what is on chain.
    [Fact]
    public async Task A_result_is_shown_only_when_the_chain_has_it_and_sent_until_it_does()
    {
        await using var world = await SettlementWorld.CreateAsync();
        var identifier = await world.LockAsync(20);
        world.Views.Set("seller", "swallow-submit");
        await world.Seller.WantAsync(identifier, Intent.SubmitResult, new string('a', 64));
        await world.SettleAsync();
        var seller = await world.Seller.DealAsync(identifier);
        Assert.Equal(
            (OnChainState.FundsLocked, null, RequestedAction.SubmitResultInitiated),
            (seller.OnChainState, seller.Projection.ResultHash, seller.NextAction)
        );
        Assert.Null((await world.Buyer.DealAsync(identifier)).Projection.ResultHash);

        world.Views.Clear("seller");
        await world.AdvanceAsync(TimeSpan.FromMinutes(8));
        foreach (var node in new[] { world.Seller, world.Buyer })
        {
            var deal = await node.DealAsync(identifier);
            Assert.Equal((OnChainState.ResultSubmitted, new string('a', 64)), (deal.OnChainState, deal.Projection.ResultHash));
        }
    }

    private static async Task EndAsync(SettlementWorld world, string identifier, OnChainState state)
    {
        foreach (var node in new[] { world.Seller, world.Buyer })
        {
            var deal = await node.DealAsync(identifier);
            Assert.Equal((state, null), (deal.OnChainState, deal.Problem));
        }
    }

    /// <summary>Somebody with a wallet, who reads what is on chain and pays what he likes.</summary>
    internal sealed class Stranger
    {
        private readonly SettlementWorld _world;
        private readonly WalletKeys _keys = WalletKeys.FromMnemonic(Mnemonic.FromEntropy([.. Enumerable.Repeat((byte)99, 32)]));
        private readonly HashSet<TxInput> _spent = [];

        public Stranger(SettlementWorld world)
        {
            _world = world;
            for (var i = 0; i < 16; i++)
            {
                world.Fund(Home, 60);
            }

            world.Devnet.Mine(2);
        }

        public Address Home => _keys.BaseAddress(NetworkId.Testnet);

        public void Lock(Deal deal, Named named, long ada) => Assert.IsType<DevnetSubmission.Accepted>(_world.Devnet.Submit(Build(deal, named, ada)));

        public Transaction Build(Deal deal, Named named, long ada)
        {
            var devnet = _world.Devnet;
            var terms = deal.Terms.ToEscrow();
            var datum = terms.LockDatum(named == Named.Victim ? _world.Buyer.Wallet.Address : Home, null, Lovelace.Zero);

            // Whoever comes too late says nothing of when.
            var isLate = devnet.Clock.GetUtcNow() > terms.Deadlines.PayBy;
            var now = isLate ? deal.CreatedAt : devnet.Clock.GetUtcNow();
            var pieces = new EscrowTransactions(_world.Escrow, null, devnet.Parameters, devnet.Slots).Lock(
                [new LockSize(datum, Value.Of(Lovelace.FromAda(ada)))],
                now,
                out _
            )!;
            ImmutableArray<Utxo> coins =
            [
                .. devnet.State.Utxos.Where(u => u.Value.Address == Home && !_spent.Contains(u.Key)).Select(u => new Utxo(u.Key, u.Value)).Take(1),
            ];
            _spent.UnionWith(coins.Select(c => c.Input));
            var plan = pieces.AddTo(
                new TransactionPlan
                {
                    Available = coins,
                    ChangeAddress = Home,
                    Signers = [_keys.Payment],
                }
            );
            plan = isLate ? plan with { InvalidBefore = null, InvalidHereafter = null } : plan;
            return Assert.IsType<BuildResult.Built>(TransactionBuilder.Build(plan, devnet.Parameters, devnet.Slots, new Plutus.PlutusEvaluator())).Transaction;
        }
    }

    // A release says that this result is worth the money: not that any is.
    [Fact]
    public async Task A_release_of_one_result_does_not_pay_for_another_that_the_seller_puts_in_its_place()
    {
        await using var world = await SettlementWorld.CreateAsync();
        var identifier = await world.LockAsync(20);
        await world.Seller.WantAsync(identifier, Intent.SubmitResult, new string('a', 64));
        await world.SettleAsync();
        await world.Buyer.WantAsync(identifier, Intent.RequestRefund);
        await world.SettleAsync();
        await world.AdvanceAsync(TimeSpan.FromMinutes(20));
        await world.Seller.WantAsync(identifier, Intent.SubmitResult, new string('b', 64));
        await world.Seller.RoundAsync();
        await world.Buyer.WantAsync(identifier, Intent.AuthorizeWithdrawal);
        await world.Buyer.RoundAsync();
        await world.SettleAsync();
        await world.AdvanceAsync(TimeSpan.FromMinutes(30));
        await world.AdvanceAsync(TimeSpan.FromMinutes(30));
        var deal = await world.Buyer.DealAsync(identifier);
        Assert.Equal((OnChainState.Disputed, new string('b', 64)), (deal.OnChainState, deal.Projection.ResultHash));
        Assert.Equal("result_changed", deal.Problem?.Code);

        // He has seen it now.
        await world.Buyer.WantAsync(identifier, Intent.AuthorizeWithdrawal);
        await world.SettleAsync();
        await world.AdvanceAsync(TimeSpan.FromMinutes(30));
        Assert.Equal(OnChainState.Withdrawn, (await world.Buyer.DealAsync(identifier)).OnChainState);
    }
}
