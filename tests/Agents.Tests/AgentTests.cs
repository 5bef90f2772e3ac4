using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Masumi.Client;
using Masumi.Protocol;
using Masumi.Protocol.Tokens;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Masumi.Agents.Tests;

/// <summary>The agent SDK against a node that a test plays (spec agentic-service-api.md 2, 8).</summary>
public sealed partial class AgentTests : IAsyncLifetime
{
    private const string BadIdentifier = "identifier_from_purchaser must be hex text in lower case of 14 to 26 characters, even in number";
    private static readonly BuyerNonce Purchaser = BuyerNonce.Parse("3f1c9a0b7d2e4f60");
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"masumi-agent-{Path.GetRandomFileName()}.jobs");
    private readonly HttpClient _http = new();
    private readonly WebApplication _node = Kestrel();
    private volatile string? _state;
    private volatile string? _submitted;
    private volatile int _looks;
    private volatile int _refusals;
    private volatile int _authorised;
    private volatile int _payments;
    private volatile string? _action;
    private volatile string? _funds;
    private volatile string? _payBy;
    private volatile string? _index;
    private volatile string? _time;
    private volatile string? _sourceType;
    private volatile int _sourceLooks;
    private int _runs;

    public async ValueTask InitializeAsync()
    {
        _node.Use(
            (http, next) =>
            {
                if (_time is { } time)
                {
                    http.Response.Headers["X-Masumi-Chain-Time"] = time;
                }

                return next(http);
            }
        );
        _node.MapGet(
            "/payment-source",
            () =>
            {
                Interlocked.Increment(ref _sourceLooks);
                return Results.Json(
                    new JsonObject
                    {
                        ["data"] = new JsonObject
                        {
                            ["PaymentSources"] = new JsonArray(
                                Source("Mainnet", 'a', "Web3CardanoV2"),
                                Source("Preprod", 'c', "Web3CardanoV2"),
                                Source("Preprod", 'a', _sourceType)
                            ),
                        },
                    }
                );
            }
        );
        _node.MapPost(
            "/payment",
            async Task<IResult> (HttpRequest c) =>
            {
                Interlocked.Increment(ref _payments);
                var request = await JsonNode.ParseAsync(c.Body);
                _funds = request!["RequestedFunds"]?.ToJsonString();
                _payBy = (string?)request["payByTime"];
                _index = request["supportedPaymentSourceIndex"]?.ToJsonString();
                return Row(request);
            }
        );
        _node.MapPost(
            "/payment/authorize-refund",
            () =>
            {
                if (_refusals-- > 0)
                {
                    return Results.StatusCode(503);
                }

                Interlocked.Increment(ref _authorised);
                _action = "AuthorizeRefundRequested";
                return Row(null);
            }
        );
        _node.MapPost(
            "/payment/resolve-blockchain-identifier",
            () =>
            {
                Interlocked.Increment(ref _looks);
                return Row(null);
            }
        );
        _node.MapPost(
            "/payment/submit-result",
            async Task<IResult> (HttpRequest c) =>
            {
                if (_refusals-- > 0)
                {
                    return Results.StatusCode(503);
                }

                _submitted = (string?)(await JsonNode.ParseAsync(c.Body))!["submitResultHash"];
                return Row(null);
            }
        );
        await _node.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _node.DisposeAsync();
        _http.Dispose();
        File.Delete(_file);
    }

    [Fact]
    public async Task A_job_runs_only_once_its_money_is_locked_and_its_hash_is_submitted_despite_refusals()
    {
        _refusals = 2;
        using var agent = NewAgent();
        await using var app = await ServeAsync(agent);
        var client = new AgentClient(_http, new Uri(app.Urls.First()), TimeProvider.System);
        var job = await client.StartJobAsync(Purchaser, JsonSerializer.SerializeToElement(new { topic = "tides", pages = 3 }), default);
        Assert.Equal("3e725e253b2771e091be38ea9c4a12d0ab529f33656e60756787d14bc9653f69", job.InputHash.ToString());
        await agent.StartAsync(default);
        await UntilAsync(() => _looks > 3);
        Assert.Equal(0, _runs);
        Assert.Equal(JobStatus.AwaitingPayment, (await client.StatusAsync(job.JobId, default)).Status.Known);

        _state = "FundsLocked";
        await UntilAsync(() => agent.Jobs.Find(job.JobId)!.State == JobState.Completed);
        Assert.Equal("Tide table attached.", (await client.StatusAsync(job.JobId, default)).Result);
        Assert.Equal("089f9fe0a4281fb1f70eea7df472e33315b6bc367d1f346ec3a9b8c8750c1b34", _submitted);
        Assert.Equal(1, _runs);
        await agent.StopAsync(default);
    }

    [Fact]
    public async Task A_dynamic_price_is_asked_in_the_token_of_the_network_and_shown_with_its_symbol()
    {
        using var agent = NewAgent(new() { Price = Price.Usdm(5) });
        await using var app = await ServeAsync(agent);
        using var body = new StringContent($$"""{"identifier_from_purchaser":"{{Purchaser}}"}""");
        using var answer = await _http.PostAsync(new Uri(app.Urls.First() + "/start_job"), body);
        Assert.Equal($$"""[{"amount":"5000000","unit":"{{Token.TUsdm.Unit}}"}]""", _funds);
        var amounts = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["amounts"]!.ToJsonString();
        Assert.Equal($$"""[{"amount":"5000000","unit":"{{Token.TUsdm.Unit}}","symbol":"tUSDM","decimals":6}]""", amounts);
    }

    [Fact]
    public async Task An_agent_without_a_price_of_its_own_asks_for_none()
    {
        using var agent = NewAgent();
        await using var app = await ServeAsync(agent);
        var client = new AgentClient(_http, new Uri(app.Urls.First()), TimeProvider.System);
        Assert.Empty((await client.StartJobAsync(Purchaser, JsonSerializer.SerializeToElement(new { }), default)).Amounts!);
        Assert.Null(_funds);
    }

    [Fact]
    public void A_price_that_means_nothing_on_the_network_is_found_at_the_start() =>
        Assert.Throws<InvalidOperationException>(() => NewAgent(new() { Price = Price.Usdcx(5) }));

    [Fact]
    public async Task Jobs_written_before_words_were_types_are_still_read()
    {
        await File.WriteAllTextAsync(
            _file,
            """
            {"Id":"j1","IdentifierFromPurchaser":"3f1c9a0b7d2e4f60","Input":{},"InputHash":"7b528bba907c11b7cf357712682d6f3684a7a12b2bbdb4ac34076d80326ddb9b","BlockchainIdentifier":"3187","Times":{"PayBy":"2026-01-01T01:00:00+00:00","SubmitResult":"2026-01-01T02:00:00+00:00","Unlock":"2026-01-01T08:00:00+00:00","ExternalDisputeUnlock":"2026-01-01T14:00:00+00:00"},"SellerReturnAddress":null,"Amounts":[{"Amount":"2000000","Unit":""}],"State":2,"Attempts":1,"Result":"done","ResultHash":"cfecdb9ba5184ff8e8ccdd003ba70956bc74b9d95bebbaecd8db1ff1cbdea70e","Reason":null,"ChangedAt":"2026-01-01T00:30:00+00:00"}

            """
        );
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        using var agent = NewAgent();
        var job = agent.Jobs.Find("j1")!;
        Assert.Equal((JobState.Submitting, Purchaser, "3187"), (job.State, job.IdentifierFromPurchaser, job.BlockchainIdentifier.ToString()));
        Assert.Equal(new DateTimeOffset(2026, 1, 1, 8, 0, 0, TimeSpan.Zero), job.Times.Unlock);
        Assert.Equal([new UnitAmount(2_000_000, Unit.Ada)], job.Amounts);
    }

    [Fact]
    public async Task A_restart_resumes_a_job_and_ignores_a_torn_last_line()
    {
        string id;
        using (var first = NewAgent())
        {
            await using var app = await ServeAsync(first);
            var client = new AgentClient(_http, new Uri(app.Urls.First()), TimeProvider.System);
            id = (await client.StartJobAsync(Purchaser, JsonSerializer.SerializeToElement(new { }), default)).JobId;
        }

        await File.AppendAllTextAsync(_file, "{\"Id\":\"torn");
        _state = "FundsLocked";
        using var second = NewAgent();
        await second.StartAsync(default);
        await UntilAsync(() => second.Jobs.Find(id)!.State == JobState.Completed);
        await second.StopAsync(default);
    }

    [Theory]
    [InlineData(RefundPolicy.NotDelivered, 1)]
    [InlineData(RefundPolicy.NotStarted, 1)]
    [InlineData(RefundPolicy.Never, 0)]
    public async Task A_refund_asked_for_before_the_work_began_stops_the_job_and_is_agreed_to_once_unless_the_policy_is_never(RefundPolicy policy, int agreed)
    {
        _state = "RefundRequested";
        _refusals = agreed;
        using var agent = NewAgent(new() { Refunds = policy });
        await using var app = await ServeAsync(agent);
        var client = new AgentClient(_http, new Uri(app.Urls.First()), TimeProvider.System);
        var job = await client.StartJobAsync(Purchaser, JsonSerializer.SerializeToElement(new { }), default);
        await agent.StartAsync(default);
        await UntilAsync(() => _authorised == agreed && agent.Jobs.Find(job.JobId)!.State != JobState.AwaitingPayment);
        var looks = _looks;
        if (agreed > 0)
        {
            await UntilAsync(() => _looks > looks + 2);
            _state = "RefundAuthorized";
        }

        await UntilAsync(() => agent.Jobs.Find(job.JobId)!.State == JobState.Failed);
        Assert.Equal((agreed, 0), (_authorised, _runs));
        var status = await client.StatusAsync(job.JobId, default);
        Assert.Equal((JobStatus.Failed, "a refund was requested before the work was done"), (status.Status.Known, status.Result));
        await agent.StopAsync(default);
    }

    [Theory]
    [InlineData(RefundPolicy.NotDelivered, true)]
    [InlineData(RefundPolicy.NotStarted, false)]
    public async Task Work_that_failed_is_refunded_when_the_buyer_asks_even_after_a_restart(RefundPolicy policy, bool refunds)
    {
        _state = "FundsLocked";
        string id;
        using (var first = NewAgent(new() { Refunds = policy, Fails = true }))
        {
            await using var app = await ServeAsync(first);
            var client = new AgentClient(_http, new Uri(app.Urls.First()), TimeProvider.System);
            id = (await client.StartJobAsync(Purchaser, JsonSerializer.SerializeToElement(new { }), default)).JobId;
            await first.StartAsync(default);
            await UntilAsync(() => first.Jobs.Find(id)!.State == (refunds ? JobState.Refunding : JobState.Failed));
            Assert.Equal(JobStatus.Failed, (await client.StatusAsync(id, default)).Status.Known);
            await first.StopAsync(default);
        }

        Assert.Equal(0, _authorised);
        _state = "RefundRequested";
        using var second = NewAgent(new() { Refunds = policy });
        await second.StartAsync(default);
        if (refunds)
        {
            await UntilAsync(() => _authorised == 1);
            _state = "RefundWithdrawn";
            await UntilAsync(() => second.Jobs.Find(id)!.State == JobState.Failed);
        }

        await second.StopAsync(default);
        Assert.Equal((refunds ? 1 : 0, 1), (_authorised, _runs));
    }

    [Theory]
    [InlineData("/start_job", "", 400, "The body must be a JSON object")]
    [InlineData("/start_job", "[]", 400, "The body must be a JSON object")]
    [InlineData("/start_job", "{", 400, "The body must be a JSON object")]
    [InlineData("/start_job", """{"identifier_from_purchaser":"\ud800"}""", 400, "The body must be a JSON object")]
    [InlineData("/start_job", "{}", 400, BadIdentifier)]
    [InlineData("/start_job", """{"identifier_from_purchaser":7}""", 400, BadIdentifier)]
    [InlineData("/start_job", """{"identifier_from_purchaser":"not hex at all"}""", 400, BadIdentifier)]
    [InlineData("/start_job", """{"identifier_from_purchaser":"3f1c9a0b7d2e4f6"}""", 400, BadIdentifier)]
    [InlineData("/start_job", """{"identifier_from_purchaser":"3F1C9A0B7D2E4F60"}""", 400, BadIdentifier)]
    [InlineData("/start_job", """{"identifier_from_purchaser":"3f1c9a0b7d2e4f603f1c9a0b7d2e4f60"}""", 400, BadIdentifier)]
    [InlineData("/start_job", """{"identifier_from_purchaser":"3f1c9a0b7d2e4f60","input_data":"text"}""", 400, "input_data must be an object")]
    [InlineData("/start_job", """{"identifier_from_purchaser":"3f1c9a0b7d2e4f60","input_data":[{"key":"a"}]}""", 400, "input_data must be an object")]
    [InlineData("/start_job", """{"identifier_from_purchaser":"3f1c9a0b7d2e4f60","input_data":{}}""", 400, "Field 'topic' is required")]
    [InlineData("/start_job", """{"identifier_from_purchaser":"3f1c9a0b7d2e4f60","input_data":{"topic":7}}""", 400, "Field 'topic' must be text")]
    [InlineData("/provide_input", "{}", 400, "job_id is required")]
    [InlineData("/provide_input", """{"job_id":"x"}""", 404, "Job not found")]
    public async Task A_bad_request_is_refused_and_asks_nothing_of_the_node(string path, string body, int status, string message)
    {
        using var agent = NewAgent(new() { Schema = """{"input_data":[{"id":"topic","type":"text","name":"Topic"}]}""" });
        await using var app = await ServeAsync(agent);
        using var content = new StringContent(body);
        using var answer = await _http.PostAsync(new Uri(app.Urls.First() + path), content);
        var json = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        Assert.Equal((status, message, message), ((int)answer.StatusCode, (string?)json["message"], (string?)json["detail"]));
        if (message.StartsWith("Field", StringComparison.Ordinal))
        {
            Assert.Single(json["field_errors"]!["topic"]!.AsArray());
        }

        Assert.Empty(agent.Jobs.Open());
        Assert.Equal(0, _payments);
    }

    [Fact]
    public async Task An_unknown_job_a_missing_id_and_a_huge_body_are_refused()
    {
        using var agent = NewAgent();
        await using var app = await ServeAsync(agent);
        var at = app.Urls.First();
        Assert.Equal(HttpStatusCode.NotFound, (await _http.GetAsync(new Uri(at + "/status?job_id=x"))).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await _http.GetAsync(new Uri(at + "/status"))).StatusCode);
        using var huge = new StringContent("{\"input_data\":\"" + new string('x', 1_100_000) + "\"}");
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await _http.PostAsync(new Uri(at + "/start_job"), huge)).StatusCode);
        Assert.Equal(0, _payments);
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        for (var i = 0; i < 1000 && !holds(); i++)
        {
            await Task.Delay(10);
        }

        Assert.True(holds());
    }

    private sealed record Behaviour
    {
        public RefundPolicy Refunds { get; init; } = RefundPolicy.NotDelivered;

        public bool Fails { get; init; }

        public Price? Price { get; init; }

        public string Schema { get; init; } = """{"input_data":[]}""";
    }

    private Agent NewAgent(Behaviour? behaviour = null, TimeProvider? local = null, Func<AgentOptions, AgentOptions>? change = null)
    {
        var options = new AgentOptions
        {
            Name = "Tides",
            AgentIdentifier = AgentIdentifier.Parse(new string('a', 120)),
            SellerVkey = WalletVkey.Parse(new string('b', 56)),
            JobFile = _file,
            PollInterval = TimeSpan.FromMilliseconds(20),
            Refunds = behaviour?.Refunds ?? RefundPolicy.NotDelivered,
            Price = behaviour?.Price,
            InputSchema = JsonDocument.Parse(behaviour?.Schema ?? """{"input_data":[]}""").RootElement,
        };
        return new(
            change?.Invoke(options) ?? options,
            new PaymentServiceClient(_http, new Uri(_node.Urls.First()), "key", Network.Preprod, local ?? TimeProvider.System),
            (_, _) =>
            {
                Interlocked.Increment(ref _runs);
                return behaviour is { Fails: true } ? throw new InvalidOperationException("no tide today") : Task.FromResult<string?>("Tide table attached.");
            },
            TimeProvider.System,
            NullLogger<Agent>.Instance
        );
    }

    private static WebApplication Kestrel()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        return builder.Build();
    }

    private static async Task<WebApplication> ServeAsync(Agent agent)
    {
        var app = Kestrel();
        app.MapAgent(agent);
        await app.StartAsync();
        return app;
    }

    private static JsonObject Source(string network, char policy, string? type)
    {
        var source = new JsonObject { ["network"] = network, ["policyId"] = new string(policy, 56) };
        if (type is not null)
        {
            source["paymentSourceType"] = type;
        }

        return source;
    }

    private IResult Row(JsonNode? request)
    {
        var now = DateTimeOffset.UtcNow;
        string In(int hours) => now.AddHours(hours).ToUnixTimeMilliseconds().ToString(System.Globalization.CultureInfo.InvariantCulture);
        return Results.Json(
            new JsonObject
            {
                ["status"] = "success",
                ["data"] = new JsonObject
                {
                    ["id"] = "p1",
                    ["blockchainIdentifier"] = "3187",
                    ["inputHash"] = (string?)request?["inputHash"],
                    ["RequestedFunds"] = request?["RequestedFunds"]?.DeepClone() ?? new JsonArray(),
                    ["payByTime"] = In(1),
                    ["submitResultTime"] = In(2),
                    ["unlockTime"] = In(3),
                    ["externalDisputeUnlockTime"] = In(4),
                    ["onChainState"] = _state,
                    ["NextAction"] = new JsonObject { ["requestedAction"] = _action },
                },
            }
        );
    }
}
