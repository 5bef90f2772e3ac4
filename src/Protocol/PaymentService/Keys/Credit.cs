using System.Diagnostics.CodeAnalysis;
using Masumi.Protocol.Wire;

namespace Masumi.Protocol.PaymentService.Keys;

/// <summary>So much of a unit that a key is given or loses.</summary>
/// <param name="Unit">Empty for ADA, policy id and asset name in hex, or <c>eip155:&lt;chain id&gt;:0x&lt;address&gt;</c>; in lower case.</param>
/// <param name="Amount">In the smallest part; below zero to take away.</param>
public sealed record Credit(string Unit, long Amount)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<Credit> Shape { get; } =
        Shapes.Record<Credit>(s =>
            new(
                s.Required(
                    "unit",
                    KeyShapes.CreditUnit,
                    r => r.Unit,
                    "Empty or lovelace for ADA; policy id and asset name in hex; or eip155:<chain id>:0x<address>"
                ),
                s.Required("amount", KeyShapes.Amount, r => r.Amount, "Whole number in the smallest part")
            )
        );
}

// Made once: reading a request evaluates the expression of its record.
internal static class KeyShapes
{
    private const string NotCardano = "Use NetworkLimit for Cardano networks; ChainIdLimit is for non-Cardano CAIP-2 chain ids";

    public static Shape<string> CreditUnit { get; } = Shapes.Text(0, 150).As<string>(TryReadUnit, unit => unit);

    public static Shape<long> Amount { get; } = Shapes.WholeText();

    // What a key moves beyond prices is never negative.
    public static Shape<long> Lovelace { get; } = Shapes.WholeText(@"^\d+$");

    public static Shape<string> ChainId { get; } =
        Shapes.Pattern("^[-a-z0-9]{3,8}:[-_a-zA-Z0-9]{1,32}$").Where(id => id.StartsWith("cardano:", StringComparison.Ordinal) ? NotCardano : null);

    private static bool TryReadUnit(string text, [NotNullWhen(true)] out string? unit, [NotNullWhen(false)] out string? issue)
    {
        unit =
            Unit.TryParse(text, out var known) ? known.ToString()
            : IsEvmToken(text) ? text.ToLowerInvariant()
            : null;
        issue = unit is null ? "Invalid unit: lovelace, policy id and asset name in hex, or eip155:<chain id>:0x<address>, is needed" : null;
        return unit is not null;
    }

    // A token of another chain, as credits name it (spec since-0.28.md 4).
    private static bool IsEvmToken(string text) =>
        text.Split(':') is ["eip155", { Length: > 0 } chain, { Length: 42 } address]
        && chain.All(char.IsAsciiDigit)
        && address.StartsWith("0x", StringComparison.Ordinal)
        && address.Skip(2).All(char.IsAsciiHexDigit);
}
