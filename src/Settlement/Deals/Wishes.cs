namespace Masumi.Settlement;

/// <summary>
/// What becomes of a wish when the chain moves (spec payment-service-api.md 4.2-4.4). Pure. Where the reference parks a deal for an operator
/// although the chain already did what was wanted, we simply finish; only an escrow that can no longer give us what was asked for needs a person.
/// </summary>
public static class Wishes
{
    /// <summary>Collections start this long after the contract would allow them, so that no validity bound is close.</summary>
    public static TimeSpan CollectionMargin { get; } = TimeSpan.FromMinutes(10);

    /// <summary>A lock that has not shown up this long after its deadline never will.</summary>
    public static TimeSpan LockGrace { get; } = TimeSpan.FromMinutes(5);

    /// <summary>The wish, or problem, a deal is left with after its projection changed.</summary>
    public static Deal AfterProjection(Deal deal)
    {
        if (deal.IsFinal)
        {
            return deal with { Wish = Wish.Nothing, WishResultHash = null, Problem = null };
        }

        var state = deal.Projection.State;
        if (state == OnChainState.FundsOrDatumInvalid)
        {
            return deal with
            {
                Wish = Wish.Nothing,
                WishResultHash = null,
                Problem = new DealProblem("Unknown", deal.Projection.Refusal ?? "The lock on chain does not match the agreed terms.", NeedsManual: true),
            };
        }

        return Judge(deal.Wish, deal, state) switch
        {
            Verdict.Keep => Again(deal),
            Verdict.Done => deal with { Wish = Wish.Nothing, Problem = null },
            _ => deal with
            {
                Wish = Wish.Nothing,
                WishResultHash = null,
                Problem = new DealProblem(
                    "Unknown",
                    $"{deal.Wish} is no longer possible: the escrow is now {state?.ToString() ?? "not on chain"}.",
                    NeedsManual: true
                ),
            },
        };
    }

    // A rollback can take back what was done. Locking and submitting are then wanted again; the result's hash was kept for that.
    private static Deal Again(Deal deal) =>
        (deal.Side, deal.Wish, deal.Projection.State) switch
        {
            (DealSide.Purchase, Wish.Nothing, null) => deal with { Wish = Wish.Lock, Problem = null },
            (DealSide.Payment, Wish.Nothing, OnChainState.FundsLocked or OnChainState.RefundRequested) when deal.WishResultHash is not null => deal with
            {
                Wish = Wish.SubmitResult,
            },
            _ => deal,
        };

    private enum Verdict
    {
        Keep,
        Done,
        Impossible,
    }

    private static Verdict Judge(Wish wish, Deal deal, OnChainState? state) =>
        (wish, state) switch
        {
            (Wish.Nothing, _) => Verdict.Keep,

            (Wish.Lock, null) => Verdict.Keep,
            (Wish.Lock, _) => Verdict.Done,

            // After a rollback of the lock everything later waits for it to come back.
            (_, null) => Verdict.Keep,

            (Wish.SubmitResult, OnChainState.ResultSubmitted or OnChainState.Disputed) => deal.Projection.ResultHash == deal.WishResultHash
                ? Verdict.Done
                : Verdict.Keep,
            (Wish.SubmitResult, OnChainState.FundsLocked or OnChainState.RefundRequested) => Verdict.Keep,
            (Wish.SubmitResult, _) => Verdict.Impossible,

            (Wish.RequestRefund, OnChainState.FundsLocked or OnChainState.ResultSubmitted) => Verdict.Keep,
            (Wish.RequestRefund, OnChainState.RefundRequested or OnChainState.Disputed or OnChainState.RefundAuthorized) => Verdict.Done,
            (Wish.RequestRefund, _) => Verdict.Impossible,

            (Wish.CancelRefundRequest, OnChainState.RefundRequested or OnChainState.Disputed) => Verdict.Keep,
            (Wish.CancelRefundRequest, OnChainState.FundsLocked or OnChainState.ResultSubmitted) => Verdict.Done,
            (Wish.CancelRefundRequest, _) => Verdict.Impossible,

            // In V1 agreeing takes the result off the chain and leaves the request standing; the projection still knows the result.
            (Wish.AuthorizeRefund, OnChainState.RefundRequested) when deal.Projection.ResultHash is not null => Verdict.Done,
            (Wish.AuthorizeRefund, OnChainState.Disputed or OnChainState.RefundRequested or OnChainState.ResultSubmitted or OnChainState.FundsLocked) =>
                Verdict.Keep,
            (Wish.AuthorizeRefund, OnChainState.RefundAuthorized) => Verdict.Done,
            (Wish.AuthorizeRefund, _) => Verdict.Impossible,

            (Wish.AuthorizeWithdrawal, OnChainState.Disputed) => Verdict.Keep,
            (Wish.AuthorizeWithdrawal, OnChainState.WithdrawAuthorized) => Verdict.Done,
            (Wish.AuthorizeWithdrawal, _) => Verdict.Impossible,

            // A collection that the other side overtook (a dispute, a late result) goes back to waiting, not to the operator.
            (Wish.Withdraw, OnChainState.ResultSubmitted or OnChainState.WithdrawAuthorized) => Verdict.Keep,
            (Wish.Withdraw, _) => Verdict.Done,
            (Wish.WithdrawRefund, OnChainState.FundsLocked or OnChainState.RefundRequested or OnChainState.RefundAuthorized) => Verdict.Keep,
            (Wish.WithdrawRefund, _) => Verdict.Done,

            _ => throw new InvalidOperationException($"No rule for {wish} in {state}."),
        };

    /// <summary>What the passing of time makes this node want, or the deal unchanged. <paramref name="now"/> is chain time.</summary>
    public static Deal AfterTime(Deal deal, DateTimeOffset now)
    {
        // Whatever was wanted of it: an escrow that is not there by now never will be (a rollback may have taken it back).
        if (deal is { Projection.State: null, Problem: not { NeedsManual: true } } && now > deal.Terms.PayBy + LockGrace)
        {
            return Overdue(deal);
        }

        deal = AfterDeadline(deal, now);
        if (deal.Wish != Wish.Nothing || deal.Problem is not null || deal.IsFinal)
        {
            return deal;
        }

        var state = deal.Projection.State;
        return deal.Side switch
        {
            DealSide.Payment when state == OnChainState.WithdrawAuthorized => deal with { Wish = Wish.Withdraw },
            DealSide.Payment when state == OnChainState.ResultSubmitted && now >= deal.Terms.Unlock + CollectionMargin => deal with { Wish = Wish.Withdraw },
            DealSide.Purchase when state == OnChainState.RefundAuthorized => deal with { Wish = Wish.WithdrawRefund },
            DealSide.Purchase when state is OnChainState.FundsLocked or OnChainState.RefundRequested && now >= deal.Terms.SubmitResultBy + CollectionMargin =>
                deal with
                {
                    Wish = Wish.WithdrawRefund,
                },
            _ => deal,
        };
    }

    // What was wanted in time and did not get there (no money for fees, a provider that was down) must not stand in the way of what time allows now.
    private static Deal AfterDeadline(Deal deal, DateTimeOffset now) =>
        (deal.Wish, deal.Projection.State) switch
        {
            // An earlier result stands, and will be paid.
            (Wish.SubmitResult, OnChainState.ResultSubmitted) when now >= deal.Terms.SubmitResultBy => Dropped(deal, null),
            (Wish.SubmitResult, OnChainState.FundsLocked or OnChainState.RefundRequested) when now >= deal.Terms.SubmitResultBy => Dropped(
                deal,
                Missed(deal, "submitResultTime", deal.Terms.SubmitResultBy)
            ),

            // Without a result the refund itself is due, whether it was asked for or not.
            (Wish.RequestRefund or Wish.CancelRefundRequest, OnChainState.FundsLocked or OnChainState.RefundRequested)
                when now >= deal.Terms.SubmitResultBy + CollectionMargin => Dropped(deal, null),
            (Wish.RequestRefund, OnChainState.ResultSubmitted) when now >= deal.Terms.Unlock => Dropped(deal, Missed(deal, "unlockTime", deal.Terms.Unlock)),
            _ => deal,
        };

    private static Deal Dropped(Deal deal, DealProblem? problem) => deal with { Wish = Wish.Nothing, WishResultHash = null, Problem = problem };

    private static DealProblem Missed(Deal deal, string deadline, DateTimeOffset at) =>
        new(
            "Unknown",
            $"{deal.Wish} was not on chain before {deadline} ({at.ToUnixTimeMilliseconds()}){(deal.Problem is { } last ? "; last: " + last.Note : "")}.",
            NeedsManual: true
        );

    private static Deal Overdue(Deal deal)
    {
        var what = deal.Side == DealSide.Purchase ? "Purchase" : "Payment";
        return deal with
        {
            Wish = Wish.Nothing,
            Projection = deal.Projection with { State = OnChainState.FundsOrDatumInvalid },
            Problem = new DealProblem(
                "Unknown",
                $"{what} request payByTime ({deal.Terms.PayBy.ToUnixTimeMilliseconds()}) passed without on-chain lock; no FundsLocked tx observed within 300s grace.",
                NeedsManual: true
            ),
        };
    }
}
