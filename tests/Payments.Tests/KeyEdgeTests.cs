using System.Text.Json.Nodes;

namespace Masumi.Payments.Tests;

/// <summary>Who may do what, and what a usage-limited key may spend (spec payment-service-api.md 1.2, 2, 6.3).</summary>
[Collection(EdgesCollection.Name)]
public sealed class KeyEdgeTests(PaymentWorld world)
{
    private const string NetworkNotAllowed = "Unauthorized, network not allowed";
    private const string InvalidUnit = "Invalid unit: lovelace, policy id and asset name in hex, or eip155:<chain id>:0x<address>, is needed";
    private const string InvalidNumber = "Invalid amount: a whole number in decimal digits, below 2^63, is needed";
    private const string PaymentNeeded = "Unauthorized, payment access required";

    public static TheoryData<string, string> Writes =>
        new()
        {
            { "POST", "purchase" },
            { "PATCH", "purchase" },
            { "POST", "purchase/request-refund" },
            { "POST", "purchase/cancel-refund-request" },
            { "POST", "payment" },
            { "POST", "payment/submit-result" },
            { "POST", "payment/authorize-refund" },
        };

    public static TheoryData<string, string> Reads =>
        new()
        {
            { "GET", "purchase" },
            { "GET", "purchase/count" },
            { "GET", "purchase/diff" },
            { "GET", "payment" },
            { "GET", "payment/count" },
            { "GET", "payment/diff/next-action" },
        };

    [Theory]
    [MemberData(nameof(Writes))]
    public async Task A_key_that_may_only_read_writes_nothing(string verb, string path)
    {
        var (_, token) = await world.KeyAsync([]);
        await world.RefusedAsync(verb, path, await ActionAsync(path), 401, PaymentNeeded, token);
    }

    [Theory]
    [MemberData(nameof(Writes))]
    public async Task A_key_limited_to_another_network_writes_nothing(string verb, string path)
    {
        var (_, token) = await world.KeyAsync(new JsonObject { ["canPay"] = true, ["NetworkLimit"] = new JsonArray("Mainnet") });
        await world.RefusedAsync(verb, path, await ActionAsync(path), 401, NetworkNotAllowed, token);
    }

    [Theory]
    [MemberData(nameof(Reads))]
    public async Task A_key_limited_to_another_network_reads_nothing(string verb, string path)
    {
        var (_, token) = await world.KeyAsync(new JsonObject { ["NetworkLimit"] = new JsonArray("Mainnet") });
        await world.RefusedAsync(verb, $"{path}?network={PaymentWorld.Network}", null, 401, NetworkNotAllowed, token);
        Assert.Equal(200, (await world.CallAsync(verb, $"{path}?network=Mainnet", key: token)).Status);
    }

    [Theory]
    [MemberData(nameof(Writes))]
    public async Task A_revoked_key_is_refused_everywhere(string verb, string path)
    {
        var (id, token) = await world.KeyAsync(new JsonObject { ["canPay"] = true });
        var revoked = (await world.CallAsync("DELETE", "api-key", new JsonObject { ["id"] = id })).Data;
        Assert.Equal((id, "Revoked", "*****" + token[^4..]), ((string)revoked["id"]!, (string)revoked["status"]!, (string)revoked["token"]!));
        await world.RefusedAsync(verb, path, await ActionAsync(path), 401, "Unauthorized, API key is revoked", token);
        await world.RefusedAsync("DELETE", "api-key", new JsonObject { ["id"] = id }, 404, "API key not found");
    }

    [Fact]
    public async Task Only_an_admin_sees_or_makes_keys_and_nobody_sees_a_token_twice()
    {
        var (_, token) = await world.KeyAsync(new JsonObject { ["canPay"] = true });
        foreach (var verb in new[] { "GET", "POST", "DELETE" })
        {
            await world.RefusedAsync(verb, "api-key", verb == "GET" ? null : new JsonObject(), 401, "Unauthorized, admin access required", token);
        }

        var listed = (await world.CallAsync("GET", "api-key?take=100")).Body!.ToJsonString();
        Assert.DoesNotContain(token, listed, StringComparison.Ordinal);
        Assert.Contains("*****" + token[^4..], listed, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{}""", "UsageCredits: Invalid input: expected array, received undefined")]
    [InlineData("""{"UsageCredits":[{"unit":"","amount":"-1"}]}""", "Invalid amount")]
    [InlineData("""{"UsageCredits":[{"unit":"","amount":"1.5"}]}""", $"UsageCredits[0].amount: {InvalidNumber}")]
    [InlineData("""{"UsageCredits":[{"unit":"","amount":"9223372036854775808"}]}""", $"UsageCredits[0].amount: {InvalidNumber}")]
    [InlineData("""{"UsageCredits":[{"unit":"","amount":"9223372036854775807"},{"unit":"lovelace","amount":"1"}]}""", "Invalid amount")]
    [InlineData("""{"UsageCredits":[{"unit":"","amount":1}]}""", "UsageCredits[0].amount: Invalid input: expected string, received number")]
    [InlineData("""{"UsageCredits":[{"unit":"","amount":"5000000\u0000"}]}""", $"UsageCredits[0].amount: {InvalidNumber}")]
    [InlineData("""{"UsageCredits":[{"unit":"ada","amount":"1"}]}""", $"UsageCredits[0].unit: {InvalidUnit}")]
    [InlineData(
        """{"UsageCredits":[{"unit":"tusdm","amount":"1"},{"unit":"abc","amount":"x"}]}""",
        $"UsageCredits[0].unit: {InvalidUnit}; UsageCredits[1].unit: {InvalidUnit}; UsageCredits[1].amount: {InvalidNumber}"
    )]
    [InlineData("""{"UsageCredits":[{"unit":"eip155:8453:0x12","amount":"1"}]}""", $"UsageCredits[0].unit: {InvalidUnit}")]
    [InlineData(
        """{"UsageCredits":[{"unit":"eip155:8453:0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913\u0000","amount":"1"}]}""",
        $"UsageCredits[0].unit: {InvalidUnit}"
    )]
    [InlineData("""{"UsageCredits":[],"NetworkLimit":["Preview"]}""", "NetworkLimit[0]: Invalid option: expected one of \"Preprod\"|\"Mainnet\"")]
    [InlineData("""{"UsageCredits":[],"canAdmin":true,"usageLimited":"true"}""", "Admin API keys cannot have usage limits")]
    [InlineData("""{"UsageCredits":[],"permission":"Root"}""", "permission: Invalid option: expected one of \"Read\"|\"ReadAndPay\"|\"Admin\"")]
    [InlineData("""{"UsageCredits":[],"canAdmin":true,"walletScopeEnabled":"true"}""", "Admin API keys cannot have wallet scope enabled")]
    [InlineData(
        """{"UsageCredits":[],"ChainIdLimit":["cardano:preprod"]}""",
        "ChainIdLimit[0]: Use NetworkLimit for Cardano networks; ChainIdLimit is for non-Cardano CAIP-2 chain ids"
    )]
    public async Task A_key_nobody_should_have_is_not_made(string body, string message) =>
        await world.RefusedAsync("POST", "api-key", JsonNode.Parse(body), 400, message);

    [Fact]
    public async Task What_a_change_leaves_out_stays_and_a_revoked_key_is_not_brought_back_by_the_way()
    {
        var (id, token) = await LimitedAsync("12000000");
        await world.CallAsync("PATCH", "api-key", new JsonObject { ["id"] = id, ["status"] = "Revoked" });
        Assert.Equal(401, (await world.CallAsync("GET", "api-key-status", key: token)).Status);
        var added = await ChangeAsync(id, "UsageCreditsToAddOrRemove", """[{"unit":"","amount":"5"},{"unit":"lovelace","amount":"-6"}]""");
        Assert.Equal(("Revoked", true, "11999999"), ((string)added["status"]!, (bool)added["usageLimited"]!, Credit(added)));
        var back = await ChangeAsync(id, "status", "\"Active\"");
        Assert.Equal(("Active", "11999999"), ((string)back["status"]!, Credit(back)));
        Assert.Equal(200, (await world.CallAsync("GET", "api-key-status", key: token)).Status);
        Assert.Empty((await ChangeAsync(id, "UsageCreditsToAddOrRemove", """[{"unit":"","amount":"-11999999"}]"""))["RemainingUsageCredits"]!.AsArray());

        static string? Credit(JsonNode key) => (string?)key["RemainingUsageCredits"]![0]!["amount"];
    }

    [Fact]
    public async Task A_new_token_takes_the_place_of_the_old_one_at_once_and_belongs_to_one_key()
    {
        var (id, token) = await world.KeyAsync([]);
        var (_, other) = await world.KeyAsync([]);
        Assert.Equal(200, (await world.CallAsync("GET", "api-key-status", key: token)).Status);
        await world.RefusedAsync("PATCH", "api-key", new JsonObject { ["id"] = id, ["token"] = other }, 409, "Another API key has this token");
        var changed = (await world.CallAsync("PATCH", "api-key", new JsonObject { ["id"] = id, ["token"] = "a token of the operator's own" })).Data;
        Assert.Equal("***** own", (string?)changed["token"]);
        Assert.Equal(401, (await world.CallAsync("GET", "api-key-status", key: token)).Status);
        Assert.Equal(200, (await world.CallAsync("GET", "api-key-status", key: "a token of the operator's own")).Status);
    }

    [Fact]
    public async Task A_scope_and_an_overhead_are_shown_and_a_scope_names_wallets_that_are_there()
    {
        var (id, _) = await world.KeyAsync([]);
        var wallet = (string)(await world.CallAsync("GET", "wallet/list")).Data["Wallets"]![0]!["id"]!;
        await world.RefusedAsync("PATCH", "api-key", Change(id, "WalletScopeHotWalletIds", """["nobody"]"""), 404, "Wallet nobody not found");
        await world.RefusedAsync("PATCH", "api-key", Change("nobody", "canPay", "true"), 404, "API key not found");
        var body = Change(id, "WalletScopeHotWalletIds", $"""["{wallet}"]""");
        body["walletScopeEnabled"] = true;
        body["overhead"] = new JsonObject { ["openLovelace"] = "7" };
        var changed = (await world.CallAsync("PATCH", "api-key", body)).Data;
        Assert.Equal(
            (true, wallet, "7", "5000000"),
            (
                (bool)changed["walletScopeEnabled"]!,
                (string?)changed["WalletScopes"]![0]!["hotWalletId"],
                (string?)changed["overhead"]!["openLovelace"],
                (string?)changed["overhead"]!["feesPerDay"]
            )
        );
        await world.RefusedAsync("PATCH", "api-key", Change(id, "canAdmin", "true"), 400, "Admin API keys cannot have wallet scope enabled");
    }

    private static JsonObject Change(string id, string name, string json) => new() { ["id"] = id, [name] = JsonNode.Parse(json) };

    private async Task<JsonNode> ChangeAsync(string id, string name, string json) => (await world.CallAsync("PATCH", "api-key", Change(id, name, json))).Data;

    [Fact]
    public async Task Credits_are_shown_for_people_too_and_tokens_of_other_chains_are_credits()
    {
        var credits = JsonNode.Parse(
            """
            [{"unit":"LOVELACE","amount":"5"},
             {"unit":"16A55B2A349361FF88C03788F93E1E966E5D689605D044FEF722DDDE0014df10745553444d","amount":"007"},
             {"unit":"eip155:8453:0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913","amount":"9"},
             {"unit":"99999999999999999999999999999999999999999999999999999999","amount":"0"}]
            """
        );
        var made = (await world.CallAsync("POST", "api-key", new JsonObject { ["UsageCredits"] = credits })).Data;
        Assert.Equal(
            [
                """{"unit":"","amount":"5","symbol":"ADA","decimals":6}""",
                """{"unit":"16a55b2a349361ff88c03788f93e1e966e5d689605d044fef722ddde0014df10745553444d","amount":"7","symbol":"tUSDM","decimals":6}""",
                """{"unit":"99999999999999999999999999999999999999999999999999999999","amount":"0"}""",
                """{"unit":"eip155:8453:0x833589fcd6edb6e08f4c7c32d4f71b54bda02913","amount":"9"}""",
            ],
            made["RemainingUsageCredits"]!.AsArray().Select(c => c!.ToJsonString())
        );
    }

    [Fact]
    public async Task Keys_are_listed_page_by_page_with_the_last_row_repeated()
    {
        for (var i = 0; i < 3; i++)
        {
            await world.KeyAsync([]);
        }

        var all = await Ids("api-key?take=100");
        var seen = new List<string>();
        var page = await Ids("api-key?take=2");
        while (page.Count > 1)
        {
            Assert.Equal(seen.LastOrDefault() ?? page[0], page[0]);
            seen.AddRange(page.Skip(seen.Count == 0 ? 0 : 1));
            page = await Ids($"api-key?take=2&cursorId={page[^1]}");
        }

        Assert.Equal(all, seen);
        Assert.Empty(await Ids("api-key?cursorId=nobody"));

        async Task<List<string>> Ids(string path) => [.. (await world.CallAsync("GET", path)).Data["ApiKeys"]!.AsArray().Select(k => (string)k!["id"]!)];
    }

    [Fact]
    public async Task Credits_are_spent_once_per_purchase_and_only_by_one_that_is_stored()
    {
        var (_, token) = await LimitedAsync("12000000");
        var bad = await world.OfferAsync();
        bad["inputHash"] = new string('c', 64);
        await world.RefusedAsync("POST", "purchase", bad, 400, "Invalid blockchain identifier, signature invalid", token);
        Assert.Equal("12000000", await CreditAsync(token));

        // Two at once: one is stored, the other hears of it, and one price is spent.
        var offer = await world.OfferAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => world.CallAsync("POST", "purchase", offer.DeepClone(), token)));
        Assert.Equal([200, 409, 409, 409], answers.Select(a => a.Status).Order());
        Assert.Equal("7000000", await CreditAsync(token));
        var identifier = (string)offer["blockchainIdentifier"]!;
        await world.BothAsync(identifier, "FundsLocked");

        // Credits that would suffice for one more but not two.
        var second = await world.OfferAsync();
        Assert.Equal(200, (await world.CallAsync("POST", "purchase", second, token)).Status);
        Assert.Equal("2000000", await CreditAsync(token));
        await world.BothAsync((string)second["blockchainIdentifier"]!, "FundsLocked");
        var third = await world.OfferAsync();
        await world.RefusedAsync("POST", "purchase", third, 400, "Insufficient funds", token);
        Assert.Equal("2000000", await CreditAsync(token));

        // The same body is good for a key that can pay.
        Assert.Equal(200, (await world.CallAsync("POST", "purchase", third)).Status);
        await world.BothAsync((string)third["blockchainIdentifier"]!, "FundsLocked");
    }

    [Theory]
    [InlineData("""[]""")]
    [InlineData("""[{"unit":"","amount":"4999999"}]""")]
    [InlineData("""[{"unit":"55555555555555555555555555555555555555555555555555555555aa","amount":"9000000"}]""")]
    public async Task Credits_that_do_not_cover_the_price_buy_nothing(string credits)
    {
        var (_, token) = await world.KeyAsync(
            new JsonObject
            {
                ["canPay"] = true,
                ["usageLimited"] = "true",
                ["UsageCredits"] = JsonNode.Parse(credits),
            }
        );
        await world.RefusedAsync("POST", "purchase", await world.OfferAsync(), 400, "Insufficient funds", token);
    }

    [Fact]
    public async Task A_limited_key_sells_without_spending()
    {
        var (_, token) = await LimitedAsync("1");
        Assert.Equal(200, (await world.CallAsync("POST", "payment", world.PaymentBody(), token)).Status);
        Assert.Equal("1", await CreditAsync(token));
    }

    private Task<(string Id, string Token)> LimitedAsync(string lovelace) =>
        world.KeyAsync(
            new JsonObject
            {
                ["canPay"] = true,
                ["usageLimited"] = "true",
                ["UsageCredits"] = new JsonArray(new JsonObject { ["unit"] = "lovelace", ["amount"] = lovelace }),
            }
        );

    private async Task<string> CreditAsync(string token)
    {
        var credit = Assert.Single((await world.CallAsync("GET", "api-key-status", key: token)).Data["RemainingUsageCredits"]!.AsArray())!;
        Assert.Equal("", (string?)credit["unit"]);
        return (string)credit["amount"]!;
    }

    /// <summary>A body that every write would take from the right key.</summary>
    private async Task<JsonObject> ActionAsync(string path)
    {
        if (path == "payment")
        {
            return world.PaymentBody();
        }

        var body = await world.OfferAsync();
        body["submitResultHash"] = new string('b', 64);
        return body;
    }
}
