using System.Text.Json.Nodes;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Keys;
using Masumi.Contracts.Common;

namespace Masumi.Payments.Tests;

/// <summary>Hot wallets over the API: what an operator sees and sets, and what a key sees that pays (spec payment-service-api.md 6.4, findings A9 and A10).</summary>
public sealed class WalletTests(MixedWorld world) : IClassFixture<MixedWorld>
{
    [Fact]
    public async Task A_wallet_is_shown_by_its_type_and_id_and_its_words_only_when_asked_for()
    {
        var row = (await ListAsync("walletType=Selling")).First(w => (string)w!["walletVkey"]! == world.SellerVkey)!;
        var id = (string)row["id"]!;
        var wallet = (await world.CallAsync("GET", $"wallet?walletType=Selling&id={id}")).Data.AsObject();
        Assert.False(wallet.ContainsKey("Secret"));
        Assert.True(wallet.ContainsKey("PendingTransaction"));
        Assert.Empty(wallet["LowBalanceRules"]!.AsArray());
        Assert.Equal(world.SellerAddressOf(EscrowFamily.V2), (string?)wallet["walletAddress"]);
        var secret = (await world.CallAsync("GET", $"wallet?walletType=Selling&id={id}&includeSecret=true")).Data["Secret"]!;
        Assert.Equal(world.SellerVkey, WalletKeys.FromMnemonic((string)secret["mnemonic"]!).Payment.KeyHash.ToString());

        await world.RefusedAsync("GET", $"wallet?walletType=Purchasing&id={id}", null, 404, "Purchasing wallet not found");
        await world.RefusedAsync("GET", "wallet?walletType=Selling&id=nobody", null, 404, "Selling wallet not found");
    }

    [Fact]
    public async Task A_fresh_wallet_is_shown_once_and_stored_nowhere()
    {
        var before = await world.StateAsync();
        var made = (await world.CallAsync("POST", "wallet", new JsonObject { ["network"] = "Preprod" })).Data;
        var words = (string)made["walletMnemonic"]!;
        Assert.Equal(24, words.Split(' ').Length);
        var keys = WalletKeys.FromMnemonic(words);
        Assert.Equal(keys.BaseAddress(NetworkId.Testnet).ToString(), (string?)made["walletAddress"]);
        Assert.Equal(keys.Payment.KeyHash.ToString(), (string?)made["walletVkey"]);
        Assert.Equal(before, await world.StateAsync());
    }

    [Fact]
    public async Task Where_collected_money_goes_is_an_address_of_the_network_or_nothing()
    {
        var id = (string)(await ListAsync("walletType=Purchasing"))[0]!["id"]!;
        var address = PaymentWorld.FeeWallet.ToString();
        Assert.Equal(address, (string?)(await SetAsync(id, address)).Data["collectionAddress"]);
        foreach (var nothing in new[] { "", null })
        {
            Assert.Null((await SetAsync(id, nothing)).Data["collectionAddress"]);
        }

        var wrong = "newCollectionAddress is not a valid Cardano address for this wallet network";
        foreach (var bad in new[] { "garbage", world.Escrow.ToString(), "addr1wx7j4kmg2cs7yf92uat3ed4a3u97kr7axxr4avaz0lhwdsq87ujx7" })
        {
            await world.RefusedAsync("PATCH", "wallet", new JsonObject { ["id"] = id, ["newCollectionAddress"] = bad }, 400, wrong);
        }

        await world.RefusedAsync("PATCH", "wallet", new JsonObject { ["id"] = "x", ["newCollectionAddress"] = null }, 404, "x wallet not found");
    }

    [Fact]
    public async Task A_key_that_may_pay_lists_the_wallets_of_its_scope_and_one_that_reads_lists_none()
    {
        var all = await ListAsync("take=100");
        Assert.Equal(4, all.Count);
        Assert.Equal(all.Select(w => (string)w!["id"]!).Skip(1), (await ListAsync($"take=100&cursorId={all[1]!["id"]}")).Select(w => (string)w!["id"]!));
        Assert.Empty(await ListAsync("cursorId=nobody"));
        var own = all.First(w => (string)w!["walletVkey"]! == world.SellerVkey)!;
        var scoped = new JsonObject
        {
            ["permission"] = "ReadAndPay",
            ["NetworkLimit"] = new JsonArray("Preprod"),
            ["walletScopeEnabled"] = "true",
            ["WalletScopeHotWalletIds"] = new JsonArray((string)own["id"]!),
        };
        var (_, key) = await world.KeyAsync(scoped);
        var seen = await world.CallAsync("GET", $"wallet/list?take=100&paymentSourceId={own["paymentSourceId"]}&walletType=Selling", key: key);
        var row = Assert.Single(seen.Data["Wallets"]!.AsArray())!.AsObject();
        Assert.Equal((string?)own["id"], (string?)row["id"]);
        Assert.True(row.ContainsKey("collectionAddress"));
        Assert.Equal(["isLow", "lowRuleCount", "lastCheckedAt"], row["LowBalanceSummary"]!.AsObject().Select(p => p.Key));
        await world.RefusedAsync("GET", $"wallet?walletType=Selling&id={own["id"]}", null, 401, "Unauthorized, admin access required", key);

        var (_, elsewhere) = await world.KeyAsync(new JsonObject { ["permission"] = "ReadAndPay", ["NetworkLimit"] = new JsonArray("Mainnet") });
        Assert.Empty((await world.CallAsync("GET", "wallet/list", key: elsewhere)).Data["Wallets"]!.AsArray());
        var (_, reader) = await world.KeyAsync(new JsonObject { ["permission"] = "Read" });
        await world.RefusedAsync("GET", "wallet/list", null, 401, "Unauthorized, payment access required", reader);
    }

    private async Task<JsonArray> ListAsync(string query) => (await world.CallAsync("GET", $"wallet/list?{query}")).Data["Wallets"]!.AsArray();

    private Task<Answer> SetAsync(string id, string? address) =>
        world.CallAsync("PATCH", "wallet", new JsonObject { ["id"] = id, ["newCollectionAddress"] = address });
}
