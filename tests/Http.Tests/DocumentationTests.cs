using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Masumi.Protocol.Wire;

namespace Masumi.Http.Tests;

public sealed partial class DocumentationTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task The_document_lists_every_route_with_its_key()
    {
        var answer = await server.SendAsync("GET", "/api-docs", key: null);
        Assert.Equal((200, "application/json"), (answer.Status, answer.Response.Content.Headers.ContentType!.MediaType));
        var paths = answer.Body!["paths"]!.AsObject();
        Assert.Equal(
            server.Served.Select(o => $"{o.Verb} {o.Path} {(o.Access == Access.Open ? "open" : "API-Key")} {o.Name}").Order(StringComparer.Ordinal),
            paths
                .SelectMany(p =>
                    p.Value!.AsObject()
                        .Select(o =>
                            $"{o.Key.ToUpperInvariant()} {p.Key} {(o.Value!["security"]!.AsArray() is [var need] ? need!.AsObject().Single().Key : "open")} {o.Value["operationId"]}"
                        )
                )
                .Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task The_document_has_what_openapi_needs_and_its_references_lead_somewhere()
    {
        var document = (await server.SendAsync("GET", "/api-docs/", key: null)).Body!;
        Assert.StartsWith("3.0.", (string?)document["openapi"], StringComparison.Ordinal);
        Assert.Equal("A <small> service", (string?)document["info"]!["title"]);
        Assert.NotNull(document["info"]!["version"]);
        var service = new Uri(new Uri(server.AddressOf(lenient: false), "/api-docs"), (string?)document["servers"]![0]!["url"]!);
        Assert.Equal("/api/v1", service.AbsolutePath);
        var scheme = document["components"]!["securitySchemes"]!["API-Key"]!;
        Assert.Equal(("apiKey", "header", "token"), ((string?)scheme["type"], (string?)scheme["in"], (string?)scheme["name"]));
        var references = 0;
        foreach (var operation in document["paths"]!.AsObject().SelectMany(p => p.Value!.AsObject()).Select(o => o.Value!))
        {
            Assert.NotEmpty(operation["responses"]!.AsObject());
            foreach (var reference in operation["responses"]!.AsObject().Select(r => (string?)r.Value!["$ref"]).OfType<string>())
            {
                references++;
                JsonNode? target = document;
                foreach (var part in reference.Split('/').Skip(1))
                {
                    target = target?[part];
                }

                Assert.NotNull(target);
            }
        }

        Assert.Equal(server.Served.Count, references);
    }

    [Fact]
    public async Task Requests_answers_and_refusals_are_described()
    {
        var document = (await server.SendAsync("GET", "/api-docs", key: null)).Body!;
        var made = document["paths"]!["/thing"]!["post"]!["requestBody"]!;
        Assert.False((bool)made["required"]!);
        Assert.Equal("What it is called", (string?)made["content"]!["application/json"]!["schema"]!["properties"]!["name"]!["description"]);
        Assert.Equal("x", (string?)made["content"]!["application/json"]!["example"]!["name"]);
        var parameters = document["paths"]!["/thing"]!["get"]!["parameters"]!.AsArray();
        Assert.Equal(
            """{"type":"number","minimum":1,"maximum":50,"default":10}""",
            parameters.Single(p => (string?)p!["name"] == "limit")!["schema"]!.ToJsonString()
        );
        Assert.Equal("path", (string?)document["paths"]!["/thing/{id}/more"]!["get"]!["parameters"]![0]!["in"]);
        Assert.Equal("exists (exists)", (string?)document["paths"]!["/deep/path"]!["post"]!["responses"]!["409"]!["description"]);
        Assert.Equal("""["name","limit","caller"]""", document["components"]!["schemas"]!["Thing"]!["required"]!.ToJsonString());
    }

    [Fact]
    public async Task The_page_loads_nothing_from_elsewhere_and_runs_nothing_inline()
    {
        var answer = await server.SendAsync("GET", "/docs", key: null);
        Assert.Equal((200, "text/html; charset=utf-8"), (answer.Status, answer.Response.Content.Headers.ContentType!.ToString()));
        Assert.DoesNotContain("//", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<style", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotMatch("<script(?![^>]* src=)", answer.Text);
        Assert.Contains("default-src 'none'", answer.Response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        var targets = Links().Matches(answer.Text).Select(m => m.Groups[1].Value).ToList();
        Assert.Contains("/docs/docs.js", targets);
        foreach (var target in targets)
        {
            Assert.Equal(200, (await server.SendAsync("GET", target, key: null)).Status);
        }
    }

    [Theory]
    [InlineData("HEAD", 200)]
    [InlineData("POST", 404)]
    public async Task Documents_are_only_read(string verb, int status)
    {
        Assert.Equal(status, (await server.SendAsync(verb, "/docs")).Status);
        Assert.Equal(status, (await server.SendAsync(verb, "/api-docs")).Status);
    }

    [GeneratedRegex("(?:href|src)=\"([^\"]*)\"")]
    private static partial Regex Links();
}
