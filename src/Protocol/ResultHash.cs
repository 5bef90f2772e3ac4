using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Masumi.Protocol;

/// <summary>
/// The hash of a job's result: sha256, 64 hex digits (MIP-004). What a foreign contract holds may have another length; that is no hash of a result and matches
/// none.
/// </summary>
[JsonConverter(typeof(TextConverter<ResultHash>))]
public sealed record ResultHash : IParsable<ResultHash>
{
    private const int LeastBytes = 32;
    private const int MostBytes = 32;
    private readonly string _text;

    private ResultHash(string text)
    {
        _text = text;
    }

    /// <summary>From 32 bytes; throws <see cref="ArgumentException"/> for another number.</summary>
    public static ResultHash From(ReadOnlySpan<byte> bytes) => new(WireText.Hex(bytes, LeastBytes, MostBytes, "A result hash"));

    /// <summary>The bytes.</summary>
    public byte[] ToBytes() => Convert.FromHexString(_text);

    /// <summary>Reads hex of either case; false for anything else.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out ResultHash? hash)
    {
        hash = WireText.TryHex(text, LeastBytes, MostBytes, out var hex) ? new ResultHash(hex) : null;
        return hash is not null;
    }

    /// <summary>Reads hex of either case; throws <see cref="FormatException"/> with a sentence.</summary>
    public static ResultHash Parse(string? text) => TryParse(text, out var hash) ? hash : throw WireText.Refusal("a result hash", text, "64 hex digits");

    static ResultHash IParsable<ResultHash>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<ResultHash>.TryParse(string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out ResultHash result) => TryParse(s, out result);

    /// <summary>Lowercase hex, as on the wire.</summary>
    public override string ToString() => _text;
}
