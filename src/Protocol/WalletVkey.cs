using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Masumi.Protocol;

/// <summary>
/// What the APIs call a wallet's <c>vkey</c>: the blake2b-224 hash of its payment key, 28 bytes, 56 hex digits. (No public key, though its name says so.)
/// </summary>
[JsonConverter(typeof(TextConverter<WalletVkey>))]
public sealed record WalletVkey : IParsable<WalletVkey>
{
    private const int LeastBytes = 28;
    private const int MostBytes = 28;
    private readonly string _text;

    private WalletVkey(string text)
    {
        _text = text;
    }

    /// <summary>From 28 bytes; throws <see cref="ArgumentException"/> for another number.</summary>
    public static WalletVkey From(ReadOnlySpan<byte> bytes) => new(WireText.Hex(bytes, LeastBytes, MostBytes, "A wallet's vkey"));

    /// <summary>The bytes.</summary>
    public byte[] ToBytes() => Convert.FromHexString(_text);

    /// <summary>Reads hex of either case; false for anything else.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out WalletVkey? vkey)
    {
        vkey = WireText.TryHex(text, LeastBytes, MostBytes, out var hex) ? new WalletVkey(hex) : null;
        return vkey is not null;
    }

    /// <summary>Reads hex of either case; throws <see cref="FormatException"/> with a sentence.</summary>
    public static WalletVkey Parse(string? text) =>
        TryParse(text, out var vkey) ? vkey : throw WireText.Refusal("a wallet's vkey", text, "56 hex digits: the hash of its payment key");

    static WalletVkey IParsable<WalletVkey>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<WalletVkey>.TryParse(string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out WalletVkey result) => TryParse(s, out result);

    /// <summary>Lowercase hex, as on the wire.</summary>
    public override string ToString() => _text;
}
