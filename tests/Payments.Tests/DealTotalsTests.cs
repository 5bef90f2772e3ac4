using System.Globalization;
using System.Text.Json.Nodes;

namespace Masumi.Payments.Tests;

/// <summary>Income, spending, recovery, older names, and what is set up (spec payment-service-api.md 6.1, 6.2, 9.4; since-0.28.md 1).</summary>
public sealed class DealTotalsTests(PaymentWorld world) : IClassFixture<PaymentWorld>
{
    private static readonly string Hash = new('b', 64);

    [Fact]
    public async Task What_was_earned_spent_and_is_still_in_escrow_is_told_by_day_and_month_of_its_payByTime()
    {
        var identifier = await world.LockAsync();
        var day = world.Devnet.Clock.GetUtcNow();
        var pending = await IncomeAsync("payment/income", day);
        Assert.True((decimal)pending["TotalPending"]!["Units"]![0]!["amount"]! > 0);
        await world.ActAsync("POST", "payment/submit-result", identifier, Hash);
        await world.BothAsync(identifier, "ResultSubmitted");
        world.Devnet.Advance(TimeSpan.FromHours(3) + TimeSpan.FromMinutes(15));
        await world.BothAsync(identifier, "Withdrawn");
        var row = (await world.ActAsync("POST", "payment/resolve-blockchain-identifier", identifier)).Data;
        var payBy = DateTimeOffset.FromUnixTimeMilliseconds(long.Parse((string)row["payByTime"]!, CultureInfo.InvariantCulture));
        foreach (
            var (path, word, fees) in new[] { ("payment/income", "Income", "totalSellerCardanoFees"), ("purchase/spending", "Spend", "totalBuyerCardanoFees") }
        )
        {
            var told = await IncomeAsync(path, day);
            var total = told[$"Total{word}"]!;
            Assert.True((decimal)total["Units"]![0]!["amount"]! >= 5_000_000);
            Assert.True((decimal)total["blockchainFees"]! >= (decimal)row[fees]! * 1_000_000);
            var first = told[$"Daily{word}"]!.AsArray().Single(d => (int)d!["day"]! == payBy.Day && (int)d["month"]! == payBy.Month)!;
            Assert.Equal(payBy.Year, (int)first["year"]!);
            Assert.NotEmpty(told[$"Monthly{word}"]!.AsArray());
            Assert.True((long)told["totalTransactions"]! >= 1);
        }
    }

    [Theory]
    [InlineData("2026-02-02", "2026-02-01", "Etc/UTC", "Start date must be before end date.")]
    [InlineData("2026-02-01", "2026-02-02", "Mars/Olympus", "timeZone: Invalid time zone Mars/Olympus")]
    public async Task A_time_that_ends_before_it_begins_and_a_zone_that_nobody_knows_are_refused(string start, string end, string zone, string message)
    {
        foreach (var path in new[] { "payment/income", "purchase/spending" })
        {
            var body = new JsonObject
            {
                ["network"] = PaymentWorld.Network,
                ["agentIdentifier"] = null,
                ["startDate"] = start,
                ["endDate"] = end,
                ["timeZone"] = zone,
            };
            await world.RefusedAsync("POST", path, body, 400, message);
        }
    }

    [Fact]
    public async Task A_deal_without_an_error_is_not_recovered()
    {
        var offer = await world.OfferAsync();
        var identifier = (string)offer["blockchainIdentifier"]!;
        await world.RefusedAsync(
            "POST",
            "payment/error-state-recovery",
            await SeenAsync("payment", identifier, null),
            400,
            "Payment request is in its initial on-chain state. Can not be recovered. Please start a new payment request."
        );
        await world.CallAsync("POST", "purchase", offer);
        await world.BothAsync(identifier, "FundsLocked");
        foreach (var (side, name) in new[] { ("payment", "Payment"), ("purchase", "Purchase") })
        {
            var path = $"{side}/error-state-recovery";
            var seen = await SeenAsync(side, identifier, null);
            await world.RefusedAsync(
                "POST",
                path,
                seen,
                400,
                $"{name} request is not in WaitingForManualAction state. Current state: WaitingForExternalAction"
            );
            var (_, stranger) = await world.KeyAsync(new JsonObject { ["canPay"] = true });
            await world.RefusedAsync("POST", path, seen, 403, $"You are not authorized to recover this {side} request", stranger);
            seen["updatedAt"] = "2020-01-01";
            await world.RefusedAsync("POST", path, seen, 404, $"{name} request not found with the provided blockchain identifier or it was changed");
        }
    }

    [Fact]
    public async Task A_purchase_that_was_never_locked_is_told_so_and_its_lock_is_not_tried_again()
    {
        // Nobody buys for this payment any more; a second one is given up at the node that would have bought.
        var offer = await world.OfferAsync();
        var identifier = (string)offer["blockchainIdentifier"]!;
        await world.AdvanceAsync(TimeSpan.FromHours(1) + TimeSpan.FromMinutes(10));
        var row = await PaymentWorld.UntilAsync(
            async () => (await world.ActAsync("POST", "payment/resolve-blockchain-identifier", identifier)).Data,
            r => (string?)r["onChainState"] == "FundsOrDatumInvalid",
            "giving up"
        );
        Assert.Equal("None", (string?)row["NextAction"]!["requestedAction"]);
        await world.RefusedAsync(
            "POST",
            "payment/error-state-recovery",
            await SeenAsync("payment", identifier, true),
            400,
            "Payment request is not in WaitingForManualAction state. Current state: None"
        );
    }

    [Fact]
    public async Task Older_names_do_what_todays_do_by_the_older_words_and_show_no_transaction_before_there_is_one()
    {
        var identifier = await world.LockAsync();
        var body = new JsonObject
        {
            ["network"] = "PREPROD",
            ["identifier"] = identifier,
            ["hash"] = Hash,
            ["paymentContractAddress"] = world.Escrow.ToString(),
        };
        body["blockchainIdentifier"] = "00ff";
        await world.RefusedAsync("PATCH", "payment", body, 400, "identifier: Must be the same as blockchainIdentifier");
        body.Remove("blockchainIdentifier");
        body["paymentContractAddress"] = "addr_test1other";
        await world.RefusedAsync("PATCH", "payment", body, 404, "Payment not found or in invalid state");
        body.Remove("paymentContractAddress");
        var submitted = await world.CallAsync("PATCH", "payment", body);
        Assert.Equal((200, "SubmitResultRequested"), (submitted.Status, (string?)submitted.Data["NextAction"]!["requestedAction"]));
        Assert.True(submitted.Data.AsObject().ContainsKey("txHash"));
        Assert.Null(submitted.Data["txHash"]);
        await world.BothAsync(identifier, "ResultSubmitted");
        var asked = await world.CallAsync("PATCH", "purchase", body);
        Assert.Equal(
            ("SetRefundRequestedRequested", true),
            ((string?)asked.Data["NextAction"]!["requestedAction"], asked.Data.AsObject().ContainsKey("txHash"))
        );
        await world.BothAsync(identifier, "Disputed");
        world.Devnet.Advance(TimeSpan.FromMinutes(30));
        Assert.Equal(200, (await world.CallAsync("DELETE", "payment", body)).Status);
        await world.BothAsync(identifier, "RefundWithdrawn");
    }

    [Fact]
    public async Task The_marketplace_learns_that_agents_can_be_paid_from_here_and_nothing_secret()
    {
        var told = (await world.CallAsync("GET", $"rail-readiness?network={PaymentWorld.Network}")).Data;
        var cardano = told["Rails"]![0]!;
        Assert.Equal(("CardanoV2", true), ((string?)cardano["rail"], (bool)cardano["isReady"]!));
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
            cardano["Checks"]!.AsArray().Select(c => (string)c!["id"]!)
        );
        var source = Assert.Single(cardano["PurchaseSources"]!.AsArray())!;
        Assert.Equal(
            (world.Agent[..56], world.Escrow.ToString(), true),
            ((string?)source["policyId"], (string?)source["smartContractAddress"], (bool)source["isPurchaseReady"]!)
        );
        Assert.Equal(6, source["Checks"]!.AsArray().Count);
        Assert.Equal(("X402", false), ((string?)told["Rails"]![1]!["rail"], (bool)told["Rails"]![1]!["isReady"]!));
        var other = (await world.CallAsync("GET", "rail-readiness?network=Mainnet")).Data["Rails"]![0]!;
        Assert.Empty(other["PurchaseSources"]!.AsArray());
        Assert.Equal("Needs a payment source first", (string?)other["Checks"]![1]!["detail"]);
        var (_, elsewhere) = await world.KeyAsync(new JsonObject { ["NetworkLimit"] = new JsonArray("Mainnet") });
        await world.RefusedAsync("GET", $"rail-readiness?network={PaymentWorld.Network}", null, 401, "Unauthorized, network not allowed", elsewhere);
    }

    [Theory]
    [InlineData("GET", "x402/networks")]
    [InlineData("POST", "x402/pay")]
    [InlineData("GET", "swap/confirm")]
    [InlineData("DELETE", "x402/wallets/a/b")]
    [InlineData("GET", "invoice/monthly")]
    [InlineData("POST", "signature/sign/create-invoice")]
    public async Task What_this_node_does_not_serve_says_so_to_those_who_have_a_key(string verb, string path)
    {
        var answer = await world.CallAsync(verb, path);
        Assert.Equal((501, "not_served"), (answer.Status, (string?)answer.Body!["error"]!["code"]));
        Assert.Equal(401, (await world.CallAsync(verb, path, key: null)).Status);
    }

    private async Task<JsonNode> IncomeAsync(string path, DateTimeOffset day) =>
        (
            await world.CallAsync(
                "POST",
                path,
                new JsonObject
                {
                    ["network"] = PaymentWorld.Network,
                    ["agentIdentifier"] = null,
                    ["startDate"] = day.AddDays(-1).ToString("o"),
                    ["endDate"] = day.AddDays(2).ToString("o"),
                    ["filterPaymentSourceType"] = "Web3CardanoV2",
                }
            )
        ).Data;

    private async Task<JsonObject> SeenAsync(string side, string identifier, bool? retries)
    {
        var row = (await world.ActAsync("POST", $"{side}/resolve-blockchain-identifier", identifier)).Data;
        var body = new JsonObject
        {
            ["network"] = PaymentWorld.Network,
            ["blockchainIdentifier"] = identifier,
            ["updatedAt"] = (string)row["updatedAt"]!,
        };
        if (retries is { } wanted)
        {
            body["retryPreviousAction"] = wanted;
        }

        return body;
    }
}
