using Dapper;
using Masumi.Protocol;
using Masumi.Settlement.Registrations;

namespace Masumi.Settlement.Stores;

/// <summary>Queries of registrations in SQL.</summary>
internal static class RegistrationQuerySql
{
    // Who holds the token, as far as we know: what a key's wallet scope is compared with.
    private const string Keeper = "COALESCE(r.holder_id, r.recipient_id, r.wallet_id)";

    /// <summary>The conditions, without cursor and order.</summary>
    public static (string Where, DynamicParameters Args) Conditions(RegistrationQuery query)
    {
        var args = new DynamicParameters();
        args.Add("kind", query.Kind.ToString());
        var where = "r.kind = @kind" + In("r.source_id", "source", query.Sources, args);
        if (query.Wallets is { } wallets)
        {
            where += In(Keeper, "wallet", wallets, args);
        }

        if (query.States is { } states)
        {
            where += In("r.state", "state", states.Select(s => Word.Text(s)), args);
        }

        if (query.Agent is { } agent)
        {
            args.Add("agent", agent.ToString());
            where += " AND r.agent_identifier = @agent";
        }

        if (query.Paid is { } paid)
        {
            args.Add("paidAt", paid.Address ?? "");
            where +=
                " AND (EXISTS (SELECT 1 FROM registration_place p WHERE p.registration_id = r.id AND (p.address = @paidAt "
                + $"OR (1 = 1{In("p.network", "network", paid.Networks, args)})))"
                + $" OR (1 = 1{In("r.source_id", "own", paid.OwnSources, args)}))";
        }

        if (!string.IsNullOrEmpty(query.Search))
        {
            where += Search(query.Search, args);
        }

        return (where, args);
    }

    /// <summary>A page: the conditions with cursor, order and limit (spec payment-service-api.md 1.7).</summary>
    public static (string Sql, DynamicParameters Args) Page(RegistrationQuery query)
    {
        var (where, args) = Conditions(query);
        string order;
        if (query.ChangedSince is { } since)
        {
            args.Add("since", since.ToUnixTimeMilliseconds());
            where += query.Cursor is null
                ? " AND r.state_changed_at >= @since"
                : " AND (r.state_changed_at > @since OR (r.state_changed_at = @since AND r.id >= @cursor))";
            order = "r.state_changed_at, r.id";
        }
        else
        {
            where += query.Cursor is null ? "" : " AND (r.created_at, r.id) <= (SELECT created_at, id FROM registration WHERE id = @cursor)";
            order = "r.created_at DESC, r.id DESC";
        }

        args.Add("cursor", query.Cursor);
        args.Add("limit", query.Limit);
        return ($"SELECT {RegistrationRows.Columns} FROM registration r WHERE {where} ORDER BY {order} LIMIT @limit", args);
    }

    private static string Search(string text, DynamicParameters args)
    {
        var lower = text.ToLowerInvariant();
        var part = Escaped(lower);
        args.Add("part", $"%{part}%");
        args.Add("tag", $"%\n{part}\n%");
        args.Add("statePart", $"%{Escaped(lower.Replace(" ", "", StringComparison.Ordinal))}%");
        var any =
            "r.words LIKE @part ESCAPE '\\' OR r.tags LIKE @tag ESCAPE '\\' OR LOWER(r.state) LIKE @statePart ESCAPE '\\' "
            + "OR EXISTS (SELECT 1 FROM hot_wallet h WHERE h.id IN (r.wallet_id, r.recipient_id) AND LOWER(h.address) LIKE @part ESCAPE '\\')";

        // What can be paid for nothing, or is priced job by job, is found by the beginning of the word.
        foreach (var type in new[] { PricingType.Free, PricingType.Dynamic })
        {
            var word = Word.Text(type).ToLowerInvariant();
            if (word.StartsWith(lower, StringComparison.Ordinal))
            {
                args.Add(word, $"%\n{word}\n%");
                any += $" OR r.pricing LIKE @{word}";
            }
        }

        if (AdaPrefix.Of(lower) is var (least, most))
        {
            args.Add("least", least);
            args.Add("most", most);
            any += " OR EXISTS (SELECT 1 FROM registration_price p WHERE p.registration_id = r.id AND p.amount BETWEEN @least AND @most)";
        }

        return $" AND ({any})";
    }

    private static string Escaped(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal);

    // Spelled out parameter by parameter, because the two stores disagree about list parameters.
    private static string In(string column, string prefix, IEnumerable<string> values, DynamicParameters args)
    {
        var names = new List<string>();
        foreach (var value in values)
        {
            var name = $"{prefix}{names.Count}";
            args.Add(name, value);
            names.Add("@" + name);
        }

        return names.Count == 0 ? " AND 1 = 0" : $" AND {column} IN ({string.Join(", ", names)})";
    }
}
