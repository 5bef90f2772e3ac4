using System.Collections.Immutable;
using Masumi.Protocol.Wire;

namespace Masumi.Protocol.PaymentService.Wallets;

/// <summary>So much of a native asset that is sent.</summary>
/// <param name="Unit">Policy id and asset name in hex; never lovelace.</param>
/// <param name="Quantity">In the smallest part; positive.</param>
public sealed record TransferAsset(string Unit, long Quantity)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<TransferAsset> Shape { get; } =
        Shapes.Record<TransferAsset>(s =>
            new(
                s.Required("unit", WalletShapes.Asset, r => r.Unit, "Policy id and asset name in hex; not lovelace"),
                s.Required("quantity", WalletShapes.Quantity, r => r.Quantity, "In the smallest part")
            )
        );
}

/// <summary>Money to send out of a hot wallet.</summary>
public sealed record CreateTransferRequest(string FromWalletAddress, string ToAddress, long LovelaceAmount, ImmutableArray<TransferAsset>? Assets = null)
{
    private static readonly Shape<ImmutableArray<TransferAsset>> DistinctAssets = Shapes
        .List(TransferAsset.Shape, 0, 10)
        .Where(assets =>
            assets.DistinctBy(a => a.Unit, StringComparer.Ordinal).Count() < assets.Length ? "assets contains the same unit more than once" : null
        );

    /// <summary>As on the wire.</summary>
    public static RecordShape<CreateTransferRequest> Shape { get; } =
        Shapes.Record<CreateTransferRequest>(s =>
            new(
                s.Required("fromWalletAddress", WalletShapes.Id, r => r.FromWalletAddress, "Address of one of this node's wallets"),
                s.Required("toAddress", WalletShapes.Id, r => r.ToAddress),
                s.Required("lovelaceAmount", WalletShapes.Lovelace, r => r.LovelaceAmount, "At least 2000000"),
                s.Optional("assets", DistinctAssets, r => r.Assets, "Native assets that go along")
            )
        );
}

/// <summary>Which transfers to list: one of the first three is needed.</summary>
public sealed record ListTransfersRequest(string? Id = null, string? HotWalletId = null, string? WalletAddress = null, string? CursorId = null, long Limit = 20)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<ListTransfersRequest> Shape { get; } =
        Shapes
            .Record<ListTransfersRequest>(s =>
                new(
                    s.Optional("id", WalletShapes.Id, r => r.Id, "One transfer"),
                    s.Optional("hotWalletId", WalletShapes.Id, r => r.HotWalletId, "All of a wallet, by its id"),
                    s.Optional("walletAddress", WalletShapes.Id, r => r.WalletAddress, "All of a wallet, by its address"),
                    s.Optional("cursorId", WalletShapes.Id, r => r.CursorId, "Id of the last transfer seen; the page starts with it"),
                    s.Default("limit", Shapes.Integer(1, 100), 20, r => r.Limit, "How many at most")
                )
            )
            .Checked(
                (request, reading) =>
                    (request.Id ?? request.HotWalletId ?? request.WalletAddress) is not null
                    || reading.Refuse("Either id, hotWalletId, or walletAddress must be provided")
            );
}

/// <summary>A transfer out of a hot wallet.</summary>
public sealed record TransferRow(
    string Id,
    TransferStatus Status,
    string? TxHash,
    string ToAddress,
    string LovelaceAmount,
    ImmutableArray<TransferAssetRow>? Assets,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    DateTimeOffset? LastCheckedAt,
    string? ErrorNote
)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<TransferRow> Shape { get; } =
        Shapes.Record<TransferRow>(
            "WalletFundTransfer",
            s =>
                new(
                    s.Required("id", Shapes.AnyText, r => r.Id),
                    s.Required("status", Shapes.Word<TransferStatus>(), r => r.Status),
                    s.RequiredOrNull("txHash", Shapes.AnyText, r => r.TxHash, "null until it is sent"),
                    s.Required("toAddress", Shapes.AnyText, r => r.ToAddress),
                    s.Required("lovelaceAmount", Shapes.AnyText, r => r.LovelaceAmount),
                    s.RequiredOrNull("assets", Shapes.List(TransferAssetRow.Shape), r => r.Assets, "null where only ADA is sent"),
                    s.Required("createdAt", Shapes.Moment, r => r.CreatedAt),
                    s.Required("updatedAt", Shapes.Moment, r => r.UpdatedAt),
                    s.RequiredOrNull("lastCheckedAt", Shapes.Moment, r => r.LastCheckedAt, "When the chain was last asked for it"),
                    s.RequiredOrNull("errorNote", Shapes.AnyText, r => r.ErrorNote, "Why it failed")
                )
        );
}

/// <summary>So much of a native asset that was sent.</summary>
public sealed record TransferAssetRow(string Unit, string Quantity)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<TransferAssetRow> Shape { get; } =
        Shapes.Record<TransferAssetRow>(s =>
            new(s.Required("unit", Shapes.AnyText, r => r.Unit), s.Required("quantity", Shapes.AnyText, r => r.Quantity, "In the smallest part"))
        );
}

/// <summary>Transfers, a page of them.</summary>
public sealed record TransferList(ImmutableArray<TransferRow> Transfers)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<TransferList> Shape { get; } =
        Shapes.Record<TransferList>(
            "WalletFundTransferList",
            s => new(s.Required("transfers", Shapes.List(TransferRow.Shape), r => r.Transfers, "Newest first"))
        );
}
