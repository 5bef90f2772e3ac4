using Masumi.Protocol.Wire;

namespace Masumi.Protocol.PaymentService.Deals;

/// <summary>Asks for a page of rows, newest first.</summary>
public sealed record DealListQuery(
    long Limit,
    string? CursorId,
    Network Network,
    string? FilterSmartContractAddress,
    OnChainState? FilterOnChainState,
    PaymentSourceType? FilterPaymentSourceType,
    bool? FilterNeedsManualAction,
    string? SearchQuery,
    bool IncludeHistory,
    string? FilterBlockchainIdentifier,
    string? FilterAgentIdentifier
)
{
    /// <summary>As in a query string.</summary>
    public static RecordShape<DealListQuery> Shape { get; } =
        Shapes.Record<DealListQuery>(s =>
            new(
                s.Default("limit", Shapes.Whole(1, 100), 10, r => r.Limit, "At most so many rows"),
                s.Optional("cursorId", Shapes.AnyText, r => r.CursorId, "The id of the last row seen; it comes again as the first"),
                s.Required("network", Shapes.Word<Network>(), r => r.Network),
                s.OptionalOrNull("filterSmartContractAddress", Shapes.AnyText, r => r.FilterSmartContractAddress, DealTexts.ContractFilter),
                s.Optional("filterOnChainState", Shapes.Word<OnChainState>(), r => r.FilterOnChainState, "Rows in this state alone"),
                s.Optional("filterPaymentSourceType", Shapes.Word<PaymentSourceType>(), r => r.FilterPaymentSourceType, DealTexts.TypeFilter),
                s.Optional("filterNeedsManualAction", Shapes.Flag, r => r.FilterNeedsManualAction, DealTexts.ManualFilter),
                s.Optional(
                    "searchQuery",
                    Shapes.AnyText,
                    r => r.SearchQuery,
                    "A part of the id, agent, agent's name, transaction, wallet address, state, input hash or result hash; digits are the beginning of an amount in ADA"
                ),
                s.Default("includeHistory", Shapes.Flag, false, r => r.IncludeHistory, DealTexts.History),
                s.Optional(
                    "filterBlockchainIdentifier",
                    Shapes.Text(1, BlockchainIdentifier.MaxLength),
                    r => r.FilterBlockchainIdentifier,
                    "The one row with it"
                ),
                s.Optional("filterAgentIdentifier", DealShapes.Agent, r => r.FilterAgentIdentifier, "Rows of this agent alone")
            )
        );
}

/// <summary>Asks how many rows there are.</summary>
public sealed record DealCountQuery(
    Network Network,
    bool? FilterNeedsManualAction,
    string? FilterSmartContractAddress,
    PaymentSourceType? FilterPaymentSourceType
)
{
    /// <summary>As in a query string.</summary>
    public static RecordShape<DealCountQuery> Shape { get; } =
        Shapes.Record<DealCountQuery>(s =>
            new(
                s.Required("network", Shapes.Word<Network>(), r => r.Network),
                s.Optional("filterNeedsManualAction", Shapes.Flag, r => r.FilterNeedsManualAction, DealTexts.ManualFilter),
                s.OptionalOrNull("filterSmartContractAddress", Shapes.AnyText, r => r.FilterSmartContractAddress, DealTexts.ContractFilter),
                s.Optional("filterPaymentSourceType", Shapes.Word<PaymentSourceType>(), r => r.FilterPaymentSourceType, DealTexts.TypeFilter)
            )
        );
}

/// <summary>How many rows there are.</summary>
public sealed record DealCount(long Total, HiddenRows? Hidden = null)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<DealCount> Shape { get; } =
        Shapes.Record<DealCount>(s =>
            new(s.Required("total", Shapes.Whole(), r => r.Total), s.Optional(HiddenRows.Member, HiddenRows.Shape, r => r.Hidden, HiddenRows.Text))
        );
}

/// <summary>Asks for rows that changed, oldest change first.</summary>
public sealed record DealDiffQuery(
    long Limit,
    string? CursorId,
    DateTimeOffset LastUpdate,
    Network Network,
    string? FilterSmartContractAddress,
    PaymentSourceType? FilterPaymentSourceType,
    bool IncludeHistory
)
{
    /// <summary>As in a query string about payments.</summary>
    public static RecordShape<DealDiffQuery> Payments { get; } = With(Shapes.DateOrMoment);

    /// <summary>As in a query string about purchases: there the reference reads whatever JavaScript takes for a date.</summary>
    public static RecordShape<DealDiffQuery> Purchases { get; } = With(Shapes.LooseMoment);

    private static RecordShape<DealDiffQuery> With(Shape<DateTimeOffset> moment) =>
        Shapes.Record<DealDiffQuery>(s =>
            new(
                s.Default("limit", Shapes.Whole(1, 100), 10, r => r.Limit, "At most so many rows"),
                s.Optional("cursorId", Shapes.AnyText, r => r.CursorId, "The id of the last row seen, where several changed in the same millisecond"),
                s.Default(
                    "lastUpdate",
                    moment,
                    DateTimeOffset.UnixEpoch,
                    r => r.LastUpdate,
                    "The time of change of the last row seen, as it stood there; rows of that very time come again"
                ),
                s.Required("network", Shapes.Word<Network>(), r => r.Network),
                s.OptionalOrNull("filterSmartContractAddress", Shapes.AnyText, r => r.FilterSmartContractAddress, DealTexts.ContractFilter),
                s.Optional(
                    "filterPaymentSourceType",
                    Shapes.Word<PaymentSourceType>(),
                    r => r.FilterPaymentSourceType,
                    "Rows of this generation of the contract alone; left out, those of all"
                ),
                s.Default("includeHistory", Shapes.Flag, false, r => r.IncludeHistory, DealTexts.History)
            )
        );
}

/// <summary>Asks for one row by its id.</summary>
public sealed record DealRowQuery(string Id, bool IncludeHistory)
{
    /// <summary>As in path and query string.</summary>
    public static RecordShape<DealRowQuery> Shape { get; } =
        Shapes.Record<DealRowQuery>(s =>
            new(
                s.Required("id", Shapes.Text(1, 250), r => r.Id, "The row's id"),
                s.Default("includeHistory", Shapes.Flag, false, r => r.IncludeHistory, DealTexts.History)
            )
        );
}

/// <summary>Asks how one deal stands.</summary>
public sealed record DealExplainQuery(string Id)
{
    /// <summary>As in the path.</summary>
    public static RecordShape<DealExplainQuery> Shape { get; } =
        Shapes.Record<DealExplainQuery>(s => new(s.Required("id", Shapes.Text(1, 250), r => r.Id, "The row's id")));
}

internal static class DealTexts
{
    public const string ContractFilter = "Rows of the source with this escrow contract alone, of either generation";
    public const string TypeFilter =
        "Rows of this generation of the contract alone. Left out, and without an escrow address: V1, or all where the node has no V1 source";
    public const string ManualFilter = "The word true: rows that wait for a person, or have an error";
    public const string History = "The word true: with all transactions and actions, newest first";
}
