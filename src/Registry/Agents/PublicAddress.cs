using System.Net;
using System.Net.Sockets;

namespace Masumi.Registry.Agents;

/// <summary>
/// Which endpoints may be asked. Metadata is written by strangers: nothing inside our network may be asked on their behalf (spec registry-service-api.md 6.2).
/// </summary>
internal static class PublicAddress
{
    private static readonly string[] PrivateNames = ["localhost", "localhost.localdomain", "ip6-localhost", "ip6-loopback", "metadata.google.internal"];

    // Special-purpose ranges of the IANA registries. The IPv6 ones that carry an IPv4 address (NAT64, 6to4, Teredo) could lead to any of the others.
    private static readonly IPNetwork[] Private =
    [
        .. new[]
        {
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4",
            "::/96",
            "64:ff9b::/96",
            "64:ff9b:1::/48",
            "100::/64",
            "2001::/23",
            "2001:db8::/32",
            "2002::/16",
            "fc00::/7",
            "fe80::/10",
            "fec0::/10",
            "ff00::/8",
        }.Select(IPNetwork.Parse),
    ];

    /// <summary>True for an address of the public internet.</summary>
    public static bool IsPublic(IPAddress address)
    {
        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return address.AddressFamily is AddressFamily.InterNetwork or AddressFamily.InterNetworkV6
            && !Array.Exists(Private, n => n.BaseAddress.AddressFamily == address.AddressFamily && n.Contains(address));
    }

    /// <summary>True for names of machines on every network.</summary>
    public static bool IsPrivateName(string host) => PrivateNames.Contains(host.TrimEnd('.'), StringComparer.OrdinalIgnoreCase);
}

/// <summary>An endpoint is none of the public internet.</summary>
internal sealed class NotPublicException(string host) : IOException($"{host} is no public address.");
