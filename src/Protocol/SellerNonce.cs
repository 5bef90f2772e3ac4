using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Masumi.Protocol;

/// <summary>
/// The seller's random part of a blockchain identifier: 32 bytes, 64 hex digits. On the wire it stands before the agent identifier, both together are the
/// seller identifier (spec escrow.md 6.1).
/// </summary>
[JsonConverter(typeof(TextConverter<SellerNonce>))]
public sealed record SellerNonce : IParsable<SellerNonce>
{
    private const int LeastBytes = 32;
    private const int MostBytes = 32;
    private readonly string _text;

    private SellerNonce(string text)
    {
        _text = text;
    }

    /// <summary>From 32 unpredictable bytes; throws <see cref="ArgumentException"/> for another number.</summary>
    public static SellerNonce From(ReadOnlySpan<byte> bytes) => new(WireText.Hex(bytes, LeastBytes, MostBytes, "A seller nonce"));

    /// <summary>The bytes.</summary>
    public byte[] ToBytes() => Convert.FromHexString(_text);

    /// <summary>Reads hex of either case; false for anything else.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out SellerNonce? nonce)
    {
        nonce = WireText.TryHex(text, LeastBytes, MostBytes, out var hex) ? new SellerNonce(hex) : null;
        return nonce is not null;
    }

    /// <summary>Reads hex of either case; throws <see cref="FormatException"/> with a sentence.</summary>
    public static SellerNonce Parse(string? text) => TryParse(text, out var nonce) ? nonce : throw WireText.Refusal("a seller nonce", text, "64 hex digits");

    static SellerNonce IParsable<SellerNonce>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<SellerNonce>.TryParse(string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out SellerNonce result) => TryParse(s, out result);

    /// <summary>Lowercase hex, as on the wire.</summary>
    public override string ToString() => _text;
}
