using System.Collections.Immutable;
using Masumi.Protocol.PaymentService.Wallets;
using Masumi.Protocol.Wire;

namespace Masumi.Protocol.PaymentService.Sources;

/// <summary>The operations about payment sources and their providers' keys (spec payment-service-api.md 6.5 and 6.7).</summary>
public static class SourceOperations
{
    private const string Tag = "payment-source";
    private const string Path = "/payment-source-extended";

    private const string Policy = "67ab0c92c4ac1610895a1c965ee50aba41a8f1513b15240723b3bd0b";
    private const string Contract = "addr_test1wzs4e6wc95hkwezlccjw9mdvq0r0rsgx6zk34avptga3ftgn37w4g";
    private const string FirstAdmin = "addr_test1vqsa4dgnnzkx7x5yack9myef275v8j0y0cl3pmn7lk0023sjl44r5";
    private const string SecondAdmin = "addr_test1vp5kseylhe0c535kcu5vld0cu54jtgj6rzu9nvy8pxjqy2gzcglqa";
    private const string ThirdAdmin = "addr_test1vq73re0g2vaha5kzmgk4f2vk7lwmf2c5d5m6ct0jtxual6cakfc8w";

    private static readonly DateTimeOffset Made = new(2026, 1, 5, 10, 0, 0, TimeSpan.Zero);

    private static readonly DateTimeOffset Checked = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    private static readonly RpcConfig Provider = new("preprodYourBlockfrostProjectId", RpcProvider.Blockfrost);

    private static readonly ImmutableArray<AdminWalletRow> Admins = [new(FirstAdmin, 1), new(SecondAdmin, 2), new(ThirdAdmin, 3)];

    private static readonly ExtendedSourceRow Example = new(
        WalletExamples.SourceId,
        Made,
        Checked,
        Network.Preprod,
        PaymentSourceType.Web3CardanoV2,
        2,
        Policy,
        Contract,
        ContractSyncStatus.InSync,
        Provider,
        LastIdentifierChecked: null,
        SyncInProgress: false,
        Checked,
        Admins,
        1,
        1,
        FeeReceiverNetworkWallet: null,
        0
    );

    /// <summary>Sources on the key's networks.</summary>
    public static Operation<ListSourcesRequest, PaymentSourceList> List { get; } =
        new("GET", "/payment-source", Access.Read, "listPaymentSources", Tag, "Payment sources", ListSourcesRequest.Shape, PaymentSourceList.Shape)
        {
            Description = "Those of the networks that the key may use, without secrets.",
            RequestExample = new(100),
            AnswerExample = new([
                new PaymentSourceRow(
                    WalletExamples.SourceId,
                    Made,
                    Checked,
                    Network.Preprod,
                    PaymentSourceType.Web3CardanoV2,
                    2,
                    Policy,
                    Contract,
                    LastIdentifierChecked: null,
                    Checked,
                    Admins,
                    FeeReceiverNetworkWallet: null,
                    0
                ),
            ]),
        };

    /// <summary>Sources with their settings.</summary>
    public static Operation<ListExtendedSourcesRequest, ExtendedSourceList> ListExtended { get; } =
        new(
            "GET",
            Path,
            Access.Admin,
            "listExtendedPaymentSources",
            Tag,
            "Payment sources with their settings",
            ListExtendedSourcesRequest.Shape,
            ExtendedSourceList.Shape
        )
        {
            Description = "The provider's key is shown in clear.",
            RequestExample = new(Network: Network.Preprod),
            AnswerExample = new([Example]),
        };

    /// <summary>A new source.</summary>
    public static Operation<CreateSourceRequest, ExtendedSourceRow> Create { get; } =
        new("POST", Path, Access.Admin, "createPaymentSource", Tag, "Adds a payment source", CreateSourceRequest.Shape, ExtendedSourceRow.Shape)
        {
            Description =
                "Its contract's address and policy follow from the parameters. The chain is asked as the node's settings say; the provider's key is kept and shown.",
            Refusals =
            [
                WalletRefusals.InvalidMnemonic,
                SourceRefusals.InvalidAddress,
                SourceRefusals.InvalidParameters,
                SourceRefusals.Exists,
                WalletRefusals.WalletRegistered,
                SourceRefusals.ChainUnavailable,
            ],
            RequestExample = new(
                Network.Preprod,
                PaymentSourceType.Web3CardanoV2,
                Provider,
                FeeRatePermille: null,
                420_000,
                [new AdminSlot(FirstAdmin), new AdminSlot(SecondAdmin), new AdminSlot(ThirdAdmin)],
                2,
                FeeReceiverNetworkWallet: null,
                [new NewWallet("(24 words of the wallet that buys)", CollectionAddress: null, "Buys")],
                [new NewWallet("(24 words of the wallet that sells)", WalletExamples.CollectionAddress, "Sells tide tables")]
            ),
            AnswerExample = Example,
        };

    /// <summary>Another key of the provider, more wallets or fewer.</summary>
    public static Operation<UpdateSourceRequest, ExtendedSourceRow> Update { get; } =
        new("PATCH", Path, Access.Admin, "updatePaymentSource", Tag, "Changes a payment source", UpdateSourceRequest.Shape, ExtendedSourceRow.Shape)
        {
            Description = "Ids of wallets to remove that are none of the source's are passed over.",
            Refusals =
            [
                SourceRefusals.NotFound,
                WalletRefusals.InvalidMnemonic,
                SourceRefusals.InvalidAddress,
                SourceRefusals.FundingWallet,
                WalletRefusals.WalletRegistered,
                SourceRefusals.DistributionInFlight,
                SourceRefusals.WalletInUse,
            ],
            RequestExample = new(
                WalletExamples.SourceId,
                AddSellingWallets: [new NewWallet("(24 words of the wallet that sells)", WalletExamples.CollectionAddress, "Sells maps")],
                RemoveSellingWallets: [new WalletToRemove(WalletExamples.SellingId)]
            ),
            AnswerExample = Example,
        };

    /// <summary>The end of a source.</summary>
    public static Operation<DeleteSourceRequest, ExtendedSourceRow> Delete { get; } =
        new("DELETE", Path, Access.Admin, "deletePaymentSource", Tag, "Takes away a payment source", DeleteSourceRequest.Shape, ExtendedSourceRow.Shape)
        {
            Description = "Its wallets go with it: save their mnemonics first. A source of the node's settings is there again at the next start.",
            Refusals = [SourceRefusals.NotFound, SourceRefusals.InUse, SourceRefusals.DistributionInFlight],
            RequestExample = new(WalletExamples.SourceId),
            AnswerExample = Example,
        };

    /// <summary>Keys with which providers are asked.</summary>
    public static Operation<ListRpcKeysRequest, RpcKeyList> ListRpcKeys { get; } =
        new("GET", "/rpc-api-keys", Access.Admin, "listRpcApiKeys", "rpc-api-keys", "Keys of the chain's providers", ListRpcKeysRequest.Shape, RpcKeyList.Shape)
        {
            IsStatusClosed = true,
            Description = "In clear, one for each source: as they were left with it, empty where the node's settings have all there are.",
            RequestExample = new(),
            AnswerExample = new([new RpcKeyRow("cmk2v7d3b0001l8f3k5t9e2sw", Provider.RpcProviderApiKey, Provider.RpcProvider, Made, Made, Network.Preprod)]),
        };

    /// <summary>All of them.</summary>
    public static ImmutableArray<Operation> All { get; } = [List, ListExtended, Create, Update, Delete, ListRpcKeys];
}
