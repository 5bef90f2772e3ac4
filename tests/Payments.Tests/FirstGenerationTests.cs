using System.Text.Json.Nodes;
using Masumi.Cardano.Addresses;

namespace Masumi.Payments.Tests;

/// <summary>Agents and deals of the first generation over HTTP, against a real devnet (spec payment-service-api.md 6.1, 6.2, 6.6; escrow.md 4.4).</summary>
public sealed class FirstGenerationTests(FirstGenerationWorld world) : IClassFixture<FirstGenerationWorld>
{
    private static readonly string ResultHash = new('c', 64);

    private static readonly JsonObject Price = new() { ["fixed"] = new JsonArray(new JsonObject { ["asset"] = "", ["amount"] = "5000000" }) };

    [Fact]
    public async Task A_result_is_collected_and_the_fee_paid()
    {
        var before = Held(PaymentWorld.FeeWallet);
        var identifier = await world.LockAsync();
        Assert.Equal(200, (await world.ActAsync("POST", "payment/submit-result", identifier, ResultHash)).Status);
        await world.BothAsync(identifier, "ResultSubmitted");
        world.Devnet.Advance(TimeSpan.FromHours(3) + TimeSpan.FromMinutes(15));
        await world.BothAsync(identifier, "Withdrawn");
        Assert.True(Held(PaymentWorld.FeeWallet) >= before + 250_000, "Five per cent of five ADA, or the least an output can hold.");
    }

    [Fact]
    public async Task The_source_shows_the_fee_that_the_contract_takes()
    {
        var source = Assert.Single((await world.CallAsync("GET", "payment-source")).Data["PaymentSources"]!.AsArray())!;
        Assert.Equal(50, (int)source["feeRatePermille"]!);
        Assert.Equal(
            new JsonObject { ["walletAddress"] = PaymentWorld.FeeWallet.ToString() }.ToJsonString(),
            source["FeeReceiverNetworkWallet"]!.ToJsonString()
        );
        Assert.Equal(("Web3CardanoV1", world.Escrow.ToString()), ((string?)source["paymentSourceType"], (string?)source["smartContractAddress"]));

        // Only the second generation counts votes (spec payment-service-api.md 3.1).
        Assert.True(source.AsObject().ContainsKey("requiredAdminSignatures") && source["requiredAdminSignatures"] is null);
        Assert.Equal(3, source["AdminWallets"]!.AsArray().Count);
    }

    [Fact]
    public async Task A_request_for_a_refund_can_be_taken_back()
    {
        var identifier = await world.LockAsync();
        await world.ActAsync("POST", "purchase/request-refund", identifier);
        await world.BothAsync(identifier, "RefundRequested");
        world.Devnet.Advance(TimeSpan.FromMinutes(30));
        Assert.Equal(200, (await world.ActAsync("POST", "purchase/cancel-refund-request", identifier)).Status);
        await world.BothAsync(identifier, "FundsLocked");
    }

    [Fact]
    public async Task A_refund_without_a_dispute_is_not_the_sellers_to_agree_to()
    {
        var identifier = await world.LockAsync();
        await world.ActAsync("POST", "purchase/request-refund", identifier);
        await world.BothAsync(identifier, "RefundRequested");
        Assert.NotEqual(200, (await world.ActAsync("POST", "payment/authorize-refund", identifier)).Status);
        world.Devnet.Advance(TimeSpan.FromHours(2) + TimeSpan.FromMinutes(15));
        await world.BothAsync(identifier, "RefundWithdrawn");
    }

    [Fact]
    public async Task A_registration_shows_its_own_price_and_no_sources()
    {
        var rows = (await world.CallAsync("GET", $"registry?network={PaymentWorld.Network}")).Data["Assets"]!.AsArray();
        var row = rows.Single(r => (string?)r!["agentIdentifier"] == world.Agent)!;
        Assert.Equal("""{"pricingType":"Fixed","Pricing":[{"unit":"","amount":"5000000","symbol":"ADA","decimals":6}]}""", row["AgentPricing"]!.ToJsonString());
        Assert.Null(row["supportedPaymentSources"]);
    }

    [Fact]
    public async Task A_registration_keeps_to_its_generation()
    {
        var body = world.RegistrationBody(Price);
        body["supportedPaymentSources"] = new JsonArray(
            new JsonObject
            {
                ["chain"] = "Cardano",
                ["network"] = PaymentWorld.Network,
                ["paymentSourceType"] = "Web3CardanoV1",
                ["address"] = world.Escrow.ToString(),
                ["pricing"] = new JsonObject { ["pricingType"] = "Free" },
            }
        );
        await world.RefusedAsync("POST", "registry", body, 400, "V1 registrations must not set supportedPaymentSources; use the top-level AgentPricing field");
        body.Remove("supportedPaymentSources");
        body.Remove("AgentPricing");
        await world.RefusedAsync("POST", "registry", body, 400, "V1 registrations require the top-level AgentPricing field");
    }

    [Fact]
    public async Task A_purchase_or_payment_names_no_source()
    {
        var offer = await world.OfferAsync();
        offer["supportedPaymentSourceIndex"] = 0;
        const string rest = "must not set supportedPaymentSourceIndex; pricing comes from AgentPricing";
        await world.RefusedAsync("POST", "purchase", offer, 400, $"V1 Cardano purchases {rest}");
        var asked = world.PaymentBody();
        asked["supportedPaymentSourceIndex"] = 0;
        await world.RefusedAsync("POST", "payment", asked, 400, $"V1 Cardano payments {rest}");
    }

    [Fact]
    public async Task An_agent_is_retired()
    {
        var agent = await world.RegisterAsync(Price);
        var body = new JsonObject { ["network"] = PaymentWorld.Network, ["agentIdentifier"] = agent };
        Assert.Equal("DeregistrationRequested", (string?)(await world.CallAsync("POST", "registry/deregister", body)).Data["state"]);
        await PaymentWorld.UntilAsync(
            async () =>
                (await world.CallAsync("GET", $"registry?network={PaymentWorld.Network}")).Data["Assets"]!
                    .AsArray()
                    .Single(r => (string?)r!["agentIdentifier"] == agent)!,
            row => (string?)row["state"] == "DeregistrationConfirmed",
            "retirement"
        );
    }

    private long Held(Address address) => world.Devnet.State.Utxos.Values.Where(o => o.Address == address).Sum(o => o.Value.Coin.Amount);
}
