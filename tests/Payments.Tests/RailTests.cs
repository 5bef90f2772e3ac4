using System.Text.Json.Nodes;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Transactions;
using Masumi.Devnet;

namespace Masumi.Payments.Tests;

/// <summary>Ways of moving money: how they stand (since-0.28.md 1), those that are not served, and layers (3).</summary>
public sealed class RailTests(PaymentWorld world) : IClassFixture<PaymentWorld>
{
    public static TheoryData<string, string> NotServed =>
        new()
        {
            { "GET", "x402/networks" },
            { "POST", "x402/pay" },
            { "DELETE", "X402/budgets/" },
            { "GET", "swap/confirm" },
            { "POST", "swap" },
            { "GET", "invoice/monthly" },
            { "PATCH", "invoice/monthly/missing" },
            { "POST", "signature/sign/create-invoice/monthly" },
        };

    [Fact]
    public async Task Readiness_names_the_source_that_can_be_paid_from_and_what_other_rails_lack()
    {
        var rails = (await world.CallAsync("GET", $"rail-readiness?network={PaymentWorld.Network}")).Data["Rails"]!.AsArray();
        Assert.Equal(["CardanoV2", "X402"], rails.Select(r => (string?)r!["rail"]));
        Assert.True((bool)rails[0]!["isReady"]!);
        Assert.Equal(
            [
                "cardano.payment_source",
                "cardano.contract_current",
                "cardano.rpc_provider",
                "cardano.admin_signatures",
                "cardano.selling_wallet",
                "cardano.purchasing_wallet",
                "cardano.payments_enabled",
            ],
            rails[0]!["Checks"]!.AsArray().Select(c => (string?)c!["id"])
        );
        var source = Assert.Single(rails[0]!["PurchaseSources"]!.AsArray())!;
        Assert.Equal(
            (world.Agent[..56], world.Escrow.ToString(), true, 6),
            ((string)source["policyId"]!, (string)source["smartContractAddress"]!, (bool)source["isPurchaseReady"]!, source["Checks"]!.AsArray().Count)
        );
        Assert.False((bool)rails[1]!["isReady"]!);
        Assert.Null(rails[1]!["PurchaseSources"]);

        var nothing = (await world.CallAsync("GET", "rail-readiness?network=Mainnet")).Data["Rails"]![0]!;
        Assert.Empty(nothing["PurchaseSources"]!.AsArray());
        Assert.Equal("No active Web3CardanoV2 payment source exists for this network", (string?)nothing["Checks"]![0]!["detail"]);
        Assert.All(nothing["Checks"]!.AsArray().Skip(1), c => Assert.Equal("Needs a payment source first", (string?)c!["detail"]));
        var (_, key) = await world.KeyAsync(new JsonObject { ["NetworkLimit"] = new JsonArray("Mainnet") });
        await world.RefusedAsync("GET", $"rail-readiness?network={PaymentWorld.Network}", null, 401, "Unauthorized, network not allowed", key);
    }

    [Theory]
    [MemberData(nameof(NotServed))]
    public async Task What_this_node_does_not_serve_is_said_to_whoever_has_a_key(string verb, string path)
    {
        var answer = await world.CallAsync(verb, path);
        Assert.Equal((501, "not_served"), (answer.Status, (string?)answer.Body!["error"]!["code"]));
        Assert.Equal(401, (await world.CallAsync(verb, path, key: null)).Status);
    }

    [Fact]
    public async Task The_layer_that_a_seller_insists_on_is_signed_and_shown()
    {
        var asked = world.PaymentBody();
        asked["forceLayer"] = "L1";
        var payment = (await world.CallAsync("POST", "payment", asked)).Data;
        Assert.Equal("L1", (string?)payment["forceLayer"]);
        var offer = world.PurchaseBody(payment, asked);
        await world.RefusedAsync("POST", "purchase", offer, 400, "Invalid blockchain identifier, signature invalid");
        offer["paymentForceLayer"] = "Hydra";
        await world.RefusedAsync("POST", "purchase", offer, 400, "paymentForceLayer=\"Hydra\" is not available: this node has no Hydra head");
        offer["paymentForceLayer"] = "L1";
        offer["forceLayer"] = "Hydra";
        await world.RefusedAsync("POST", "purchase", offer, 400, "forceLayer conflicts with the seller-signed paymentForceLayer");
        offer["forceLayer"] = "L1";
        var purchase = (await world.CallAsync("POST", "purchase", offer)).Data;
        Assert.Equal(("L1", "L1"), ((string?)purchase["forceLayer"], (string?)purchase["paymentForceLayer"]));
        await world.BothAsync((string)offer["blockchainIdentifier"]!, "FundsLocked");

        asked = world.PaymentBody();
        asked["forceLayer"] = "Hydra";
        await world.RefusedAsync("POST", "payment", asked, 400, "forceLayer=\"Hydra\" is not available: this node has no Hydra head");
        var plain = (await world.CallAsync("POST", "payment", world.PaymentBody())).Data.AsObject();
        Assert.True(plain.ContainsKey("forceLayer") && plain["forceLayer"] is null);
    }

    [Fact]
    public async Task A_lock_is_built_for_a_wallet_elsewhere_which_signs_and_sends_it_itself()
    {
        var payment = (await world.CallAsync("POST", "payment", world.PaymentBody())).Data;
        var identifier = (string)payment["blockchainIdentifier"]!;
        var stranger = world.BuyerKeys;
        var address = stranger.BaseAddress(NetworkId.Testnet);
        var body = new JsonObject
        {
            ["network"] = PaymentWorld.Network,
            ["blockchainIdentifier"] = identifier,
            ["buyerAddress"] = address.ToString(),
        };
        var built = (await world.CallAsync("POST", "payment/x402", body)).Data;
        var unsigned = Transaction.FromCbor(Convert.FromHexString((string)built["unsignedTxCbor"]!));
        Assert.Empty(unsigned.Witnesses.VKeys);
        var signed = unsigned.WithVKeys([stranger.Payment.Witness(unsigned.Id)]);
        Assert.IsType<DevnetSubmission.Accepted>(world.Devnet.Submit(signed));
        await PaymentWorld.UntilAsync(
            async () => (await world.ActAsync("POST", "payment/resolve-blockchain-identifier", identifier)).Data,
            row => (string?)row["onChainState"] == "FundsLocked",
            "lock"
        );
        await world.RefusedAsync("POST", "payment/x402", body, 404, "Payment not found or not in a buildable state");

        body["blockchainIdentifier"] = (string)(await world.CallAsync("POST", "payment", world.PaymentBody())).Data["blockchainIdentifier"]!;
        body["buyerAddress"] = world.Escrow.ToString();
        await world.RefusedAsync(
            "POST",
            "payment/x402",
            body,
            400,
            "buyerAddress must be a Cardano base or enterprise address with a verification-key payment credential."
        );
        body["buyerAddress"] = PaymentWorld.FeeWallet.ToString();
        var poor = await world.CallAsync("POST", "payment/x402", body);
        Assert.Equal((400, "buyer_funds_short"), (poor.Status, (string?)poor.Body!["error"]!["code"]));
    }
}
