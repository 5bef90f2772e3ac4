using System.Collections.Immutable;
using Dapper;
using Masumi.Protocol;
using Masumi.Settlement.Deals;

namespace Masumi.Settlement.Stores;

/// <summary>Which change stamp a diff follows.</summary>
public enum DiffStamp
{
    /// <summary>Either of the other two.</summary>
    Any,

    /// <summary>The next action or its error.</summary>
    NextAction,

    /// <summary>The on-chain state or the result.</summary>
    State,
}

/// <summary>Which deals to list. Null fields do not filter.</summary>
public sealed record DealQuery(DealSide Side)
{
    /// <summary>Sources to look in; empty means none.</summary>
    public ImmutableArray<string> Sources { get; init; } = [];

    /// <summary>Only these wallets (a key's wallet scope).</summary>
    public ImmutableArray<string>? Wallets { get; init; }

    /// <summary>Only this state.</summary>
    public OnChainState? State { get; init; }

    /// <summary>Only those with an error or waiting for a person.</summary>
    public bool NeedsManual { get; init; }

    /// <summary>Only those in whose way something stands: a problem of any kind, or a step that is tried again and again.</summary>
    public bool Stuck { get; init; }

    /// <summary>Substring of agent identifier, name, id, transaction or state.</summary>
    public string? Search { get; init; }

    /// <summary>Continue at this row (inclusive).</summary>
    public string? Cursor { get; init; }

    /// <summary>At most this many.</summary>
    public int Limit { get; init; } = 10;

    /// <summary>For a diff: changes at or after this time, oldest first.</summary>
    public DateTimeOffset? ChangedSince { get; init; }

    /// <summary>For a diff: which stamp.</summary>
    public DiffStamp Stamp { get; init; }

    /// <summary>The conditions, without cursor and order.</summary>
    internal (string Where, DynamicParameters Args) Conditions()
    {
        var args = new DynamicParameters();
        args.Add("side", Side.ToString());
        var where = "d.side = @side";
        where += In("d.source_id", "source", Sources, args);
        if (Wallets is { } wallets)
        {
            where += In("d.wallet_id", "wallet", wallets, args);
        }

        if (State is { } state)
        {
            args.Add("state", Word.Text(state));
            where += " AND d.state = @state";
        }

        if (NeedsManual)
        {
            where += " AND (d.needs_manual = 1 OR d.error_type IS NOT NULL)";
        }

        if (Stuck)
        {
            where += " AND (d.needs_manual = 1 OR d.problem_code IS NOT NULL OR (d.trouble_kind IS NOT NULL AND d.trouble_kind <> 'NotYet'))";
        }

        if (!string.IsNullOrEmpty(Search))
        {
            args.Add(
                "search",
                "%"
                    + Search
                        .ToLowerInvariant()
                        .Replace("\\", "\\\\", StringComparison.Ordinal)
                        .Replace("%", "\\%", StringComparison.Ordinal)
                        .Replace("_", "\\_", StringComparison.Ordinal)
                    + "%"
            );
            where +=
                " AND (LOWER(d.agent_identifier) LIKE @search ESCAPE '\\' OR LOWER(COALESCE(d.agent_name, '')) LIKE @search ESCAPE '\\' "
                + "OR LOWER(d.id) LIKE @search ESCAPE '\\' OR COALESCE(d.current_tx, '') LIKE @search ESCAPE '\\' "
                + "OR LOWER(COALESCE(d.state, '')) LIKE REPLACE(@search, ' ', '') ESCAPE '\\')";
        }

        return (where, args);
    }

    /// <summary>A page: the conditions with cursor, order and limit (spec payment-service-api.md 1.7).</summary>
    internal (string Sql, DynamicParameters Args) Page()
    {
        var (where, args) = Conditions();
        string order;
        if (ChangedSince is { } since)
        {
            var stamp = StampColumn();
            args.Add("since", since.ToUnixTimeMilliseconds());
            where += Cursor is null ? $" AND {stamp} >= @since" : $" AND ({stamp} > @since OR ({stamp} = @since AND d.id >= @cursor))";
            order = $"{stamp}, d.id";
        }
        else
        {
            where += Cursor is null ? "" : " AND (d.created_at, d.id) <= (SELECT created_at, id FROM deal WHERE id = @cursor)";
            order = "d.created_at DESC, d.id DESC";
        }

        args.Add("cursor", Cursor);
        args.Add("limit", Limit);
        return ($"SELECT {DealRow.Selected} FROM {DealRow.Joined} WHERE {where} ORDER BY {order} LIMIT @limit", args);
    }

    private string StampColumn() =>
        Stamp switch
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
