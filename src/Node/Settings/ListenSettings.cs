using System.Collections.Immutable;
using System.Net;

namespace Masumi.Node.Settings;

/// <summary>Where a service listens: <c>listen</c>, addresses with ports such as <c>127.0.0.1:3001</c>; a port alone is on loopback.</summary>
internal static class ListenSettings
{
    /// <summary>What may be written.</summary>
    public const string Allowed = "an address with a port, such as 127.0.0.1:3001, [::1]:3001 or 0.0.0.0:3001, or a port alone (on this machine only)";

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
        return host switch
        {
            "localhost" => new IPEndPoint(IPAddress.Loopback, port),
            "*" => new IPEndPoint(IPAddress.IPv6Any, port),
            ['[', .. var inner, ']'] => IPAddress.TryParse(inner, out var six) && six.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6
                ? new IPEndPoint(six, port)
                : null,
            _ => host.Count(c => c == '.') == 3 && IPAddress.TryParse(host, out var four) ? new IPEndPoint(four, port) : null,
        };
    }

    /// <summary>Whether others than this machine can connect.</summary>
    public static bool IsOpen(IPEndPoint place) => !IPAddress.IsLoopback(place.Address);

    private static IEnumerable<string> Texts(SettingsReader reader, string name) =>
        reader.IsList(name)
            ? reader.OptionalTexts(name, Allowed) ?? []
            : (IEnumerable<string>)(reader.OptionalText(name, Allowed)?.Split(',', StringSplitOptions.TrimEntries) ?? []);
}
