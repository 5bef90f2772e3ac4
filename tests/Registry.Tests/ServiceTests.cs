using System.Text.Json.Nodes;
using Masumi.Contracts.Common;

namespace Masumi.Registry.Tests;

public sealed class ServiceTests : IAsyncLifetime
{
    private readonly RegistryWorld _world = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _world.InitializeAsync();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Health_is_open_and_says_what_serves_here()
    {
        var answer = await _world.CallAsync("GET", "health/", key: null);
        Assert.Equal("""{"status":"success","data":{"type":"masumi-registry","version":"0.1.2"}}""", answer.Body!.ToJsonString());
        Assert.Equal("nosniff", answer.Response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("SAMEORIGIN", answer.Response.Headers.GetValues("X-Frame-Options").Single());
        Assert.False(answer.Response.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task Everything_else_needs_a_key_before_the_input_is_judged()
    {
        var document = JsonNode.Parse(await new HttpClient().GetStringAsync(new Uri(_world.BaseUrl, "/api-docs"), Stop))!;
        var operations = document["paths"]!
            .AsObject()
            .SelectMany(p => p.Value!.AsObject().Select(o => (Verb: o.Key.ToUpperInvariant(), Path: p.Key[1..])))
            .ToList();
        Assert.Equal(11, operations.Count);
        foreach (var (verb, path) in operations.Where(o => o.Path != "health"))
        {
            foreach (
                var (key, message) in new[]
                {
                    (null, "No token provided"),
                    ("", "No token provided"),
                    ("masumi-registry-user-unknown", "Invalid token"),
                    (RegistryWorld.UserKey.ToUpperInvariant(), "Invalid token"),
                }
            )
            {
                var answer = await _world.CallAsync(verb, path, verb == "GET" ? null : "{}", key);
                Assert.Equal((401, message), (answer.Status, answer.Message));
            }
        }

        foreach (var verb in new[] { "GET", "POST", "PATCH", "DELETE" })
        {
            var answer = await _world.CallAsync(verb, "api-key", verb == "GET" ? null : "{}");
            Assert.Equal((401, "Unauthorized, admin access required"), (answer.Status, answer.Message));
        }
    }

    [Theory]
    [InlineData("POST", "health")]
    [InlineData("GET", "registry-entry")]
    [InlineData("GET", "nothing")]
    [InlineData("DELETE", "capability")]
    public async Task An_unknown_path_and_a_wrong_verb_are_both_404(string verb, string path)
    {
        var answer = await _world.CallAsync(verb, path);
        Assert.Equal((404, $"Can not {verb} /api/v1/{path}"), (answer.Status, answer.Message));
    }

    [Fact]
    public async Task A_key_is_made_used_limited_revoked_and_deleted()
    {
        var made = (await _world.CallAsync("POST", "api-key", """{"usageLimited":true,"maxUsageCredits":5}""", RegistryWorld.AdminKey)).Data;
        var token = (string)made["token"]!;
        Assert.Matches("^masumi-registry-user-[a-z0-9]{24}$", token);
        var id = (string)made["id"]!;
        Assert.True(JsonNode.DeepEquals(Key(id, limited: true, most: 5), (await _world.CallAsync("GET", "api-key-status", key: token)).Data));
        Assert.Equal(401, (await _world.CallAsync("GET", "api-key", key: token)).Status);

        var revoked = await ChangeAsync($$"""{"token":"{{token}}","status":"Revoked"}""");
        Assert.True(JsonNode.DeepEquals(Key(id, limited: false, most: 0, status: "Revoked"), revoked.Data));
        var refused = await _world.CallAsync("GET", "api-key-status", key: token);
        Assert.Equal((401, "API key is revoked"), (refused.Status, refused.Message));

        // What is left out takes its default: the reference's clients rely on it.
        Assert.Equal("Active", (string?)(await ChangeAsync($$"""{"token":"{{token}}","maxUsageCredits":null}""")).Data["status"]);
        var again = (await _world.CallAsync("GET", "api-key-status", key: token)).Data;
        Assert.True(JsonNode.DeepEquals(Key(id, limited: false, most: null), again));

        Assert.Equal(id, (string?)(await _world.CallAsync("DELETE", "api-key", $$"""{"token":"{{token}}"}""", RegistryWorld.AdminKey)).Data["id"]);
        Assert.Equal("Invalid token", (await _world.CallAsync("GET", "api-key-status", key: token)).Message);
        Assert.Equal(404, (await _world.CallAsync("DELETE", "api-key", $$"""{"token":"{{token}}"}""", RegistryWorld.AdminKey)).Status);
        Assert.Equal((404, "API key not found"), ((await ChangeAsync($$"""{"token":"{{token}}"}""")).Status, (await ChangeAsync("""{"token":"x"}""")).Message));
    }

    [Fact]
    public async Task Keys_are_listed_in_pages_and_never_with_their_token()
    {
        var admin = (await _world.CallAsync("POST", "api-key", """{"permission":"Admin"}""", RegistryWorld.AdminKey)).Data;
        Assert.StartsWith("masumi-registry-admin-", (string)admin["token"]!, StringComparison.Ordinal);
        var all = (await _world.CallAsync("GET", "api-key", key: (string)admin["token"]!)).Data["apiKeys"]!.AsArray();
        Assert.Equal(["Admin", "Admin", "User"], all.Select(k => (string)k!["permission"]!).Order(StringComparer.Ordinal));
        Assert.All(all, k => Assert.False(k!.AsObject().ContainsKey("token")));
        var second = (await _world.CallAsync("GET", $"api-key?limit=1&cursorId={(string?)all[1]!["id"]}", key: RegistryWorld.AdminKey)).Data["apiKeys"]!;
        Assert.Equal((string?)all[1]!["id"], (string?)second.AsArray().Single()!["id"]);
    }

    [Theory]
    [InlineData("POST", """{"permission":"Root"}""", "permission: Invalid enum value. Expected 'User' | 'Admin', received 'Root'")]
    [InlineData("POST", """{"maxUsageCredits":1000001}""", "maxUsageCredits: Number must be less than or equal to 1000000")]
    [InlineData("POST", """{"maxUsageCredits":-1}""", "maxUsageCredits: Number must be greater than or equal to 0")]
    [InlineData("POST", """{"usageLimited":"true"}""", "usageLimited: Expected boolean, received string")]
    [InlineData("PATCH", "{}", "token: Required")]
    [InlineData("PATCH", """{"token":"x","status":"Deleted"}""", "status: Invalid enum value. Expected 'Active' | 'Revoked', received 'Deleted'")]
    [InlineData("DELETE", """{"token":5}""", "token: Expected string, received number")]
    public async Task Wrong_key_orders_are_400_and_do_nothing(string verb, string body, string message)
    {
        var answer = await _world.CallAsync(verb, "api-key", body, RegistryWorld.AdminKey);
        Assert.Equal((400, message), (answer.Status, answer.Message));
        Assert.Equal(2, (await _world.CallAsync("GET", "api-key", key: RegistryWorld.AdminKey)).Data["apiKeys"]!.AsArray().Count);
    }

    [Fact]
    public async Task A_key_that_was_revoked_is_not_revived_by_the_next_start()
    {
        Assert.Equal(200, (await ChangeAsync($$"""{"token":"{{RegistryWorld.UserKey}}","status":"Revoked"}""")).Status);
        await RegistryApi.EnsureKeyAsync(_world.Services, RegistryWorld.UserKey, admin: true, Stop);
        Assert.Equal("API key is revoked", (await _world.CallAsync("GET", "api-key-status")).Message);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => RegistryApi.EnsureKeyAsync(_world.Services, "short", admin: true, Stop));
    }

    [Fact]
    public async Task While_the_chain_is_away_the_registry_serves_what_it_knows_and_then_goes_on()
    {
        var agent = _world.Mint("Known");
        await _world.FollowAsync();
        await _world.UnplugAsync(async () =>
        {
            await _world.FollowAsync();
            Assert.Equal(["Known"], (await _world.EveryoneAsync()).Names);
            Assert.Equal(502, (await _world.CallAsync("GET", $"payment-information?agentIdentifier={agent}")).Status);
        });
        _world.Mint("Newer");
        await _world.FollowAsync();
        Assert.Equal(["Newer", "Known"], (await _world.EveryoneAsync()).Names);
        Assert.Equal(200, (await _world.CallAsync("GET", $"payment-information?agentIdentifier={agent}")).Status);
    }

    [Fact]
    public async Task A_running_follower_finds_agents_by_itself()
    {
        _world.Services = _world.Services with
        {
            Time = TimeProvider.System,
            Options = new RegistryOptions { PollInterval = TimeSpan.FromMilliseconds(20), AllowLoopbackAgents = true },
        };
        _world.Answers["Found"] = (200, """{"type":"masumi-agent"}""");
        using var follower = new RegistryFollower(_world.Services, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var running = follower.RunAsync(stop.Token);
        var agent = _world.Mint("Found");
        for (var i = 0; i < 500 && await _world.StatusOfAsync(agent) != "Online"; i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Stop);
        }

        Assert.Equal("Online", await _world.StatusOfAsync(agent));
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task A_second_source_does_not_mix_with_the_first()
    {
        await RegistryApi.AddSourceAsync(_world.Services, Protocol.Network.Preprod, _world.Devnet.FaucetPolicy, Stop);
        await RegistryApi.AddSourceAsync(_world.Services, Protocol.Network.Preprod, _world.Devnet.FaucetPolicy, Stop);
        var agent = _world.Mint("First");
        var foreign = Protocol.AgentIdentifier.Parse($"{_world.Devnet.FaucetPolicy}{agent.AssetName}");
        _world.Devnet.Fund(RegistryWorld.Seller, Cardano.Transactions.Value.Of(Cardano.Lovelace.FromAda(5), foreign.ToAsset(), 1));
        await _world.FollowAsync();
        Assert.Equal("Offline", await _world.StatusOfAsync(agent));
        Assert.Equal("Invalid", await _world.StatusOfAsync(foreign));
        Assert.Equal(2, (await _world.EveryoneAsync()).Entries.Select(e => (string?)e!["RegistrySource"]!["id"]).Distinct().Count());
    }

    private Task<Answer> ChangeAsync(string body) => _world.CallAsync("PATCH", "api-key", body, RegistryWorld.AdminKey);

    private static JsonObject Key(string id, bool limited, int? most, string status = "Active") =>
        new()
        {
            ["id"] = id,
            ["permission"] = "User",
            ["usageLimited"] = limited,
            ["maxUsageCredits"] = most,
            ["accumulatedUsageCredits"] = 0,
            ["status"] = status,
        };
}
