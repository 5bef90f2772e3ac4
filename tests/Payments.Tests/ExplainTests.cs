using System.Text.Json.Nodes;

namespace Masumi.Payments.Tests;

/// <summary>What is said of how a deal stands: what happened, what comes next, what could go wrong, what can be done.</summary>
public sealed class ExplainTests(PaymentWorld world) : IClassFixture<PaymentWorld>
{
    [Fact]
    public async Task The_calls_that_are_named_are_those_that_are_taken()
    {
        var identifier = await world.LockAsync();
        Assert.Equal(["requestRefund"], Calls(await ExplainAsync("purchase", identifier)));
        Assert.Equal(["submitResult"], Calls(await ExplainAsync("payment", identifier)));

        await world.ActAsync("POST", "payment/submit-result", identifier, new string('b', 64));
        await world.BothAsync(identifier, "ResultSubmitted");
        var seller = await ExplainAsync("payment", identifier);
        Assert.Empty(Calls(seller));
        Assert.Equal(("Withdraw", "Seller"), ((string?)seller["Next"]!["action"], (string?)seller["Next"]!["by"]));
        Assert.Equal("dispute", (string?)Assert.Single(seller["Risks"]!.AsArray())!["code"]);
        var buyer = await ExplainAsync("purchase", identifier);
        var call = Assert.Single(buyer["Calls"]!.AsArray())!;
        Assert.Equal(("requestRefund", "POST", "/purchase/request-refund"), ((string?)call["name"], (string?)call["verb"], (string?)call["path"]));
        Assert.NotNull(call["until"]);
        Assert.Equal("dispute_too_late", (string?)Assert.Single(buyer["Risks"]!.AsArray())!["code"]);

        await world.ActAsync("POST", "purchase/request-refund", identifier);
        await world.BothAsync(identifier, "Disputed");
        Assert.Equal(["cancelRefundRequest"], Calls(await ExplainAsync("purchase", identifier)));
        var disputed = await ExplainAsync("payment", identifier);
        Assert.Equal(["submitResult", "authorizeRefund"], Calls(disputed));
        Assert.Contains("admins divide", (string?)disputed["Next"]!["words"], StringComparison.Ordinal);
        Assert.NotNull(disputed["Next"]!["at"]);
        Assert.Equal(
            [("Lock", "Buyer"), ("SubmitResult", "Seller"), ("RequestRefund", "Buyer")],
            disputed["Happened"]!.AsArray().Select(h => ((string?)h!["action"], (string?)h["by"]))
        );
        Assert.Contains("although there is a result", (string?)disputed["words"], StringComparison.Ordinal);

        world.Devnet.Advance(TimeSpan.FromMinutes(30));
        Assert.Equal(200, (await world.ActAsync("POST", "payment/authorize-refund", identifier)).Status);
        await world.BothAsync(identifier, "RefundWithdrawn");
        var over = await ExplainAsync("purchase", identifier);
        Assert.True(over["Next"] is null && Calls(over).Count == 0);
    }

    [Fact]
    public async Task Another_key_is_named_no_call_that_would_be_refused_to_it()
    {
        var identifier = await world.LockAsync();
        var id = (string)(await world.ActAsync("POST", "purchase/resolve-blockchain-identifier", identifier)).Data["id"]!;
        var (_, other) = await world.KeyAsync(new JsonObject { ["canPay"] = true });
        Assert.Empty(Calls((await world.CallAsync("GET", $"purchase/{id}/explain", key: other)).Data));
        await world.RefusedAsync("GET", $"payment/{id}/explain", null, 404, "Payment not found");
    }

    [Fact]
    public async Task An_offer_waits_for_its_lock()
    {
        var id = (string)(await world.CallAsync("POST", "payment", world.PaymentBody())).Data["id"]!;
        var explained = (await world.CallAsync("GET", $"payment/{id}/explain")).Data;
        Assert.Equal(("Lock", "Buyer"), ((string?)explained["Next"]!["action"], (string?)explained["Next"]!["by"]));
        Assert.NotNull(explained["Next"]!["before"]);
        Assert.Equal("not_locked", (string?)Assert.Single(explained["Risks"]!.AsArray())!["code"]);
        Assert.True(explained["problem"] is null && explained["onChainState"] is null && explained["Happened"]!.AsArray().Count == 0);
    }

    private async Task<JsonNode> ExplainAsync(string side, string identifier)
    {
        var id = (string)(await world.ActAsync("POST", $"{side}/resolve-blockchain-identifier", identifier)).Data["id"]!;
        return (await world.CallAsync("GET", $"{side}/{id}/explain")).Data;
    }

    private static List<string?> Calls(JsonNode explained) => [.. explained["Calls"]!.AsArray().Select(c => (string?)c!["name"])];
}
