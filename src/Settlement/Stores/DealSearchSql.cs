using System.Globalization;
using Dapper;

namespace Masumi.Settlement.Stores;

/// <summary>What somebody types to find deals, in SQL (spec payment-service-api.md 6.1).</summary>
internal static class DealSearchSql
{
    private const int AdaDigits = 6;

    // A lovelace amount of all there is has 17 digits.
    private const int MostDigits = 19;

    /// <summary>One condition, beginning with AND.</summary>
    public static string Condition(string search, DynamicParameters args)
    {
        var text = search.ToLowerInvariant();
        args.Add("search", Escaped(text));
        var where =
            "LOWER(d.agent_identifier) LIKE @search ESCAPE '\\' OR LOWER(COALESCE(d.agent_name, '')) LIKE @search ESCAPE '\\' "
            + "OR LOWER(d.id) LIKE @search ESCAPE '\\' OR COALESCE(d.current_tx, '') LIKE @search ESCAPE '\\' "
            + "OR LOWER(COALESCE(d.state, '')) LIKE REPLACE(@search, ' ', '') ESCAPE '\\' "
            + "OR d.wallet_id IN (SELECT w.id FROM hot_wallet w WHERE w.address LIKE @search ESCAPE '\\')";
        if (text.Length >= 8 && text.Length % 2 == 0 && text.Length <= 2048 && text.All(char.IsAsciiHexDigit))
        {
            args.Add("searched", Bytes.Of(text));
            where += " OR d.input_hash = @searched OR d.result_hash = @searched OR d.result_wish = @searched";
        }

        var place = 0;
        foreach (var pattern in AmountPatterns(text))
        {
            args.Add($"amount{place}", pattern);
            where += $" OR d.funds LIKE @amount{place++}";
        }

        return $" AND ({where})";
    }

    /// <summary>Digits are the beginning of an amount in ADA: 1.5 finds 1500000 to 1599999 of any unit.</summary>
    public static IEnumerable<string> AmountPatterns(string text)
    {
        var point = text.IndexOf('.', StringComparison.Ordinal);
        var whole = point < 0 ? text : text[..point];
        var part = point < 0 ? "" : text[(point + 1)..];
        if (whole.Length is 0 or > MostDigits || !whole.All(char.IsAsciiDigit) || !part.All(char.IsAsciiDigit))
        {
            return [];
        }

        if (part.Length > AdaDigits)
        {
            if (part.AsSpan(AdaDigits).ContainsAnyExcept('0'))
            {
                return [];
            }

            part = part[..AdaDigits];
        }

        // As the store writes amounts: whole, in quotes, after the unit.
        var open = AdaDigits - part.Length;
        var known = (whole + part).TrimStart('0');
        var lengths = known.Length > 0 ? [open] : Enumerable.Range(1, open);
        return lengths.Select(count => string.Create(CultureInfo.InvariantCulture, $"%\",\"{known}{new string('_', count)}\"%"));
    }

    private static string Escaped(string text) =>
        "%"
        + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal)
        + "%";
}
