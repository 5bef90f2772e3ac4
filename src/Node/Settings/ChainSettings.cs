using System.Collections.Immutable;

namespace Masumi.Node.Settings;

/// <summary>A chain provider's address and key. A class, not a record: its text must never show the key.</summary>
internal sealed class ChainEndpoint(Uri url, string? key)
{
    /// <summary>Its address, with the path of its API.</summary>
    public Uri Url { get; } = url;

    /// <summary>Its key.</summary>
    public string? Key { get; } = key;
}

/// <summary>
/// The chain provider: <c>chain { url, key? or keyFile?, clearTextHosts?, pollMilliseconds?, providers? }</c>; <c>providers</c> is a list of more of them,
/// <c>{ url, key? or keyFile? }</c>, each asked when those before do not answer.
/// </summary>
internal sealed record ChainSettings
{
    private const long LongestPoll = 3_600_000;
    private const string Allowed = "the chain provider's http or https address with its path";

    /// <summary>Its address, with the path of its API.</summary>
    public required Uri Url { get; init; }

    /// <summary>Its key.</summary>
    public string? Key { get; init; }

    /// <summary>Names to which keys may go over http.</summary>
    public ImmutableArray<string> ClearTextHosts { get; init; } = [];

    /// <summary>The ones asked when it does not answer.</summary>
    public ImmutableArray<ChainEndpoint> Others { get; init; } = [];

    /// <summary>All of them, in the order they are asked.</summary>
    public ImmutableArray<ChainEndpoint> All => [new(Url, Key), .. Others];

    /// <summary>How often it is asked; null: as suits the network.</summary>
    public TimeSpan? PollInterval { get; init; }

    /// <summary>Reads them; null when something is wrong, which is noted.</summary>
    public static ChainSettings? Read(SettingsReader reader)
    {
        var hosts = reader.OptionalTexts("clearTextHosts", "the name of a host") ?? [];
        var first = ReadEndpoint(reader, hosts);
        var poll = reader.OptionalWhole("pollMilliseconds", 1, LongestPoll);
        var others = reader.Items("providers", "a provider with url and key").Select(item => ReadEndpoint(item, hosts)).ToList();
        if (first is null || others.Contains(null))
        {
            return null;
        }

        return new ChainSettings
        {
            Url = first.Url,
            Key = first.Key,
            Others = [.. others.OfType<ChainEndpoint>()],
            ClearTextHosts = hosts,
            PollInterval = poll is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null,
        };
    }

    /// <summary>Whether a text may travel in a header.</summary>
    public static bool IsHeader(string key) => key.All(c => c is > ' ' and < '\x7f');

    /// <summary>Without the key.</summary>
    public override string ToString() => Url.Host;

    private static ChainEndpoint? ReadEndpoint(SettingsReader reader, ImmutableArray<string> hosts)
    {
        var text = reader.Text("url", Allowed, secret: true);
        var key = reader.OptionalSecret("key", "the provider's key");
        if (key is not null && !IsHeader(key))
        {
            reader.Refuse("key", "letters, digits and signs of ASCII without spaces are needed, it has others");
        }

        return text is null || ReadUrl(reader, text, key, hosts) is not { } url ? null : new ChainEndpoint(url, string.IsNullOrEmpty(key) ? null : key);
    }

    // Somebody may have put a key into the address: only what surely is none is shown.
    private static Uri? ReadUrl(SettingsReader reader, string text, string? key, ImmutableArray<string> hosts)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.Host.Length == 0)
        {
            reader.Refuse("url", $"{Allowed} is needed, got something else");
            return null;
        }

        if (url.UserInfo.Length + url.Query.Length + url.Fragment.Length > 0)
        {
            reader.Refuse("url", $"{Allowed} is needed, got one with a user, a query or a fragment at {url.Host}; the key belongs into chain.key");
        }
        else if (!string.IsNullOrEmpty(key) && KeyTransport.Refusal(url, hosts) is { } refusal)
        {
            reader.Refuse("url", $"{refusal} (chain.clearTextHosts)");
        }

        return url;
    }
}
