using System.Globalization;
using System.Text.Json.Nodes;

namespace Masumi.Payments.Tests;

/// <summary>What the API refuses, how, and that a refusal changes nothing (spec payment-service-api.md 1.2-1.5, 6.1, 6.2).</summary>
public sealed class BadInputTests(PaymentWorld world) : IClassFixture<PaymentWorld>
{
    [Theory]
    [InlineData("sellerVkey", "00", 400, "Invalid seller vkey")]
    [InlineData("inputHash", "abc", 400, "Input hash is not a valid hex string")]
    [InlineData("inputHash", "cccc", 400, "Invalid blockchain identifier, signature invalid")]
    [InlineData("blockchainIdentifier", "00ff", 400, "Invalid blockchain identifier, format invalid")]
    [InlineData("identifierFromPurchaser", "ffffffffffffffff", 400, "Invalid blockchain identifier, purchaser id mismatch")]
    [InlineData("paymentSourceType", "Web3CardanoV1", 400, "Payment source type does not match the blockchain identifier")]
    [InlineData("network", "Mainnet", 404, "No configured V2 payment source found for smartContractAddress")]
    public async Task A_purchase_that_does_not_match_the_offer_is_refused(string field, string value, int status, string message)
    {
        var body = await world.OfferAsync();
        body[field] = value;
        await RefusedAsync("purchase", body, status, message);
    }

    [Fact]
    public async Task A_purchase_at_another_price_is_refused()
    {
        var body = await world.OfferAsync();
        body["Amounts"] = new JsonArray(new JsonObject { ["unit"] = "lovelace", ["amount"] = "4999999" });
        await RefusedAsync("purchase", body, 400, "Provided Amounts do not match the fixed pricing of the agent");
    }

    [Fact]
    public async Task An_amount_as_a_number_is_refused_with_its_path()
    {
        var body = await world.OfferAsync();
        body["Amounts"] = new JsonArray(new JsonObject { ["unit"] = "", ["amount"] = 5_000_000 });
        await RefusedAsync("purchase", body, 400, "Amounts[0].amount: Invalid input: expected string, received number");
    }

    [Theory]
    [InlineData("Amounts", "Amounts[0].amount: Invalid amount: a whole number in text is needed")]
    [InlineData("payByTime", "payByTime: Invalid time: unix milliseconds in text are needed")]
    [InlineData("unlockTime", "unlockTime: Invalid time: unix milliseconds in text are needed")]
    public async Task What_cannot_be_seen_is_no_part_of_a_number(string field, string message)
    {
        var body = await world.OfferAsync();
        body[field] = field == "Amounts" ? new JsonArray(new JsonObject { ["unit"] = "", ["amount"] = "5000000\0" }) : (JsonNode)((string)body[field]! + "\0");
        await RefusedAsync("purchase", body, 400, message);
    }

    // The reference reads them so.
    [Fact]
    public async Task Zeros_at_the_front_of_a_number_are_nothing()
    {
        var body = await world.OfferAsync();
        foreach (var name in new[] { "payByTime", "submitResultTime", "unlockTime", "externalDisputeUnlockTime" })
        {
            body[name] = "0" + (string)body[name]!;
        }

        body["Amounts"] = new JsonArray(new JsonObject { ["unit"] = "", ["amount"] = "04999999" });
        await RefusedAsync("purchase", body, 400, "Provided Amounts do not match the fixed pricing of the agent");
    }

    [Fact]
    public async Task An_agent_that_the_chain_does_not_know_is_refused()
    {
        var body = world.PaymentBody();
        body["agentIdentifier"] = world.Agent[..56] + new string('0', 64);
        await RefusedAsync("payment", body, 404, "Agent identifier not found");
    }

    // Minutes from now: pay by, submit, unlock, dispute.
    [Theory]
    [InlineData(60, 64, 180, 240, "Pay by time must be before submit result time (min. 5 minutes)")]
    [InlineData(-6, 120, 180, 240, "Pay by time must be in the future (max. 5 minutes)")]
    [InlineData(60, 120, 180, 194, "External dispute unlock time must be after unlock time (min. 15 minutes difference)")]
    [InlineData(1, 14, 180, 240, "Submit result time must be in the future (min. 15 minutes)")]
    [InlineData(60, 120, 134, 240, "Submit result time must be before unlock time with at least 15 minutes difference")]
    public async Task Deadlines_too_close_are_refused_on_both_sides(int payBy, int submit, int unlock, int dispute, string message)
    {
        var payment = world.PaymentBody();
        var purchase = await world.OfferAsync();
        var now = world.Devnet.Clock.GetUtcNow();
        foreach (
            var (name, minutes) in new[] { ("payByTime", payBy), ("submitResultTime", submit), ("unlockTime", unlock), ("externalDisputeUnlockTime", dispute) }
        )
        {
            var at = now.AddMinutes(minutes);
            payment[name] = at.ToString("o", CultureInfo.InvariantCulture);
            purchase[name] = at.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        }

        await RefusedAsync("payment", payment, 400, message);
        await RefusedAsync("purchase", purchase, 400, message);
    }

    [Theory]
    [InlineData(null, "Unauthorized, no authentication token provided")]
    [InlineData("no-such-key-at-all", "Unauthorized, invalid authentication token provided")]
    public async Task A_bad_key_is_refused_before_the_input_is_looked_at(string? key, string message) =>
        await RefusedAsync("purchase", new JsonObject(), 401, message, key);

    [Fact]
    public async Task A_key_that_may_only_read_cannot_buy_and_a_revoked_one_cannot_read()
    {
        var made = (await world.CallAsync("POST", "api-key", new JsonObject { ["UsageCredits"] = new JsonArray(), ["usageLimited"] = "false" })).Data;
        var token = (string)made["token"]!;
        await RefusedAsync("purchase", await world.OfferAsync(), 401, "Unauthorized, payment access required", token);
        Assert.Equal(200, (await world.CallAsync("DELETE", "api-key", new JsonObject { ["id"] = (string)made["id"]! })).Status);
        var answer = await world.CallAsync("GET", "api-key-status", key: token);
        Assert.Equal((401, "Unauthorized, API key is revoked"), (answer.Status, answer.Message));
    }

    [Theory]
    [InlineData("{\"network\":")]
    [InlineData("7")]
    public async Task Malformed_JSON_is_refused(string body) => Assert.Equal(400, (await world.CallAsync("POST", "purchase", body)).Status);

    [Fact]
    public async Task A_body_that_is_too_large_is_refused() =>
        Assert.Equal(413, (await world.CallAsync("POST", "purchase", new JsonObject { ["metadata"] = new string('x', 200_000) })).Status);

    [Fact]
    public async Task An_unknown_path_a_wrong_verb_and_a_trailing_slash_are_answered_as_promised()
    {
        var unknown = await world.CallAsync("GET", "nothing-here");
        Assert.Equal(404, unknown.Status);
        Assert.StartsWith("Can not GET ", unknown.Message, StringComparison.Ordinal);
        var wrong = await world.CallAsync("PUT", "purchase", new JsonObject());
        Assert.Equal((405, "PUT is not allowed"), (wrong.Status, wrong.Message));
        Assert.Equal(["GET", "PATCH", "POST"], wrong.Response.Content.Headers.Allow.Order(StringComparer.Ordinal));
        Assert.Equal(200, (await world.CallAsync("GET", $"purchase/?network={PaymentWorld.Network}")).Status);
    }

    private async Task RefusedAsync(string path, JsonObject body, int status, string message, string? key = PaymentWorld.AdminKey)
    {
        var before = await CountsAsync();
        var answer = await world.CallAsync("POST", path, body, key);
        Assert.Equal((status, message), (answer.Status, answer.Message));
        Assert.Equal(before, await CountsAsync());
    }

    private async Task<(long Payments, long Purchases)> CountsAsync()
    {
        var payments = (await world.CallAsync("GET", $"payment/count?network={PaymentWorld.Network}")).Data["total"]!;
        var purchases = (await world.CallAsync("GET", $"purchase/count?network={PaymentWorld.Network}")).Data["total"]!;
        return ((long)payments, (long)purchases);
    }
}
