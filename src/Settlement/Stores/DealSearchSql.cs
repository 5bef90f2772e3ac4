using System.Globalization;
using System.Numerics;
using Dapper;
using Masumi.Cardano.Addresses;
using Masumi.Storage;

namespace Masumi.Settlement.Stores;

/// <summary>What people look for deals by, in SQL (spec payment-service-api.md 6.1).</summary>
internal static class DealSearchSql
{
    // Fewer digits would be found in nearly every hash.
    private const int LeastHex = 8;

    /// <summary>The condition; it is read from all rows that the rest of a query leaves.</summary>
    public static string Condition(string text, SqlDialect dialect, DynamicParameters args)
    {
        var lower = text.ToLowerInvariant();
        args.Add("search", $"%{Escaped(lower)}%");
        var any =
            "LOWER(d.agent_identifier) LIKE @search ESCAPE '\\' OR LOWER(COALESCE(d.agent_name, '')) LIKE @search ESCAPE '\\' "
            + "OR LOWER(d.id) LIKE @search ESCAPE '\\' OR COALESCE(d.current_tx, '') LIKE @search ESCAPE '\\' "
            + "OR LOWER(COALESCE(d.state, '')) LIKE REPLACE(@search, ' ', '') ESCAPE '\\' "
            + "OR EXISTS (SELECT 1 FROM hot_wallet h WHERE h.id = d.wallet_id AND LOWER(h.address) LIKE @search ESCAPE '\\')";
        if (AdaPrefix.Of(lower) is var (least, most))
        {
            any += Amounts(least, most, args);
        }

        if (lower.Length >= LeastHex && lower.All(char.IsAsciiHexDigitLower))
        {
            any += Hashes(lower, dialect, args);
        }

        if (Address.TryParse(lower, out var address))
        {
            args.Add("party", address.Bytes.ToArray());
            any += " OR @party IN (d.seller_address, d.buyer_address, d.seller_return_address, d.buyer_return_address, d.lock_return_address)";
        }

        return $" AND ({any})";
    }

    // As the store writes amounts: whole, in quotes, after the unit. All that begin alike differ in their last digits.
    private static string Amounts(long least, long most, DynamicParameters args)
    {
        if (most == 0)
        {
            return "";
        }

        var any = "";
        var longest = most.ToString(CultureInfo.InvariantCulture).Length;
        for (var digits = least == 0 ? 1 : longest; digits <= longest; digits++)
        {
            var same = least == 0 ? "" : Shared(least, most);
            var name = string.Create(CultureInfo.InvariantCulture, $"amount{digits}");
            args.Add(name, $"%\",\"{same}{new string('_', digits - same.Length)}\"%");
            any += $" OR d.funds LIKE @{name}";
        }

        return any;
    }

    private static string Shared(BigInteger least, BigInteger most)
    {
        var (a, b) = (least.ToString(CultureInfo.InvariantCulture), most.ToString(CultureInfo.InvariantCulture));
        return a[..a.Zip(b).TakeWhile(p => p.First == p.Second).Count()];
    }

    private static string Hashes(string hex, SqlDialect dialect, DynamicParameters args)
    {
        string[] columns = ["d.input_hash", "d.result_hash", "d.result_wish", "d.seller_address", "d.buyer_address"];
        args.Add("hex", $"%{hex}%");
        var any = string.Concat(columns.Select(c => dialect == SqlDialect.Postgres ? $" OR ENCODE({c}, 'hex') LIKE @hex" : $" OR LOWER(HEX({c})) LIKE @hex"));
        if (hex.Length != 2 * Cardano.Hash32.Size)
        {
            return any;
        }

        // Any of its transactions, not the last alone.
        args.Add("tx", Bytes.Of(hex));
        return any
            + " OR EXISTS (SELECT 1 FROM escrow_step e WHERE e.identifier_hash = d.identifier_hash AND e.source_id = d.source_id AND e.tx_id = @tx)"
            + " OR EXISTS (SELECT 1 FROM attempt_subject u JOIN attempt t ON t.id = u.attempt_id WHERE u.subject_id = d.id AND t.tx_id = @tx)";
    }

    private static string Escaped(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal);
}
