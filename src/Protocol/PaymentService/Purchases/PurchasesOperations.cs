using System.Collections.Immutable;
using Masumi.Protocol.PaymentService.Deals;
using Masumi.Protocol.Wire;
using Example = Masumi.Protocol.PaymentService.Deals.DealExamples;

namespace Masumi.Protocol.PaymentService.Purchases;

/// <summary>The operations about purchases, the buyer's side of deals (spec payment-service-api.md 6.2).</summary>
public static class PurchasesOperations
{
    private const string Tag = "purchase";

    /// <summary>How many purchases there are.</summary>
    public static Operation<DealCountQuery, DealCount> Count { get; } =
        new("GET", "/purchase/count", Access.Read, "countPurchases", Tag, "How many purchases there are", DealCountQuery.Shape, DealCount.Shape)
        {
            AnswerExample = new(3),
        };

    /// <summary>Takes an error away.</summary>
    public static Operation<RecoveryRequest, PurchaseRow> Recover { get; } =
        new(
            "POST",
            "/purchase/error-state-recovery",
            Access.Pay,
            "recoverPurchase",
            "error-state-recovery",
            "Takes the error of a purchase away, and tries again if asked to",
            RecoveryRequest.Shape,
            PurchaseRow.Brief
        )
        {
            RequestExample = new(Example.Identifier, Network.Preprod, Example.Delivered, true),
            AnswerExample = PurchaseExamples.Disputing,
            Refusals =
            [
                PurchaseRefusals.RecoveryNotFound,
                DealRefusals.OutOfScope,
                PurchaseRefusals.NotCreatorOfRecovery,
                PurchaseRefusals.RecoveryNotWaiting,
                PurchaseRefusals.RecoveryNoError,
                PurchaseRefusals.RecoveryNotRetryable,
                PurchaseRefusals.RecoveryInitial,
                PurchaseRefusals.RecoveryCompleted,
                PurchaseRefusals.ChangedConcurrently,
            ],
        };

    /// <summary>A page of purchases.</summary>
    public static Operation<DealListQuery, PurchaseList> List { get; } =
        new("GET", "/purchase", Access.Read, "listPurchases", Tag, "Purchases, newest first", DealListQuery.Shape, PurchaseList.Shape)
        {
            Description = "The row of the cursor comes again as the first of the next page. To find one purchase, filter by its identifier instead of paging.",
            AnswerExample = new([PurchaseExamples.Stuck]),
        };

    /// <summary>Buys a job.</summary>
    public static Operation<NewPurchase, PurchaseRow> Create { get; } =
        new(
            "POST",
            "/purchase",
            Access.Pay,
            "createPurchase",
            Tag,
            "Buys a job: verifies what the seller signed, then locks the money",
            NewPurchase.Shape,
            PurchaseRow.Brief
        )
        {
            Description =
                "Answered before the money is locked; whether the wallets have enough shows later, in NextAction and problem. The identifier makes it safe to repeat: a second call is refused with the row of the first.",
            RequestExample = PurchaseExamples.New,
            AnswerExample = PurchaseExamples.Made,
            Refusals =
            [
                DealRefusals.AddressInvalid,
                DealRefusals.ReturnAddressNotAllowed,
                PurchaseRefusals.Exists,
                PurchaseRefusals.IdentifierFormat,
                PurchaseRefusals.SourceTypeMismatch,
                PurchaseRefusals.LayerNeedsV2,
                PurchaseRefusals.LayerConflict,
                DealRefusals.LayerUnavailable,
                PurchaseRefusals.IndexForbidden,
                PurchaseRefusals.ContractMismatch,
                DealRefusals.InputHashNotHex,
                PurchaseRefusals.SourceNotFoundV1,
                PurchaseRefusals.SourceNotFoundV2,
                PurchaseRefusals.NoPurchasingWallet,
                PurchaseRefusals.ScopeEmpty,
                .. DealRefusals.Deadlines,
                DealRefusals.AgentNotFound,
                PurchaseRefusals.SellerVkeyInvalid,
                PurchaseRefusals.MetadataInvalid,
                PurchaseRefusals.NoCardanoSource,
                DealRefusals.IndexNotAdvertised,
                DealRefusals.IndexNotCardano,
                DealRefusals.SourceOfAnotherNetwork,
                PurchaseRefusals.SettlementMismatch,
                PurchaseRefusals.PricingMissing,
                PurchaseRefusals.PricingFree,
                PurchaseRefusals.PriceMismatch,
                PurchaseRefusals.AmountsRequired,
                PurchaseRefusals.AmountsNotPositive,
                PurchaseRefusals.AmountsTooLarge,
                PurchaseRefusals.PurchaserMismatch,
                DealRefusals.PurchaserNotHex,
                PurchaseRefusals.SellerNotHex,
                PurchaseRefusals.AgentMismatch,
                PurchaseRefusals.KeyNotFound,
                PurchaseRefusals.KeyMismatch,
                PurchaseRefusals.ContractMissing,
                PurchaseRefusals.SignatureInvalid,
                DealRefusals.OutOfBounds,
                PurchaseRefusals.SellerWithoutKey,
                DealRefusals.ReturnAddressWithoutKey,
                PurchaseRefusals.CreditsExhausted,
                PurchaseRefusals.OverheadExhausted,
            ],
        };

    /// <summary>Purchases of which anything changed.</summary>
    public static Operation<DealDiffQuery, PurchaseList> Diff { get; } =
        Differences("/purchase/diff", "diffPurchases", "Purchases that changed, oldest change first");

    /// <summary>Purchases of which the next action changed.</summary>
    public static Operation<DealDiffQuery, PurchaseList> DiffNextAction { get; } =
        Differences("/purchase/diff/next-action", "diffPurchasesByNextAction", "Purchases whose next action or error changed, oldest change first");

    /// <summary>Purchases of which the state or the result changed.</summary>
    public static Operation<DealDiffQuery, PurchaseList> DiffState { get; } =
        Differences("/purchase/diff/onchain-state-or-result", "diffPurchasesByState", "Purchases whose state on chain or result changed, oldest change first");

    /// <summary>Wants the money back.</summary>
    public static Operation<DealCall, PurchaseRow> RequestRefund { get; } =
        new(
            "POST",
            "/purchase/request-refund",
            Access.Pay,
            "requestRefund",
            Tag,
            "Asks for the money back; where there is a result, disputes it",
            DealCall.Shape,
            PurchaseRow.Brief
        )
        {
            Description =
                "Only the key that made the purchase, or an admin key. Without a result the money comes back by itself after submitResultTime; with one, the seller must agree or the admins divide it.",
            RequestExample = new(Example.Identifier, Network.Preprod),
            AnswerExample = PurchaseExamples.Disputing,
            Refusals =
            [
                PurchaseRefusals.InvalidStateForRefund,
                DealRefusals.OutOfScope,
                PurchaseRefusals.NotCreatorOfRefund,
                PurchaseRefusals.RefundTooLate,
                PurchaseRefusals.ChangedConcurrently,
            ],
        };

    /// <summary>Gives in.</summary>
    public static Operation<DealCall, PurchaseRow> CancelRefundRequest { get; } =
        new(
            "POST",
            "/purchase/cancel-refund-request",
            Access.Pay,
            "cancelRefundRequest",
            Tag,
            "Takes a request for a refund back. ON V2 THIS PAYS THE SELLER, for good",
            DealCall.Shape,
            PurchaseRow.Brief
        )
        {
            Description =
                "Only the key that made the purchase, or an admin key. On V1 the deal goes on as before the request. On V2 only a dispute can be ended so, and the money is the seller's.",
            RequestExample = new(Example.Identifier, Network.Preprod),
            AnswerExample = PurchaseExamples.Releasing,
            Refusals =
            [
                PurchaseRefusals.InvalidStateForCancel,
                DealRefusals.OutOfScope,
                PurchaseRefusals.NotCreatorOfCancel,
                PurchaseRefusals.WithdrawalNeedsDispute,
                PurchaseRefusals.ChangedConcurrently,
            ],
        };

    /// <summary>One purchase by its identifier.</summary>
    public static Operation<ResolveRequest, PurchaseRow> Resolve { get; } =
        new(
            "POST",
            "/purchase/resolve-blockchain-identifier",
            Access.Read,
            "resolvePurchase",
            Tag,
            "One purchase by its identifier",
            ResolveRequest.Shape,
            PurchaseRow.Shape
        )
        {
            RequestExample = new(Example.Identifier, Network.Preprod, null, true),
            AnswerExample = PurchaseExamples.Delivered,
            Refusals = [PurchaseRefusals.NotFound],
        };

    /// <summary>What was spent.</summary>
    public static Operation<TotalsRequest, SpendingAnswer> Spending { get; } =
        new(
            "POST",
            "/purchase/spending",
            Access.Read,
            "getPurchaseSpending",
            "purchase-spending",
            "What was spent in a time",
            TotalsRequest.Shape,
            SpendingAnswer.Shape
        )
        {
            Description =
                "A deal counts at its payByTime, whenever it was settled. Amounts are prices: fees stand beside them. They are JSON numbers; JavaScript loses digits beyond 2^53.",
            RequestExample = new(
                null,
                new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero),
                new DateTimeOffset(2026, 3, 31, 0, 0, 0, TimeSpan.Zero),
                "Etc/UTC",
                Network.Preprod,
                PaymentSourceType.Web3CardanoV2
            ),
            AnswerExample = PurchaseExamples.Spending,
            Refusals = [DealRefusals.PeriodBackwards, DealRefusals.TimeZoneUnknown],
        };

    /// <summary>One purchase by its id.</summary>
    public static Operation<DealRowQuery, PurchaseRow> Get { get; } =
        new("GET", "/purchase/{id}", Access.Read, "getPurchase", Tag, "One purchase by its id", DealRowQuery.Shape, PurchaseRow.Shape)
        {
            AnswerExample = PurchaseExamples.Delivered,
            Refusals = [PurchaseRefusals.NotFound],
        };

    /// <summary>How a purchase stands.</summary>
    public static Operation<DealExplainQuery, DealExplanation> Explain { get; } =
        new(
            "GET",
            "/purchase/{id}/explain",
            Access.Read,
            "explainPurchase",
            Tag,
            "What happened to a purchase, what comes next, what could go wrong, and what can be done",
            DealExplainQuery.Shape,
            DealExplanation.Shape
        )
        {
            AnswerExample = new(
                Example.PurchaseId,
                Example.Identifier,
                "The seller delivered. Compare the result with its hash: from 2026-03-02 22:00Z the seller collects 2 ADA.",
                Example.Now,
                OnChainState.ResultSubmitted,
                null,
                Example.Happened,
                new(DealAct.Withdraw, DealParty.Seller, Example.Unlock, null, "The seller may collect 2 ADA when unlockTime has passed."),
                [
                    new(
                        "dispute_too_late",
                        Example.Unlock.AddSeconds(-18),
                        "A dispute that is not on chain before 2026-03-02 22:00Z is none. Ask some minutes earlier: it needs a block."
                    ),
                ],
                [
                    CallRow.Of(
                        RequestRefund,
                        Example.Unlock.AddSeconds(-18),
                        "Disputes the result: then the seller must agree, or the admins divide the money from 2026-03-03 04:00Z on. Costs about 0.35 ADA of fees."
                    ),
                ]
            ),
            Refusals = [PurchaseRefusals.NotFound],
        };

    /// <summary>All of them.</summary>
    public static ImmutableArray<Operation> All { get; } =
    [Count, Recover, List, Create, Diff, DiffNextAction, DiffState, RequestRefund, CancelRefundRequest, Resolve, Spending, Get, Explain];

    private static Operation<DealDiffQuery, PurchaseList> Differences(string path, string name, string summary) =>
        new("GET", path, Access.Read, name, Tag, summary, DealDiffQuery.Purchases, PurchaseList.Shape)
        {
            Description = "Send the time of change and the id of the last row seen; that row comes again. Without a filter, rows of all sources come.",
            AnswerExample = new([PurchaseExamples.Delivered]),
        };
}
