using System.Globalization;
using Masumi.Api;
using Masumi.Cardano.Addresses;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow.Common;
using Masumi.Protocol;

namespace Masumi.Payments.Deals;

/// <summary>Pieces of input that payments and purchases share.</summary>
internal static class DealInput
{
    public static readonly string[] Networks = [.. Word.All<Network>()];

    public static readonly string[] SourceTypes = [.. Word.All<PaymentSourceType>()];

    /// <summary>What is said of a unit that is none.</summary>
    public const string InvalidUnit = "Invalid unit: lovelace, or policy id and asset name in hex, is needed";

    /// <summary>The network asked for.</summary>
    public static Network ReadNetwork(RequestInput input) => Word.TryParse<Network>(input.Choice("network", Networks), out var network) ? network : default;

    /// <summary>A generation of the contract, or null.</summary>
    public static PaymentSourceType? OptionalSourceType(RequestInput input, string name) =>
        Word.TryParse<PaymentSourceType>(input.OptionalChoice(name, SourceTypes), out var type) ? type : null;

    /// <summary>Amounts with <c>lovelace</c> in any case read as ADA; issues are noted on the input.</summary>
    public static IReadOnlyList<WrittenAmount>? Amounts(RequestInput input, string name)
    {
        var items = input.OptionalObjects(name, 0, 7);
        if (items is null)
        {
            return null;
        }

        var amounts = new List<WrittenAmount>();
        foreach (var item in items)
        {
            var text = item.Text("amount", 1, 25);
            var unit = item.Text("unit", 0, 150);
            if (!Unit.TryParse(unit, out _))
            {
                item.Issue("unit", InvalidUnit);
                continue;
            }

            if (!Digits.TryRead<long>(text, out var amount))
            {
                // A sign or a size that no asset has: wrong either way, but only the former has a message of its own later.
                if (!text.StartsWith('-') || !Digits.TryReadSigned(text, out amount))
                {
                    if (item.Has("amount") && text.Length is > 0 and <= 25)
                    {
                        item.Issue("amount", "Invalid amount: a whole number in text is needed");
                    }

                    continue;
                }
            }

            amounts.Add(new WrittenAmount(unit, amount));
        }

        return amounts;
    }

    /// <summary>Notes a hash of an input that is too long for an escrow.</summary>
    public static void BoundInputHash(RequestInput input, string inputHash)
    {
        if (EscrowBounds.OfInputHash(inputHash) is { } refusal && inputHash.Length <= 250)
        {
            input.Issue(refusal.Field, refusal.Sentence);
        }
    }

    /// <summary>Unix milliseconds in text.</summary>
    public static DateTimeOffset? Milliseconds(RequestInput input, string name)
    {
        var text = input.Text(name, 1, 25);

        // The reference reads zeros at the front as nothing; what goes out has none.
        if (Digits.TryRead<long>(text, out var milliseconds) && WireTime.TryParse(milliseconds.ToString(CultureInfo.InvariantCulture), out var time))
        {
            return time;
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
