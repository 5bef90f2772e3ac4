using System.Collections.Immutable;
using Masumi.Protocol.Wire;

namespace Masumi.Protocol.PaymentService.Wallets;

/// <summary>The operations about funding wallets and what they send (spec payment-service-api.md 6.12).</summary>
public static class FundOperations
{
    private const string Tag = "fund-wallet";
    private const string DistributionTag = "fund-distribution";

    /// <summary>The funding wallets of a source.</summary>
    public static Operation<ListFundWalletsRequest, FundWalletList> List { get; } =
        new("GET", "/fund-wallet", Access.Admin, "listFundWallets", Tag, "Wallets that top up others", ListFundWalletsRequest.Shape, FundWalletList.Shape)
        {
            IsStatusClosed = true,
            RequestExample = new(PaymentSourceId: WalletExamples.SourceId),
            AnswerExample = new([
                new FundWalletRow(
                    WalletExamples.FundingId,
                    WalletExamples.FundingAddress,
                    WalletExamples.FundingVkey,
                    "Treasury",
                    WalletExamples.SourceId,
                    LockedAt: null,
                    WalletExamples.Healthy,
                    WalletExamples.Config,
                    0
                ),
            ]),
        };

    /// <summary>One more funding wallet for a source.</summary>
    public static Operation<CreateFundWalletRequest, FundWalletCreated> Create { get; } =
        new(
            "POST",
            "/fund-wallet",
            Access.Admin,
            "createFundWallet",
            Tag,
            "Adds a wallet that tops up those of a source",
            CreateFundWalletRequest.Shape,
            FundWalletCreated.Shape
        )
        {
            IsStatusClosed = true,
            Description = "When, and with how much, stands in the rules of the wallets that are topped up: POST /wallet/low-balance.",
            Refusals = [FundRefusals.SourceNotFound, WalletRefusals.InvalidMnemonic, WalletRefusals.WalletRegistered, FundRefusals.SourceInactive],
            RequestExample = new(WalletExamples.SourceId, WalletExamples.Mnemonic, Note: "Treasury"),
            AnswerExample = new(
                WalletExamples.FundingId,
                WalletExamples.FundingAddress,
                WalletExamples.FundingVkey,
                WalletExamples.SourceId,
                WalletExamples.Config
            ),
        };

    /// <summary>Other settings for a funding wallet.</summary>
    public static Operation<UpdateFundWalletRequest, FundWalletUpdated> Update { get; } =
        new(
            "PATCH",
            "/fund-wallet",
            Access.Admin,
            "updateFundWallet",
            Tag,
            "Changes how a wallet tops up others",
            UpdateFundWalletRequest.Shape,
            FundWalletUpdated.Shape
        )
        {
            IsStatusClosed = true,
            Refusals = [FundRefusals.NoChange, FundRefusals.NotFound],
            RequestExample = new(WalletExamples.FundingId, Enabled: false),
            AnswerExample = new(WalletExamples.FundingId, WalletExamples.Config with { Enabled = false }),
        };

    /// <summary>The end of a funding wallet.</summary>
    public static Operation<DeleteFundWalletRequest, FundWalletDeleted> Delete { get; } =
        new(
            "DELETE",
            "/fund-wallet",
            Access.Admin,
            "deleteFundWallet",
            Tag,
            "Takes away a wallet that tops up others",
            DeleteFundWalletRequest.Shape,
            FundWalletDeleted.Shape
        )
        {
            IsStatusClosed = true,
            Description = "Moves no money. Top-ups that it has not taken on go to another enabled funding wallet, or are dropped where there is none.",
            Refusals = [FundRefusals.NotFound, FundRefusals.InFlight, FundRefusals.NotEmpty, FundRefusals.BalanceUnknown],
            RequestExample = new(WalletExamples.FundingId),
            AnswerExample = new(WalletExamples.FundingId),
        };

    /// <summary>Top-ups, a page at a time.</summary>
    public static Operation<ListDistributionsRequest, DistributionList> ListDistributions { get; } =
        new(
            "GET",
            "/fund-distribution",
            Access.Admin,
            "listFundDistributions",
            DistributionTag,
            "Top-ups of wallets",
            ListDistributionsRequest.Shape,
            DistributionList.Shape
        )
        {
            IsStatusClosed = true,
            RequestExample = new(WalletExamples.SourceId, Status: DistributionStatus.Confirmed),
            AnswerExample = new([
                new DistributionRow(
                    "cmk2vf2b7000cl8f3o8w5a3mj",
                    WalletExamples.Noon,
                    WalletExamples.Noon.AddMinutes(8),
                    WalletExamples.FundingId,
                    WalletExamples.SellingId,
                    DistributionPriority.Warning,
                    "lovelace",
                    "50000000",
                    DistributionStatus.Confirmed,
                    WalletExamples.TxHash,
                    Error: null,
                    "cmk2vf9y3000el8f3g2c7x6rt"
                ),
            ]),
        };

    /// <summary>A round of top-ups now.</summary>
    public static Operation<TriggerDistributionRequest, DistributionTriggered> Trigger { get; } =
        new(
            "POST",
            "/fund-distribution/trigger",
            Access.Admin,
            "triggerFundDistribution",
            DistributionTag,
            "Starts a round of top-ups now",
            TriggerDistributionRequest.Shape,
            DistributionTriggered.Shape
        )
        {
            IsStatusClosed = true,
            Description = "Answers at once; the round goes on by itself.",
            RequestExample = new(),
            AnswerExample = new(Triggered: true, AlreadyRunning: false),
        };

    /// <summary>All of them.</summary>
    public static ImmutableArray<Operation> All { get; } = [List, Create, Update, Delete, ListDistributions, Trigger];
}
