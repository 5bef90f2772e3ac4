using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Masumi.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Masumi.Agents.Tests;

public sealed class AgentTests : IAsyncLifetime
{
    private const string Purchaser = "3f1c9a0b7d2e4f60";
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"masumi-agent-{Path.GetRandomFileName()}.jobs");
    private readonly HttpClient _http = new();
    private readonly WebApplication _node = Kestrel();
    private volatile string? _state;
    private volatile string? _submitted;
    private volatile int _looks;
    private volatile int _refusals;
    private int _runs;

    public async ValueTask InitializeAsync()
    {
        _node.MapPost("/payment", async Task<IResult> (HttpRequest c) => Row(await JsonNode.ParseAsync(c.Body)));
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
        Assert.Equal("3e725e253b2771e091be38ea9c4a12d0ab529f33656e60756787d14bc9653f69", job.InputHash);
        await agent.StartAsync(default);
        await UntilAsync(() => _looks > 3);
        Assert.Equal(0, _runs);
        Assert.Equal("awaiting_payment", (await client.StatusAsync(job.JobId, default)).Status);

        _state = "FundsLocked";
        await UntilAsync(() => agent.Jobs.Find(job.JobId)!.State == JobState.Completed);
        Assert.Equal("Tide table attached.", (await client.StatusAsync(job.JobId, default)).Result);
        Assert.Equal("089f9fe0a4281fb1f70eea7df472e33315b6bc367d1f346ec3a9b8c8750c1b34", _submitted);
        Assert.Equal(1, _runs);
        await agent.StopAsync(default);
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
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("""{"identifier_from_purchaser":"not hex at all"}""")]
    [InlineData("""{"identifier_from_purchaser":"3f1c9a0b7d2e4f60","input_data":"text"}""")]
    public async Task Bad_requests_are_refused(string body)
    {
        using var agent = NewAgent();
        await using var app = await ServeAsync(agent);
        using var content = new StringContent(body);
        Assert.Equal(HttpStatusCode.BadRequest, (await _http.PostAsync(new Uri(app.Urls.First() + "/start_job"), content)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _http.GetAsync(new Uri(app.Urls.First() + "/status?job_id=x"))).StatusCode);
        Assert.Empty(agent.Jobs.Open());
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        for (var i = 0; i < 1000 && !holds(); i++)
        {
            await Task.Delay(10);
        }

        Assert.True(holds());
    }

    private Agent NewAgent() =>
        new(
            new AgentOptions
            {
                Name = "Tides",
                AgentIdentifier = new string('a', 120),
                SellerVkey = new string('b', 56),
                JobFile = _file,
                PollInterval = TimeSpan.FromMilliseconds(20),
            },
            new PaymentServiceClient(_http, new Uri(_node.Urls.First()), "key", "Preprod", TimeProvider.System),
            (_, _) =>
            {
                Interlocked.Increment(ref _runs);
                return Task.FromResult<string?>("Tide table attached.");
            },
            TimeProvider.System,
            NullLogger<Agent>.Instance
        );

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
                    ["blockchainIdentifier"] = "31876",
                    ["inputHash"] = (string?)request?["inputHash"],
                    ["payByTime"] = In(1),
                    ["submitResultTime"] = In(2),
                    ["unlockTime"] = In(3),
                    ["externalDisputeUnlockTime"] = In(4),
                    ["onChainState"] = _state,
                },
            }
        );
    }
}
