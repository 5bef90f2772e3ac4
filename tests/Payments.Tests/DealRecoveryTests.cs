using System.Text.Json.Nodes;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Common;
using Masumi.Devnet;

namespace Masumi.Payments.Tests;

/// <summary>Error-state recovery (spec payment-service-api.md 6.1, 6.2; findings.md A10).</summary>
public sealed class DealRecoveryTests(PaymentWorld world) : IClassFixture<PaymentWorld>
{
    private const string PaymentGone = "Payment request not found with the provided blockchain identifier or it was changed";
    private const string PurchaseGone = "Purchase request not found with the provided blockchain identifier or it was changed";

    [Fact]
    public async Task What_is_in_order_is_not_recovered_and_nothing_is_changed()
    {
        var identifier = await world.LockAsync();
        var offered = (string)(await world.OfferAsync())["blockchainIdentifier"]!;
        var payment = await RowAsync("payment", identifier);
        var purchase = await RowAsync("purchase", identifier);
        await RefusedAsync("payment", payment, 400, "Payment request is not in WaitingForManualAction state. Current state: WaitingForExternalAction");
        await RefusedAsync("purchase", purchase, 400, "Purchase request is not in WaitingForManualAction state. Current state: WaitingForExternalAction");
        await RefusedAsync(
            "payment",
            await RowAsync("payment", offered),
            400,
            "Payment request is in its initial on-chain state. Can not be recovered. Please start a new payment request."
        );

        // A row that was seen at another time is another row.
        payment["updatedAt"] = "2026-01-01T00:00:00.000Z";
        purchase["updatedAt"] = "2026-01-01T00:00:00.000Z";
        await RefusedAsync("payment", payment, 404, PaymentGone);
        await RefusedAsync("purchase", purchase, 404, PurchaseGone);
    }

    [Fact]
    public async Task Only_the_key_that_made_a_deal_recovers_it()
    {
        var identifier = await world.LockAsync();
        var (_, other) = await world.KeyAsync(new JsonObject { ["canPay"] = true });
        await RefusedAsync("payment", await RowAsync("payment", identifier), 403, "You are not authorized to recover this payment request", other);
        await RefusedAsync("purchase", await RowAsync("purchase", identifier), 403, "You are not authorized to recover this purchase request", other);
    }

    [Fact]
    public async Task A_lock_that_lacked_money_is_tried_at_once_and_paid_once()
    {
        var dear = new JsonObject { ["asset"] = "", ["amount"] = "2000000000" };
        var agent = await world.RegisterAsync(new JsonObject { ["pricingType"] = "Fixed", ["fixed"] = new JsonArray(dear) });
        var asked = world.PaymentBody();
        asked["agentIdentifier"] = agent;
        var offer = world.PurchaseBody((await world.CallAsync("POST", "payment", asked)).Data, asked);
        offer["agentIdentifier"] = agent;
        var identifier = (string)offer["blockchainIdentifier"]!;
        await world.CallAsync("POST", "purchase", offer);
        var poor = await PaymentWorld.UntilAsync(
            async () => await RowAsync("purchase", identifier),
            row => (string?)row["NextAction"]!["errorType"] == "InsufficientFunds",
            "no money"
        );
        await RefusedAsync(
            "purchase",
            poor,
            400,
            "Purchase request is in its initial on-chain state. Only a failed funds-locking action can be retried.",
            retry: false
        );
        Assert.IsType<DevnetFunding.Paid>(world.Devnet.Fund(Address.Parse(world.BuyerAddressOf(EscrowFamily.V2)), Value.Of(Lovelace.FromAda(3000))));

        // The row may have changed with every try; whoever asks again sees it as it is.
        Answer answer;
        do
        {
            answer = await world.CallAsync("POST", "purchase/error-state-recovery", Body(await RowAsync("purchase", identifier), retry: true));
        } while (answer.Status is 404 or 409);
        Assert.True(answer.Status == 200 || answer.Message?.Contains("Current state: FundsLock", StringComparison.Ordinal) == true, answer.Message);
        await world.BothAsync(identifier, "FundsLocked");
        Assert.Empty((await RowAsync("purchase", identifier))["TransactionHistory"]!.AsArray());
    }

    [Fact]
    public async Task A_purchase_that_was_never_locked_is_looked_for_again_and_not_paid_any_more()
    {
        var dear = new JsonObject { ["asset"] = "", ["amount"] = "900000000000" };
        var agent = await world.RegisterAsync(new JsonObject { ["pricingType"] = "Fixed", ["fixed"] = new JsonArray(dear) });
        var asked = world.PaymentBody();
        asked["agentIdentifier"] = agent;
        var offer = world.PurchaseBody((await world.CallAsync("POST", "payment", asked)).Data, asked);
        offer["agentIdentifier"] = agent;
        var identifier = (string)offer["blockchainIdentifier"]!;
        await world.CallAsync("POST", "purchase", offer);
        await world.AdvanceAsync(TimeSpan.FromMinutes(66));
        var row = await PaymentWorld.UntilAsync(
            async () => await RowAsync("purchase", identifier),
            r => (string?)r["onChainState"] == "FundsOrDatumInvalid",
            "the end"
        );
        Assert.Equal("WaitingForManualAction", (string?)row["NextAction"]!["requestedAction"]);
        await RefusedAsync("purchase", row, 400, "The immediately preceding purchase action is not retryable.", retry: true);
        var recovered = await world.CallAsync("POST", "purchase/error-state-recovery", Body(row, retry: false));
        Assert.Equal("FundsOrDatumInvalid", (string?)recovered.Data["onChainState"]);
        Assert.Equal("not_locked", (string?)recovered.Data["problem"]!["code"]);
    }

    private async Task<JsonNode> RowAsync(string side, string identifier) =>
        (
            await world.CallAsync(
                "POST",
                $"{side}/resolve-blockchain-identifier",
                new JsonObject
                {
                    ["network"] = PaymentWorld.Network,
                    ["blockchainIdentifier"] = identifier,
                    ["includeHistory"] = "true",
                }
            )
        ).Data;

    private Task<Answer> RefusedAsync(string side, JsonNode row, int status, string message, string key = PaymentWorld.AdminKey, bool? retry = null) =>
        world.RefusedAsync("POST", $"{side}/error-state-recovery", Body(row, retry), status, message, key);

    private static JsonObject Body(JsonNode row, bool? retry)
    {
        var body = new JsonObject
        {
            ["network"] = PaymentWorld.Network,
            ["blockchainIdentifier"] = (string)row["blockchainIdentifier"]!,
            ["updatedAt"] = (string)row["updatedAt"]!,
        };
        if (retry is { } again)
        {
            body["retryPreviousAction"] = again;
        }

        return body;
    }
}
