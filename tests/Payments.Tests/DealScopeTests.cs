using System.Text.Json.Nodes;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Transactions;
using Masumi.Settlement.Sources;

namespace Masumi.Payments.Tests;

/// <summary>What keys see and may say about where money goes, and what stands in a deal's way (spec payment-service-api.md 2.4, 6.2; decisions 15, 23).</summary>
public sealed class DealScopeTests(PaymentWorld world) : IClassFixture<PaymentWorld>
{
    private static readonly JsonObject Unaffordable = new()
    {
        ["pricingType"] = "Fixed",
        ["fixed"] = new JsonArray(new JsonObject { ["asset"] = "", ["amount"] = "900000000" }),
    };

    [Fact]
    public async Task A_key_with_a_wallet_scope_sees_its_own_new_purchase_and_the_deals_of_its_wallets_alone()
    {
        var (inside, outside) = (await ScopedAsync(WalletRole.Purchasing), await ScopedAsync(WalletRole.Selling));
        var offer = await world.OfferAsync();
        var identifier = (string)offer["blockchainIdentifier"]!;
        var body = new JsonObject { ["network"] = PaymentWorld.Network, ["blockchainIdentifier"] = identifier };
        await world.RefusedAsync("POST", "purchase", offer, 404, "No valid purchasing wallets found", outside);
        await world.RefusedAsync("POST", "payment", world.PaymentBody(), 404, "Not found", inside);
        var bought = await world.CallAsync("POST", "purchase", offer, inside);
        Assert.Equal(200, bought.Status);
        Assert.Equal(200, (await world.CallAsync("POST", "purchase/resolve-blockchain-identifier", body, inside)).Status);
        await world.BothAsync(identifier, "FundsLocked");

        // Money is locked once, whoever asks; the row is for those who may see it.
        var again = await world.RefusedAsync("POST", "purchase", offer, 409, "Purchase exists", outside);
        Assert.Null(again.Body!["object"]);
        Assert.NotNull((await world.RefusedAsync("POST", "purchase", offer, 409, "Purchase exists", inside)).Body!["object"]);
        await world.RefusedAsync("POST", "purchase/resolve-blockchain-identifier", body, 404, "Purchase not found", outside);
        await world.RefusedAsync("GET", $"purchase/{(string)bought.Data["id"]!}", null, 404, "Purchase not found", outside);
        await world.RefusedAsync("POST", "purchase/request-refund", body, 404, "Not found", outside);
        Assert.Equal(200, (await world.CallAsync("POST", "payment/resolve-blockchain-identifier", body, outside)).Status);
        await world.RefusedAsync("POST", "payment/resolve-blockchain-identifier", body, 404, "Payment not found", inside);
        var list = $"purchase?network={PaymentWorld.Network}&filterPaymentSourceType=Web3CardanoV2";
        Assert.NotEmpty((await world.CallAsync("GET", list, key: inside)).Data["Purchases"]!.AsArray());
        Assert.Empty((await world.CallAsync("GET", list, key: outside)).Data["Purchases"]!.AsArray());
    }

    [Fact]
    public async Task Where_money_goes_is_an_admins_to_say()
    {
        var elsewhere = Address.Create(NetworkId.Testnet, Credential.Key(new KeyHash(Cardano.Crypto.Blake2b.Hash224([9])))).ToString();
        var (_, key) = await world.KeyAsync(new JsonObject { ["canPay"] = true });
        var asked = world.PaymentBody();
        asked["sellerReturnAddress"] = elsewhere;
        await world.RefusedAsync("POST", "payment", asked, 400, "sellerReturnAddress: this key may not choose where money goes", key);
        Assert.Equal(200, (await world.CallAsync("POST", "payment", asked)).Status);
        var offer = await world.OfferAsync();
        offer["buyerReturnAddress"] = elsewhere;
        await world.RefusedAsync("POST", "purchase", offer, 400, "buyerReturnAddress: this key may not choose where money goes", key);
        offer["buyerReturnAddress"] = world.BuyerAddressOf(Contracts.Common.EscrowFamily.V2);
        Assert.Equal(200, (await world.CallAsync("POST", "purchase", offer, key)).Status);
        await world.BothAsync((string)offer["blockchainIdentifier"]!, "FundsLocked");
    }

    [Fact]
    public async Task A_layer_that_is_insisted_on_is_signed_shown_and_never_quietly_another()
    {
        // What another test left under way would change beside what is refused here.
        await world.SettleAsync();
        var asked = world.PaymentBody();
        asked["forceLayer"] = "Hydra";
        await world.RefusedAsync("POST", "payment", asked, 400, "forceLayer=\"Hydra\" is not available: this node has no Hydra head");
        asked["forceLayer"] = "L1";
        var payment = (await world.CallAsync("POST", "payment", asked)).Data;
        Assert.Equal("L1", (string?)payment["forceLayer"]);
        var body = world.PurchaseBody(payment, asked);
        await world.RefusedAsync("POST", "purchase", body, 400, "Invalid blockchain identifier, signature invalid");
        body["paymentForceLayer"] = "L1";
        body["forceLayer"] = "Hydra";
        await world.RefusedAsync("POST", "purchase", body, 400, "forceLayer conflicts with the seller-signed paymentForceLayer");
        body["forceLayer"] = "L1";
        var bought = (await world.CallAsync("POST", "purchase", body)).Data;
        Assert.Equal(("L1", "L1"), ((string?)bought["forceLayer"], (string?)bought["paymentForceLayer"]));
        var usual = (await world.CallAsync("POST", "payment", world.PaymentBody())).Data.AsObject();
        Assert.True(usual.ContainsKey("forceLayer") && usual["forceLayer"] is null);
    }

    [Fact]
    public async Task A_purchase_that_wallets_cannot_pay_says_how_much_is_missing_where_and_goes_on_when_it_came()
    {
        var agent = await world.RegisterAsync(Unaffordable);
        var asked = world.PaymentBody();
        asked["agentIdentifier"] = agent;
        var body = world.PurchaseBody((await world.CallAsync("POST", "payment", asked)).Data, asked);
        body["agentIdentifier"] = agent;
        Assert.Equal(200, (await world.CallAsync("POST", "purchase", body)).Status);
        var identifier = (string)body["blockchainIdentifier"]!;
        var resolve = new JsonObject { ["network"] = PaymentWorld.Network, ["blockchainIdentifier"] = identifier };
        var row = await PaymentWorld.UntilAsync(
            async () => (await world.CallAsync("POST", "purchase/resolve-blockchain-identifier", resolve)).Data,
            r => (string?)r["NextAction"]!["errorType"] == "InsufficientFunds",
            "shortage"
        );
        var address = world.BuyerAddressOf(Contracts.Common.EscrowFamily.V2);
        var problem = row["problem"]!;
        Assert.Equal("insufficient_funds", (string?)problem["code"]);
        Assert.Equal(address, (string?)problem["values"]!["address"]);
        Assert.NotNull(problem["values"]!["missing"]);
        Assert.StartsWith("Not enough funds in wallets", (string?)problem["message"], StringComparison.Ordinal);

        // Forgetting the error alone is no way to begin; trying again is, and pays nothing twice.
        await world.RefusedAsync(
            "POST",
            "purchase/error-state-recovery",
            Seen(row),
            400,
            "Purchase request is in its initial on-chain state. Only a failed funds-locking action can be retried."
        );
        var retry = Seen(row);
        retry["retryPreviousAction"] = true;
        var retried = await world.CallAsync("POST", "purchase/error-state-recovery", retry);
        Assert.Equal((200, null), (retried.Status, retried.Message));
        world.Devnet.Fund(Address.Parse(address), Value.Of(Lovelace.FromAda(1000)));
        await world.BothAsync(identifier, "FundsLocked");
    }

    private static JsonObject Seen(JsonNode row) =>
        new()
        {
            ["network"] = PaymentWorld.Network,
            ["blockchainIdentifier"] = (string)row["blockchainIdentifier"]!,
            ["updatedAt"] = (string)row["updatedAt"]!,
        };

    private async Task<string> ScopedAsync(WalletRole role)
    {
        var wallet = (await world.Store.Wallets.ListAsync(TestContext.Current.CancellationToken)).Single(w => w.Role == role).Id;
        var (_, token) = await world.KeyAsync(
            new JsonObject
            {
                ["canPay"] = true,
                ["walletScopeEnabled"] = "true",
                ["WalletScopeHotWalletIds"] = new JsonArray(wallet),
            }
        );
        return token;
    }
}
