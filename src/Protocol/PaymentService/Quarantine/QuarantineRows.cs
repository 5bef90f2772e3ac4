using System.Collections.Immutable;
using Masumi.Protocol.Wire;

namespace Masumi.Protocol.PaymentService.Quarantine;

/// <summary>Which of the transactions that are not explained.</summary>
public enum QuarantineStatus
{
    /// <summary>All that are there.</summary>
    Unresolved,

    /// <summary>Those that the next look at the chain reads again.</summary>
    Pending,

    /// <summary>Those that a person has to look at.</summary>
    NeedsOperator,

    /// <summary>Those that were explained: none are kept here.</summary>
    Resolved,

    /// <summary>All.</summary>
    All,
}

/// <summary>Why a transaction is not explained.</summary>
public enum QuarantineReason
{
    /// <summary>Something about it could not be asked for.</summary>
    ExtendedLookupFailed,

    /// <summary>Nothing here says whose it is.</summary>
    ProcessingFailed,

    /// <summary>What it spends came to be known after it was read.</summary>
    PredecessorPending,

    /// <summary>Its block is gone.</summary>
    CanonicalRollback,
}

/// <summary>Asks for transactions at the contracts that this node cannot explain.</summary>
public sealed record ListQuarantine(Network? Network, string? PaymentSourceId, QuarantineStatus Status, long Take, string? CursorId)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<ListQuarantine> Shape { get; } =
        Shapes.Record<ListQuarantine>(s =>
            new(
                s.Optional("network", Shapes.Word<Network>(), r => r.Network),
                s.Optional("paymentSourceId", Shapes.AnyText, r => r.PaymentSourceId),
                s.Default("status", Shapes.Word<QuarantineStatus>(), QuarantineStatus.Unresolved, r => r.Status),
                s.Default("take", Shapes.Whole(1, 100), 25, r => r.Take),
                s.Optional("cursorId", Shapes.AnyText, r => r.CursorId, "Begin at this row: the last one of the page before, which comes once more")
            )
        );
}

/// <summary>The source at whose contract a transaction is.</summary>
public sealed record QuarantineSource(string Id, Network Network, string SmartContractAddress)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<QuarantineSource> Shape { get; } =
        Shapes.Record<QuarantineSource>(s =>
            new(
                s.Required("id", Shapes.AnyText, r => r.Id),
                s.Required("network", Shapes.Word<Network>(), r => r.Network),
                s.Required("smartContractAddress", Shapes.AnyText, r => r.SmartContractAddress)
            )
        );
}

/// <summary>A transaction that is not explained.</summary>
/// <remarks>
/// <see cref="Attempts"/> and <see cref="NextRetryAt"/> are of nodes that try each transaction for itself; here the next look reads all of them again.
/// </remarks>
public sealed record QuarantineRow(
    string Id,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    string TxHash,
    long BlockHeight,
    long? TxIndex,
    QuarantineReason Reason,
    long Attempts,
    string? LastError,
    DateTimeOffset? NextRetryAt,
    DateTimeOffset? ResolvedAt,
    bool NeedsOperator,
    QuarantineSource PaymentSource
)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<QuarantineRow> Shape { get; } =
        Shapes.Record<QuarantineRow>(s =>
            new(
                s.Required("id", Shapes.AnyText, r => r.Id),
                s.Required("createdAt", Shapes.Moment, r => r.CreatedAt, "When its block was made"),
                s.Required("updatedAt", Shapes.Moment, r => r.UpdatedAt),
                s.Required("txHash", Shapes.AnyText, r => r.TxHash),
                s.Required("blockHeight", Shapes.Whole(), r => r.BlockHeight),
                s.RequiredOrNull("txIndex", Shapes.Whole(), r => r.TxIndex, "Its place in the block, where that is known"),
                s.Required("reason", Shapes.Word<QuarantineReason>(), r => r.Reason),
                s.Required("attempts", Shapes.Whole(), r => r.Attempts),
                s.RequiredOrNull("lastError", Shapes.AnyText, r => r.LastError, "What is not explained about it"),
                s.RequiredOrNull("nextRetryAt", Shapes.Moment, r => r.NextRetryAt),
                s.RequiredOrNull("resolvedAt", Shapes.Moment, r => r.ResolvedAt),
                s.Required("needsOperator", Shapes.Boolean, r => r.NeedsOperator, "True: no look at the chain will explain it"),
                s.Required("PaymentSource", QuarantineSource.Shape, r => r.PaymentSource)
            )
        );
}

/// <summary>A page of them.</summary>
public sealed record QuarantinePage(ImmutableArray<QuarantineRow> Quarantine)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<QuarantinePage> Shape { get; } =
        Shapes.Record<QuarantinePage>(s => new(s.Required("Quarantine", Shapes.List(QuarantineRow.Shape), r => r.Quarantine)));
}

/// <summary>Whose request a transaction is thought to belong to.</summary>
public enum RepairKind
{
    /// <summary>A buyer's.</summary>
    Purchase,

    /// <summary>A seller's.</summary>
    Payment,
}

/// <summary>Asks what a transaction would make of a request.</summary>
public sealed record PreviewRepair(RepairKind Kind, Network Network, string BlockchainIdentifier, string TxHash)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<PreviewRepair> Shape { get; } =
        Shapes.Record<PreviewRepair>(s =>
            new(
                s.Required("kind", Shapes.Word<RepairKind>(), r => r.Kind),
                s.Required("network", Shapes.Word<Network>(), r => r.Network),
                s.Required("blockchainIdentifier", Shapes.Text(1, 8000), r => r.BlockchainIdentifier),
                s.Required("txHash", Shapes.Pattern("^[0-9a-fA-F]{64}$", null, 64, 64), r => r.TxHash)
            )
        );
}

/// <summary>What a transaction would make of a request. Nothing is changed.</summary>
/// <param name="TxHash">The transaction.</param>
/// <param name="OutputIndex">Which of its outputs is the escrow then; null where it ends it.</param>
/// <param name="DerivedOnChainState">The state then.</param>
/// <param name="ResultHash">The result then.</param>
/// <param name="CurrentOnChainState">The state now.</param>
/// <param name="RequestVersion">Of the request as it was looked at.</param>
public sealed record RepairPreview(
    string TxHash,
    long? OutputIndex,
    OnChainState DerivedOnChainState,
    string? ResultHash,
    OnChainState? CurrentOnChainState,
    string RequestVersion
)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<RepairPreview> Shape { get; } =
        Shapes.Record<RepairPreview>(s =>
            new(
                s.Required("txHash", Shapes.AnyText, r => r.TxHash),
                s.RequiredOrNull("outputIndex", Shapes.Whole(), r => r.OutputIndex, "Null where the transaction ends the escrow"),
                s.Required("derivedOnChainState", Shapes.Word<OnChainState>(), r => r.DerivedOnChainState),
                s.RequiredOrNull("resultHash", Shapes.AnyText, r => r.ResultHash),
                s.RequiredOrNull("currentOnChainState", Shapes.Word<OnChainState>(), r => r.CurrentOnChainState),
                s.Required("requestVersion", Shapes.AnyText, r => r.RequestVersion)
            )
        );
}
