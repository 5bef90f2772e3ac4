using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow.Common;
using Masumi.Protocol;
using Masumi.Settlement.Engine;
using Masumi.Settlement.Rails;

namespace Masumi.Settlement.Tests.Findings;

/// <summary>H3: both parties act at once, in every state, in both orders, in both families: the money ends where the contract then lets it end.</summary>
public sealed class RacingActionsTests
{
    private static readonly OnChainState[] States =
    [
        OnChainState.FundsLocked,
        OnChainState.ResultSubmitted,
        OnChainState.RefundRequested,
        OnChainState.Disputed,
    ];

    private static readonly Intent[] OfBuyer = [Intent.RequestRefund, Intent.CancelRefundRequest, Intent.AuthorizeWithdrawal];

    private static readonly Intent[] OfSeller = [Intent.SubmitResult, Intent.AuthorizeRefund];

    public static TheoryData<EscrowFamily, bool, int> Races =>
        [
            .. from family in Enum.GetValues<EscrowFamily>()
            from buyerFirst in new[] { true, false }
            from back in new[] { 0, 1 }
            select (family, buyerFirst, back),
        ];

    /// <param name="family">The contract.</param>
    /// <param name="buyerFirst">Whose transactions get into the block.</param>
    /// <param name="back">So many blocks are then taken back, and the other's come first.</param>
    [Theory, MemberData(nameof(Races))]
    public async Task Whoever_is_first_both_sides_end_alike_and_no_money_stays(EscrowFamily family, bool buyerFirst, int back)
    {
        await using var world = await SettlementWorld.CreateAsync(buyerCoins: 10, escrow: ContractOf(family));
        for (var i = 0; i < 8; i++)
        {
            world.Fund(world.Seller.Wallet.Address, 50);
        }

        world.Devnet.Mine();
        var races = (
            from state in States
            from buyer in OfBuyer
            from seller in OfSeller
            where Rail.Of(family).Grants(buyer, state) && Rail.Of(family).Grants(seller, state)
            select (State: state, Buyer: buyer, Seller: seller)
        ).ToList();
        Assert.NotEmpty(races);
        var deals = new List<string>();
        foreach (var race in races)
        {
            deals.Add(await world.AgreeAsync(10));
        }

        await BringAsync(world, races.Select(r => r.State).Zip(deals));
        foreach (var (race, identifier) in races.Zip(deals))
        {
            Assert.Equal(race.State, (await world.Buyer.DealAsync(identifier)).OnChainState);
            await world.Buyer.WantAsync(identifier, race.Buyer);
            await world.Seller.WantAsync(identifier, race.Seller, Hash('b', race.Seller));
        }

        // Each signs and sends before it sees anything of the other.
        await (buyerFirst ? world.Buyer : world.Seller).RoundAsync();
        await (buyerFirst ? world.Seller : world.Buyer).RoundAsync();
        world.Devnet.Mine();
        if (back > 0)
        {
            await world.Buyer.RoundAsync();
            await world.Seller.RoundAsync();
            Assert.True(world.Devnet.TryFork(back, back + 1, drop: true));
            await (buyerFirst ? world.Seller : world.Buyer).RoundAsync();
            await (buyerFirst ? world.Buyer : world.Seller).RoundAsync();
        }

        await world.SettleAsync(12);
        for (var hour = 0; hour < 12; hour++)
        {
            await world.AdvanceAsync(TimeSpan.FromHours(1));
        }

        foreach (var (race, identifier) in races.Zip(deals))
        {
            var buyer = await world.Buyer.DealAsync(identifier);
            var seller = await world.Seller.DealAsync(identifier);
            Assert.True(buyer.OnChainState == seller.OnChainState, $"{race}: {buyer.OnChainState} and {seller.OnChainState}");

            // A dispute that nobody gives in to is the admins' to end, or the buyer's, who gave in to another result: nothing else is left standing.
            var isAdmins = buyer.OnChainState == OnChainState.Disputed;
            Assert.True(buyer.IsFinal || isAdmins, $"{race}: {buyer.OnChainState}, {buyer.Intent}, {buyer.Problem}, {seller.Intent}, {seller.Problem}");
            Assert.False(buyer.Problem is { NeedsManual: true } || seller.Problem is { NeedsManual: true }, $"{race}: {buyer.Problem} {seller.Problem}");
            if (isAdmins)
            {
                Assert.True(
                    race.Seller == Intent.SubmitResult && race.Buyer == Intent.RequestRefund
                        || race.Buyer == Intent.CancelRefundRequest
                        || buyer.Problem?.Code == "result_changed",
                    $"{race} is disputed"
                );
            }
        }

        Assert.DoesNotContain(world.Devnet.Blocks.SelectMany(b => b.Transactions), t => !t.IsValid);
    }

    // H3: phase 2 of a collection fails.
    [Theory]
    [InlineData(EscrowFamily.V1)]
    [InlineData(EscrowFamily.V2)]
    public async Task A_collection_whose_scripts_fail_in_the_block_is_made_again(EscrowFamily family)
    {
        await using var world = await SettlementWorld.CreateAsync(escrow: ContractOf(family));
        world.Fund(world.Seller.Wallet.Address, 50);
        var identifier = await world.LockAsync(20);
        await world.Seller.WantAsync(identifier, Intent.SubmitResult, Hash('a', Intent.SubmitResult));
        await world.SettleAsync();
        world.Devnet.Advance(TimeSpan.FromHours(8));
        world.Devnet.FailNextInBlock();
        await world.Seller.RoundAsync();

        // The list of the contract does not name it: it is looked for when it is two blocks overdue.
        for (var block = 0; block < 3; block++)
        {
            world.Devnet.Mine();
            await world.Seller.RoundAsync();
        }

        var failed = await world.Seller.DealAsync(identifier);
        Assert.Equal(("phase2", false), (failed.Problem?.Code, failed.Problem?.NeedsManual));
        Assert.Contains(world.Devnet.Blocks.SelectMany(b => b.Transactions), t => !t.IsValid);

        await world.AdvanceAsync(TimeSpan.FromMinutes(5));
        foreach (var node in new[] { world.Seller, world.Buyer })
        {
            var deal = await node.DealAsync(identifier);
            Assert.Equal((OnChainState.Withdrawn, null), (deal.OnChainState, deal.Problem));
        }

        // What failed is asked for again for as long as a rollback reaches it, and stands as it stood.
        var looking = world.Seller.Engine.LookAgainAsync([world.Seller.Source.Id], TestContext.Current.CancellationToken);
        await world.Seller.RoundAsync();
        Assert.Equal(LookedAgain.Nothing, await looking);
    }

    private static EscrowContract ContractOf(EscrowFamily family) => family == EscrowFamily.V1 ? SettlementWorld.ContractV1 : SettlementWorld.Contract;

    private static string? Hash(char digit, Intent intent) => intent == Intent.SubmitResult ? new string(digit, 64) : null;

    private static async Task BringAsync(SettlementWorld world, IEnumerable<(OnChainState State, string Identifier)> deals)
    {
        var all = deals.ToList();
        await world.SettleAsync(6);
        foreach (var (state, identifier) in all)
        {
            if (state is OnChainState.ResultSubmitted or OnChainState.Disputed)
            {
                await world.Seller.WantAsync(identifier, Intent.SubmitResult, new string('a', 64));
            }
            else if (state == OnChainState.RefundRequested)
            {
                await world.Buyer.WantAsync(identifier, Intent.RequestRefund);
            }
        }

        await world.SettleAsync(10);
        foreach (var (_, identifier) in all.Where(d => d.State == OnChainState.Disputed))
        {
            await world.Buyer.WantAsync(identifier, Intent.RequestRefund);
        }

        await world.SettleAsync(10);

        // Cooldowns pass.
        await world.AdvanceAsync(TimeSpan.FromMinutes(30));
    }
}
