using System.Collections.Immutable;
using Masumi.Protocol.Wire;

namespace Masumi.Protocol.PaymentService.Sources;

/// <summary>A payment source as everybody may see it.</summary>
public sealed record PaymentSourceRow(
    string Id,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    Network Network,
    PaymentSourceType PaymentSourceType,
    long? RequiredAdminSignatures,
    string? PolicyId,
    string SmartContractAddress,
    string? LastIdentifierChecked,
    DateTimeOffset? LastCheckedAt,
    ImmutableArray<AdminWalletRow> AdminWallets,
    FeeReceiver? FeeReceiverNetworkWallet,
    long FeeRatePermille
)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<PaymentSourceRow> Shape { get; } =
        Shapes.Record<PaymentSourceRow>(
            "PaymentSource",
            s =>
                new(
                    s.Required("id", Shapes.AnyText, r => r.Id),
                    s.Required("createdAt", Shapes.Moment, r => r.CreatedAt),
                    s.Required("updatedAt", Shapes.Moment, r => r.UpdatedAt),
                    s.Required("network", Shapes.Word<Network>(), r => r.Network),
                    s.Required("paymentSourceType", Shapes.Word<PaymentSourceType>(), r => r.PaymentSourceType, "Generation of its contract"),
                    s.RequiredOrNull("requiredAdminSignatures", Shapes.Integer(), r => r.RequiredAdminSignatures, "null for Web3CardanoV1"),
                    s.RequiredOrNull("policyId", Shapes.AnyText, r => r.PolicyId, "Of its agents' tokens"),
                    s.Required("smartContractAddress", Shapes.AnyText, r => r.SmartContractAddress, "Of its escrows"),
                    s.RequiredOrNull("lastIdentifierChecked", Shapes.AnyText, r => r.LastIdentifierChecked),
                    s.RequiredOrNull("lastCheckedAt", Shapes.Moment, r => r.LastCheckedAt, "When the chain was last read for it"),
                    s.Required("AdminWallets", Shapes.List(AdminWalletRow.Shape), r => r.AdminWallets, "Who settles disputes"),
                    s.RequiredOrNull(
                        "FeeReceiverNetworkWallet",
                        FeeReceiver.Shape,
                        r => r.FeeReceiverNetworkWallet,
                        "Who gets the fee; null where there is none"
                    ),
                    s.Required("feeRatePermille", Shapes.Whole(0, 1000), r => r.FeeRatePermille, "Of what is collected")
                )
        );
}

/// <summary>Payment sources, a page of them.</summary>
public sealed record PaymentSourceList(ImmutableArray<PaymentSourceRow> PaymentSources)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<PaymentSourceList> Shape { get; } =
        Shapes.Record<PaymentSourceList>(s => new(s.Required("PaymentSources", Shapes.List(PaymentSourceRow.Shape), r => r.PaymentSources, "Newest first")));
}

/// <summary>A payment source as its operator sees it.</summary>
public sealed record ExtendedSourceRow(
    string Id,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    Network Network,
    PaymentSourceType PaymentSourceType,
    long? RequiredAdminSignatures,
    string? PolicyId,
    string SmartContractAddress,
    ContractSyncStatus ContractSyncStatus,
    RpcConfig PaymentSourceConfig,
    string? LastIdentifierChecked,
    bool SyncInProgress,
    DateTimeOffset? LastCheckedAt,
    ImmutableArray<AdminWalletRow> AdminWallets,
    long PurchasingWalletsCount,
    long SellingWalletsCount,
    FeeReceiver? FeeReceiverNetworkWallet,
    long FeeRatePermille
)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<ExtendedSourceRow> Shape { get; } =
        Shapes.Record<ExtendedSourceRow>(
            "PaymentSourceExtended",
            s =>
                new(
                    s.Required("id", Shapes.AnyText, r => r.Id),
                    s.Required("createdAt", Shapes.Moment, r => r.CreatedAt),
                    s.Required("updatedAt", Shapes.Moment, r => r.UpdatedAt),
                    s.Required("network", Shapes.Word<Network>(), r => r.Network),
                    s.Required("paymentSourceType", Shapes.Word<PaymentSourceType>(), r => r.PaymentSourceType, "Generation of its contract"),
                    s.RequiredOrNull("requiredAdminSignatures", Shapes.Integer(), r => r.RequiredAdminSignatures, "null for Web3CardanoV1"),
                    s.RequiredOrNull("policyId", Shapes.AnyText, r => r.PolicyId, "Of its agents' tokens"),
                    s.Required("smartContractAddress", Shapes.AnyText, r => r.SmartContractAddress, "Of its escrows"),
                    s.Required("contractSyncStatus", ContractSyncWords.Shape, r => r.ContractSyncStatus, "How its contract stands to the one known by default"),
                    s.Required("PaymentSourceConfig", RpcConfig.Shape, r => r.PaymentSourceConfig),
                    s.RequiredOrNull("lastIdentifierChecked", Shapes.AnyText, r => r.LastIdentifierChecked),
                    s.Required("syncInProgress", Shapes.Boolean, r => r.SyncInProgress, "Whether the chain is being read for it now"),
                    s.RequiredOrNull("lastCheckedAt", Shapes.Moment, r => r.LastCheckedAt, "When the chain was last read for it"),
                    s.Required("AdminWallets", Shapes.List(AdminWalletRow.Shape), r => r.AdminWallets, "Who settles disputes"),
                    s.Required("PurchasingWalletsCount", Shapes.Integer(), r => r.PurchasingWalletsCount, "GET /wallet/list has the wallets"),
                    s.Required("SellingWalletsCount", Shapes.Integer(), r => r.SellingWalletsCount, "GET /wallet/list has the wallets"),
                    s.RequiredOrNull(
                        "FeeReceiverNetworkWallet",
                        FeeReceiver.Shape,
                        r => r.FeeReceiverNetworkWallet,
                        "Who gets the fee; null where there is none"
                    ),
                    s.Required("feeRatePermille", Shapes.Whole(0, 1000), r => r.FeeRatePermille, "Of what is collected")
                )
        );
}

/// <summary>Payment sources as their operator sees them, a page of them.</summary>
public sealed record ExtendedSourceList(ImmutableArray<ExtendedSourceRow> ExtendedPaymentSources)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<ExtendedSourceList> Shape { get; } =
        Shapes.Record<ExtendedSourceList>(s =>
            new(s.Required("ExtendedPaymentSources", Shapes.List(ExtendedSourceRow.Shape), r => r.ExtendedPaymentSources, "Newest first"))
        );
}

/// <summary>Who settles disputes: one slot of them, for an address may have several.</summary>
public sealed record AdminWalletRow(string WalletAddress, long Order)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<AdminWalletRow> Shape { get; } =
        Shapes.Record<AdminWalletRow>(
            "AdminWallet",
            s => new(s.Required("walletAddress", Shapes.AnyText, r => r.WalletAddress), s.Required("order", Shapes.Whole(), r => r.Order, "Its place"))
        );
}

/// <summary>Who gets the fee of a contract of the first generation.</summary>
public sealed record FeeReceiver(string WalletAddress)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<FeeReceiver> Shape { get; } =
        Shapes.Record<FeeReceiver>(s => new(s.Required("walletAddress", Shapes.Text(0, 250), r => r.WalletAddress)));
}

/// <summary>Who is asked about the chain, and with which key.</summary>
public sealed record RpcConfig(string RpcProviderApiKey, RpcProvider RpcProvider)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<RpcConfig> Shape { get; } =
        Shapes.Record<RpcConfig>(s =>
            new(
                s.Required("rpcProviderApiKey", Shapes.Text(0, 250), r => r.RpcProviderApiKey, "In clear"),
                s.Required("rpcProvider", Shapes.Word<RpcProvider>(), r => r.RpcProvider)
            )
        );

    /// <summary>For logs: nothing of the key.</summary>
    public override string ToString() => Word.Text(RpcProvider);
}

/// <summary>The key with which a provider is asked about a network's chain.</summary>
public sealed record RpcKeyRow(
    string Id,
    string RpcProviderApiKey,
    RpcProvider RpcProvider,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    Network Network
)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<RpcKeyRow> Shape { get; } =
        Shapes.Record<RpcKeyRow>(
            "RpcProviderKey",
            s =>
                new(
                    s.Required("id", Shapes.AnyText, r => r.Id),
                    s.Required("rpcProviderApiKey", Shapes.AnyText, r => r.RpcProviderApiKey, "In clear"),
                    s.Required("rpcProvider", Shapes.Word<RpcProvider>(), r => r.RpcProvider),
                    s.Required("createdAt", Shapes.Moment, r => r.CreatedAt),
                    s.Required("updatedAt", Shapes.Moment, r => r.UpdatedAt),
                    s.Required("network", Shapes.Word<Network>(), r => r.Network)
                )
        );

    /// <summary>For logs: nothing of the key.</summary>
    public override string ToString() => Id;
}

/// <summary>Providers' keys, a page of them.</summary>
public sealed record RpcKeyList(ImmutableArray<RpcKeyRow> RpcProviderKeys)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<RpcKeyList> Shape { get; } =
        Shapes.Record<RpcKeyList>(s => new(s.Required("RpcProviderKeys", Shapes.List(RpcKeyRow.Shape), r => r.RpcProviderKeys, "Oldest first")));
}
