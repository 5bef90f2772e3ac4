using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Masumi.Devnet.Http;
using Masumi.Node.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace Masumi.Node.Tests;

/// <summary>A node whose chain provider does not answer serves what it has, says so, and goes on by itself when the chain is there.</summary>
public sealed class NodeWithoutChainTests : NodeOnDevnet
{
    private static readonly HttpClient Http = new();

    [Fact(Timeout = 120_000)]
    public async Task A_node_starts_without_its_chain_and_its_engine_runs_when_the_chain_comes()
    {
        var port = WebServer.FreePort();
        await using var node = await StartAsync(Good(j => j["chain"]!["url"] = $"http://127.0.0.1:{port}/api/v0"));
        Assert.Single((await CallAsync(node, HttpMethod.Get, "wallet/list", TestSettings.AdminKey, null))["Wallets"]!.AsArray());
        Assert.Equal("not available", (string?)(await CallAsync(node, HttpMethod.Get, "health", TestSettings.AdminKey, null))["chain"]);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await ReadyAsync(node));
        await UnavailableAsync(node);
        Assert.Equal(0, node.Engine.Rounds);

        await using var chain = await DevnetServer.StartAsync(Devnet.Chain, port, Stop);
        await UntilAsync(async () => await ReadyAsync(node) == HttpStatusCode.OK && node.Engine.Rounds > 0);
        Assert.Equal("available", (string?)(await CallAsync(node, HttpMethod.Get, "health", TestSettings.AdminKey, null))["chain"]);
        Assert.NotNull(node.Clock.Tip);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_chain_that_hangs_is_waited_for_no_longer_than_a_call_may_take()
    {
        using var deaf = new TcpListener(IPAddress.Loopback, 0);
        deaf.Start();
        await using var node = await StartAsync(Good(j => j["chain"]!["url"] = $"http://{deaf.LocalEndpoint}/api/v0"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await ReadyAsync(node));
        await UnavailableAsync(node);
    }

    [Fact(Timeout = 120_000)]
    public async Task What_would_have_been_refused_at_the_start_keeps_the_engine_from_running_later()
    {
        var port = WebServer.FreePort();
        var json = Good(j =>
        {
            j["chain"]!["url"] = $"http://127.0.0.1:{port}/api/v0";
            TestSettings.Set(j, "sources[0].referenceScripts", new JsonArray($"{new string('0', 64)}#0"));
        });
        await using var node = await StartAsync(json);
        await using var chain = await DevnetServer.StartAsync(Devnet.Chain, port, Stop);
        await UntilAsync(async () => (string?)(await CallAsync(node, HttpMethod.Get, "health", TestSettings.AdminKey, null))["chain"] == "available");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await ReadyAsync(node));
        Assert.Equal(0, node.Engine.Rounds);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_registry_starts_without_its_chain_too()
    {
        var options = new RegistryNodeOptions
        {
            Database = Settings.DatabaseSettings.InFile(Path.Combine(Folder, "registry.db")),
            Chain = new Settings.ChainSettings { Url = new Uri("http://127.0.0.1:1/api/v0") },
            Key = "a-key-of-the-registry",
            Policies = [default],
        };
        await using var registry = await RegistryNode.StartAsync(options, NullLoggerFactory.Instance, shared: null, Stop);
        using var answer = await Http.GetAsync(new Uri(registry.BaseUrl, "ready"), Stop);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
    }

    [Fact(Timeout = 120_000)]
    public async Task The_second_provider_is_asked_when_the_first_is_not_there()
    {
        var json = Good(j =>
        {
            j["chain"]!["url"] = "http://127.0.0.1:1/api/v0";
            j["chain"]!["providers"] = new JsonArray(new JsonObject { ["url"] = ChainUrl });
        });
        await using var node = await StartAsync(json);
        Assert.Equal(HttpStatusCode.OK, await ReadyAsync(node));
    }

    // What needs the chain is refused with a code; what does not is refused for what it is.
    private static async Task UnavailableAsync(PaymentNode node)
    {
        var policy = (await node.Store.Sources.ListAsync(Stop))[0].PolicyId;
        var body = new JsonObject
        {
            ["network"] = "Preprod",
            ["inputHash"] = new string('a', 64),
            ["agentIdentifier"] = $"{policy}{new string('b', 64)}",
            ["identifierFromPurchaser"] = "0123456789abcdef",
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(node.BaseUrl, "api/v1/payment")) { Content = JsonContent.Create((JsonNode)body) };
        request.Headers.Add("token", TestSettings.AdminKey);
        using var response = await Http.SendAsync(request, Stop);
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync(Stop))!;
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "error"), (response.StatusCode, (string?)answer["status"]));
        Assert.Equal("""{"message":"The chain is not available","code":"chain_unavailable"}""", answer["error"]!.ToJsonString());
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        while (!await holds())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, Stop);
        }
    }

    private static async Task<HttpStatusCode> ReadyAsync(PaymentNode node)
    {
        using var answer = await Http.GetAsync(new Uri(node.BaseUrl, "ready"), Stop);
        return answer.StatusCode;
    }
}
