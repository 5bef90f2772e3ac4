using System.Collections.Immutable;
using System.Globalization;
using Masumi.Protocol.Tokens;
using Masumi.Protocol.Wire;

namespace Masumi.Protocol.PaymentService.Deals;

/// <summary>So much of a unit.</summary>
/// <param name="Amount">Decimal digits, in the smallest part.</param>
/// <param name="Unit">Empty for ADA, else policy id and asset name.</param>
/// <param name="Symbol">The token's short name, where it has one on this network.</param>
/// <param name="Decimals">How many digits of the amount stand behind the point, where that is known.</param>
public sealed record AmountRow(string Amount, string Unit, string? Symbol = null, long? Decimals = null)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<AmountRow> Shape { get; } =
        Shapes.Record<AmountRow>(s =>
            new(
                s.Required("amount", Shapes.AnyText, r => r.Amount, "Decimal digits, in the smallest part"),
                s.Required("unit", Shapes.AnyText, r => r.Unit, "Empty for ADA, else policy id and asset name in hex"),
                s.Optional("symbol", Shapes.AnyText, r => r.Symbol, "For people: the token's short name"),
                s.Optional("decimals", Shapes.Integer(), r => r.Decimals, "For people: digits behind the point")
            )
        );

    /// <summary>A list of them.</summary>
    public static Shape<ImmutableArray<AmountRow>> Many { get; } = Shapes.List(Shape);

    /// <summary>An amount with what people call its unit.</summary>
    /// <param name="amount">In the smallest part.</param>
    /// <param name="unit">Of what.</param>
    /// <param name="network">Where it counts.</param>
    public static AmountRow Of(Int128 amount, Unit unit, Network network)
    {
        ArgumentNullException.ThrowIfNull(unit);
        var token = Token.Find(unit, network);
        return new(amount.ToString(CultureInfo.InvariantCulture), unit.ToString(), token?.Symbol, token?.Decimals);
    }
}

/// <summary>So much of a unit, as somebody asks for it or offers it.</summary>
/// <param name="Amount">A whole number in text, in the smallest part. What is not positive passes: it is refused later, with a sentence that clients know.</param>
/// <param name="Unit">As it was written, for that is what was signed; <c>lovelace</c> in any case means ADA as the empty text does.</param>
public sealed record AskedAmount(string Amount, string Unit)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<AskedAmount> Shape { get; } =
        Shapes.Record<AskedAmount>(s =>
            new(
                s.Required("amount", Shapes.Text(0, 25).Where(WrongAmount), r => r.Amount, "A whole number in text, in the smallest part"),
                s.Required("unit", Shapes.Text(0, 150).Where(WrongUnit), r => r.Unit, "Empty or lovelace for ADA, else policy id and asset name in hex")
            )
        );

    private static string? WrongAmount(string text) =>
        !Digits.TryRead<Int128>(text.StartsWith('-') ? text[1..] : text, out var amount) ? "Invalid amount: a whole number in text is needed"
        : amount > long.MaxValue ? "Invalid amount: too large, at most 9223372036854775807 is taken"
        : null;

    private static string? WrongUnit(string text) =>
        Protocol.Unit.TryParse(text, out _) ? null : "Invalid unit: lovelace, or policy id and asset name in hex, is needed";
}
