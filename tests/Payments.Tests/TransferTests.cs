using System.Text.Json.Nodes;
using Masumi.Contracts.Common;

namespace Masumi.Payments.Tests;

/// <summary>Money out of hot wallets over the API, on the real chain; and what is at addresses (spec payment-service-api.md 6.4 and 6.7).</summary>
public sealed class TransferTests(PaymentWorld world) : IClassFixture<PaymentWorld>
{
    private const string Path = "wallet/transfer-funds";

    private string From => world.BuyerAddressOf(EscrowFamily.V2);

    [Fact]
    public async Task A_transfer_is_queued_and_then_on_chain_once()
    {
        var to = PaymentWorld.FeeWallet.ToString();
        var asked = (await world.CallAsync("POST", Path, Body(From, to, "7000000"))).Data;
        Assert.Equal(
            ("Pending", null, "7000000", null),
            ((string?)asked["status"], (string?)asked["txHash"], (string?)asked["lovelaceAmount"], asked["assets"])
        );
        var done = await PaymentWorld.UntilAsync(
            async () => (await world.CallAsync("GET", $"{Path}?id={asked["id"]}")).Data["transfers"]![0]!,
            t => (string?)t["status"] == "Confirmed",
            "transfer"
        );
        Assert.NotNull((string?)done["txHash"]);
        Assert.Null((string?)done["errorNote"]);
        await world.SettleAsync();
        Assert.Equal(7_000_000, (await AtAsync(to)).Single().Quantity);

        var utxo = Assert.Single((await world.CallAsync("GET", $"utxos?network=Preprod&address={to}")).Data["Utxos"]!.AsArray())!;
        Assert.Equal(((string?)done["txHash"], to), ((string?)utxo["txHash"], (string?)utxo["address"]));
        Assert.Equal(64, ((string?)utxo["block"])!.Length);
        Assert.Equal(("lovelace", 7_000_000), ((string?)utxo["Amounts"]![0]!["unit"], (long)utxo["Amounts"]![0]!["quantity"]!));

        var wallet = (await world.CallAsync("GET", "wallet/list?walletType=Purchasing")).Data["Wallets"]![0]!;
        foreach (var query in new[] { $"hotWalletId={wallet["id"]}", $"walletAddress={From}" })
        {
            Assert.Contains((await world.CallAsync("GET", $"{Path}?{query}")).Data["transfers"]!.AsArray(), t => (string?)t!["id"] == (string?)asked["id"]);
        }
    }

    [Fact]
    public async Task A_transfer_that_cannot_be_refuses_and_says_why()
    {
        var to = PaymentWorld.FeeWallet.ToString();
        await world.RefusedAsync("POST", Path, Body(From, to, "1999999"), 400, "lovelaceAmount must be at least 2000000 (2 ADA)");
        await world.RefusedAsync("POST", Path, Body(to, to, "2000000"), 404, "Wallet not found");
        var address = "toAddress is not a valid Cardano address for this wallet network";
        foreach (var bad in new[] { "garbage", world.Escrow.ToString(), "addr1vxrmu3m2cc5k6xltupj86a2uzcuq8r4nhznrhfq0pkwl4hgqj2v8w" })
        {
            await world.RefusedAsync("POST", Path, Body(From, bad, "2000000"), 400, address);
        }

        var unit = new string('a', 56);
        var twice = Body(From, to, "2000000");
        twice["assets"] = new JsonArray(Asset(unit, "1"), Asset(unit.ToUpperInvariant(), "2"));
        await world.RefusedAsync("POST", Path, twice, 400, "assets: assets contains the same unit more than once");
        foreach (var amount in new[] { "0", "-1", "2.5", "007000000", new string('9', 21), "99999999999999999999" })
        {
            Assert.Equal(400, (await world.CallAsync("POST", Path, Body(From, to, amount))).Status);
        }

        var lovelace = Body(From, to, "2000000");
        lovelace["assets"] = new JsonArray(Asset("lovelace", "1"));
        Assert.Equal(400, (await world.CallAsync("POST", Path, lovelace)).Status);
        await world.RefusedAsync("GET", Path, null, 400, "Either id, hotWalletId, or walletAddress must be provided");
        Assert.Equal(404, (await world.CallAsync("GET", $"{Path}?id=nobody")).Status);
        await world.RefusedAsync("GET", $"{Path}?walletAddress=nobody", null, 404, "Wallet not found");
        Assert.Empty((await world.CallAsync("GET", $"{Path}?hotWalletId=nobody")).Data["transfers"]!.AsArray());
    }

    [Fact]
    public async Task What_a_wallet_has_not_got_waits_and_says_what_is_missing()
    {
        var asked = (
            await world.CallAsync("POST", Path, Body(world.SellerAddressOf(EscrowFamily.V2), PaymentWorld.FeeWallet.ToString(), "9000000000000"))
        ).Data;
        var row = await PaymentWorld.UntilAsync(
            async () => (await world.CallAsync("GET", $"{Path}?id={asked["id"]}")).Data["transfers"]![0]!,
            t => t["errorNote"] is not null,
            "trouble"
        );
        Assert.Equal("Pending", (string?)row["status"]);
        Assert.Contains("missing", (string?)row["errorNote"], StringComparison.Ordinal);
        Assert.DoesNotContain("mnemonic", row.ToJsonString(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Addresses_are_of_the_network_and_the_network_is_one_that_is_served()
    {
        var balance = (await world.CallAsync("GET", $"balance?network=Preprod&address={From}")).Data["Balance"]!.AsArray();
        Assert.Equal("lovelace", (string?)balance[0]!["unit"]);
        var token = (await world.CallAsync("GET", $"balance?network=Preprod&address={world.SellerAddressOf(EscrowFamily.V2)}")).Data["Balance"]!.AsArray();
        Assert.Contains(token, b => (string?)b!["unit"] == world.Agent && (long)b["quantity"]! == 1);
        var never = "addr_test1vqsa4dgnnzkx7x5yack9myef275v8j0y0cl3pmn7lk0023sjl44r5";
        Assert.Empty((await world.CallAsync("GET", $"balance?network=Preprod&address={never}")).Data["Balance"]!.AsArray());
        await world.RefusedAsync("GET", $"utxos?network=Preprod&address={never}", null, 404, "Address not found");
        foreach (var path in new[] { "utxos", "balance" })
        {
            await world.RefusedAsync("GET", $"{path}?network=Mainnet&address={From}", null, 404, "Network not found");
            await world.RefusedAsync("GET", $"{path}?network=Preprod&address=garbage", null, 400, "address is not a valid Cardano address for this network");
            var (_, elsewhere) = await world.KeyAsync(new JsonObject { ["permission"] = "Read", ["NetworkLimit"] = new JsonArray("Mainnet") });
            await world.RefusedAsync("GET", $"{path}?network=Preprod&address={From}", null, 401, "Unauthorized, network not allowed", elsewhere);
        }

        var newest = (await world.CallAsync("GET", $"utxos?network=Preprod&address={From}&count=1")).Data["Utxos"]!.AsArray();
        var oldest = (await world.CallAsync("GET", $"utxos?network=Preprod&address={From}&count=1&order=Asc")).Data["Utxos"]!.AsArray();
        Assert.Single(newest);
        Assert.Single(oldest);
        Assert.Empty((await world.CallAsync("GET", $"utxos?network=Preprod&address={From}&page=100")).Data["Utxos"]!.AsArray());
    }

    private static JsonObject Body(string from, string to, string lovelace) =>
        new()
        {
            ["fromWalletAddress"] = from,
            ["toAddress"] = to,
            ["lovelaceAmount"] = lovelace,
        };

    private static JsonObject Asset(string unit, string quantity) => new() { ["unit"] = unit, ["quantity"] = quantity };

    private async Task<List<(string Unit, long Quantity)>> AtAsync(string address) =>
        [
            .. (await world.CallAsync("GET", $"balance?network=Preprod&address={address}")).Data["Balance"]!
                .AsArray()
                .Select(b => ((string)b!["unit"]!, (long)b["quantity"]!)),
        ];
}
