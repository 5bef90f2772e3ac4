using System.Text.Json;
using System.Text.Json.Nodes;
using Masumi.Protocol;
using Masumi.Protocol.Tokens;

namespace Masumi.Client.Tests;

/// <summary>What the clients make of other people's answers.</summary>
public sealed class ReadingTests
{
    private static readonly Uri At = new("http://127.0.0.1:1/api/v1");
    private static readonly BuyerNonce Nonce = BuyerNonce.Parse("3f1c9a0b7d2e4f60");
    private static readonly JsonElement Nothing = JsonDocument.Parse("{}").RootElement;

    private static JsonObject Offer() =>
        new()
        {
            ["id"] = "j1",
            ["blockchainIdentifier"] = "3187",
            ["payByTime"] = 1767229200000,
            ["submitResultTime"] = "1767232800000",
            ["unlockTime"] = 1767254400,
            ["externalDisputeUnlockTime"] = "1767276000000",
            ["agentIdentifier"] = new string('A', 120),
            ["sellerVKey"] = new string('b', 56),
            ["identifierFromPurchaser"] = Nonce.ToString(),
            ["input_hash"] = new string('c', 64),
        };

    [Fact]
    public async Task An_offer_is_read_in_all_its_spellings()
    {
        var job = await StartAsync(_ => { });
        Assert.Equal(("j1", "3187", new string('a', 120)), (job.JobId, job.BlockchainIdentifier.ToString(), job.AgentIdentifier.ToString()));
        Assert.Equal(
            new Deadlines(WireTime.Parse("1767229200000"), WireTime.Parse("1767232800000"), WireTime.Parse("1767254400000"), WireTime.Parse("1767276000000")),
            job.Deadlines
        );
        Assert.Null(job.PaymentSourceType);
        Assert.Null(job.Amounts);

        var other = await StartAsync(o =>
        {
            o["job_id"] = "j2";
            o.Remove("id");
            o["sellerVkey"] = (string?)o["sellerVKey"];
            o.Remove("sellerVKey");
            o["inputHash"] = (string?)o["input_hash"];
            o.Remove("input_hash");
            o["paymentSourceType"] = "Web3CardanoV2";
            o["amounts"] = new JsonArray(new JsonObject { ["amount"] = 2000000, ["unit"] = "lovelace" });
        });
        Assert.Equal(("j2", job.SellerVkey, job.InputHash), (other.JobId, other.SellerVkey, other.InputHash));
        Assert.Equal(PaymentSourceType.Web3CardanoV2, other.PaymentSourceType);
        Assert.Equal([new UnitAmount(2_000_000, Unit.Ada)], other.Amounts!);
        Assert.Null((await StartAsync(o => o["paymentSourceType"] = "None")).PaymentSourceType);
        Assert.Null((await StartAsync(o => o["amounts"] = new JsonArray(new JsonObject { ["amount"] = "2.0", ["unit"] = "" }))).Amounts);
    }

    [Theory]
    [InlineData("id", "", "The start_job answer lacks id.")]
    [InlineData("payByTime", "soon", "The start_job answer lacks a deadline.")]
    [InlineData("blockchainIdentifier", "xyz", "The answer's blockchainIdentifier: Not a blockchain identifier: 'xyz'.")]
    [InlineData("blockchainIdentifier", "FREE-0123456789abcdef01234567", "The answer's blockchainIdentifier: Not a blockchain identifier: 'FREE-")]
    [InlineData("agentIdentifier", "64", "The answer's agentIdentifier: Not an agent identifier: '64'.")]
    [InlineData("sellerVKey", null, "The answer's sellerVKey: Not a wallet's vkey: nothing.")]
    [InlineData("identifierFromPurchaser", "3F1C9A0B7D2E4F60", "The answer's identifierFromPurchaser: Not an identifier from a purchaser: ")]
    [InlineData("input_hash", "", "The answer's input_hash: Not an input hash: ''.")]
    [InlineData("paymentSourceType", "Hydra", "The answer's paymentSourceType is none of Web3CardanoV1, Web3CardanoV2.")]
    public async Task An_answer_that_is_no_offer_is_refused_and_says_what_is_wrong(string member, string? value, string message)
    {
        var refusal = await Assert.ThrowsAsync<MasumiApiException>(() => StartAsync(o => o[member] = value));
        Assert.StartsWith(message, refusal.Message, StringComparison.Ordinal);
        Assert.False(refusal.IsTransient);
    }

    [Fact]
    public async Task A_row_with_words_of_another_time_is_read_without_them()
    {
        using var answers = new Answers(
            """
            {"status":"success","data":{"id":"r1","blockchainIdentifier":"3187","onChainState":"Streaming","inputHash":"xyz","resultHash":"abcd",
             "NextAction":{"requestedAction":"MeteringRequested","errorType":"PolicyDenied","errorNote":"n","resultHash":null},
             "PaidFunds":[{"amount":"5","unit":"eip155:8453:0x00"}]}}
            """
        );
        var row = await Payments(answers).ResolvePurchaseAsync(BlockchainIdentifier.Parse("3187"), default);
        Assert.Equal(("Streaming", (OnChainState?)null), (row!.OnChainState?.Text, row.OnChainState?.Known));
        Assert.Equal(("MeteringRequested", "PolicyDenied", "n"), (row.RequestedAction?.Text, row.ErrorType?.Text, row.ErrorNote));
        Assert.Equal(("abcd", (ResultHash?)null), (row.ResultHashText, row.ResultHash));
        Assert.Null(row.InputHash);
        Assert.Null(row.Deadlines);
        Assert.Null(row.Funds);
        Assert.Equal("xyz", row.Raw.GetProperty("inputHash").GetString());
    }

    [Fact]
    public async Task A_row_of_today_is_read_whole()
    {
        var hash = new string('d', 64);
        using var answers = new Answers(
            $$$"""
            {"data":{"id":"r1","blockchainIdentifier":"3187","agentIdentifier":"{{{new string(
                'a',
                120
            )}}}","onChainState":"ResultSubmitted","inputHash":"{{{hash}}}",
             "resultHash":"{{{hash}}}","payByTime":"1767229200000","submitResultTime":"1767232800000","unlockTime":"1767254400000",
             "externalDisputeUnlockTime":"1767276000000","NextAction":{"requestedAction":"SubmitResultInitiated","resultHash":"{{{hash}}}"},
             "RequestedFunds":[{"amount":"5000000","unit":"{{{Token.TUsdm.Unit}}}"}]}}
            """
        );
        var row = await Payments(answers).ResolvePaymentAsync(BlockchainIdentifier.Parse("3187"), default);
        Assert.Equal(OnChainState.ResultSubmitted, row!.OnChainState?.Known);
        Assert.Equal(RequestedAction.SubmitResultInitiated, row.RequestedAction?.Known);
        Assert.Equal((ResultHash.Parse(hash), ResultHash.Parse(hash), InputHash.Parse(hash)), (row.ResultHash, row.QueuedResultHash, row.InputHash));
        Assert.Equal(WireTime.Parse("1767254400000"), row.Deadlines?.Unlock);
        Assert.Equal([Price.Usdm(5).On(Network.Preprod)], row.Funds!);
        Assert.Equal("""{"network":"Preprod","blockchainIdentifier":"3187"}""", answers.Sent);
    }

    [Fact]
    public async Task A_purchase_is_sent_in_the_words_of_the_wire()
    {
        using var answers = new Answers("""{"data":{"id":"r1"}}""");
        var times = new Deadlines(WireTime.Parse("1"), WireTime.Parse("2"), WireTime.Parse("3"), WireTime.Parse("4"));
        await Payments(answers)
            .CreatePurchaseAsync(
                new PurchaseRequest(
                    BlockchainIdentifier.Parse("3187"),
                    AgentIdentifier.Parse(new string('a', 120)),
                    WalletVkey.Parse(new string('b', 56)),
                    Nonce,
                    InputHash.Parse("cc"),
                    times,
                    PaymentSourceType.Web3CardanoV2,
                    0,
                    Amounts: [new UnitAmount(5, Unit.Ada)]
                ),
                default
            );
        Assert.Equal("/api/v1/purchase", answers.Path);
        Assert.Equal(
            $$"""
            {"network":"Preprod","blockchainIdentifier":"3187","agentIdentifier":"{{new string('a', 120)}}","sellerVkey":"{{new string(
                'b',
                56
            )}}","identifierFromPurchaser":"3f1c9a0b7d2e4f60","inputHash":"cc","payByTime":"1","submitResultTime":"2","unlockTime":"3","externalDisputeUnlockTime":"4","paymentSourceType":"Web3CardanoV2","supportedPaymentSourceIndex":0,"Amounts":[{"amount":"5","unit":""}]}
            """,
            answers.Sent
        );
    }

    [Theory]
    [InlineData("""{"pricingType":"Fixed","FixedPricing":{"Amounts":[{"amount":"2000000","unit":""}]}}""", 2_000_000)]
    [InlineData("""{"pricingType":"Dynamic"}""", null)]
    public async Task The_price_of_an_agent_is_the_registrys_where_it_is_fixed(string pricing, int? lovelace)
    {
        var information = await InformationAsync(pricing);
        Assert.Equal(lovelace, (int?)information!.FixedPrice?.Single().Amount);
        Assert.Equal((AgentStatus.Online, new string('b', 56)), (information.Status?.Known, information.SellerVkey.ToString()));
    }

    [Theory]
    [InlineData("Web3CardanoV1", PaymentSourceType.Web3CardanoV1)]
    [InlineData("Web3CardanoV2", PaymentSourceType.Web3CardanoV2)]
    [InlineData("None", null)]
    [InlineData("Web3CardanoV9", null)]
    public async Task The_generation_an_agent_is_paid_through_is_the_registrys(string text, PaymentSourceType? type) =>
        Assert.Equal(type, (await InformationAsync("""{"pricingType":"Dynamic"}""", text))!.PaymentSourceType);

    [Fact]
    public async Task Registrations_of_both_generations_are_listed_whole_and_newest_first()
    {
        // The newer generation fills more than a page; the older one's rows lie between.
        using var answers = new Answers(path =>
        {
            var rows =
                path.Contains("Web3CardanoV1", StringComparison.Ordinal) ? Enumerable.Range(0, 2).Select(i => 50 * i)
                : path.EndsWith("cursorId=r51", StringComparison.Ordinal) ? new[] { 51, 49 }
                : Enumerable.Range(51, 100).Reverse();
            var assets = rows.Select(i => (JsonNode)new JsonObject { ["id"] = $"r{i}", ["createdAt"] = $"2026-01-01T{i / 60:d2}:{i % 60:d2}:00.000Z" });
            return new JsonObject { ["data"] = new JsonObject { ["Assets"] = new JsonArray([.. assets]) } }.ToJsonString();
        });
        var listed = await Payments(answers).ListRegistrationsAsync(default);
        Assert.Equal(Enumerable.Range(51, 100).Reverse().Concat([50, 49, 0]).Select(i => $"r{i}"), listed.Select(row => row.GetProperty("id").GetString()));
        Assert.Equal(3, answers.Paths.Count);
        Assert.All(answers.Paths, path => Assert.StartsWith("/api/v1/registry?network=Preprod&", path, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_service_that_knows_no_generations_lists_each_registration_once()
    {
        using var answers = new Answers("""{"data":{"Assets":[{"id":"r1"},{"id":"r0"}]}}""");
        Assert.Equal(["r1", "r0"], (await Payments(answers).ListRegistrationsAsync(default)).Select(row => row.GetProperty("id").GetString()));
    }

    [Theory]
    [InlineData("""{"pricingType":"Fixed"}""")]
    [InlineData("""{"pricingType":"Fixed","FixedPricing":{"Amounts":[{"amount":"2e6","unit":""}]}}""")]
    [InlineData("""{"pricingType":"Fixed","FixedPricing":{"Amounts":[{"amount":"1","unit":""},{"amount":"1","unit":"gold"}]}}""")]
    public async Task A_fixed_price_that_cannot_be_read_is_not_passed_over(string pricing)
    {
        var refusal = await Assert.ThrowsAsync<MasumiApiException>(() => InformationAsync(pricing));
        Assert.Equal("The payment information's fixed price cannot be read.", refusal.Message);
    }

    private static async Task<PaymentInformation?> InformationAsync(string pricing, string paymentType = "Web3CardanoV2")
    {
        using var answers = new Answers(
            $$$"""
            {"data":{"apiBaseUrl":"https://a.example","status":"Online","sellerWallet":{"vkey":"{{{new string(
                'b',
                56
            )}}}"},"AgentPricing": {{{pricing}}},"paymentType":"{{{paymentType}}}"}}
            """
        );
        using var http = new HttpClient(answers);
        var registry = new RegistryServiceClient(http, At, "key", TimeProvider.System);
        return await registry.PaymentInformationAsync(AgentIdentifier.Parse(new string('a', 120)), default);
    }

    private static async Task<StartedJob> StartAsync(Action<JsonObject> change)
    {
        var offer = Offer();
        change(offer);
        using var answers = new Answers(offer.ToJsonString());
        using var http = new HttpClient(answers);
        var job = await new AgentClient(http, At, TimeProvider.System).StartJobAsync(Nonce, Nothing, default);
        Assert.Equal("""{"identifier_from_purchaser":"3f1c9a0b7d2e4f60","input_data":{}}""", answers.Sent);
        return job;
    }

    private static PaymentServiceClient Payments(Answers answers) =>
        new(new HttpClient(answers, disposeHandler: false), At, "key", Network.Preprod, TimeProvider.System);
}
