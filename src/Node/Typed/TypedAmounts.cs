using System.Collections.Immutable;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Transactions;
using Masumi.Protocol;
using Masumi.Protocol.Tokens;

namespace Masumi.Node.Typed;

/// <summary>Amounts on the command line: <c>5ada</c>, <c>2.5 ada</c>, <c>100 tusdm</c>, <c>UNIT=QUANTITY</c>.</summary>
internal static class TypedAmounts
{
    /// <summary>How amounts are typed, for descriptions of arguments.</summary>
    public const string Forms = "5ada, 2.5 ada, 100 tusdm, or UNIT=QUANTITY in the smallest part, the unit being policy and name in hexadecimal";

    /// <summary>The tokens' names on the network of an address.</summary>
    public static Network On(NetworkId network) => network == NetworkId.Mainnet ? Network.Mainnet : Network.Preprod;

    /// <summary>The arguments with those put together that a shell took apart: <c>2.5 ada</c> without quotes is two.</summary>
    public static List<string> Join(IEnumerable<string> arguments)
    {
        var joined = new List<string>();
        foreach (var argument in arguments)
        {
            var goesOn =
                joined.Count > 0 && IsNumber(joined[^1]) && char.IsAsciiLetter(argument.FirstOrDefault()) && !argument.Contains('=', StringComparison.Ordinal);
            if (goesOn)
            {
                joined[^1] += " " + argument;
            }
            else
            {
                joined.Add(argument);
            }
        }

        return joined;
    }

    /// <summary>An amount. Throws <see cref="FormatException"/> with a sentence.</summary>
    public static UnitAmount Parse(string text, Network network) =>
        text.Split('=') is [var unit, var quantity] && unit.Length > 0 ? UnitAmount.Parse(quantity, unit) : AmountText.Parse(text, network);

    /// <summary>A value for people: <c>5 ADA, 100 tUSDM</c>.</summary>
    public static string Show(Value value, Network network)
    {
        var amounts = ImmutableArray.CreateBuilder<string>();
        if (value.Coin.Amount != 0 || value.Assets.IsEmpty)
        {
            amounts.Add(Show(value.Coin.Amount, Unit.Ada, network));
        }

        amounts.AddRange(value.Assets.Select(a => Show(a.Value, Unit.Parse(a.Key.ToString()), network)));
        return string.Join(", ", amounts);
    }

    private static string Show(Int128 quantity, Unit unit, Network network) =>
        quantity > 0 && quantity <= long.MaxValue
            ? AmountText.Format(new UnitAmount((long)quantity, unit), network)
            : $"{quantity} {(unit.IsAda ? "lovelace" : unit)}";

    private static bool IsNumber(string text) => text.Length > 0 && text.All(c => char.IsAsciiDigit(c) || c == '.');
}
