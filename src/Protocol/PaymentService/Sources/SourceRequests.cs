using System.Collections.Immutable;
using Masumi.Protocol.Wire;

namespace Masumi.Protocol.PaymentService.Sources;

/// <summary>Which sources to list.</summary>
public sealed record ListSourcesRequest(long Take = 10, string? CursorId = null)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<ListSourcesRequest> Shape { get; } =
        Shapes.Record<ListSourcesRequest>(s =>
            new(
                s.Default("take", Shapes.Whole(1, 100), 10, r => r.Take, "How many at most"),
                s.Optional("cursorId", Shapes.Text(0, 250), r => r.CursorId, "Id of the last source seen; the page starts with it")
            )
        );
}

/// <summary>Which sources to list with their settings.</summary>
public sealed record ListExtendedSourcesRequest(long Take = 10, string? CursorId = null, Network? Network = null)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<ListExtendedSourcesRequest> Shape { get; } =
        Shapes.Record<ListExtendedSourcesRequest>(s =>
            new(
                s.Default("take", Shapes.Whole(1, 100), 10, r => r.Take, "How many at most"),
                s.Optional("cursorId", Shapes.Text(0, 250), r => r.CursorId, "Id of the last source seen; the page starts with it"),
                s.Optional("network", Shapes.Word<Network>(), r => r.Network, "Only of this one")
            )
        );
}

/// <summary>Which providers' keys to list.</summary>
public sealed record ListRpcKeysRequest(string? CursorId = null, long Limit = 100)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<ListRpcKeysRequest> Shape { get; } =
        Shapes.Record<ListRpcKeysRequest>(s =>
            new(
                s.Optional("cursorId", Shapes.Text(1, 250), r => r.CursorId, "Id of the last key seen; the page starts with it"),
                s.Default("limit", Shapes.Whole(1, 100), 100, r => r.Limit, "How many at most")
            )
        );
}

/// <summary>A wallet to add to a source.</summary>
/// <param name="WalletMnemonic">Its words.</param>
/// <param name="CollectionAddress">Where collected money goes; null: it stays in the wallet.</param>
/// <param name="Note">What the operator calls it.</param>
public sealed record NewWallet(string WalletMnemonic, string? CollectionAddress, string Note)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<NewWallet> Shape { get; } =
        Shapes.Record<NewWallet>(s =>
            new(
                s.Required("walletMnemonic", Shapes.Text(0, 1500), r => r.WalletMnemonic, "Its words: keep them elsewhere too"),
                s.RequiredOrNull(
                    "collectionAddress",
                    Shapes.Text(0, 250),
                    r => r.CollectionAddress,
                    "Where collected money goes; null: it stays in the wallet"
                ),
                s.Required("note", Shapes.Text(0, 250), r => r.Note)
            )
        );

    /// <summary>For logs: nothing of the secret.</summary>
    public override string ToString() => Note;
}

/// <summary>A slot of those who settle disputes.</summary>
public sealed record AdminSlot(string WalletAddress)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<AdminSlot> Shape { get; } =
        Shapes.Record<AdminSlot>(s => new(s.Required("walletAddress", Shapes.Text(0, 250), r => r.WalletAddress)));
}

/// <summary>A payment source to make: its contract's address and policy follow from these.</summary>
/// <param name="Network">On which network.</param>
/// <param name="PaymentSourceType">Generation of its contract.</param>
/// <param name="PaymentSourceConfig">Who is asked about the chain.</param>
/// <param name="FeeRatePermille">Fee of the first generation; none or 0 for the second.</param>
/// <param name="CooldownTime">Milliseconds that a side waits after its own step; null: 420,000.</param>
/// <param name="AdminWallets">Who settles disputes: exactly three in the first generation.</param>
/// <param name="RequiredAdminSignatures">How many of the slots must sign; second generation only.</param>
/// <param name="FeeReceiverNetworkWallet">Who gets the fee; first generation only.</param>
/// <param name="PurchasingWallets">Wallets that buy.</param>
/// <param name="SellingWallets">Wallets that sell.</param>
public sealed record CreateSourceRequest(
    Network Network,
    PaymentSourceType PaymentSourceType,
    RpcConfig PaymentSourceConfig,
    long? FeeRatePermille,
    long? CooldownTime,
    ImmutableArray<AdminSlot> AdminWallets,
    long? RequiredAdminSignatures,
    FeeReceiver? FeeReceiverNetworkWallet,
    ImmutableArray<NewWallet> PurchasingWallets,
    ImmutableArray<NewWallet> SellingWallets
)
{
    private const int AdminsOfV1 = 3;

    /// <summary>As on the wire.</summary>
    public static RecordShape<CreateSourceRequest> Shape { get; } =
        Shapes
            .Record<CreateSourceRequest>(s =>
                new(
                    s.Required("network", Shapes.Word<Network>(), r => r.Network),
                    s.Default(
                        "paymentSourceType",
                        Shapes.Word<PaymentSourceType>(),
                        PaymentSourceType.Web3CardanoV1,
                        r => r.PaymentSourceType,
                        "Generation of its contract"
                    ),
                    s.Required("PaymentSourceConfig", RpcConfig.Shape, r => r.PaymentSourceConfig),
                    s.OptionalOrNull(
                        "feeRatePermille",
                        Shapes.Whole(0, 1000),
                        r => r.FeeRatePermille,
                        "Needed for Web3CardanoV1; nothing or 0 for Web3CardanoV2"
                    ),
                    s.OptionalOrNull(
                        "cooldownTime",
                        Shapes.Whole(0),
                        r => r.CooldownTime,
                        "Milliseconds that a side waits after its own step; left out: 420000, seven minutes"
                    ),
                    s.Required(
                        "AdminWallets",
                        Shapes.List(AdminSlot.Shape, 1, 50),
                        r => r.AdminWallets,
                        "Who settles disputes. Web3CardanoV1: exactly three. Web3CardanoV2: an address in several slots has several votes"
                    ),
                    s.Optional(
                        "requiredAdminSignatures",
                        Shapes.Integer(1, 50),
                        r => r.RequiredAdminSignatures,
                        "Web3CardanoV2: how many slots must sign for a dispute to be settled"
                    ),
                    s.Optional("FeeReceiverNetworkWallet", FeeReceiver.Shape, r => r.FeeReceiverNetworkWallet, "Needed for Web3CardanoV1: who gets the fee"),
                    s.Required("PurchasingWallets", Shapes.List(NewWallet.Shape, 1, 50), r => r.PurchasingWallets),
                    s.Required("SellingWallets", Shapes.List(NewWallet.Shape, 1, 50), r => r.SellingWallets)
                )
            )
            .Checked((request, reading) => request.PaymentSourceType == PaymentSourceType.Web3CardanoV1 ? IsV1(request, reading) : IsV2(request, reading));

    private static bool IsV1(CreateSourceRequest request, Reading reading)
    {
        if (request.FeeRatePermille is null)
        {
            reading.Refuse("feeRatePermille", "Web3CardanoV1 payment sources require feeRatePermille");
        }

        if (request.AdminWallets.Length != AdminsOfV1)
        {
            reading.Refuse("AdminWallets", "Web3CardanoV1 payment sources require exactly 3 admin wallets");
        }

        if (request.FeeReceiverNetworkWallet is null)
        {
            reading.Refuse("FeeReceiverNetworkWallet", "Web3CardanoV1 payment sources require FeeReceiverNetworkWallet");
        }

        return reading.IsFine;
    }

    private static bool IsV2(CreateSourceRequest request, Reading reading)
    {
        if (request.FeeRatePermille is > 0)
        {
            reading.Refuse("feeRatePermille", "Web3CardanoV2 payment sources take no fee");
        }

        if (request.RequiredAdminSignatures is null)
        {
            reading.Refuse("requiredAdminSignatures", "Web3CardanoV2 payment sources require requiredAdminSignatures");
        }
        else if (request.RequiredAdminSignatures > request.AdminWallets.Length)
        {
            reading.Refuse("requiredAdminSignatures", "requiredAdminSignatures cannot be more than there are admin wallets");
        }

        return reading.IsFine;
    }
}

/// <summary>A wallet to take away from a source.</summary>
public sealed record WalletToRemove(string Id)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<WalletToRemove> Shape { get; } = Shapes.Record<WalletToRemove>(s => new(s.Required("id", Shapes.AnyText, r => r.Id)));
}

/// <summary>What is changed at a source; what is not given stays.</summary>
/// <param name="Id">Which.</param>
/// <param name="PaymentSourceConfig">Another key of the provider.</param>
/// <param name="AddPurchasingWallets">More wallets that buy.</param>
/// <param name="AddSellingWallets">More wallets that sell.</param>
/// <param name="RemovePurchasingWallets">Wallets that buy no more.</param>
/// <param name="RemoveSellingWallets">Wallets that sell no more.</param>
/// <param name="LastIdentifierChecked">Kept and shown.</param>
/// <param name="Force">Remove wallets although they have open deals.</param>
public sealed record UpdateSourceRequest(
    string Id,
    RpcConfig? PaymentSourceConfig = null,
    ImmutableArray<NewWallet>? AddPurchasingWallets = null,
    ImmutableArray<NewWallet>? AddSellingWallets = null,
    ImmutableArray<WalletToRemove>? RemovePurchasingWallets = null,
    ImmutableArray<WalletToRemove>? RemoveSellingWallets = null,
    Given<string> LastIdentifierChecked = default,
    bool? Force = null
)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<UpdateSourceRequest> Shape { get; } =
        Shapes.Record<UpdateSourceRequest>(s =>
            new(
                s.Required("id", Shapes.Text(0, 250), r => r.Id),
                s.Optional("PaymentSourceConfig", RpcConfig.Shape, r => r.PaymentSourceConfig, "Another key of the provider"),
                s.Optional("AddPurchasingWallets", Shapes.List(NewWallet.Shape, 1, 10), r => r.AddPurchasingWallets),
                s.Optional("AddSellingWallets", Shapes.List(NewWallet.Shape, 1, 10), r => r.AddSellingWallets),
                s.Optional("RemovePurchasingWallets", Shapes.List(WalletToRemove.Shape, 0, 10), r => r.RemovePurchasingWallets, "Save their mnemonics first"),
                s.Optional("RemoveSellingWallets", Shapes.List(WalletToRemove.Shape, 0, 10), r => r.RemoveSellingWallets, "Save their mnemonics first"),
                s.Given("lastIdentifierChecked", Shapes.Text(0, 250), r => r.LastIdentifierChecked, "Better left alone"),
                s.Optional("force", Shapes.Boolean, r => r.Force, "true: remove wallets although they have open payments or purchases")
            )
        );
}

/// <summary>Which source to delete.</summary>
/// <param name="Id">Which.</param>
/// <param name="Force">Although it has open deals.</param>
public sealed record DeleteSourceRequest(string Id, bool? Force = null)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<DeleteSourceRequest> Shape { get; } =
        Shapes.Record<DeleteSourceRequest>(s =>
            new(
                s.Required("id", Shapes.AnyText, r => r.Id),
                s.Optional("force", Shapes.Boolean, r => r.Force, "true: although it has open payments or purchases, which are followed to their end")
            )
        );
}
