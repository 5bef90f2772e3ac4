using System.Collections.Immutable;
using Masumi.Protocol.PaymentService.Deals;
using Masumi.Protocol.Wire;
using Example = Masumi.Protocol.PaymentService.Deals.DealExamples;

namespace Masumi.Protocol.PaymentService.Payments;

/// <summary>The operations about payments, the seller's side of deals (spec payment-service-api.md 6.1).</summary>
public static class PaymentsOperations
{
    private const string Tag = "payment";

    /// <summary>A page of payments.</summary>
    public static Operation<DealListQuery, PaymentList> List { get; } =
        new("GET", "/payment", Access.Read, "listPayments", Tag, "Payments, newest first", DealListQuery.Shape, PaymentList.Shape)
        {
            Description = "The row of the cursor comes again as the first of the next page. To find one payment, filter by its identifier instead of paging.",
            AnswerExample = new([PaymentExamples.Delivering]),
        };

    /// <summary>Offers a job.</summary>
    public static Operation<NewPayment, PaymentRow> Create { get; } =
        new(
            "POST",
            "/payment",
            Access.Pay,
            "createPayment",
            Tag,
            "Sells a job: signs its terms and waits for the buyer's lock",
            NewPayment.Shape,
            PaymentRow.Brief
        )
        {
            Description =
                "Nothing goes on chain. The buyer needs blockchainIdentifier and the four times of the answer. Two equal calls make two payments: there is no key that makes them one.",
            RequestExample = PaymentExamples.New,
            AnswerExample = PaymentExamples.Made,
            Refusals =
            [
                DealRefusals.AddressInvalid,
                DealRefusals.ReturnAddressNotAllowed,
                PaymentRefusals.PolicyUnsupported,
                PaymentRefusals.SourceTypeMismatch,
                PaymentRefusals.LayerNeedsV2,
                DealRefusals.LayerUnavailable,
                DealRefusals.PurchaserNotHex,
                DealRefusals.InputHashNotHex,
                .. DealRefusals.Deadlines,
                DealRefusals.AgentNotFound,
                PaymentRefusals.MetadataMissing,
                PaymentRefusals.MetadataInvalid,
                PaymentRefusals.IndexRequired,
                DealRefusals.IndexNotAdvertised,
                DealRefusals.IndexNotCardano,
                DealRefusals.SourceOfAnotherNetwork,
                PaymentRefusals.SettlementUnsupported,
                PaymentRefusals.SourceNotConfigured,
                PaymentRefusals.IndexForbidden,
                PaymentRefusals.PricingMissing,
                PaymentRefusals.FundsForFixedPrice,
                PaymentRefusals.FundsRequired,
                PaymentRefusals.PricingFree,
                PaymentRefusals.FundsNotPositive,
                PaymentRefusals.FundsTooLarge,
                PaymentRefusals.ConfirmationsTooLate,
                PaymentRefusals.SellingWalletNotFound,
                DealRefusals.OutOfScope,
                DealRefusals.ReturnAddressWithoutKey,
                DealRefusals.OutOfBounds,
                PaymentRefusals.Exists,
            ],
        };

    /// <summary>Payments of which anything changed.</summary>
    public static Operation<DealDiffQuery, PaymentList> Diff { get; } =
        Differences("/payment/diff", "diffPayments", "Payments that changed, oldest change first");

    /// <summary>Payments of which the next action changed.</summary>
    public static Operation<DealDiffQuery, PaymentList> DiffNextAction { get; } =
        Differences("/payment/diff/next-action", "diffPaymentsByNextAction", "Payments whose next action or error changed, oldest change first");

    /// <summary>How many payments there are.</summary>
    public static Operation<DealCountQuery, DealCount> Count { get; } =
        new("GET", "/payment/count", Access.Read, "countPayments", Tag, "How many payments there are", DealCountQuery.Shape, DealCount.Shape)
        {
            AnswerExample = new(3),
        };

    /// <summary>Payments of which the state or the result changed.</summary>
    public static Operation<DealDiffQuery, PaymentList> DiffState { get; } =
        Differences("/payment/diff/onchain-state-or-result", "diffPaymentsByState", "Payments whose state on chain or result changed, oldest change first");

    /// <summary>Delivers.</summary>
    public static Operation<SubmitResultRequest, PaymentRow> SubmitResult { get; } =
        new(
            "POST",
            "/payment/submit-result",
            Access.Pay,
            "submitResult",
            Tag,
            "Delivers: has the result's hash put on chain",
            SubmitResultRequest.Shape,
            PaymentRow.Brief
        )
        {
            Description = "Only the key that made the payment, or an admin key. The money is collected by itself after unlockTime; there is no call for it.",
            RequestExample = new(Network.Preprod, Example.ResultHash, Example.Identifier),
            AnswerExample = PaymentExamples.Delivering,
            Refusals =
            [
                PaymentRefusals.InvalidState,
                DealRefusals.OutOfScope,
                PaymentRefusals.NotCreatorOfResult,
                PaymentRefusals.ResultTooLate,
                PaymentRefusals.ChangedConcurrently,
            ],
        };

    /// <summary>Gives the money back.</summary>
    public static Operation<DealCall, PaymentRow> AuthorizeRefund { get; } =
        new(
            "POST",
            "/payment/authorize-refund",
            Access.Pay,
            "authorizeRefund",
            Tag,
            "Agrees to a refund: the seller gives the money up",
            DealCall.Shape,
            PaymentRow.Brief
        )
        {
            Description = "Only the key that made the payment, or an admin key. It cannot be taken back.",
            RequestExample = new(Example.Identifier, Network.Preprod),
            AnswerExample = PaymentExamples.Agreeing,
            Refusals =
            [
                PaymentRefusals.InvalidState,
                DealRefusals.OutOfScope,
                PaymentRefusals.NotCreatorOfRefund,
                PaymentRefusals.RefundNeedsDispute,
                PaymentRefusals.ChangedConcurrently,
            ],
        };

    /// <summary>Takes an error away.</summary>
    public static Operation<RecoveryRequest, PaymentRow> Recover { get; } =
        new(
            "POST",
            "/payment/error-state-recovery",
            Access.Pay,
            "recoverPayment",
            "error-state-recovery",
            "Takes the error of a payment away, and tries again if asked to",
            RecoveryRequest.Shape,
            PaymentRow.Brief
        )
        {
            RequestExample = new(Example.Identifier, Network.Preprod, Example.Delivered, true),
            AnswerExample = PaymentExamples.Delivering,
            Refusals =
            [
                PaymentRefusals.RecoveryNotFound,
                DealRefusals.OutOfScope,
                PaymentRefusals.NotCreatorOfRecovery,
                PaymentRefusals.RecoveryInitial,
                PaymentRefusals.RecoveryNotWaiting,
                PaymentRefusals.RecoveryNoError,
                PaymentRefusals.RecoveryNotRetryable,
                PaymentRefusals.RecoveryNoResult,
                PaymentRefusals.RecoveryCompleted,
                PaymentRefusals.ChangedConcurrently,
            ],
        };

    /// <summary>A lock for a wallet elsewhere.</summary>
    public static Operation<UnsignedLockRequest, UnsignedLock> BuildLock { get; } =
        new(
            "POST",
            "/payment/x402",
            Access.Read,
            "buildUnsignedLock",
            Tag,
            "Builds the lock of a payment for a buyer's wallet that signs elsewhere",
            UnsignedLockRequest.Shape,
            UnsignedLock.Shape
        )
        {
            Description = "Stores nothing and sends nothing. Has nothing to do with the operations below /x402, in spite of its name.",
            RequestExample = new(Network.Preprod, Example.Identifier, Example.BuyerAddress),
            AnswerExample = new("84a700d9010281825820b7d0e4a91c3f5826d97e0b4c8a1f63d2507e9cb4f18a36d0e25c7b94a0f8d36100", "1435230"),
            Refusals =
            [
                PaymentRefusals.NotBuildable,
                DealRefusals.OutOfScope,
                PaymentRefusals.Expired,
                PaymentRefusals.BuyerAddressWithoutKey,
                PaymentRefusals.StoredAddressWithoutKey,
                PaymentRefusals.BuyerFundsShort,
            ],
        };

    /// <summary>One payment by its identifier.</summary>
    public static Operation<ResolveRequest, PaymentRow> Resolve { get; } =
        new(
            "POST",
            "/payment/resolve-blockchain-identifier",
            Access.Read,
            "resolvePayment",
            Tag,
            "One payment by its identifier",
            ResolveRequest.Shape,
            PaymentRow.Shape
        )
        {
            RequestExample = new(Example.Identifier, Network.Preprod, null, true),
            AnswerExample = PaymentExamples.Delivered,
            Refusals = [PaymentRefusals.NotFound],
        };

    /// <summary>What was earned.</summary>
    public static Operation<TotalsRequest, IncomeAnswer> Income { get; } =
        new("POST", "/payment/income", Access.Read, "getPaymentIncome", "payment-income", "What was earned in a time", TotalsRequest.Shape, IncomeAnswer.Shape)
        {
            Description =
                "A deal counts at its payByTime, whenever it was settled. Amounts are gross: the contract's fee is not taken off. They are JSON numbers; JavaScript loses digits beyond 2^53.",
            RequestExample = new(
                Example.Agent,
                new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero),
                new DateTimeOffset(2026, 3, 31, 0, 0, 0, TimeSpan.Zero),
                "Etc/UTC",
                Network.Preprod,
                PaymentSourceType.Web3CardanoV2
            ),
            AnswerExample = PaymentExamples.Income,
            Refusals = [DealRefusals.PeriodBackwards, DealRefusals.TimeZoneUnknown],
        };

    /// <summary>One payment by its id.</summary>
    public static Operation<DealRowQuery, PaymentRow> Get { get; } =
        new("GET", "/payment/{id}", Access.Read, "getPayment", Tag, "One payment by its id", DealRowQuery.Shape, PaymentRow.Shape)
        {
            AnswerExample = PaymentExamples.Delivered,
            Refusals = [PaymentRefusals.NotFound],
        };

    /// <summary>How a payment stands.</summary>
    public static Operation<DealExplainQuery, DealExplanation> Explain { get; } =
        new(
            "GET",
            "/payment/{id}/explain",
            Access.Read,
            "explainPayment",
            Tag,
            "What happened to a payment, what comes next, what could go wrong, and what can be done",
            DealExplainQuery.Shape,
            DealExplanation.Shape
        )
        {
            AnswerExample = new(
                Example.PaymentId,
                Example.Identifier,
                "The result is on chain. If the buyer does not dispute it before 2026-03-02 22:00Z, this node collects 2 ADA.",
                Example.Now,
                OnChainState.ResultSubmitted,
                null,
                Example.Happened,
                new(DealAct.Withdraw, DealParty.Seller, Example.Unlock, null, "This node collects 2 ADA when unlockTime has passed."),
                [
                    new(
                        "dispute",
                        null,
                        "Until 2026-03-02 22:00Z the buyer can dispute the result. Then both must agree, or the admins divide the money from 2026-03-03 04:00Z on."
                    ),
                ],
                []
            ),
            Refusals = [PaymentRefusals.NotFound],
        };

    /// <summary>All of them.</summary>
    public static ImmutableArray<Operation> All { get; } =
    [List, Create, Diff, DiffNextAction, Count, DiffState, SubmitResult, AuthorizeRefund, Recover, BuildLock, Resolve, Income, Get, Explain];

    private static Operation<DealDiffQuery, PaymentList> Differences(string path, string name, string summary) =>
        new("GET", path, Access.Read, name, Tag, summary, DealDiffQuery.Payments, PaymentList.Shape)
        {
            Description = "Send the time of change and the id of the last row seen; that row comes again. Without a filter, rows of all sources come.",
            AnswerExample = new([PaymentExamples.Delivering]),
        };
}
