using System.Net;
using System.Text.Json.Nodes;
using Masumi.Cardano.Metadata;
using Masumi.Registry.Agents;

namespace Masumi.Registry.Tests;

public sealed class ProbeTests : IAsyncLifetime
{
    private readonly RegistryWorld _world = new();

    public ValueTask InitializeAsync() => _world.InitializeAsync();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task An_agent_is_what_its_endpoint_says_it_is()
    {
        var other = new string('a', 120);
        var cases = new Dictionary<string, (int Status, string Body, string Expected)>
        {
            ["itself"] = (200, """{"agentIdentifier":"SELF"}""", "Online"),
            ["shouting"] = (201, """{"agentIdentifier":"SELF","status":"unavailable"}""", "Online"),
            ["plain"] = (200, """{"type":"masumi-agent"}""", "Online"),
            ["blank"] = (200, """{"type":"masumi-agent","agentIdentifier":""}""", "Online"),
            ["impostor"] = (200, $$"""{"type":"masumi-agent","agentIdentifier":"{{other}}"}""", "Invalid"),
            ["stranger"] = (200, """{"type":"web-shop"}""", "Invalid"),
            ["odd"] = (200, """{"type":5,"agentIdentifier":["SELF"]}""", "Invalid"),
            ["list"] = (200, "[]", "Invalid"),
            ["page"] = (200, "<html></html>", "Offline"),
            ["silent"] = (200, "", "Offline"),
            ["deep"] = (200, new string('[', 1000), "Offline"),
            ["endless"] = (200, "{\"type\":\"masumi-agent\",\"x\":\"" + new string('x', 70_000) + "\"}", "Offline"),
            ["double"] = (200, """{"type":"masumi-agent","type":"masumi-agent"}""", "Invalid"),
            ["sick"] = (500, """{"type":"masumi-agent"}""", "Offline"),
            ["missing"] = (404, """{"type":"masumi-agent"}""", "Offline"),
            ["moved"] = (302, "/plain/availability", "Offline"),
        };
        var agents = cases.Keys.ToDictionary(name => name, name => _world.Mint(name));
        foreach (var (name, answer) in cases)
        {
            _world.Answers[name] = (answer.Status, answer.Body.Replace("SELF", agents[name].ToString(), StringComparison.Ordinal));
        }

        await _world.FollowAsync();
        Assert.All((await _world.EveryoneAsync()).Entries, e => Assert.Equal("Offline", (string?)e!["status"]));
        await _world.ProbeAsync();

        var entries = (await _world.EveryoneAsync()).Entries;
        Assert.Equal(cases.Select(c => (c.Key, c.Value.Expected)).Order(), entries.Select(e => ((string)e!["name"]!, (string)e["status"]!)).Order());
        Assert.Equal(cases.Keys.Select(n => $"/{n}/availability").Order(StringComparer.Ordinal), _world.AgentsAsked.Order(StringComparer.Ordinal));
        Assert.All(entries, e => Assert.Equal((1, (string?)e!["status"] == "Online" ? 1 : 0), ((int)e["uptimeCheckCount"]!, (int)e["uptimeCount"]!)));
    }

    [Fact]
    public async Task Endpoints_that_cannot_be_public_are_invalid_and_not_asked()
    {
        _world.Services = _world.Services with { Options = new RegistryOptions() };
        _world.Restart();
        var here = new Uri(_world.About("x").ApiBaseUrl);
        string[] urls =
        [
            here.ToString(),
            $"http://localhost:{here.Port}/x",
            $"http://LOCALHOST.:{here.Port}/x",
            $"http://[::1]:{here.Port}/x",
            $"http://[::ffff:127.0.0.1]:{here.Port}/x",
            $"http://2130706433:{here.Port}/x",
            $"http://0.0.0.0:{here.Port}/x",
            "http://169.254.169.254/latest",
            "http://metadata.google.internal/x",
            "https://10.0.0.1/x",
            "ftp://example.org/x",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "example.org/x",
            "https://example.org/x?y=1",
            "https://example.org/x#y",
            "https://example.org/x?",
            " ",
        ];
        foreach (var url in urls)
        {
            _world.Mint(_world.About("x") with { ApiBaseUrl = url });
        }

        await _world.FollowAsync();
        await _world.ProbeAsync();
        Assert.All(
            (await _world.EveryoneAsync()).Entries,
            e => Assert.Equal(((string)e!["apiBaseUrl"]!, "Invalid"), ((string)e["apiBaseUrl"]!, (string?)e["status"]))
        );
        Assert.Equal(urls.Length, (await _world.EveryoneAsync()).Entries.Count);
        Assert.Empty(_world.AgentsAsked);
    }

    [Fact]
    public async Task An_agent_that_is_down_is_asked_sooner_again_than_one_that_answers()
    {
        _world.Answers["Up"] = (200, """{"type":"masumi-agent"}""");
        _world.Mint("Up");
        _world.Mint("Down");
        await _world.FollowAsync();
        await _world.ProbeAsync();
        await _world.ProbeAsync();
        Assert.Equal(["/Down/availability", "/Up/availability"], _world.AgentsAsked.Order(StringComparer.Ordinal));

        _world.Clock.Now += TimeSpan.FromSeconds(20);
        await _world.ProbeAsync();
        Assert.Equal("/Down/availability", _world.AgentsAsked.Skip(2).Single());
        _world.Answers["Down"] = (200, """{"type":"masumi-agent"}""");
        var up = _world.Clock.Now += TimeSpan.FromMinutes(5);
        await _world.ProbeAsync();

        var entries = (await _world.EveryoneAsync()).Entries;
        Assert.Equal([(3, 1), (2, 2)], entries.Select(e => ((int)e!["uptimeCheckCount"]!, (int)e["uptimeCount"]!)));
        Assert.Equal(up, DateTimeOffset.Parse((string)entries[0]!["statusUpdatedAt"]!, System.Globalization.CultureInfo.InvariantCulture));
        Assert.True(DateTimeOffset.Parse((string)entries[1]!["statusUpdatedAt"]!, System.Globalization.CultureInfo.InvariantCulture) < up);
    }

    [Fact]
    public async Task A_burned_agent_is_not_asked_any_more()
    {
        var agent = _world.Mint("Gone");
        await _world.FollowAsync();
        _world.Burn(agent);
        await _world.FollowAsync();
        await _world.ProbeAsync();
        Assert.Empty(_world.AgentsAsked);
    }

    [Fact]
    public async Task A_caller_can_have_agents_asked_again_but_not_often_and_not_for_their_record()
    {
        _world.Answers["Up"] = (200, """{"type":"masumi-agent"}""");
        _world.Answers["Fading"] = (200, """{"type":"masumi-agent"}""");
        _world.Mint("Up");
        _world.Mint("Fading");
        await _world.FollowAsync();
        await _world.ProbeAsync();
        _world.Answers["Fading"] = (503, "");
        var body = new JsonObject { ["network"] = "Preprod", ["minHealthCheckDate"] = "2030-01-01" };

        Assert.Equal(["Fading", "Up"], (await _world.CallAsync("POST", "registry-entry", body)).Names);
        Assert.Equal(2, _world.AgentsAsked.Count);
        _world.Clock.Now += TimeSpan.FromMinutes(1);
        Assert.Equal(["Up"], (await _world.CallAsync("POST", "registry-entry", body)).Names);
        Assert.Equal(4, _world.AgentsAsked.Count);
        Assert.Equal(["Up"], (await _world.CallAsync("POST", "registry-entry", body)).Names);
        Assert.Equal(4, _world.AgentsAsked.Count);
        Assert.All((await _world.EveryoneAsync()).Entries, e => Assert.Equal((1, 1), ((int)e!["uptimeCheckCount"]!, (int)e["uptimeCount"]!)));
    }

    [Fact]
    public async Task Of_an_agent_of_another_kind_only_its_document_is_asked()
    {
        _world.Answers["spec"] = (200, "openapi: 3.1.0");
        var url = new Uri(new Uri(_world.About("x").ApiBaseUrl), "/spec/openapi.yaml").ToString();
        var agent = _world.Mint(
            _world.About("Spec"),
            _ =>
                Metadatum.MapOf(
                    ("type", new Metadatum.Text("OpenAPI")),
                    ("name", new Metadatum.Text("Spec")),
                    ("openapi_spec_url", new Metadatum.Text(url)),
                    ("author", Metadatum.MapOf(("name", new Metadatum.Text("Ada")))),
                    ("tags", new Metadatum.List([new Metadatum.Text("spec")])),
                    ("image", new Metadatum.Text("ipfs://x")),
                    ("metadata_version", new Metadatum.Text("2"))
                )
        );
        await _world.FollowAsync();
        await _world.ProbeAsync();
        Assert.Equal("/spec/openapi.yaml", Assert.Single(_world.AgentsAsked));
        Assert.Equal("Online", await _world.StatusOfAsync(agent));
    }

    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("172.32.0.1", true)]
    [InlineData("100.128.0.1", true)]
    [InlineData("192.0.1.1", true)]
    [InlineData("2606:4700::1111", true)]
    [InlineData("::ffff:8.8.8.8", true)]
    [InlineData("0.1.2.3", false)]
    [InlineData("10.255.0.1", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("127.9.9.9", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("172.16.0.1", false)]
    [InlineData("172.31.255.255", false)]
    [InlineData("192.0.0.8", false)]
    [InlineData("192.0.2.1", false)]
    [InlineData("192.88.99.1", false)]
    [InlineData("192.168.1.1", false)]
    [InlineData("198.19.0.1", false)]
    [InlineData("198.51.100.7", false)]
    [InlineData("203.0.113.7", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::", false)]
    [InlineData("::1", false)]
    [InlineData("::127.0.0.1", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("64:ff9b::7f00:1", false)]
    [InlineData("100::1", false)]
    [InlineData("2001:db8::1", false)]
    [InlineData("2002:7f00:1::", false)]
    [InlineData("fd00::1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("ff02::1", false)]
    public void Only_addresses_of_the_public_internet_are_public(string address, bool isPublic) =>
        Assert.Equal(isPublic, PublicAddress.IsPublic(IPAddress.Parse(address)));
}
