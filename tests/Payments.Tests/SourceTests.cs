using System.Text.Json.Nodes;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Keys;
using Masumi.Contracts.Common;
using Masumi.Devnet;

namespace Masumi.Payments.Tests;

/// <summary>Sources and wallets that come and go while the node runs (spec payment-service-api.md 6.5, F41 and F43).</summary>
public sealed class SourceTests(PaymentWorld world) : IClassFixture<PaymentWorld>
{
    private const string Path = "payment-source-extended";

    [Fact]
    public async Task A_source_is_made_from_its_parameters_shown_with_its_key_to_admins_alone_and_taken_away_again()
    {
        var body = await SourceAsync(cooldown: 61_000);
        var made = (await world.CallAsync("POST", Path, body)).Data;
        var id = (string)made["id"]!;
        Assert.Equal(
            ("Web3CardanoV2", 2, 1, 1, 0, "custom_address"),
            (
                (string?)made["paymentSourceType"],
                (int)made["requiredAdminSignatures"]!,
                (int)made["PurchasingWalletsCount"]!,
                (int)made["SellingWalletsCount"]!,
                (int)made["feeRatePermille"]!,
                (string?)made["contractSyncStatus"]
            )
        );
        Assert.Equal("preprod-key", (string?)made["PaymentSourceConfig"]!["rpcProviderApiKey"]);
        Assert.DoesNotContain("preprod-key", (await world.CallAsync("GET", "payment-source")).Data.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains((await world.CallAsync("GET", "payment-source")).Data["PaymentSources"]!.AsArray(), s => (string?)s!["id"] == id);
        Assert.Contains(
            (await world.CallAsync("GET", "rpc-api-keys")).Data["RpcProviderKeys"]!.AsArray(),
            k => (string?)k!["rpcProviderApiKey"] == "preprod-key"
        );
        Assert.DoesNotContain("preprod-key", await world.StateAsync(), StringComparison.Ordinal);

        var other = body.DeepClone();
        other["cooldownTime"] = 63_000;
        await world.RefusedAsync("POST", Path, other, 409, "This wallet is already registered.");
        var same = await SourceAsync(cooldown: 61_000);
        await world.RefusedAsync("POST", Path, same, 409, "A payment source with this smart contract address exists already");

        var gone = (await world.CallAsync("DELETE", Path, new JsonObject { ["id"] = id })).Data;
        Assert.Equal(id, (string?)gone["id"]);
        Assert.DoesNotContain((await world.CallAsync("GET", Path)).Data["ExtendedPaymentSources"]!.AsArray(), s => (string?)s!["id"] == id);
        Assert.Empty((await world.CallAsync("GET", $"wallet/list?paymentSourceId={id}")).Data["Wallets"]!.AsArray());
        await world.RefusedAsync("DELETE", Path, new JsonObject { ["id"] = id }, 404, "Payment source not found");

        var again = (await world.CallAsync("POST", Path, body)).Data;
        Assert.Equal(id, (string?)again["id"]);
        await world.CallAsync("DELETE", Path, new JsonObject { ["id"] = id });
    }

    [Fact]
    public async Task A_source_that_cannot_be_is_refused_whole()
    {
        var words = await SourceAsync(cooldown: 62_000);
        words["SellingWallets"]![0]!["walletMnemonic"] = "abandon abandon";
        await world.RefusedAsync("POST", Path, words, 400, "Invalid mnemonic phrase");
        var admin = await SourceAsync(cooldown: 62_000);
        admin["AdminWallets"]![0]!["walletAddress"] = world.Escrow.ToString();
        await world.RefusedAsync("POST", Path, admin, 400, "AdminWallets is not a valid Cardano address for this network");
        var collection = await SourceAsync(cooldown: 62_000);
        collection["PurchasingWallets"]![0]!["collectionAddress"] = "garbage";
        await world.RefusedAsync("POST", Path, collection, 400, "collectionAddress is not a valid Cardano address for this network");
        var v1 = await SourceAsync(cooldown: 62_000);
        v1["paymentSourceType"] = "Web3CardanoV1";
        v1["AdminWallets"]!.AsArray().RemoveAt(2);
        var answer = await world.CallAsync("POST", Path, v1);
        Assert.Equal(400, answer.Status);
        Assert.Contains("Web3CardanoV1 payment sources require exactly 3 admin wallets", answer.Message, StringComparison.Ordinal);
        foreach (var cooldown in new JsonNode[] { 9_000_000_000_000_000, -1, 1.5 })
        {
            var far = await SourceAsync(cooldown: 62_000);
            far["cooldownTime"] = cooldown;
            Assert.Equal(400, (await world.CallAsync("POST", Path, far)).Status);
        }
    }

    [Fact]
    public async Task A_wallet_that_is_added_sells_without_a_restart_and_goes_when_its_deals_are_over()
    {
        var source = (string)(await world.CallAsync("GET", "payment-source")).Data["PaymentSources"]!.AsArray().Last()!["id"]!;
        var words = await WordsAsync();
        var add = new JsonObject { ["id"] = source, ["AddSellingWallets"] = new JsonArray(Wallet(words)) };
        Assert.Equal(2, (int)(await world.CallAsync("PATCH", Path, add)).Data["SellingWalletsCount"]!);
        await world.RefusedAsync("PATCH", Path, add.DeepClone(), 409, "This wallet is already registered.");
        var keys = WalletKeys.FromMnemonic(words);
        Assert.IsType<DevnetFunding.Paid>(world.Devnet.Fund(keys.BaseAddress(NetworkId.Testnet), Cardano.Transactions.Value.Of(Cardano.Lovelace.FromAda(100))));
        var price = new JsonObject { ["pricingType"] = "Fixed", ["fixed"] = new JsonArray(new JsonObject { ["asset"] = "", ["amount"] = "3000000" }) };
        var registration = world.RegistrationBody(price);
        registration["sellingWalletVkey"] = keys.Payment.KeyHash.ToString();
        var agent = await world.MintAsync(registration, EscrowFamily.V2);
        var payment = world.PaymentBody();
        payment["agentIdentifier"] = agent;
        Assert.Equal(200, (await world.CallAsync("POST", "payment", payment)).Status);

        var wallet = (string)(await world.CallAsync("GET", $"wallet/list?walletVkey={keys.Payment.KeyHash}")).Data["Wallets"]![0]!["id"]!;
        var remove = new JsonObject
        {
            ["id"] = source,
            ["RemoveSellingWallets"] = new JsonArray(new JsonObject { ["id"] = wallet }, new JsonObject { ["id"] = "nobody" }),
        };
        await world.RefusedAsync("PATCH", Path, remove.DeepClone(), 409, "Cannot remove a wallet that has open payments or purchases");
        await world.RefusedAsync("DELETE", Path, new JsonObject { ["id"] = source }, 409, "Cannot remove a payment source that has open payments or purchases");
        var wrongList = new JsonObject { ["id"] = source, ["RemovePurchasingWallets"] = new JsonArray(new JsonObject { ["id"] = wallet }) };
        Assert.Equal(2, (int)(await world.CallAsync("PATCH", Path, wrongList)).Data["SellingWalletsCount"]!);
        remove["force"] = true;
        remove["lastIdentifierChecked"] = "noted";
        var after = (await world.CallAsync("PATCH", Path, remove)).Data;
        Assert.Equal((1, "noted"), ((int)after["SellingWalletsCount"]!, (string?)after["lastIdentifierChecked"]));
        payment = world.PaymentBody();
        payment["agentIdentifier"] = agent;
        Assert.Equal(404, (await world.CallAsync("POST", "payment", payment)).Status);
    }

    private async Task<JsonObject> SourceAsync(long cooldown) =>
        new()
        {
            ["network"] = "Preprod",
            ["paymentSourceType"] = "Web3CardanoV2",
            ["PaymentSourceConfig"] = new JsonObject { ["rpcProviderApiKey"] = "preprod-key", ["rpcProvider"] = "Blockfrost" },
            ["cooldownTime"] = cooldown,
            ["AdminWallets"] = new JsonArray([
                .. Enumerable.Range(0, 3).Select(_ => (JsonNode)new JsonObject { ["walletAddress"] = PaymentWorld.FeeWallet.ToString() }),
            ]),
            ["requiredAdminSignatures"] = 2,
            ["PurchasingWallets"] = new JsonArray(Wallet(await WordsAsync())),
            ["SellingWallets"] = new JsonArray(Wallet(await WordsAsync())),
        };

    private static JsonObject Wallet(string words) =>
        new()
        {
            ["walletMnemonic"] = words,
            ["collectionAddress"] = null,
            ["note"] = "new",
        };

    private async Task<string> WordsAsync() =>
        (string)(await world.CallAsync("POST", "wallet", new JsonObject { ["network"] = "Preprod" })).Data["walletMnemonic"]!;
}
