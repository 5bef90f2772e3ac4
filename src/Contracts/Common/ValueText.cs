using System.Globalization;
using Masumi.Cardano.Transactions;
using Masumi.Protocol.Tokens;

namespace Masumi.Contracts.Common;

/// <summary>Money as people write it: <c>1.5 ADA + 2.5 tUSDM</c>. What is no token of the network is a whole number and its unit.</summary>
public static class ValueText
{
    // Units differ between the networks, so each means one token.
    private static readonly Dictionary<string, Token> Tokens = Token
        .All(Protocol.Network.Mainnet)
        .Concat(Token.All(Protocol.Network.Preprod))
        .Where(t => t.Unit.ToString().Length > 0)
        .ToDictionary(t => t.Unit.ToString(), StringComparer.Ordinal);

    /// <summary>A value in words; <c>0 ADA</c> for nothing.</summary>
    public static string Of(Value value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var parts = value.Assets.Select(a =>
            Tokens.TryGetValue($"{a.Key}", out var token)
                ? $"{Decimal(a.Value, token.Decimals)} {token.Symbol}"
                : string.Create(CultureInfo.InvariantCulture, $"{a.Value} {a.Key}")
        );
        return string.Join(" + ", value.Coin.Exact != 0 || value.IsAdaOnly ? parts.Prepend(Ada(value.Coin.Exact)) : parts);
    }

    private static string Ada(Int128 lovelace) => $"{Decimal(lovelace, 6)} ADA";

    private static string Decimal(Int128 quantity, int decimals)
    {
        var digits = Int128.Abs(quantity).ToString(CultureInfo.InvariantCulture).PadLeft(decimals + 1, '0');
        var rest = digits[^decimals..].TrimEnd('0');
        return (quantity < 0 ? "-" : "") + digits[..^decimals] + (rest.Length > 0 ? "." + rest : "");
    }
}
