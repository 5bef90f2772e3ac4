using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Masumi.Protocol;

/// <summary>
/// The buyer's random name for a job, <c>identifierFromPurchaser</c> on the wire: 7 to 13 bytes as 14 to 26 hex digits. The hashes of MIP-004 are over
/// this text, and the chain gives it back in lower case, so only lower case is read. x402 alone knows an empty one.
/// </summary>
[JsonConverter(typeof(TextConverter<BuyerNonce>))]
public sealed record BuyerNonce : IParsable<BuyerNonce>
{
    private const int LeastBytes = 7;
    private const int MostBytes = 13;
    private readonly string _text;

    private BuyerNonce(string text)
    {
        _text = text;
    }

    /// <summary>The empty nonce that an x402 lock may have (spec x402-cardano.md 11.2). <see cref="TryParse"/> does not read it.</summary>
    public static BuyerNonce Empty { get; } = new("");

    /// <summary>True for <see cref="Empty"/>.</summary>
    public bool IsEmpty => _text.Length == 0;

    /// <summary>From 7 to 13 random bytes; throws <see cref="ArgumentException"/> for another number.</summary>
    public static BuyerNonce From(ReadOnlySpan<byte> bytes) => new(WireText.Hex(bytes, LeastBytes, MostBytes, "A buyer nonce"));

    /// <summary>The bytes, as the datum holds them.</summary>
    public byte[] ToBytes() => Convert.FromHexString(_text);

    /// <summary>Reads a nonce that is not empty; false for anything else.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out BuyerNonce? nonce)
    {
        nonce = WireText.TryHex(text, LeastBytes, MostBytes, out var hex) && hex == text ? new BuyerNonce(hex) : null;
        return nonce is not null;
    }

    /// <summary>Reads a nonce that is not empty; throws <see cref="FormatException"/> with a sentence.</summary>
    public static BuyerNonce Parse(string? text) =>
        TryParse(text, out var nonce)
            ? nonce
            : throw WireText.Refusal("an identifier from a purchaser", text, "hex in lower case of 14 to 26 digits, even in number");

    static BuyerNonce IParsable<BuyerNonce>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<BuyerNonce>.TryParse(string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out BuyerNonce result) => TryParse(s, out result);

    /// <summary>Lowercase hex, as on the wire.</summary>
    public override string ToString() => _text;
}
