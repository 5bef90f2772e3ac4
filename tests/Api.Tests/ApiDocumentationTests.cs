using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Masumi.Api.Tests;

public sealed partial class ApiDocumentationTests(ApiServer server) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task The_document_lists_every_route_with_its_key()
    {
        var answer = await server.SendAsync("GET", "/api-docs", key: null);
        Assert.Equal((200, "application/json"), (answer.Status, answer.Response.Content.Headers.ContentType!.MediaType));
        var paths = answer.Body!["paths"]!.AsObject();
        Assert.Equal(
            server.Endpoints.Select(e => $"{e.Verb} {e.Path} {(e.Permission is null ? "open" : "API-Key")} {e.Summary}").Order(StringComparer.Ordinal),
            paths
                .SelectMany(p =>
                    p.Value!.AsObject()
                        .Select(o =>
                            $"{o.Key.ToUpperInvariant()} {p.Key} {(o.Value!["security"]!.AsArray() is [var need] ? need!.AsObject().Single().Key : "open")} {o.Value["summary"]}"
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

        Assert.Equal(server.Endpoints.Count, references);
    }

    [Fact]
    public async Task The_page_shows_every_route_and_loads_nothing_from_elsewhere()
    {
        var answer = await server.SendAsync("GET", "/docs", key: null);
        Assert.Equal((200, "text/html; charset=utf-8"), (answer.Status, answer.Response.Content.Headers.ContentType!.ToString()));
        Assert.All(server.Endpoints, e => Assert.Contains($"<code>{e.Path}</code>", answer.Text, StringComparison.Ordinal));
        Assert.DoesNotContain("//", answer.Text, StringComparison.Ordinal);
        foreach (var target in Links().Matches(answer.Text).Select(m => m.Groups[1].Value))
        {
            Assert.Equal(200, (await server.SendAsync("GET", target, key: null)).Status);
        }
    }

    [Fact]
    public async Task The_page_shows_words_as_words()
    {
        var text = (await server.SendAsync("GET", "/docs/", key: null)).Text;
        Assert.Contains("A &lt;small&gt; service", text, StringComparison.Ordinal);
        Assert.Contains("Shows &lt;things&gt; &amp; more.", text, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", text, StringComparison.Ordinal);
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
