using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Masumi.Protocol.Tokens;

/// <summary>
/// A price as it stands in code that runs on the test network and on Mainnet alike: <c>Price.Usdm(5)</c>, <c>Price.Ada(2.5m)</c>. Which asset that is, is
/// decided when it is used on a network (<see cref="On"/>): ADA and USDM have counterparts on Preprod, worth nothing, and stand for those there. The other
/// way never: a price in tUSDM is refused on Mainnet, and on Mainnet a price is only ever the asset it names.
/// </summary>
public sealed record Price
{
    private readonly Token _token;
    private readonly UnitAmount _amount;

    private Price(decimal amount, Token token)
    {
        if (amount <= 0)
        {
            throw new ArgumentOutOfRangeException(nameof(amount), amount, "A price is more than nothing.");
        }

        var text = amount.ToString(CultureInfo.InvariantCulture);
        var point = text.IndexOf('.', StringComparison.Ordinal);
        var whole = point < 0 ? text : text[..point];

        // 5.50m and 5.5m are the same price: zeros at the end are no decimals.
        var fraction = point < 0 ? "" : text[(point + 1)..].TrimEnd('0');
        if (fraction.Length > token.Decimals)
        {
            throw new ArgumentOutOfRangeException(nameof(amount), amount, $"{token.Symbol} has {token.Decimals} decimals, not {fraction.Length}.");
        }

        if (!Decimals.TryScale(whole, fraction, token.Decimals, out var scaled))
        {
            throw new ArgumentOutOfRangeException(nameof(amount), amount, $"At most {Decimals.Text(long.MaxValue, token.Decimals)} {token.Symbol}.");
        }

        _token = token;
        _amount = new UnitAmount(scaled, token.Unit);
    }

    /// <summary>So many ADA, on either network. Throws <see cref="ArgumentOutOfRangeException"/> unless positive, with at most 6 decimals.</summary>
    public static Price Ada(decimal amount) => new(amount, Token.Ada(Network.Mainnet));

    /// <summary>So many USDM on Mainnet, so many tUSDM on Preprod. Throws <see cref="ArgumentOutOfRangeException"/> unless positive, with at most 6 decimals.</summary>
    public static Price Usdm(decimal amount) => new(amount, Token.Usdm);

    /// <summary>So many USDCx on Mainnet; Preprod has no counterpart. Throws <see cref="ArgumentOutOfRangeException"/> unless positive, with at most 6 decimals.</summary>
    public static Price Usdcx(decimal amount) => new(amount, Token.Usdcx);

    /// <summary>So many tUSDM, on Preprod alone. Throws <see cref="ArgumentOutOfRangeException"/> unless positive, with at most 6 decimals.</summary>
    public static Price TUsdm(decimal amount) => new(amount, Token.TUsdm);

    /// <summary>The amount on a network; false, with a sentence, where the token has no meaning there.</summary>
    public bool TryOn(Network network, [NotNullWhen(true)] out UnitAmount? amount, [NotNullWhen(false)] out string? problem)
    {
        var token =
            _token.Network == network ? _token
            : network == Network.Preprod ? _token.Counterpart
            : null;
        (amount, problem) = token is null
            ? (null, $"{this} is no price on {network}: {_token.Symbol} is a token of {_token.Network}.")
            : (new UnitAmount(_amount.Amount, token.Unit), (string?)null);
        return amount is not null;
    }

    /// <summary>The amount on a network; throws <see cref="InvalidOperationException"/> where the token has no meaning there.</summary>
    public UnitAmount On(Network network) => TryOn(network, out var amount, out var problem) ? amount : throw new InvalidOperationException(problem);

    /// <summary>Number and symbol: <c>5 USDM</c>.</summary>
    public override string ToString() => $"{Decimals.Text(_amount.Amount, _token.Decimals)} {_token.Symbol}";
}
