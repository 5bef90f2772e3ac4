using System.Collections.Immutable;
using System.Net;

namespace Masumi.Node.Settings;

/// <summary>Where a service listens: <c>listen</c>, addresses with ports such as <c>127.0.0.1:3001</c>; a port alone is on loopback.</summary>
internal static class ListenSettings
{
    /// <summary>What may be written.</summary>
    public const string Allowed =
        "an address of this machine with a port, such as 127.0.0.1:3001, [::1]:3001 or 0.0.0.0:3001, or a port alone (on this machine only)";

    /// <summary>A port on this machine only; 0: any free one.</summary>
    public static ImmutableArray<IPEndPoint> Loopback(int port) => [new(IPAddress.Loopback, port)];

    /// <summary>Reads the setting, one text with commas between addresses or a list of them.</summary>
    public static ImmutableArray<IPEndPoint> Read(SettingsReader reader, int otherwise, string name = "listen")
    {
        if (!reader.Has(name))
        {
            return Loopback(otherwise);
        }

        var places = ImmutableArray.CreateBuilder<IPEndPoint>();
        foreach (var text in Texts(reader, name))
        {
            if (Parse(text) is { } place)
            {
                // Any free port is another one each time.
                if (place.Port != 0 && places.Contains(place))
                {
                    reader.Refuse(name, $"{place} is there twice");
                    continue;
                }

                places.Add(place);
            }
            else
            {
                reader.Refuse(
                    name,
                    $"{Allowed} is needed, got {(text.Length <= 60 && text.Contains(':', StringComparison.Ordinal) ? SettingsReader.Quoted(text) : "something else")}"
                );
            }
        }

        return places.ToImmutable();
    }

    /// <summary>An address with a port; null when it is none.</summary>
    public static IPEndPoint? Parse(string text)
    {
        text = text.Trim();
        if (Digits.TryRead<ushort>(text, out var alone))
        {
            return new IPEndPoint(IPAddress.Loopback, alone);
        }

        var colon = text.LastIndexOf(':');
        if (colon <= 0 || !Digits.TryRead<ushort>(text.AsSpan(colon + 1), out var port))
        {
            return null;
        }

        var host = text[..colon];
        var address = host switch
        {
            "localhost" => IPAddress.Loopback,
            "*" => IPAddress.IPv6Any,
            ['[', .. var inner, ']'] => Six(inner),
            _ => Four(host),
        };
        return address is null || IsOfMany(address) ? null : new IPEndPoint(address, port);
    }

    // As people write them: what is octal or hexadecimal to some programs is not to others.
    private static IPAddress? Four(string host) =>
        host.Split('.') is { Length: 4 } parts && parts.All(p => Digits.TryRead<byte>(p, out var number) && p == $"{number}") ? IPAddress.Parse(host) : null;

    // Without a port or a length of its own, which the system's parser would take and forget.
    private static IPAddress? Six(string host) =>
        !host.AsSpan().ContainsAny('[', ']', '/')
        && IPAddress.TryParse(host, out var address)
        && address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6
            ? address
            : null;

    // Multicast, broadcast and what is reserved.
    private static bool IsOfMany(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return plain.IsIPv6Multicast || plain.GetAddressBytes() is [>= 224, _, _, _];
    }

    /// <summary>Whether others than this machine can connect.</summary>
    public static bool IsOpen(IPEndPoint place) => !IPAddress.IsLoopback(place.Address);

    private static IEnumerable<string> Texts(SettingsReader reader, string name) =>
        reader.IsList(name)
            ? reader.OptionalTexts(name, Allowed) ?? []
            : (IEnumerable<string>)(reader.OptionalText(name, Allowed)?.Split(',', StringSplitOptions.TrimEntries) ?? []);
}
