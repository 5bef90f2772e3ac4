using System.Collections.Immutable;
using Masumi.Protocol.Wire;

namespace Masumi.Protocol.PaymentService.Wallets;

/// <summary>Which funding wallets to list: one of the two is needed.</summary>
public sealed record ListFundWalletsRequest(string? Id = null, string? PaymentSourceId = null)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<ListFundWalletsRequest> Shape { get; } =
        Shapes
            .Record<ListFundWalletsRequest>(s =>
                new(
                    s.Optional("id", WalletShapes.Id, r => r.Id, "One wallet"),
                    s.Optional("paymentSourceId", WalletShapes.Id, r => r.PaymentSourceId, "All of a source")
                )
            )
            .Checked(
                (request, reading) => (request.Id ?? request.PaymentSourceId) is not null || reading.Refuse("Either id or paymentSourceId must be provided")
            );
}

/// <summary>How a funding wallet tops others up.</summary>
public sealed record FundDistributionConfig(string Id, bool Enabled, long BatchWindowMs)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<FundDistributionConfig> Shape { get; } =
        Shapes.Record<FundDistributionConfig>(s =>
            new(
                s.Required("id", Shapes.AnyText, r => r.Id),
                s.Required("enabled", Shapes.Boolean, r => r.Enabled),
                s.Required("batchWindowMs", Shapes.Integer(), r => r.BatchWindowMs, "How long top-ups are gathered for one transaction")
            )
        );
}

/// <summary>A funding wallet.</summary>
public sealed record FundWalletRow(
    string Id,
    string WalletAddress,
    string WalletVkey,
    string? Note,
    string PaymentSourceId,
    DateTimeOffset? LockedAt,
    LowBalanceSummary LowBalanceSummary,
    FundDistributionConfig? FundDistributionConfig,
    long PendingRequestCount
)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<FundWalletRow> Shape { get; } =
        Shapes.Record<FundWalletRow>(
            "FundWallet",
            s =>
                new(
                    s.Required("id", Shapes.AnyText, r => r.Id),
                    s.Required("walletAddress", Shapes.AnyText, r => r.WalletAddress),
                    s.Required("walletVkey", Shapes.AnyText, r => r.WalletVkey, "Hash of its payment key"),
                    s.RequiredOrNull("note", Shapes.AnyText, r => r.Note),
                    s.Required("paymentSourceId", Shapes.AnyText, r => r.PaymentSourceId),
                    s.RequiredOrNull("lockedAt", Shapes.Moment, r => r.LockedAt, "Since when it waits for a transaction of its own"),
                    s.Required("LowBalanceSummary", LowBalanceSummary.Shape, r => r.LowBalanceSummary),
                    s.RequiredOrNull("FundDistributionConfig", FundDistributionConfig.Shape, r => r.FundDistributionConfig),
                    s.Required("pendingRequestCount", Shapes.Integer(), r => r.PendingRequestCount, "Top-ups that wait")
                )
        );
}

/// <summary>Funding wallets.</summary>
public sealed record FundWalletList(ImmutableArray<FundWalletRow> FundWallets)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<FundWalletList> Shape { get; } =
        Shapes.Record<FundWalletList>(
            "FundWalletList",
            s => new(s.Required("FundWallets", Shapes.List(FundWalletRow.Shape), r => r.FundWallets, "Oldest first"))
        );
}

/// <summary>A funding wallet to add to a source.</summary>
public sealed record CreateFundWalletRequest(string PaymentSourceId, string WalletMnemonic, long BatchWindowMs = 300_000, string? Note = null)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<CreateFundWalletRequest> Shape { get; } =
        Shapes.Record<CreateFundWalletRequest>(s =>
            new(
                s.Required("paymentSourceId", WalletShapes.Id, r => r.PaymentSourceId, "Whose selling and purchasing wallets it tops up"),
                s.Required("walletMnemonic", Shapes.Text(1, 1500), r => r.WalletMnemonic, "12 to 24 words (BIP-39); blanks between them do not matter"),
                s.Default("batchWindowMs", WalletShapes.BatchWindow, 300_000, r => r.BatchWindowMs, "How long top-ups are gathered for one transaction"),
                s.Optional("note", WalletShapes.Filter, r => r.Note)
            )
        );

    /// <summary>For logs: nothing of the secret.</summary>
    public override string ToString() => $"A funding wallet for {PaymentSourceId}";
}

/// <summary>A funding wallet that was added.</summary>
public sealed record FundWalletCreated(
    string Id,
    string WalletAddress,
    string WalletVkey,
    string PaymentSourceId,
    FundDistributionConfig FundDistributionConfig
)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<FundWalletCreated> Shape { get; } =
        Shapes.Record<FundWalletCreated>(
            "FundWalletCreated",
            s =>
                new(
                    s.Required("id", Shapes.AnyText, r => r.Id),
                    s.Required("walletAddress", Shapes.AnyText, r => r.WalletAddress, "Send money here: before that nothing is topped up"),
                    s.Required("walletVkey", Shapes.AnyText, r => r.WalletVkey, "Hash of its payment key"),
                    s.Required("paymentSourceId", Shapes.AnyText, r => r.PaymentSourceId),
                    s.Required("FundDistributionConfig", FundDistributionConfig.Shape, r => r.FundDistributionConfig)
                )
        );
}

/// <summary>What is changed at a funding wallet; null leaves a thing as it is.</summary>
public sealed record UpdateFundWalletRequest(string Id, bool? Enabled = null, long? BatchWindowMs = null)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<UpdateFundWalletRequest> Shape { get; } =
        Shapes.Record<UpdateFundWalletRequest>(s =>
            new(
                s.Required("id", WalletShapes.Id, r => r.Id),
                s.Optional("enabled", Shapes.Boolean, r => r.Enabled, "false: it rests, with its money"),
                s.Optional("batchWindowMs", WalletShapes.BatchWindow, r => r.BatchWindowMs, "How long top-ups are gathered for one transaction")
            )
        );
}

/// <summary>A funding wallet that was changed.</summary>
public sealed record FundWalletUpdated(string Id, FundDistributionConfig FundDistributionConfig)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<FundWalletUpdated> Shape { get; } =
        Shapes.Record<FundWalletUpdated>(
            "FundWalletUpdated",
            s =>
                new(
                    s.Required("id", Shapes.AnyText, r => r.Id),
                    s.Required("FundDistributionConfig", FundDistributionConfig.Shape, r => r.FundDistributionConfig)
                )
        );
}

/// <summary>Which funding wallet to delete.</summary>
public sealed record DeleteFundWalletRequest(string Id, bool? Force = null)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<DeleteFundWalletRequest> Shape { get; } =
        Shapes.Record<DeleteFundWalletRequest>(s =>
            new(
                s.Required("id", WalletShapes.Id, r => r.Id),
                s.Optional("force", Shapes.Boolean, r => r.Force, "true: although there is or may be money in it")
            )
        );
}

/// <summary>A funding wallet that is gone.</summary>
public sealed record FundWalletDeleted(string Id)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<FundWalletDeleted> Shape { get; } =
        Shapes.Record<FundWalletDeleted>("FundWalletDeleted", s => new(s.Required("id", Shapes.AnyText, r => r.Id)));
}
