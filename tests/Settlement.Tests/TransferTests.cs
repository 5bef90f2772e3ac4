using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Transactions;
using Masumi.Settlement.Attempts;
using Masumi.Settlement.Stores;
using Masumi.Settlement.Transfers;

namespace Masumi.Settlement.Tests;

/// <summary>Money that an operator sends out of a wallet: once, and as the chain says.</summary>
public sealed class TransferTests
{
    private static readonly Address Somebody = Address.Create(NetworkId.Testnet, Credential.Key(KeyHash.Parse(new string('9', 56))));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_transfer_is_sent_once_and_confirmed_by_its_block()
    {
        await using var world = await SettlementWorld.CreateAsync();
        var transfer = await AskAsync(world, 20);
        await world.Buyer.RoundAsync();
        Assert.Equal(TransferState.Sent, (await GetAsync(world, transfer)).State);
        await world.Buyer.RoundAsync();
        world.Devnet.Mine();
        await world.Buyer.RoundAsync();
        world.Devnet.Mine();
        await world.Buyer.RoundAsync();
        var confirmed = await GetAsync(world, transfer);
        Assert.Equal((TransferState.Confirmed, null, null), (confirmed.State, confirmed.Problem, confirmed.NextAt));
        Assert.Equal(Assert.Single(world.Buyer.Chain.Handed).Id, confirmed.TxId);
        Assert.Equal([Lovelace.FromAda(20)], Received(world));
        var events = await world.Buyer.Store.Events.ListAsync(0, 100, Stop);
        Assert.Equal(["Requested", "Sent", "Confirmed"], events.Where(e => e.EntityId == transfer).Select(e => e.Kind));
        Assert.Equal([1, 2, 3], events.Where(e => e.EntityId == transfer).Select(e => e.Revision));
    }

    [Fact]
    public async Task A_block_that_is_taken_back_takes_the_transfer_back_and_the_same_bytes_bring_it_again()
    {
        await using var world = await SettlementWorld.CreateAsync();
        var transfer = await AskAsync(world, 20);
        var start = world.Devnet.Tip.Height;
        await world.SettleAsync(2);
        Assert.Equal(TransferState.Confirmed, (await GetAsync(world, transfer)).State);
        world.Devnet.Rollback((int)(world.Devnet.Tip.Height - start), drop: true);
        world.Devnet.Mine();
        await world.Buyer.RoundAsync();
        Assert.Equal(TransferState.Sent, (await GetAsync(world, transfer)).State);
        await world.SettleAsync();
        Assert.Equal(TransferState.Confirmed, (await GetAsync(world, transfer)).State);
        Assert.Single(world.Buyer.Chain.Handed.Select(t => t.Id).Distinct());
        Assert.Equal([Lovelace.FromAda(20)], Received(world));
    }

    [Fact]
    public async Task What_no_block_took_is_made_anew_so_that_no_chain_can_hold_both()
    {
        await using var world = await SettlementWorld.CreateAsync(buyerCoins: 4);
        world.Buyer.Chain.OnSubmit = _ => Fault.Swallowed;
        var transfer = await AskAsync(world, 20);
        await world.Buyer.RoundAsync();
        world.Fund(world.Buyer.Wallet.Address, 3000);
        world.Devnet.Mine();
        world.Buyer.Chain.OnSubmit = _ => Fault.None;
        var first = world.Buyer.Chain.Handed[0];
        world.Buyer.Chain.OnSubmit = t => t.Id == first.Id ? Fault.Swallowed : Fault.None;
        await world.AdvanceAsync(TimeSpan.FromMinutes(8));
        await world.AdvanceAsync(TimeSpan.FromMinutes(1));
        var second = world.Buyer.Chain.Handed[^1];
        Assert.NotEqual(first.Id, second.Id);
        Assert.NotEmpty(first.Body.Inputs.Intersect(second.Body.Inputs));
        Assert.Equal((TransferState.Confirmed, second.Id), ((await GetAsync(world, transfer)).State, (await GetAsync(world, transfer)).TxId));
        Assert.Equal([Lovelace.FromAda(20)], Received(world));
    }

    [Fact]
    public async Task A_transfer_nobody_can_pay_says_what_is_missing_where_and_goes_when_it_is_there()
    {
        await using var world = await SettlementWorld.CreateAsync();
        var transfer = await AskAsync(world, 1500);
        await world.SettleAsync(1);
        var (code, note) = (await GetAsync(world, transfer)).Problem!.Value;
        Assert.Equal("insufficient_funds", code);
        Assert.Contains($"missing at {world.Buyer.Wallet.Address}", note, StringComparison.Ordinal);
        world.Fund(world.Buyer.Wallet.Address, 600);
        await world.AdvanceAsync(TimeSpan.FromMinutes(15));
        Assert.Equal(TransferState.Confirmed, (await GetAsync(world, transfer)).State);
    }

    [Fact]
    public async Task A_transfer_whose_time_is_over_fails_with_what_was_last_in_its_way_and_is_made_no_more()
    {
        await using var world = await SettlementWorld.CreateAsync();
        var transfer = await AskAsync(world, 1500, TimeSpan.FromHours(1));
        await world.SettleAsync(1);
        await world.AdvanceAsync(TimeSpan.FromMinutes(61));
        var failed = await GetAsync(world, transfer);
        Assert.Equal((TransferState.Failed, null), (failed.State, failed.NextAt));
        Assert.Contains("Not enough funds", failed.Problem!.Value.Note, StringComparison.Ordinal);
        world.Fund(world.Buyer.Wallet.Address, 600);
        await world.AdvanceAsync(TimeSpan.FromMinutes(20));
        Assert.Empty(world.Buyer.Chain.Handed);
    }

    // O1
    [Fact]
    public async Task Another_copy_of_the_node_finds_what_was_paid_and_pays_nothing()
    {
        await using var world = await SettlementWorld.CreateAsync();
        var transfer = await AskAsync(world, 20);
        var asked = await GetAsync(world, transfer);
        await world.SettleAsync(2);
        await using var database = await TestStores.OpenEmptyAsync(StoreKind.Sqlite);
        await database.MigrateAsync([SettlementStore.Migrations], Stop);
        var copy = world.Buyer.On(database);
        await copy.Store.Sources.AddAsync(world.Buyer.Source, Stop);
        await copy.Store.Wallets.AddAsync(world.Buyer.Wallet, Stop);
        await copy.Store.Transfers.InsertAsync(asked, world.Now, Stop);
        await copy.RoundAsync();
        await copy.RoundAsync();
        var found = (await copy.Store.Transfers.GetAsync(transfer, Stop))!;
        Assert.Equal((TransferState.Confirmed, (await GetAsync(world, transfer)).TxId), (found.State, found.TxId));
        Assert.Equal(AttemptState.InBlock, Assert.Single(await copy.Store.Attempts.ListForAsync(transfer, Stop)).State);
        Assert.Empty(copy.Chain.Handed);
        Assert.Equal([Lovelace.FromAda(20)], Received(world));
    }

    [Fact]
    public async Task A_transfer_can_be_taken_back_before_it_is_sent_and_not_after()
    {
        await using var world = await SettlementWorld.CreateAsync();
        var early = await AskAsync(world, 20);
        Assert.Equal(TransferState.Failed, (await TakeBackAsync(world, early)).State);
        await world.SettleAsync(1);
        Assert.Empty(world.Buyer.Chain.Handed);
        var late = await AskAsync(world, 20);
        await world.Buyer.RoundAsync();
        Assert.Equal(TransferState.Sent, (await TakeBackAsync(world, late)).State);
        await world.SettleAsync(2);
        Assert.Equal(TransferState.Confirmed, (await GetAsync(world, late)).State);
    }

    [Fact]
    public void What_the_chain_shows_stands_whatever_was_thought_before()
    {
        var now = DateTimeOffset.UnixEpoch.AddYears(60);
        var (one, other) = (TransactionId.Parse(new string('1', 64)), TransactionId.Parse(new string('2', 64)));
        var failed = TransferMachine.Apply(New("t", 5, now, TimeSpan.FromHours(1)), new TransferEvent.TimePassed(), now.AddHours(2));
        Assert.Equal(TransferState.Failed, failed.State);
        var confirmed = TransferMachine.Apply(failed, new TransferEvent.Confirmed(one), now);
        Assert.Equal((TransferState.Confirmed, one), (confirmed.State, confirmed.TxId));
        Assert.Equal(confirmed, TransferMachine.Apply(confirmed, new TransferEvent.Freed(other), now));
        Assert.Equal(confirmed, TransferMachine.Apply(confirmed, new TransferEvent.TakenBack(other), now));
        Assert.Equal(confirmed, TransferMachine.Apply(confirmed, new TransferEvent.Hindered("no"), now));
        Assert.Equal(TransferState.Sent, TransferMachine.Apply(confirmed, new TransferEvent.TakenBack(one), now).State);
    }

    private static Transfer New(string id, long ada, DateTimeOffset now, TimeSpan patience) =>
        new()
        {
            Id = id,
            SourceId = "source",
            WalletId = "wallet",
            To = Somebody,
            Amount = Value.Of(Lovelace.FromAda(ada)),
            GiveUpAt = now + patience,
            CreatedAt = now,
        };

    private static async Task<string> AskAsync(SettlementWorld world, long ada, TimeSpan? patience = null) =>
        (
            await world.Buyer.Store.Transfers.InsertAsync(
                New($"t{ada}-{Guid.NewGuid():n}"[..24], ada, world.Now, patience ?? TransferMachine.UsualPatience),
                world.Now,
                Stop
            )
        ).Id;

    private static async Task<Transfer> GetAsync(SettlementWorld world, string id) => (await world.Buyer.Store.Transfers.GetAsync(id, Stop))!;

    private static async Task<Transfer> TakeBackAsync(SettlementWorld world, string id)
    {
        await world.Buyer.Store.Transfers.ChangeAsync(id, t => TransferMachine.Apply(t, new TransferEvent.TakenBackByOwner(), world.Now), world.Now, Stop);
        return await GetAsync(world, id);
    }

    private static List<Lovelace> Received(SettlementWorld world) =>
        [.. world.Devnet.State.Utxos.Where(u => u.Value.Address == Somebody).Select(u => u.Value.Value.Coin)];
}
