using System.Security.Cryptography;
using Masumi.Cardano.Keys;
using Masumi.Contracts.Registry;
using Masumi.Protocol;
using Masumi.Settlement.Deals;
using Masumi.Settlement.Rails;
using Masumi.Settlement.Sources;
using Masumi.Settlement.Stores;

namespace Masumi.Settlement.Tests.Wallets;

/// <summary>Wallets and sources come and go while the engine runs, which is never started anew here (F41, F43).</summary>
public sealed class WhileRunningTests
{
    private const string Result = "4444444444444444444444444444444444444444444444444444444444444444";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static string Words(byte number) => Mnemonic.FromEntropy(SHA256.HashData([number]));

    [Fact]
    public async Task A_wallet_that_is_added_pays_for_what_the_others_could_not()
    {
        await using var world = await SettlementWorld.CreateAsync();
        var identifier = await world.AgreeAsync(3_000);
        await world.SettleAsync();
        Assert.Equal("insufficient_funds", (await world.Buyer.DealAsync(identifier)).Problem?.Code);

        var rich = world.Buyer.Seal("rich", world.Buyer.Source, WalletRole.Purchasing, Words(50));
        world.Fund(rich.Address, 3_500);
        Assert.True(await world.Buyer.Store.Wallets.AddAsync(rich, Stop));
        await world.SettleAsync();
        var deal = await world.Buyer.DealAsync(identifier);
        Assert.Equal((OnChainState.FundsLocked, "rich", null), (deal.OnChainState, deal.WalletId, deal.Problem));
        await world.AdvanceAsync(TimeSpan.FromHours(5));
        Assert.Equal(OnChainState.RefundWithdrawn, (await world.Buyer.DealAsync(identifier)).OnChainState);
    }

    [Fact]
    public async Task The_same_is_so_of_an_engine_that_runs_by_itself()
    {
        await using var world = await SettlementWorld.CreateAsync();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var running = Task.Run(() => world.Buyer.Engine.RunAsync(end.Token), Stop);
        var identifier = await world.AgreeAsync(3_000);
        await UntilAsync(world, async () => (await world.Buyer.DealAsync(identifier)).Problem?.Code == "insufficient_funds");
        var rich = world.Buyer.Seal("rich", world.Buyer.Source, WalletRole.Purchasing, Words(50));
        world.Fund(rich.Address, 3_500);
        Assert.True(await world.Buyer.Store.Wallets.AddAsync(rich, Stop));
        await UntilAsync(world, async () => (await world.Buyer.DealAsync(identifier)).OnChainState == OnChainState.FundsLocked);
        Assert.True(await world.Buyer.Store.Wallets.RemoveAsync("rich", world.Now, Stop));
        await world.Buyer.WantAsync(identifier, Intent.RequestRefund);
        await UntilAsync(world, async () => (await world.Buyer.DealAsync(identifier)).OnChainState == OnChainState.RefundRequested);
        await end.CancelAsync();
        await running;
    }

    [Fact]
    public async Task A_wallet_that_paid_elsewhere_before_it_was_added_pays_nothing_twice()
    {
        await using var world = await SettlementWorld.CreateAsync();
        var identifier = await world.AgreeAsync(3_000);
        await world.Buyer.RoundAsync();

        // Another copy of this node has it already, and pays.
        await using var database = await TestStores.OpenEmptyAsync(StoreKind.Sqlite);
        await database.MigrateAsync([SettlementStore.Migrations], Stop);
        var rich = world.Buyer.Seal("rich", world.Buyer.Source, WalletRole.Purchasing, Words(50));
        world.Fund(rich.Address, 8_000);
        world.Devnet.Mine();
        var other = world.Buyer.On(database);
        await other.Store.Sources.AddAsync(world.Buyer.Source, Stop);
        await other.Store.Wallets.AddAsync(rich, Stop);
        var deal = await world.Buyer.DealAsync(identifier);
        await other.MakeAsync(deal with { Trouble = null, WalletId = null, Revision = 0 }, world.Now);
        await other.RoundAsync();
        await other.RoundAsync();
        world.Devnet.Mine(2);
        Assert.Single(world.LocksOf(identifier));

        // Read already, as the lock of somebody whom this node did not know.
        await world.Buyer.RoundAsync();
        Assert.Null((await world.Buyer.DealAsync(identifier)).OnChainState);
        await world.Buyer.Store.Wallets.AddAsync(rich, Stop);
        await world.SettleAsync();
        Assert.Single(world.LocksOf(identifier));
        Assert.Equal(OnChainState.FundsLocked, (await world.Buyer.DealAsync(identifier)).OnChainState);
    }

    // F41
    [Fact]
    public async Task A_wallet_that_is_removed_while_its_lock_is_on_its_way_goes_on_to_the_refund()
    {
        await using var world = await SettlementWorld.CreateAsync();
        var identifier = await world.AgreeAsync();
        await world.Buyer.RoundAsync();
        Assert.Single(world.Buyer.Chain.Handed);
        Assert.True(await world.Buyer.Store.Wallets.RemoveAsync(world.Buyer.Wallet.Id, world.Now, Stop));
        await world.SettleAsync();
        Assert.Equal(OnChainState.FundsLocked, (await world.Buyer.DealAsync(identifier)).OnChainState);
        await world.AdvanceAsync(TimeSpan.FromHours(5));
        Assert.Equal(OnChainState.RefundWithdrawn, (await world.Buyer.DealAsync(identifier)).OnChainState);
    }

    // F41: the same words come back under another id.
    [Fact]
    public async Task A_wallet_that_is_removed_and_added_again_knows_the_lock_that_was_on_its_way()
    {
        await using var world = await SettlementWorld.CreateAsync(buyerCoins: 4);
        var identifier = await world.AgreeAsync();
        await world.Buyer.RoundAsync();
        Assert.True(await world.Buyer.Store.Wallets.RemoveAsync(world.Buyer.Wallet.Id, world.Now, Stop));
        var again = world.Buyer.Seal("again", world.Buyer.Source, WalletRole.Purchasing, Mnemonic.FromEntropy(SHA256.HashData([(byte)WalletRole.Purchasing])));
        Assert.Equal(world.Buyer.Wallet.Address, again.Address);
        Assert.True(await world.Buyer.Store.Wallets.AddAsync(again, Stop));
        var next = await world.AgreeAsync();
        await world.SettleAsync(6);
        Assert.Equal(OnChainState.FundsLocked, (await world.Buyer.DealAsync(identifier)).OnChainState);
        Assert.Equal((OnChainState.FundsLocked, "again"), ((await world.Buyer.DealAsync(next)).OnChainState, (await world.Buyer.DealAsync(next)).WalletId));
        Assert.Single(world.LocksOf(identifier));
        Assert.Single(world.LocksOf(next));
        await world.AdvanceAsync(TimeSpan.FromHours(5));
        Assert.Equal(OnChainState.RefundWithdrawn, (await world.Buyer.DealAsync(identifier)).OnChainState);
        Assert.Equal(OnChainState.RefundWithdrawn, (await world.Buyer.DealAsync(next)).OnChainState);
    }

    // F41
    [Fact]
    public async Task A_selling_wallet_that_is_removed_answers_and_collects_what_it_sold()
    {
        await using var world = await SettlementWorld.CreateAsync();
        var identifier = await world.LockAsync();
        Assert.True(await world.Seller.Store.Wallets.RemoveAsync(world.Seller.Wallet.Id, world.Now, Stop));
        await world.Seller.WantAsync(identifier, Intent.SubmitResult, Result);
        await world.SettleAsync();
        await world.AdvanceAsync(TimeSpan.FromHours(7));
        Assert.Equal(OnChainState.Withdrawn, (await world.Seller.DealAsync(identifier)).OnChainState);
    }

    [Fact]
    public async Task A_source_that_is_added_is_served_beside_the_others()
    {
        await using var world = await SettlementWorld.CreateAsync();
        var before = await world.LockAsync();
        await AddV1Async(world.Buyer, world, WalletRole.Purchasing, 60);
        var seller = await AddV1Async(world.Seller, world, WalletRole.Selling, 61);
        var identifier = await world.AgreeAsync(5, source: "v1", contract: SettlementWorld.ContractV1, seller: seller);
        await world.SettleAsync();
        Assert.Equal(OnChainState.FundsLocked, (await DealAsync(world.Seller, identifier)).OnChainState);
        var deal = await DealAsync(world.Seller, identifier);
        await world.Seller.Store.Deals.ChangeAsync(
            deal.Id,
            d => DealMachine.Apply(d, new DealEvent.ResultGiven(ResultHash.Parse(Result)), world.Seller.Clock.GetUtcNow(), world.Seller.Options.Rules),
            world.Now,
            Stop
        );
        await world.SettleAsync();
        await world.AdvanceAsync(TimeSpan.FromHours(7));
        Assert.Equal(OnChainState.Withdrawn, (await DealAsync(world.Seller, identifier)).OnChainState);
        Assert.Equal(OnChainState.Withdrawn, (await DealAsync(world.Buyer, identifier)).OnChainState);
        Assert.Equal(OnChainState.RefundWithdrawn, (await world.Buyer.DealAsync(before)).OnChainState);
    }

    // F43
    [Fact]
    public async Task A_source_that_is_disabled_locks_nothing_new_finishes_what_is_under_way_and_goes_on_when_it_is_enabled()
    {
        await using var world = await SettlementWorld.CreateAsync();
        var before = await world.AgreeAsync();
        await world.Buyer.RoundAsync();
        Assert.True(await world.Buyer.Store.Sources.SetDisabledAsync(world.Buyer.Source.Id, world.Now, Stop));
        var after = await world.AgreeAsync();
        await world.SettleAsync();
        Assert.Equal(OnChainState.FundsLocked, (await world.Buyer.DealAsync(before)).OnChainState);
        var waiting = await world.Buyer.DealAsync(after);
        Assert.Equal((null, "source_disabled", false), (waiting.OnChainState, waiting.Problem?.Code, waiting.Problem?.NeedsManual));
        Assert.Empty(world.LocksOf(after));

        Assert.True(await world.Buyer.Store.Sources.SetDisabledAsync(world.Buyer.Source.Id, null, Stop));
        await world.AdvanceAsync(TimeSpan.FromMinutes(11));
        Assert.Equal((OnChainState.FundsLocked, null), ((await world.Buyer.DealAsync(after)).OnChainState, (await world.Buyer.DealAsync(after)).Problem));
        await world.AdvanceAsync(TimeSpan.FromHours(5));
        Assert.Equal(OnChainState.RefundWithdrawn, (await world.Buyer.DealAsync(before)).OnChainState);
    }

    // F43
    [Fact]
    public async Task A_source_that_is_removed_is_followed_to_the_end_of_what_is_open_and_then_asked_for_no_more_until_it_is_added_again()
    {
        await using var world = await SettlementWorld.CreateAsync();
        var open = await world.LockAsync();
        Assert.True(await world.Buyer.Store.Sources.RemoveAsync(world.Buyer.Source.Id, world.Now, Stop));
        Assert.False(await world.Buyer.Store.Sources.RemoveAsync(world.Buyer.Source.Id, world.Now, Stop));
        await world.AdvanceAsync(TimeSpan.FromHours(5));
        Assert.Equal(OnChainState.RefundWithdrawn, (await world.Buyer.DealAsync(open)).OnChainState);
        world.Devnet.Mine(2200);
        await world.SettleAsync();

        var asked = 0;
        world.Buyer.Chain.Before = question =>
        {
            asked += question == "follow" ? 1 : 0;
            return Task.CompletedTask;
        };
        await world.SettleAsync();
        Assert.Equal(0, asked);

        Assert.True(await world.Buyer.Store.Sources.AddAsync(world.Buyer.Source, Stop));
        Assert.False(await world.Buyer.Store.Sources.AddAsync(world.Buyer.Source, Stop));
        var next = await world.LockAsync();
        Assert.Single(world.LocksOf(next));
    }

    private static async Task<HotWallet> AddV1Async(TestNode node, SettlementWorld world, WalletRole role, byte words)
    {
        var contract = SettlementWorld.ContractV1;
        var policy = RegistryScript.Of(contract.Family, contract.Address).Hash.ToPolicyId();
        var source = PaymentSource.Of("v1", Network.Preprod, contract, policy, world.Now);
        Assert.True(await node.Store.Sources.AddAsync(source, Stop));
        var wallet = node.Seal($"v1-{role}", source, role, Words(words));
        Assert.True(await node.Store.Wallets.AddAsync(wallet, Stop));
        world.Fund(wallet.Address, 100);
        world.Fund(wallet.Address, 10);
        world.Devnet.Mine();
        return wallet;
    }

    private static async Task<Deal> DealAsync(TestNode node, string identifier) =>
        await node.Store.Deals.FindAsync(node.Wallet.Role == WalletRole.Purchasing ? DealSide.Purchase : DealSide.Payment, ["v1"], identifier, Stop)
        ?? throw new InvalidOperationException("No such deal.");

    private static async Task UntilAsync(SettlementWorld world, Func<Task<bool>> holds)
    {
        for (var i = 0; i < 400 && !await holds(); i++)
        {
            world.Devnet.Mine();
            world.Buyer.Engine.Wake();
            await Task.Delay(25, Stop);
        }

        Assert.True(await holds());
    }
}
