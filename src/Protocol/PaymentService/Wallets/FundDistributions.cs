using System.Collections.Immutable;
using Masumi.Protocol.Wire;

namespace Masumi.Protocol.PaymentService.Wallets;

/// <summary>Which top-ups to list.</summary>
public sealed record ListDistributionsRequest(
    string? PaymentSourceId = null,
    string? FundWalletId = null,
    DistributionStatus? Status = null,
    long Take = 20,
    string? CursorId = null
)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<ListDistributionsRequest> Shape { get; } =
        Shapes.Record<ListDistributionsRequest>(s =>
            new(
                s.Optional("paymentSourceId", WalletShapes.Id, r => r.PaymentSourceId),
                s.Optional("fundWalletId", WalletShapes.Id, r => r.FundWalletId),
                s.Optional("status", Shapes.Word<DistributionStatus>(), r => r.Status),
                s.Default("take", Shapes.Integer(1, 100), 20, r => r.Take, "How many at most"),
                s.Optional("cursorId", WalletShapes.Id, r => r.CursorId, "Id of the last top-up seen; the page starts with it")
            )
        );
}

/// <summary>A top-up of a wallet with an asset.</summary>
public sealed record DistributionRow(
    string Id,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    string? FundWalletId,
    string TargetWalletId,
    DistributionPriority Priority,
    string AssetUnit,
    string Amount,
    DistributionStatus Status,
    string? TxHash,
    string? Error,
    string? BatchId
)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<DistributionRow> Shape { get; } =
        Shapes.Record<DistributionRow>(s =>
            new(
                s.Required("id", Shapes.AnyText, r => r.Id),
                s.Required("createdAt", Shapes.Moment, r => r.CreatedAt),
                s.Required("updatedAt", Shapes.Moment, r => r.UpdatedAt),
                s.RequiredOrNull("fundWalletId", Shapes.AnyText, r => r.FundWalletId, "Who pays; null until one has taken it on"),
                s.Required("targetWalletId", Shapes.AnyText, r => r.TargetWalletId),
                s.Required("priority", Shapes.Word<DistributionPriority>(), r => r.Priority, "Means nothing any more"),
                s.Required("assetUnit", Shapes.AnyText, r => r.AssetUnit, "lovelace, or policy id and asset name in hex"),
                s.Required("amount", Shapes.AnyText, r => r.Amount, "In the smallest part"),
                s.Required("status", Shapes.Word<DistributionStatus>(), r => r.Status),
                s.RequiredOrNull("txHash", Shapes.AnyText, r => r.TxHash, "null until it is sent"),
                s.RequiredOrNull("error", Shapes.AnyText, r => r.Error, "Why it failed"),
                s.RequiredOrNull("batchId", Shapes.AnyText, r => r.BatchId, "The same for all of one transaction")
            )
        );
}

/// <summary>Top-ups, a page of them.</summary>
public sealed record DistributionList(ImmutableArray<DistributionRow> FundDistributions)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<DistributionList> Shape { get; } =
        Shapes.Record<DistributionList>(
            "FundDistributionList",
            s => new(s.Required("FundDistributions", Shapes.List(DistributionRow.Shape), r => r.FundDistributions, "Newest first"))
        );
}

/// <summary>An empty object.</summary>
public sealed record TriggerDistributionRequest
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<TriggerDistributionRequest> Shape { get; } = Shapes.Record<TriggerDistributionRequest>(_ => new());
}

/// <summary>A round of top-ups that was asked for.</summary>
/// <param name="Triggered">Always true.</param>
/// <param name="AlreadyRunning">One was under way: there is no second one.</param>
public sealed record DistributionTriggered(bool Triggered, bool AlreadyRunning)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<DistributionTriggered> Shape { get; } =
        Shapes.Record<DistributionTriggered>(
            "FundDistributionTriggered",
            s =>
                new(
                    s.Required("triggered", Shapes.Boolean, r => r.Triggered, "Always true: it says nothing of money moved"),
                    s.Required("alreadyRunning", Shapes.Boolean, r => r.AlreadyRunning, "A round was under way: there is no second one")
                )
        );
}
