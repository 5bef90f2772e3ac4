using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Masumi.Protocol;

/// <summary>
/// The hash of a job's input, in lowercase hex. Buyers and agents make 32 bytes of it (MIP-004); the APIs take any hex, here bounded to
/// 64 bytes so that every later form of the datum fits its limit.
/// </summary>
[JsonConverter(typeof(TextConverter<InputHash>))]
public sealed record InputHash : IParsable<InputHash>
{
    private const int LeastBytes = 1;
    private const int MostBytes = 64;
    private readonly string _text;

    private InputHash(string text)
    {
        _text = text;
    }

    /// <summary>True when it has the 32 bytes of a sha256, as MIP-004 and x402 make them.</summary>
    public bool IsSha256 => _text.Length == 64;

    /// <summary>From 1 to 64 bytes; throws <see cref="ArgumentException"/> for another number.</summary>
    public static InputHash From(ReadOnlySpan<byte> bytes) => new(WireText.Hex(bytes, LeastBytes, MostBytes, "An input hash"));

    /// <summary>The bytes.</summary>
    public byte[] ToBytes() => Convert.FromHexString(_text);

    /// <summary>Reads hex of either case; false for anything else.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out InputHash? hash)
    {
        hash = WireText.TryHex(text, LeastBytes, MostBytes, out var hex) ? new InputHash(hex) : null;
        return hash is not null;
    }

    /// <summary>Reads hex of either case; throws <see cref="FormatException"/> with a sentence.</summary>
    public static InputHash Parse(string? text) =>
        TryParse(text, out var hash) ? hash : throw WireText.Refusal("an input hash", text, "hex of 2 to 128 digits, even in number; sha256 has 64");

    static InputHash IParsable<InputHash>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<InputHash>.TryParse(string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out InputHash result) => TryParse(s, out result);

    /// <summary>Lowercase hex, as on the wire.</summary>
    public override string ToString() => _text;
}
