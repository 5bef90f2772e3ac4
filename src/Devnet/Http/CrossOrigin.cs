using Microsoft.AspNetCore.Http;

namespace Masumi.Devnet.Http;

/// <summary>
/// What pages of other origins may do: read the chain and submit to it from anywhere, as with Blockfrost; use the controls only from this
/// machine, so that no web site a developer happens to visit resets the devnet.
/// </summary>
internal static class CrossOrigin
{
    /// <summary>Sets the headers browsers ask for; false when the request must be turned away.</summary>
    /// <param name="context">The request and its answer.</param>
    /// <param name="path">The path as it is routed.</param>
    public static bool Admit(HttpContext context, string[] path)
    {
        var response = context.Response;
        var origin = context.Request.Headers.Origin.ToString();
        var isControl = path is ["devnet", ..];

        // A name that somebody else's server resolves to this machine is a web site of somebody else's, though its browser names no other origin.
        if (isControl && !IsThisMachine(context.Request.Host.Host))
        {
            return false;
        }

        if (origin.Length == 0)
        {
            return true;
        }

        if (isControl && !(Uri.TryCreate(origin, UriKind.Absolute, out var site) && site.IsLoopback))
        {
            return false;
        }

        response.Headers.AccessControlAllowOrigin = isControl ? origin : "*";
        response.Headers.AccessControlAllowHeaders = "*";
        response.Headers.AccessControlAllowMethods = "GET, POST";
        response.Headers.Vary = "Origin";
        return true;
    }

    private static bool IsThisMachine(string host) =>
        host.Length == 0
        || host.TrimEnd('.').Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (System.Net.IPAddress.TryParse(host, out var address) && System.Net.IPAddress.IsLoopback(address));
}
