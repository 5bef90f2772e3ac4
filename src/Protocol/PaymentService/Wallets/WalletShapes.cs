using System.Diagnostics.CodeAnalysis;
using Masumi.Protocol.Wire;

namespace Masumi.Protocol.PaymentService.Wallets;

// Made once: reading a request evaluates the expression of its record.
internal static class WalletShapes
{
    public static Shape<string> Id { get; } = Shapes.Text(1, 250);

    public static Shape<string> Filter { get; } = Shapes.Text(0, 250);

    public static Shape<long> Threshold { get; } = Shapes.WholeText(@"^\d+$");

    public static Shape<long> TopUp { get; } = Shapes.WholeText(@"^[1-9]\d*$");

    public static Shape<long> Lovelace { get; } = Shapes.WholeText("^[1-9][0-9]*$", 20);

    public static Shape<long> Quantity { get; } = Shapes.WholeText("^[1-9][0-9]*$");

    public static Shape<string> Asset { get; } = Shapes.Pattern("^[0-9a-fA-F]{56}(?:[0-9a-fA-F]{2}){0,32}$").As<string>(TryReadAsset, unit => unit);

    public static Shape<string> AssetUnit { get; } = Shapes.Text(1, 500).As<string>(TryReadAsset, unit => unit);

    public static Shape<long> BatchWindow { get; } = Shapes.Integer(1_000, 86_400_000);

    // As the chain's indexer spells it: in lower case, and lovelace by its name.
    private static bool TryReadAsset(string text, [NotNullWhen(true)] out string? unit, [NotNullWhen(false)] out string? issue)
    {
        unit =
            !Unit.TryParse(text, out var known) ? null
            : known.IsAda ? "lovelace"
            : known.ToString();
        issue = unit is null ? "Invalid asset unit: lovelace, or policy id and asset name in hex, is needed" : null;
        return unit is not null;
    }
}
