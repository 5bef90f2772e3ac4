using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Masumi.Protocol;

/// <summary>
/// An agent's token: the registry's policy id (56 hex digits) followed by the asset name (2 to 64), in lower case. Either case is read, for hex is only
/// the notation; the chain gives back lower case (spec registry.md 5.4). Both registries of the network mint names of 64 digits, so a registered agent's
/// identifier has 120.
/// </summary>
[JsonConverter(typeof(TextConverter<AgentIdentifier>))]
public sealed record AgentIdentifier : IParsable<AgentIdentifier>
{
    private const int PolicyDigits = 56;
    private readonly string _text;

    private AgentIdentifier(string text)
    {
        _text = text;
    }

    /// <summary>The registry's policy id, 56 lowercase hex digits.</summary>
    public string PolicyId => _text[..PolicyDigits];

    /// <summary>The asset name in lowercase hex, 2 to 64 digits.</summary>
    public string AssetName => _text[PolicyDigits..];

    /// <summary>Reads an identifier; false for anything else.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out AgentIdentifier? identifier)
    {
        identifier = WireText.TryHex(text, 29, 60, out var hex) ? new AgentIdentifier(hex) : null;
        return identifier is not null;
    }

    /// <summary>Reads an identifier; throws <see cref="FormatException"/> with a sentence.</summary>
    public static AgentIdentifier Parse(string? text) =>
        TryParse(text, out var identifier)
            ? identifier
            : throw WireText.Refusal("an agent identifier", text, "policy id and asset name in hex, 58 to 120 digits, even in number");

    static AgentIdentifier IParsable<AgentIdentifier>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<AgentIdentifier>.TryParse(string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out AgentIdentifier result) =>
        TryParse(s, out result);

    /// <summary>Lowercase hex, as on the wire.</summary>
    public override string ToString() => _text;
}
