using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Masumi.Api;

/// <summary>What a service says about itself: <c>/api-docs</c> (OpenAPI, generated from the endpoints that are really served) and <c>/docs</c>.</summary>
public static class ApiDocumentation
{
    /// <summary>Serves both documents.</summary>
    public static void UseApiDocumentation<TCaller>(this WebApplication app, string title, string basePath, IReadOnlyCollection<ApiEndpoint<TCaller>> endpoints)
        where TCaller : class
    {
        var json = OpenApi(title, basePath, endpoints).ToJsonString();
        var html = Page(title, basePath, endpoints);
        app.Use(
            async (http, next) =>
            {
                var path = (http.Request.Path.Value ?? "").TrimEnd('/');
                if (path is "/docs" or "/api-docs" && (HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method)))
                {
                    http.Response.ContentType = path == "/docs" ? "text/html; charset=utf-8" : "application/json; charset=utf-8";
                    await http.Response.WriteAsync(path == "/docs" ? html : json, http.RequestAborted);
                    return;
                }

                await next(http);
            }
        );
    }

    private static JsonObject OpenApi<TCaller>(string title, string basePath, IEnumerable<ApiEndpoint<TCaller>> endpoints)
        where TCaller : class
    {
        var paths = new JsonObject();
        foreach (var group in endpoints.GroupBy(e => e.Path))
        {
            var item = new JsonObject();
            foreach (var endpoint in group)
            {
                item[endpoint.Verb.ToLowerInvariant()] = new JsonObject
                {
                    ["summary"] = endpoint.Summary,
                    ["security"] = endpoint.Permission is null ? new JsonArray() : new JsonArray(new JsonObject { ["API-Key"] = new JsonArray() }),
                    ["responses"] = new JsonObject
                    {
                        ["200"] = new JsonObject { ["description"] = "Success" },
                        ["default"] = new JsonObject { ["$ref"] = "#/components/responses/Error" },
                    },
                };
            }

            paths[group.Key] = item;
        }

        return new JsonObject
        {
            ["openapi"] = "3.0.0",
            ["info"] = new JsonObject { ["title"] = title, ["version"] = "1.0.0" },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = "." + basePath }),
            ["components"] = new JsonObject
            {
                ["responses"] = new JsonObject { ["Error"] = Error() },
                ["securitySchemes"] = new JsonObject
                {
                    ["API-Key"] = new JsonObject
                    {
                        ["type"] = "apiKey",
                        ["in"] = "header",
                        ["name"] = "token",
                    },
                },
            },
            ["paths"] = paths,
        };
    }

    private static JsonObject Error() =>
        new()
        {
            ["description"] = "Refused, or failed",
            ["content"] = new JsonObject
            {
                ["application/json"] = new JsonObject { ["schema"] = Record(("status", Text()), ("error", Record(("message", Text())))) },
            },
        };

    private static JsonObject Text() => new() { ["type"] = "string" };

    private static JsonObject Record(params ReadOnlySpan<(string Name, JsonObject Schema)> members)
    {
        var properties = new JsonObject();
        var required = new JsonArray();
        foreach (var (name, schema) in members)
        {
            properties[name] = schema;
            required.Add(name);
        }

        return new JsonObject
        {
            ["type"] = "object",
            ["properties"] = properties,
            ["required"] = required,
        };
    }

    private static string Page<TCaller>(string title, string basePath, IEnumerable<ApiEndpoint<TCaller>> endpoints)
        where TCaller : class
    {
        var html = new StringBuilder();
        html.Append("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>")
            .Append(WebUtility.HtmlEncode(title))
            .Append("</title><style>body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}")
            .Append("table{border-collapse:collapse;width:100%}td{padding:.35rem .6rem;border-bottom:1px solid #ddd;vertical-align:top}code{font-size:.95em}")
            .Append(".v{font-weight:600;white-space:nowrap}</style></head><body><h1>")
            .Append(WebUtility.HtmlEncode(title))
            .Append("</h1><p>All paths are below <code>")
            .Append(basePath)
            .Append("</code>; the API key goes into the header <code>token</code>. Machine-readable: <a href=\"/api-docs\">/api-docs</a>.</p><table>");
        foreach (var endpoint in endpoints)
        {
            html.Append("<tr><td class=\"v\">")
                .Append(endpoint.Verb)
                .Append("</td><td><code>")
                .Append(WebUtility.HtmlEncode(endpoint.Path))
                .Append("</code></td><td>")
                .Append(WebUtility.HtmlEncode(endpoint.Summary))
                .Append("</td><td>")
                .Append(WebUtility.HtmlEncode(endpoint.Permission ?? "open"))
                .Append("</td></tr>");
        }

        return html.Append("</table></body></html>").ToString();
    }
}
