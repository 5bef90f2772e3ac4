using Masumi.Protocol;

namespace Masumi.Settlement;

/// <summary>
/// What becomes of an intent when the chain moves (spec payment-service-api.md 4.2-4.4). Pure. Where the reference parks a deal for an operator
/// although the chain already did what was wanted, we simply finish; only an escrow that can no longer give us what was asked for needs a person.
/// </summary>
public static class Intents
{
    /// <summary>Collections start this long after the contract would allow them, so that no validity bound is close.</summary>
    public static TimeSpan CollectionMargin { get; } = TimeSpan.FromMinutes(10);

    /// <summary>A lock that has not shown up this long after its deadline never will.</summary>
    public static TimeSpan LockGrace { get; } = TimeSpan.FromMinutes(5);

    /// <summary>The intent, or problem, a deal is left with after its projection changed.</summary>
    public static Deal AfterProjection(Deal deal)
    {
        if (deal.IsFinal)
        {
            return deal with { Intent = Intent.Nothing, IntentResultHash = null, Problem = null };
        }

        // Still without a lock: what there is to say about that was said when the time passed.
        if (deal.IsExpired)
        {
            return deal;
        }

        var state = deal.Projection.State;
        if (state == OnChainState.FundsOrDatumInvalid)
        {
            return deal with
            {
                Intent = Intent.Nothing,
                IntentResultHash = null,
                Problem = new DealProblem(
                    ErrorType.Unknown,
                    deal.Projection.Refusal ?? "The lock on chain does not match the agreed terms.",
                    NeedsManual: true
                ),
            };
        }

        return Judge(deal.Intent, deal, state) switch
        {
            Verdict.Keep => Again(deal),
            Verdict.Done => deal with { Intent = Intent.Nothing, Problem = null },
            _ => deal with
            {
                Intent = Intent.Nothing,
                IntentResultHash = null,
                Problem = new DealProblem(
                    ErrorType.Unknown,
                    $"{deal.Intent} is no longer possible: the escrow is now {state?.ToString() ?? "not on chain"}.",
                    NeedsManual: true
                ),
            },
        };
    }

    // A rollback can take back what was done. Locking and submitting are then wanted again; the result's hash was kept for that.
    private static Deal Again(Deal deal) =>
        (deal.Side, deal.Intent, deal.Projection.State) switch
        {
            (DealSide.Purchase, Intent.Nothing, null) => deal with { Intent = Intent.Lock, Problem = null },
            (DealSide.Payment, Intent.Nothing, OnChainState.FundsLocked or OnChainState.RefundRequested) when deal.IntentResultHash is not null => deal with
            {
                Intent = Intent.SubmitResult,
            },
            _ => deal,
        };

    private enum Verdict
    {
        Keep,
        Done,
        Impossible,
    }

    private static Verdict Judge(Intent intent, Deal deal, OnChainState? state) =>
        (intent, state) switch
        {
            (Intent.Nothing, _) => Verdict.Keep,

            (Intent.Lock, null) => Verdict.Keep,
            (Intent.Lock, _) => Verdict.Done,

            // After a rollback of the lock everything later waits for it to come back.
            (_, null) => Verdict.Keep,

            (Intent.SubmitResult, OnChainState.ResultSubmitted or OnChainState.Disputed) => deal.Projection.ResultHash == deal.IntentResultHash?.ToString()
                ? Verdict.Done
                : Verdict.Keep,
            (Intent.SubmitResult, OnChainState.FundsLocked or OnChainState.RefundRequested) => Verdict.Keep,

            // Whoever of the two was first decides; what is left is to collect, and nobody need look at it.
            (Intent.SubmitResult or Intent.AuthorizeRefund, OnChainState.WithdrawAuthorized) => Verdict.Done,
            (Intent.AuthorizeWithdrawal, OnChainState.RefundAuthorized) => Verdict.Done,
            (Intent.SubmitResult, _) => Verdict.Impossible,

            (Intent.RequestRefund, OnChainState.FundsLocked or OnChainState.ResultSubmitted) => Verdict.Keep,
            (Intent.RequestRefund, OnChainState.RefundRequested or OnChainState.Disputed or OnChainState.RefundAuthorized) => Verdict.Done,
            (Intent.RequestRefund, _) => Verdict.Impossible,

            (Intent.CancelRefundRequest, OnChainState.RefundRequested or OnChainState.Disputed) => Verdict.Keep,
            (Intent.CancelRefundRequest, OnChainState.FundsLocked or OnChainState.ResultSubmitted) => Verdict.Done,
            (Intent.CancelRefundRequest, _) => Verdict.Impossible,

            // In V1 agreeing takes the result off the chain and leaves the request standing; the projection still knows the result.
            (Intent.AuthorizeRefund, OnChainState.RefundRequested) when deal.Projection.ResultHash is not null => Verdict.Done,
            (Intent.AuthorizeRefund, OnChainState.Disputed or OnChainState.RefundRequested or OnChainState.ResultSubmitted or OnChainState.FundsLocked) =>
                Verdict.Keep,
            (Intent.AuthorizeRefund, OnChainState.RefundAuthorized) => Verdict.Done,
            (Intent.AuthorizeRefund, _) => Verdict.Impossible,

            (Intent.AuthorizeWithdrawal, OnChainState.Disputed) => Verdict.Keep,
            (Intent.AuthorizeWithdrawal, OnChainState.WithdrawAuthorized) => Verdict.Done,
            (Intent.AuthorizeWithdrawal, _) => Verdict.Impossible,

            // A collection that the other side overtook (a dispute, a late result) goes back to waiting, not to the operator.
            (Intent.Withdraw, OnChainState.ResultSubmitted or OnChainState.WithdrawAuthorized) => Verdict.Keep,
            (Intent.Withdraw, _) => Verdict.Done,
            (Intent.WithdrawRefund, OnChainState.FundsLocked or OnChainState.RefundRequested or OnChainState.RefundAuthorized) => Verdict.Keep,
            (Intent.WithdrawRefund, _) => Verdict.Done,

            _ => throw new InvalidOperationException($"No rule for {intent} in {state}."),
        };

    /// <summary>What the passing of time makes this node want, or the deal unchanged. <paramref name="now"/> is chain time.</summary>
    public static Deal AfterTime(Deal deal, DateTimeOffset now)
    {
        // Whatever was wanted of it: an escrow that is not there by now never will be (a rollback may have taken it back).
        if (deal is { Projection.State: null, Problem: not { NeedsManual: true } } && now > deal.Terms.Deadlines.PayBy + LockGrace)
        {
            return Overdue(deal);
        }

        deal = AfterDeadline(deal, now);
        if (deal.Intent != Intent.Nothing || deal.Problem is not null || deal.IsFinal)
        {
            return deal;
        }

        var state = deal.Projection.State;
        return deal.Side switch
        {
            DealSide.Payment when state == OnChainState.WithdrawAuthorized => deal with { Intent = Intent.Withdraw },
            DealSide.Payment when state == OnChainState.ResultSubmitted && now >= deal.Terms.Deadlines.Unlock + CollectionMargin => deal with
            {
                Intent = Intent.Withdraw,
            },
            DealSide.Purchase when state == OnChainState.RefundAuthorized => deal with { Intent = Intent.WithdrawRefund },
            DealSide.Purchase
                when state is OnChainState.FundsLocked or OnChainState.RefundRequested && now >= deal.Terms.Deadlines.SubmitResult + CollectionMargin =>
                deal with
                {
                    Intent = Intent.WithdrawRefund,
                },
            _ => deal,
        };
    }

    // What was wanted in time and did not get there (no money for fees, a provider that was down) must not stand in the way of what time allows now.
    private static Deal AfterDeadline(Deal deal, DateTimeOffset now) =>
        (deal.Intent, deal.Projection.State) switch
        {
            // An earlier result stands, and will be paid.
            (Intent.SubmitResult, OnChainState.ResultSubmitted) when now >= deal.Terms.Deadlines.SubmitResult => Dropped(deal, null),
            (Intent.SubmitResult, OnChainState.FundsLocked or OnChainState.RefundRequested) when now >= deal.Terms.Deadlines.SubmitResult => Dropped(
                deal,
                Missed(deal, "submitResultTime", deal.Terms.Deadlines.SubmitResult)
            ),

            // Without a result the refund itself is due, whether it was asked for or not.
            (Intent.RequestRefund or Intent.CancelRefundRequest, OnChainState.FundsLocked or OnChainState.RefundRequested)
                when now >= deal.Terms.Deadlines.SubmitResult + CollectionMargin => Dropped(deal, null),
            (Intent.RequestRefund, OnChainState.ResultSubmitted) when now >= deal.Terms.Deadlines.Unlock => Dropped(
                deal,
                Missed(deal, "unlockTime", deal.Terms.Deadlines.Unlock)
            ),
            _ => deal,
        };

    private static Deal Dropped(Deal deal, DealProblem? problem) => deal with { Intent = Intent.Nothing, IntentResultHash = null, Problem = problem };

    private static DealProblem Missed(Deal deal, string deadline, DateTimeOffset at) =>
        new(
            ErrorType.Unknown,
            $"{deal.Intent} was not on chain before {deadline} ({at.ToUnixTimeMilliseconds()}){(deal.Problem is { } last ? "; last: " + last.Note : "")}.",
            NeedsManual: true
        );

    private static Deal Overdue(Deal deal)
    {
        // An offer that nobody paid costs the seller nothing, and most offers end so. A result that was wanted on chain means that a lock had been seen.
        if (deal is { Side: DealSide.Payment, Intent: Intent.Nothing, IntentResultHash: null })
        {
            return deal with { Projection = deal.Projection with { State = OnChainState.FundsOrDatumInvalid }, Problem = null };
        }

        var what = deal.Side == DealSide.Purchase ? "Purchase" : "Payment";
        return deal with
        {
            Intent = Intent.Nothing,
            Projection = deal.Projection with { State = OnChainState.FundsOrDatumInvalid },
            Problem = new DealProblem(
                ErrorType.Unknown,
                $"{what} request payByTime ({deal.Terms.Deadlines.PayBy.ToUnixTimeMilliseconds()}) passed without on-chain lock; no FundsLocked tx observed within 300s grace.",
                NeedsManual: true
            ),
        };
    }
}
