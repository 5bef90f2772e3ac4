using System.Net;
using System.Net.Sockets;

namespace Masumi;

/// <summary>Where a key may be sent: over https anywhere, over http only where nobody on the way can read it.</summary>
internal static class KeyTransport
{
    private static readonly IPNetwork[] Private =
    [
        .. new[] { "127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "::1/128", "fc00::/7", "fe80::/10" }.Select(
            IPNetwork.Parse
        ),
    ];

    /// <summary>Why no key may be sent there, in one line; null when it may.</summary>
    /// <param name="address">A service's base address.</param>
    /// <param name="clearTextHosts">Names that are trusted beside loopback and private addresses, such as those of containers.</param>
    public static string? Refusal(Uri address, IEnumerable<string>? clearTextHosts = null)
    {
        if (!address.IsAbsoluteUri || address.Scheme is not ("http" or "https"))
        {
            return "an http or https address is needed";
        }

        var host = address.DnsSafeHost.TrimEnd('.');
        return
            address.Scheme == "https"
            || IsPrivate(host)
            || (clearTextHosts ?? []).Any(name => string.Equals(name.TrimEnd('.'), host, StringComparison.OrdinalIgnoreCase))
            ? null
            : $"the key would be sent to {host} in clear text; https is needed except for this machine, private addresses and named hosts";
    }

    private static bool IsPrivate(string host)
    {
        if (!IPAddress.TryParse(host, out var address))
        {
            return host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);
        }

        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return address.AddressFamily is AddressFamily.InterNetwork or AddressFamily.InterNetworkV6
            && Array.Exists(Private, n => n.BaseAddress.AddressFamily == address.AddressFamily && n.Contains(address));
    }
}
