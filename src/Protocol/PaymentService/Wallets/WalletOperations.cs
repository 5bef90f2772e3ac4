using System.Collections.Immutable;
using Masumi.Protocol.Wire;

namespace Masumi.Protocol.PaymentService.Wallets;

/// <summary>The operations about hot wallets, and about addresses and their money (spec payment-service-api.md 6.4, 6.7 and 6.12).</summary>
public static class WalletOperations
{
    private const string Tag = "wallet";

    private static readonly WalletRow Example = new(
        Secret: null,
        new PendingTransaction(WalletExamples.Noon, WalletExamples.Noon, WalletExamples.TxHash, WalletExamples.Noon),
        "Sells tide tables",
        WalletExamples.SellingVkey,
        WalletExamples.SellingAddress,
        WalletExamples.CollectionAddress,
        WalletExamples.Healthy,
        [
            new WalletRuleRow(
                "cmk2vb5h20005l8f37q3s8n1t",
                "lovelace",
                "20000000",
                Enabled: true,
                TopupEnabled: false,
                TopupAmount: null,
                LowBalanceStatus.Healthy,
                "182340115",
                WalletExamples.Noon,
                LastAlertedAt: null
            ),
        ]
    );

    private static readonly TransferRow Transfer = new(
        "cmk2vd9x1000al8f3u6j0p5ke",
        TransferStatus.Pending,
        TxHash: null,
        WalletExamples.CollectionAddress,
        "25000000",
        [new TransferAssetRow(WalletExamples.TestUsdm, "10000000")],
        WalletExamples.Noon,
        WalletExamples.Noon,
        LastCheckedAt: null,
        ErrorNote: null
    );

    /// <summary>One wallet.</summary>
    public static Operation<GetWalletRequest, WalletRow> Get { get; } =
        new("GET", "/wallet", Access.Admin, "getWallet", Tag, "A hot wallet", GetWalletRequest.Shape, WalletRow.Shape)
        {
            Refusals = [WalletRefusals.NoneOfType],
            RequestExample = new(HotWalletType.Selling, WalletExamples.SellingId),
            AnswerExample = Example,
        };

    /// <summary>A fresh wallet.</summary>
    public static Operation<GenerateWalletRequest, GeneratedWallet> Generate { get; } =
        new(
            "POST",
            "/wallet",
            Access.Admin,
            "generateWallet",
            Tag,
            "Makes a fresh wallet and stores nothing of it",
            GenerateWalletRequest.Shape,
            GeneratedWallet.Shape
        )
        {
            IsStatusClosed = true,
            Description = "To use it, add it to a payment source: PATCH /payment-source-extended.",
            RequestExample = new(Network.Preprod),
            AnswerExample = new(WalletExamples.Mnemonic, WalletExamples.SellingAddress, WalletExamples.SellingVkey),
        };

    /// <summary>Where a wallet's collected money goes.</summary>
    public static Operation<UpdateWalletRequest, WalletRow> Update { get; } =
        new("PATCH", "/wallet", Access.Admin, "updateWallet", Tag, "Sets where a wallet's collected money goes", UpdateWalletRequest.Shape, WalletRow.Shape)
        {
            IsStatusClosed = true,
            Refusals = [WalletRefusals.NoneWithId, WalletRefusals.CollectionAddress],
            RequestExample = new(WalletExamples.SellingId, WalletExamples.CollectionAddress),
            AnswerExample = Example,
        };

    /// <summary>Wallets, a page at a time. A key that may pay and is no admin sees those of its networks and its scope.</summary>
    public static Operation<ListWalletsRequest, WalletList> List { get; } =
        new("GET", "/wallet/list", Access.Pay, "listWallets", Tag, "Hot wallets", ListWalletsRequest.Shape, WalletList.Shape)
        {
            IsStatusClosed = true,
            Description = "An admin key sees all wallets, another one those of its networks and, where it has a wallet scope, of that.",
            RequestExample = new(100, PaymentSourceId: WalletExamples.SourceId, WalletType: HotWalletType.Selling),
            AnswerExample = new([
                new WalletListRow(
                    WalletExamples.SellingId,
                    WalletExamples.SourceId,
                    HotWalletType.Selling,
                    WalletExamples.SellingVkey,
                    WalletExamples.SellingAddress,
                    WalletExamples.CollectionAddress,
                    "Sells tide tables",
                    WalletExamples.Healthy
                ),
            ]),
        };

    /// <summary>Money out of a hot wallet.</summary>
    public static Operation<CreateTransferRequest, TransferRow> CreateTransfer { get; } =
        new(
            "POST",
            "/wallet/transfer-funds",
            Access.Admin,
            "createTransfer",
            Tag,
            "Queues sending money out of a hot wallet",
            CreateTransferRequest.Shape,
            TransferRow.Shape
        )
        {
            IsStatusClosed = true,
            Description = "Whether the wallet has so much shows later: GET /wallet/transfer-funds.",
            Refusals = [WalletRefusals.NotFound, WalletRefusals.TransferTooSmall, WalletRefusals.TransferAddress],
            RequestExample = new(
                WalletExamples.SellingAddress,
                WalletExamples.CollectionAddress,
                25_000_000,
                [new TransferAsset(WalletExamples.TestUsdm, 10_000_000)]
            ),
            AnswerExample = Transfer,
        };

    /// <summary>How transfers are.</summary>
    public static Operation<ListTransfersRequest, TransferList> ListTransfers { get; } =
        new(
            "GET",
            "/wallet/transfer-funds",
            Access.Admin,
            "listTransfers",
            Tag,
            "One transfer out of a hot wallet, or all of a wallet",
            ListTransfersRequest.Shape,
            TransferList.Shape
        )
        {
            IsStatusClosed = true,
            Refusals = [WalletRefusals.TransferNotFound, WalletRefusals.NotFound],
            RequestExample = new(HotWalletId: WalletExamples.SellingId),
            AnswerExample = new([Transfer with { Status = TransferStatus.Confirmed, TxHash = WalletExamples.TxHash, LastCheckedAt = WalletExamples.Noon }]),
        };

    /// <summary>Unspent outputs of any address.</summary>
    public static Operation<ListUtxosRequest, UtxoList> ListUtxos { get; } =
        new("GET", "/utxos", Access.Read, "listUtxos", "utxos", "Unspent outputs at an address", ListUtxosRequest.Shape, UtxoList.Shape)
        {
            IsCostly = true,
            Refusals = [WalletRefusals.NetworkNotFound, WalletRefusals.AddressNotFound, WalletRefusals.InvalidAddress],
            RequestExample = new(WalletExamples.SellingAddress, Network.Preprod),
            AnswerExample = new([
                new UtxoRow(
                    WalletExamples.TxHash,
                    WalletExamples.SellingAddress,
                    [new UtxoAmountRow("lovelace", 182_340_115), new UtxoAmountRow(WalletExamples.TestUsdm, 40_000_000)],
                    DataHash: null,
                    InlineDatum: null,
                    ReferenceScriptHash: null,
                    1,
                    "496aca80e4d8f29fb8e8cd816c3afb48d3f103970b3a2ee1600c08ca67326dee"
                ),
            ]),
        };

    /// <summary>All that is at any address.</summary>
    public static Operation<GetBalanceRequest, AddressBalance> GetBalance { get; } =
        new("GET", "/balance", Access.Read, "getBalance", "balance", "What is at an address, per unit", GetBalanceRequest.Shape, AddressBalance.Shape)
        {
            IsCostly = true,
            Description = "An address that was never used is empty.",
            Refusals = [WalletRefusals.NetworkNotFound, WalletRefusals.InvalidAddress],
            RequestExample = new(WalletExamples.SellingAddress, Network.Preprod),
            AnswerExample = new([new BalanceAmountRow("lovelace", 182_340_115), new BalanceAmountRow(WalletExamples.TestUsdm, 40_000_000)]),
        };

    /// <summary>All of them.</summary>
    public static ImmutableArray<Operation> All { get; } =
    [Get, Generate, Update, List, .. LowBalanceOperations.All, CreateTransfer, ListTransfers, ListUtxos, GetBalance, .. FundOperations.All];
}
