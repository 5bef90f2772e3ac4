using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Transactions;
using Masumi.Protocol;
using Masumi.Settlement.Balances;
using Masumi.Settlement.Sources;
using Masumi.Settlement.Stores;
using Masumi.Settlement.Transfers;

namespace Masumi.Settlement.Tests.Stores;

/// <summary>Rules, top-ups and wallets that come and go, on both stores.</summary>
public sealed class TopUpStoreTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static DateTimeOffset Now => StoreWorld.Start;

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_top_up_is_taken_on_once_and_as_far_as_its_transfer(StoreKind kind)
    {
        await using var world = await StoreWorld.CreateAsync(kind);
        var (balances, topUps) = (world.Store.Balances, world.Store.TopUps);
        Assert.Equal(WalletAdding.Added, await world.Store.Wallets.AddAloneAsync([Funding], [Settings], Stop));
        Assert.Equal(WalletAdding.IsRegistered, await world.Store.Wallets.AddAloneAsync([Funding with { Id = "other" }], [], Stop));
        Assert.Equal(WalletAdding.SourceGone, await world.Store.Wallets.AddAloneAsync([Funding with { SourceId = "none" }], [], Stop));
        Assert.True(await balances.AddAsync(Rule, Stop));
        Assert.False(await balances.AddAsync(Rule with { Id = "again" }, Stop));
        Assert.False(await balances.AddAsync(Rule with { Id = "stray", WalletId = "none" }, Stop));

        var due = Assert.Single(await balances.ListDueAsync(Now, Stop));
        Assert.Equal(Now, (await world.Store.Rounds.GlanceAsync(default, Stop)).NextDue);
        await balances.NoteAsync(due, last => Low(due, last), Now, Stop);
        await balances.NoteAsync(due, last => Low(due, last), Now, Stop);
        var waiting = Assert.Single(await topUps.ListWaitingAsync(Now.AddMinutes(1), 10, Stop));
        Assert.Equal((BalanceStatus.Low, (Int128)5), ((await balances.GetAsync("rule", Stop))!.Status, (await balances.GetAsync("rule", Stop))!.Amount));
        Assert.Single(await topUps.ListAsync(new TopUpQuery("source", null, TopUpStatus.Pending, waiting.Id, 10), Stop));
        Assert.Equal(["LowBalance"], (await world.Store.Events.ListAsync(0, 10, Stop)).Where(e => e.Entity == "Wallet").Select(e => e.Kind));

        Assert.True(await topUps.TakeAsync([waiting], Paying("t1"), Now, Stop));
        Assert.False(await topUps.TakeAsync([waiting], Paying("t2"), Now, Stop));
        Assert.Equal(1, (await topUps.CountPendingAsync(Stop))["funding"]);
        Assert.Equal(WalletRemoval.InFlight, await world.Store.Wallets.RemoveAsync(["funding"], force: true, Now, Stop));
        Assert.Equal(WalletRemoval.InFlight, await world.Store.Sources.RemoveAsync("source", force: true, Now, Stop));
        await world.Store.Transfers.ChangeAsync("t1", t => t with { State = TransferState.Confirmed, NextAt = null }, Now, Stop);
        var done = Assert.Single(await topUps.ListAsync(new TopUpQuery(null, "funding", TopUpStatus.Confirmed, null, 10), Stop));
        Assert.Equal(("t1", TopUpStatus.Confirmed, false), (done.TransferId, done.Status, done.IsOpen));
        Assert.Empty(await topUps.ListAsync(new TopUpQuery(null, null, TopUpStatus.Failed, null, 10), Stop));

        await topUps.HurryAsync(Now.AddHours(1), Stop);
        Assert.NotNull(await balances.ChangeAsync("rule", r => BalanceRules.Changed(r, Now), Stop));
        Assert.Equal(WalletRemoval.Removed, await world.Store.Wallets.RemoveAsync(["wallet"], force: false, Now, Stop));
        Assert.Empty(await balances.ListDueAsync(Now.AddDays(1), Stop));
        Assert.Null((await world.Store.Rounds.GlanceAsync(default, Stop)).NextDue);
        Assert.Equal(WalletRemoval.Unknown, await world.Store.Wallets.RemoveAsync(["wallet"], force: false, Now, Stop));
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task What_nobody_has_taken_on_goes_with_its_rule_and_with_the_last_funding_wallet(StoreKind kind)
    {
        await using var world = await StoreWorld.CreateAsync(kind);
        await world.Store.Wallets.AddAloneAsync([Funding], [], Stop);
        Assert.Equal(FundingSettings.UsualWindow, (await world.Store.TopUps.ListSettingsAsync(Stop))["funding"].Window);
        await world.Store.Balances.AddAsync(Rule, Stop);
        await world.Store.Balances.NoteAsync(Rule, last => Low(Rule, last), Now, Stop);
        Assert.Single(await world.Store.TopUps.ListWaitingAsync(Now.AddMinutes(1), 10, Stop));
        await world.Store.TopUps.AlertAsync([Settings], Now, Stop);
        Assert.Equal(Now, (await world.Store.TopUps.ListSettingsAsync(Stop))["funding"].AlertedAt);
        Assert.Equal(WalletRemoval.Removed, await world.Store.Wallets.RemoveAsync(["funding"], force: false, Now, Stop));
        Assert.Empty(await world.Store.TopUps.ListWaitingAsync(Now.AddMinutes(1), 10, Stop));
        Assert.True(await world.Store.Balances.DeleteAsync("rule", Stop));
        Assert.False(await world.Store.Balances.DeleteAsync("rule", Stop));
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_source_that_was_removed_comes_back_under_its_id_with_other_wallets(StoreKind kind)
    {
        await using var world = await StoreWorld.CreateAsync(kind);
        Assert.Null(await world.Store.Sources.AddAsync(world.Source with { Id = "second" }, [], Stop));
        Assert.Equal(WalletRemoval.Removed, await world.Store.Sources.RemoveAsync("source", force: false, Now, Stop));
        Assert.Equal(WalletRemoval.Unknown, await world.Store.Sources.RemoveAsync("source", force: false, Now, Stop));
        Assert.DoesNotContain(await world.Store.Wallets.ListAsync(Stop), w => w.DeletedAt is null);
        var (wallets, source) = (await world.Store.Sources.AddAsync(world.Source with { Id = "second" }, [Funding with { SourceId = "second" }], Stop))!.Value;
        Assert.Equal((WalletAdding.Added, "source"), (wallets, source.Id));
        Assert.Equal("source", Assert.Single(await world.Store.Wallets.ListAsync(Stop), w => w.DeletedAt is null).SourceId);
        var changed = await world.Store.Sources.ChangeAsync(source with { LastIdentifierChecked = "x" }, new SourceWallets([], ["funding"], false), Now, Stop);
        Assert.Equal((WalletRemoval.Removed, WalletAdding.Added), changed);
        Assert.Equal("x", Assert.Single(await world.Store.Sources.ListAsync(Stop)).LastIdentifierChecked);
    }

    private static HotWallet Funding { get; } =
        new(
            "funding",
            "source",
            WalletRole.Funding,
            KeyHash.Parse(new string('1', 56)),
            Address.Create(NetworkId.Testnet, Credential.Key(KeyHash.Parse(new string('1', 56)))),
            null,
            null,
            "sealed",
            Now
        );

    private static FundingSettings Settings { get; } = new("settings", "funding", IsEnabled: true, TimeSpan.FromMinutes(1));

    private static BalanceRule Rule { get; } =
        new()
        {
            Id = "rule",
            WalletId = "wallet",
            Unit = Unit.Ada,
            Threshold = 100,
            IsEnabled = true,
            TopUp = 50,
            NextAt = Now,
            CreatedAt = Now,
        };

    private static BalanceLook Low(BalanceRule rule, TopUp? last)
    {
        Assert.Null(last);
        var (looked, fell) = BalanceRules.Look(rule, 5, Now);
        var topUp = new TopUp
        {
            Id = "top-up",
            SourceId = "source",
            TargetId = "wallet",
            Unit = Unit.Ada,
            Amount = 50,
            CreatedAt = Now,
            NextAt = Now.AddMinutes(1),
        };
        return new BalanceLook(looked, fell, topUp);
    }

    private static Transfer Paying(string id) =>
        new()
        {
            Id = id,
            SourceId = "source",
            WalletId = "funding",
            To = Funding.Address,
            Amount = Value.Of(Lovelace.FromAda(5)),
            GiveUpAt = Now.AddHours(1),
            CreatedAt = Now,
        };
}
