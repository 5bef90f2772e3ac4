using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Masumi.Protocol;

/// <summary>
/// What an amount counts: lovelace, written as the empty text, or the smallest part of a native asset, written as policy id (56 hex digits) and asset
/// name (up to 64) without anything between.
/// </summary>
[JsonConverter(typeof(TextConverter<Unit>))]
public sealed record Unit : IParsable<Unit>
{
    private const int PolicyDigits = 56;
    private readonly string _text;

    private Unit(string text)
    {
        _text = text;
    }

    /// <summary>Lovelace: the empty text on the wire.</summary>
    public static Unit Ada { get; } = new("");

    /// <summary>True for <see cref="Ada"/>.</summary>
    public bool IsAda => _text.Length == 0;

    /// <summary>The asset's policy id, 56 lowercase hex digits; null for lovelace.</summary>
    public string? PolicyId => IsAda ? null : _text[..PolicyDigits];

    /// <summary>The asset's name in lowercase hex, maybe empty; null for lovelace.</summary>
    public string? AssetName => IsAda ? null : _text[PolicyDigits..];

    /// <summary>Reads a unit; <c>lovelace</c> in any case and the empty text are ADA's, hex is read in either case. False for anything else.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out Unit? unit)
    {
        unit =
            text is "" || text?.Equals("lovelace", StringComparison.OrdinalIgnoreCase) is true ? Ada
            : WireText.TryHex(text, 28, 60, out var hex) ? new Unit(hex)
            : null;
        return unit is not null;
    }

    /// <summary>Reads a unit; throws <see cref="FormatException"/> with a sentence.</summary>
    public static Unit Parse(string? text) =>
        TryParse(text, out var unit)
            ? unit
            : throw WireText.Refusal("a unit", text, "nothing or lovelace for ADA, or policy id and asset name in hex, 56 to 120 digits, even in number");

    static Unit IParsable<Unit>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<Unit>.TryParse(string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out Unit result) => TryParse(s, out result);

    /// <summary>As on the wire: empty for lovelace, else lowercase hex.</summary>
    public override string ToString() => _text;
}
