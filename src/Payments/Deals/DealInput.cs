using System.Globalization;
using Masumi.Api;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Common;

namespace Masumi.Payments.Deals;

/// <summary>Pieces of input that payments and purchases share.</summary>
internal static class DealInput
{
    public static readonly string[] Networks = ["Preprod", "Mainnet"];

    public static readonly string[] SourceTypes = ["Web3CardanoV1", "Web3CardanoV2"];

    /// <summary>Amounts with <c>lovelace</c> in any case read as ADA; issues are noted on the input.</summary>
    public static IReadOnlyList<UnitAmount>? Amounts(RequestInput input, string name)
    {
        var items = input.OptionalObjects(name, 0, 7);
        if (items is null)
        {
            return null;
        }

        var amounts = new List<UnitAmount>();
        foreach (var item in items)
        {
            var text = item.Text("amount", 1, 25);
            var unit = item.Text("unit", 0, 150);
            if (unit.Equals("lovelace", StringComparison.OrdinalIgnoreCase))
            {
                unit = UnitAmount.Ada;
            }

            if (unit.Length > 0 && !AssetId.TryParse(unit, out _))
            {
                item.Issue("unit", "Invalid unit: lovelace, or policy id and asset name in hex, is needed");
                continue;
            }

            if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var amount))
            {
                // A sign or a size that no asset has: wrong either way, but only the former has a message of its own later.
                if (!text.StartsWith('-') || !long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out amount))
                {
                    if (item.Has("amount") && text.Length is > 0 and <= 25)
                    {
                        item.Issue("amount", "Invalid amount: a whole number in text is needed");
                    }

                    continue;
                }
            }

            amounts.Add(new UnitAmount(unit, amount));
        }

        return amounts;
    }

    /// <summary>Unix milliseconds in text.</summary>
    public static DateTimeOffset? Milliseconds(RequestInput input, string name)
    {
        var text = input.Text(name, 1, 25);
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var ms) && ms <= 253_402_300_799_999)
        {
            return DateTimeOffset.FromUnixTimeMilliseconds(ms);
        }

        if (input.Has(name) && text.Length > 0)
        {
            input.Issue(name, "Invalid time: unix milliseconds in text are needed");
        }

        return null;
    }

    /// <summary>An address of the network.</summary>
    public static Address? OptionalAddress(RequestInput input, string name, NetworkId network)
    {
        if (input.OptionalText(name, 0, 250, nullable: true) is not { } text)
        {
            return null;
        }

        if (Address.TryParse(text, out var address) && address.Network == network)
        {
            return address;
        }

        input.Issue(name, $"{name} is not a valid Cardano address for the configured network");
        return null;
    }
}
