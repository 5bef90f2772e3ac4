using System.Diagnostics.CodeAnalysis;

namespace Masumi.Protocol.Tokens;

/// <summary>
/// Amounts as people type and read them: <c>5usdm</c>, <c>2.5 ADA</c>, <c>1000000 lovelace</c>, or a whole number, a space and a unit in hex. Symbols in
/// any letter case; no signs, exponents or separators; the point is a point, and space is the space of a keyboard.
/// </summary>
public static class AmountText
{
    private const int LongestText = 160;

    /// <summary>Reads a typed amount.</summary>
    /// <param name="text">What was typed.</param>
    /// <param name="network">Where it is to be paid. A symbol of another network is refused: an amount typed for one is never an asset of another.</param>
    /// <param name="amount">The amount on the wire.</param>
    /// <param name="problem">Otherwise one sentence that says what is wrong and what would be right.</param>
    public static bool TryParse(string? text, Network network, [NotNullWhen(true)] out UnitAmount? amount, [NotNullWhen(false)] out string? problem)
    {
        amount = null;
        problem = Read(text, network, ref amount);
        return problem is null;
    }

    /// <summary>Reads a typed amount; throws <see cref="FormatException"/> with the sentence.</summary>
    public static UnitAmount Parse(string? text, Network network) =>
        TryParse(text, network, out var amount, out var problem) ? amount : throw new FormatException(problem);

    /// <summary>
    /// An amount for people: number and symbol with the token's decimals, <c>5 USDM</c>. Of a unit without a name the whole number and the unit in hex.
    /// <see cref="Parse"/> reads all of these back.
    /// </summary>
    public static string Format(UnitAmount amount, Network network)
    {
        ArgumentNullException.ThrowIfNull(amount);
        return Token.Find(amount.Unit, network) is { } token
            ? $"{Decimals.Text(amount.Amount, token.Decimals)} {token.Symbol}"
            : $"{amount.AmountText} {amount.Unit}";
    }

    private static string? Read(string? text, Network network, ref UnitAmount? amount)
    {
        var typed = text?.Trim(' ') ?? "";
        if (typed.Length is 0 or > LongestText)
        {
            return $"Not an amount: {WireText.Shown(typed)}. Allowed: {Example(network)}.";
        }

        var end = 0;
        while (end < typed.Length && (char.IsAsciiDigit(typed[end]) || typed[end] == '.'))
        {
            end++;
        }

        var number = typed[..end];
        var name = typed[end..].TrimStart(' ');
        if (Misspelled(number, name, network) is { } why)
        {
            return $"Not an amount: {WireText.Shown(typed)}. {why}.";
        }

        var point = number.IndexOf('.', StringComparison.Ordinal);
        var fraction = point < 0 ? "" : number[(point + 1)..];
        if (Find(name, spaced: name.Length < typed.Length - end, network, out var unit, out var decimals) is { } unknown)
        {
            return unknown;
        }

        if (fraction.Length > decimals)
        {
            return decimals == 0
                ? $"Not an amount: {WireText.Shown(typed)}. {Shown(name)} is the smallest part: a whole number is needed."
                : $"Not an amount: {WireText.Shown(typed)}. {Shown(name)} has {decimals} decimals, not {fraction.Length}.";
        }

        if (!Decimals.TryScale(point < 0 ? number : number[..point], fraction, decimals, out var whole))
        {
            return $"Not an amount: {WireText.Shown(typed)}. It must be more than nothing and at most {Decimals.Text(long.MaxValue, decimals)} {Shown(name)}.";
        }

        amount = new UnitAmount(whole, unit);
        return null;
    }

    private static string? Misspelled(string number, string name, Network network) =>
        number.Length == 0
            ? name[0] is '-' or '+'
                ? "An amount has no sign"
                : $"Allowed: {Example(network)}"
            : number[0] == '.' || number[^1] == '.' || number.Count(c => c == '.') > 1
                ? "A number has digits on both sides of one point"
                : name.Length == 0
                    ? $"Say of what: {Example(network)}"
                    : char.IsWhiteSpace(name[0]) || char.IsControl(name[0])
                        ? "Between a number and a token stands nothing or a space"
                        : name[0] is ',' or '\'' or '_' || char.IsAsciiDigit(name[0]) && name.Length < 56
                            ? "Numbers are written without separators and with a point"
                            : name[0] is 'e' or 'E' && name.Length > 1 && (char.IsAsciiDigit(name[1]) || name[1] is '+' or '-') && name.Length < 56
                                ? "Numbers are written without exponents"
                                : null;

    private static string? Find(string name, bool spaced, Network network, [NotNull] out Unit? unit, out int decimals)
    {
        (unit, decimals) = (Unit.Ada, 0);
        if (name.Equals("lovelace", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        if (Token.Find(name, network) is { } token)
        {
            (unit, decimals) = (token.Unit, token.Decimals);
            return null;
        }

        // Digits are hex too, so only a space tells where the number ends.
        if (spaced && name.Length >= 56 && Unit.TryParse(name, out var raw))
        {
            unit = raw;
            return null;
        }

        var elsewhere = network == Network.Mainnet ? Network.Preprod : Network.Mainnet;
        var known = string.Join(", ", Token.All(network).Select(t => t.Symbol));
        return Token.Find(name, elsewhere) is { } foreign
            ? $"{foreign.Symbol} is a token of {elsewhere}; {(foreign.Counterpart is { } here ? $"on {network} it is {here.Symbol}" : $"{network} knows {known}")}."
            : $"Unknown token {WireText.Shown(name)}; {network} knows {known}, lovelace, and after a space any unit in hex.";
    }

    // Something that may be typed where it is said.
    private static string Example(Network network) =>
        $"a number and a token such as 5 {(network == Network.Mainnet ? Token.Usdm : Token.TUsdm).Symbol} or 2.5 ADA";

    private static string Shown(string name) => name.Length < 56 ? name : "this unit";
}
