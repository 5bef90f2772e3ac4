using Microsoft.AspNetCore.Http;

namespace Masumi.Devnet.Page;

/// <summary>The files of the page at <c>/</c>, embedded in the assembly. The page reads the API like any other client.</summary>
internal sealed class PageFile
{
    // Scripts and styles of its own only, nothing inline, no frames: what comes from the chain stays text.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private const string Prefix = "page/";

    private static readonly Dictionary<string, string> Types = new()
    {
        [".html"] = "text/html; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
    };

    // The document at the root, everything else below /page.
    private static readonly Dictionary<string, PageFile> Files = typeof(PageFile)
        .Assembly.GetManifestResourceNames()
        .Where(n => n.StartsWith(Prefix, StringComparison.Ordinal))
        .ToDictionary(n => n == "page/index.html" ? "/" : $"/{n}", n => new PageFile(n));

    private readonly byte[] _bytes;
    private readonly string _type;

    private PageFile(string name)
    {
        using var stream = typeof(PageFile).Assembly.GetManifestResourceStream(name)!;
        _bytes = new byte[stream.Length];
        stream.ReadExactly(_bytes);
        _type = Types[Path.GetExtension(name)];
    }

    /// <summary>The file a request is for. The root is a page only for who asks for HTML; others get Blockfrost's JSON.</summary>
    public static PageFile? Find(HttpRequest request) =>
        HttpMethods.IsGet(request.Method)
        && Files.TryGetValue(request.Path.Value ?? "", out var file)
        && (request.Path.Value != "/" || request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase))
            ? file
            : null;

    public async Task WriteAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        context.Response.ContentType = _type;
        context.Response.ContentLength = _bytes.Length;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.CacheControl = "no-cache";
        headers.Vary = "Accept";
        await context.Response.Body.WriteAsync(_bytes, context.RequestAborted);
    }
}
