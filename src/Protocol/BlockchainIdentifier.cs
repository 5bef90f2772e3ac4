using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Masumi.Protocol;

/// <summary>
/// The name of one deal on both sides and on chain: lowercase hex of even length, at most 8000 digits (spec escrow.md 6). It carries the seller's
/// signature; what is in it is read by whoever checks that, not here. The id of a free job (<c>FREE-…</c>) is none: nothing of it is on chain.
/// </summary>
[JsonConverter(typeof(TextConverter<BlockchainIdentifier>))]
public sealed record BlockchainIdentifier : IParsable<BlockchainIdentifier>
{
    /// <summary>The most digits the APIs take.</summary>
    public const int MaxLength = 8000;

    private readonly string _text;

    private BlockchainIdentifier(string text)
    {
        _text = text;
    }

    /// <summary>True for the ids that agents give to free jobs: <c>FREE-</c> and hex (spec agentic-service-api.md 9).</summary>
    public static bool IsFreeJob(string? text) => text?.StartsWith("FREE-", StringComparison.Ordinal) is true;

    /// <summary>Reads an identifier; false for anything else.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out BlockchainIdentifier? identifier)
    {
        // Lower case only: any other spelling names a deal that the chain never gives back (spec escrow.md, trap 7).
        identifier = WireText.TryHex(text, 1, MaxLength / 2, out var hex) && hex == text ? new BlockchainIdentifier(hex) : null;
        return identifier is not null;
    }

    /// <summary>Reads an identifier; throws <see cref="FormatException"/> with a sentence.</summary>
    public static BlockchainIdentifier Parse(string? text) =>
        TryParse(text, out var identifier)
            ? identifier
            : throw WireText.Refusal(
                "a blockchain identifier",
                text,
                IsFreeJob(text)
                    ? "the identifier of a paid job; this is the id of a free one, which has no escrow"
                    : $"hex in lower case of at most {MaxLength} digits, even in number"
            );

    static BlockchainIdentifier IParsable<BlockchainIdentifier>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<BlockchainIdentifier>.TryParse(string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out BlockchainIdentifier result) =>
        TryParse(s, out result);

    /// <summary>Lowercase hex, as on the wire.</summary>
    public override string ToString() => _text;
}
