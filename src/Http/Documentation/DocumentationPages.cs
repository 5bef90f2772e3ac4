using System.Collections.Frozen;
using System.Text;
using Masumi.Protocol.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Masumi.Http.Documentation;

/// <summary>What a service says about itself: <c>/api-docs</c>, the OpenAPI document of what is really served, and <c>/docs</c>, a page to read and try it.</summary>
public static class DocumentationPages
{
    // Nothing from elsewhere, nothing inline: the page holds a key while somebody tries an operation.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    private static readonly FrozenDictionary<string, (string File, string Type)> Files = new Dictionary<string, (string, string)>
    {
        ["/docs"] = ("docs.html", "text/html; charset=utf-8"),
        ["/docs/docs.js"] = ("docs.js", "text/javascript; charset=utf-8"),
        ["/docs/docs.css"] = ("docs.css", "text/css; charset=utf-8"),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Serves both. Call when all operations are mapped.</summary>
    public static void MapDocumentation(this WebApplication app, OpenApiDocument document, IEnumerable<Operation> operations)
    {
        ArgumentNullException.ThrowIfNull(app);
        ArgumentNullException.ThrowIfNull(document);
        var json = Encoding.UTF8.GetBytes(document.Of(operations).ToJsonString());
        app.MapMethods("/api-docs", Reading, http => SendAsync(http, json, "application/json; charset=utf-8"));
        foreach (var (path, (file, type)) in Files)
        {
            var bytes = Read(file);
            app.MapMethods(path, Reading, http => SendAsync(http, bytes, type));
        }
    }

    private static Task SendAsync(HttpContext http, byte[] bytes, string type)
    {
        http.Response.ContentType = type;
        http.Response.ContentLength = bytes.Length;
        http.Response.Headers.ContentSecurityPolicy = Policy;
        http.Response.Headers.XContentTypeOptions = "nosniff";
        return http.Response.Body.WriteAsync(bytes, http.RequestAborted).AsTask();
    }

    private static byte[] Read(string file)
    {
        using var stream =
            typeof(DocumentationPages).Assembly.GetManifestResourceStream($"page/{file}") ?? throw new InvalidOperationException($"No {file} in the program.");
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
