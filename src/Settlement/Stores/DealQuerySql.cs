using System.Collections.Immutable;
using Dapper;
using Masumi.Protocol;
using Masumi.Settlement.Deals;
using Masumi.Storage;

namespace Masumi.Settlement.Stores;

/// <summary>Queries of deals in SQL.</summary>
internal static class DealQuerySql
{
    // The chain has spoken the last word, or it was concluded that it never will.
    private static string Ended { get; } =
        $"(COALESCE(d.chain_state, '') IN ('{Word.Text(OnChainState.Withdrawn)}', '{Word.Text(OnChainState.RefundWithdrawn)}', "
        + $"'{Word.Text(OnChainState.DisputedWithdrawn)}') OR (d.chain_state IS NULL AND d.gave_up_at IS NOT NULL))";

    /// <summary>The conditions, without cursor and order.</summary>
    public static (string Where, DynamicParameters Args) Conditions(DealQuery query, SqlDialect dialect)
    {
        var (where, args) = Which(query);
        if (query.State is { } state)
        {
            args.Add("state", Word.Text(state));
            where += " AND d.state = @state";
        }

        if (query.IsOpen)
        {
            where += $" AND NOT {Ended}";
        }

        if (query.NeedsManual)
        {
            where += " AND (d.needs_manual = 1 OR d.error_type IS NOT NULL)";
        }

        if (query.Stuck)
        {
            where += " AND (d.needs_manual = 1 OR d.problem_code IS NOT NULL OR (d.trouble_kind IS NOT NULL AND d.trouble_kind <> 'NotYet'))";
        }

        if (query is { Stuck: true, EndedSince: { } ended })
        {
            args.Add("ended", ended.ToUnixTimeMilliseconds());
            where += $" AND (d.state_changed_at >= @ended OR NOT {Ended})";
        }

        if (query.Lost)
        {
            where += $" AND d.problem_code IS NOT NULL AND {Ended}";
        }

        if (!string.IsNullOrEmpty(query.Search))
        {
            where += DealSearchSql.Condition(query.Search, dialect, args);
        }

        return (where, args);
    }

    // Whose, where and when, however they stand.
    private static (string Where, DynamicParameters Args) Which(DealQuery query)
    {
        var args = new DynamicParameters();
        args.Add("side", query.Side.ToString());
        var where = "d.side = @side" + In("d.source_id", "source", query.Sources, args);
        if (query.Wallets is { } wallets)
        {
            args.Add("maker", query.OrMadeBy);
            where += $" AND (d.requested_by = @maker OR (1 = 1{In("d.wallet_id", "wallet", wallets, args)}))";
        }

        if (query.Identifier is { } identifier)
        {
            args.Add("identifier", Bytes.HashOf(identifier));
            where += " AND d.identifier_hash = @identifier";
        }

        if (query.Agent is { } agent)
        {
            args.Add("agent", agent);
            where += " AND d.agent_identifier = @agent";
        }

        if (query.PayFrom is { } from)
        {
            args.Add("payFrom", from.ToUnixTimeMilliseconds());
            where += " AND d.pay_by_ms >= @payFrom";
        }

        if (query.PayUntil is { } until)
        {
            args.Add("payUntil", until.ToUnixTimeMilliseconds());
            where += " AND d.pay_by_ms <= @payUntil";
        }

        return (where, args);
    }

    /// <summary>A page: the conditions with cursor, order and limit (spec payment-service-api.md 1.7).</summary>
    public static (string Sql, DynamicParameters Args) Page(DealQuery query, SqlDialect dialect)
    {
        var (where, args) = Conditions(query, dialect);
        string order;
        if (query.ChangedSince is { } since)
        {
            var stamp = StampColumn(query.Stamp);
            args.Add("since", since.ToUnixTimeMilliseconds());
            where += query.Cursor is null ? $" AND {stamp} >= @since" : $" AND ({stamp} > @since OR ({stamp} = @since AND d.id >= @cursor))";
            order = $"{stamp}, d.id";
        }
        else
        {
            where += query.Cursor is null ? "" : " AND (d.created_at, d.id) <= (SELECT created_at, id FROM deal WHERE id = @cursor)";
            order = "d.created_at DESC, d.id DESC";
        }

        args.Add("cursor", query.Cursor);
        args.Add("limit", query.Limit);
        return ($"SELECT {DealRow.Selected} FROM {DealRow.Joined} WHERE {where} ORDER BY {order} LIMIT @limit", args);
    }

    private static string StampColumn(DiffStamp stamp) =>
        stamp switch
        {
            DiffStamp.NextAction => "d.next_action_changed_at",
            DiffStamp.State => "d.state_changed_at",
            _ => "(CASE WHEN d.next_action_changed_at > d.state_changed_at THEN d.next_action_changed_at ELSE d.state_changed_at END)",
        };

    // Spelled out parameter by parameter, because the two stores disagree about list parameters.
    private static string In(string column, string prefix, ImmutableArray<string> values, DynamicParameters args)
    {
        if (values.IsDefaultOrEmpty)
        {
            return " AND 1 = 0";
        }

        var names = new List<string>();
        foreach (var value in values)
        {
            var name = $"{prefix}{names.Count}";
            args.Add(name, value);
            names.Add("@" + name);
        }

        return $" AND {column} IN ({string.Join(", ", names)})";
    }
}
