using System.Globalization;
using Masumi.Protocol;
using Masumi.Settlement.Rails;
using static Masumi.Protocol.OnChainState;

namespace Masumi.Settlement.Deals;

/// <summary>What is wrong with a deal, derived each time from what there is: nothing outlives its cause.</summary>
public static class DealProblems
{
    /// <summary>The problem, or null.</summary>
    public static DealProblem? Of(Deal deal, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(deal);
        return deal.IsFinal ? null
            : deal.IsExpired ? Unpaid(deal)
            : Missed(deal, now) ?? Hindrance(deal) ?? Strange(deal) ?? AnotherResult(deal) ?? NoHash(deal);
    }

    // Most offers are never paid, and cost the seller nothing. A result that was wanted on chain means that a lock had been seen.
    private static DealProblem? Unpaid(Deal deal)
    {
        if (deal is { Side: DealSide.Payment, Wishes: { Result: null, AgreesToRefund: false } })
        {
            return null;
        }

        var what = deal.Side == DealSide.Purchase ? "Purchase" : "Payment";
        return new DealProblem(
            "not_locked",
            ErrorType.Unknown,
            $"{what} request payByTime ({Ms(deal.Terms.Deadlines.PayBy)}) passed without on-chain lock; no FundsLocked tx observed within 300s grace."
                + (deal.Projection.Strange is { } strange ? $" Seen instead: {strange}" : "")
                + (deal.Trouble is { } trouble ? $" Last: {trouble.Note}" : ""),
            NeedsManual: true
        );
    }

    // There is nothing left to do for these, by anyone: the contract gives the money to the other side.
    private static DealProblem? Missed(Deal deal, DateTimeOffset now)
    {
        var deadlines = deal.Terms.Deadlines;
        return (deal.Side, deal.Projection.State) switch
        {
            (DealSide.Payment, FundsLocked or RefundRequested)
                when deal.Wishes is { Result: not null, AgreesToRefund: false } && now >= deadlines.SubmitResult => Missed(
                Intent.SubmitResult,
                "submitResultTime",
                deadlines.SubmitResult
            ),
            (DealSide.Purchase, ResultSubmitted) when deal.Wishes.Refund == RefundWish.Asked && now >= deadlines.Unlock => Missed(
                Intent.RequestRefund,
                "unlockTime",
                deadlines.Unlock
            ),
            _ => null,
        };

        DealProblem Missed(Intent action, string deadline, DateTimeOffset at) =>
            new(
                "missed",
                ErrorType.Unknown,
                $"{action} was not on chain before {deadline} ({Ms(at)}){(deal.Trouble is { } last ? "; last: " + last.Note : "")}.",
                NeedsManual: false
            );
    }

    private static DealProblem? Hindrance(Deal deal) =>
        deal.Trouble switch
        {
            null or { Kind: TroubleKind.NotYet } => null,
            { Kind: TroubleKind.Funds } t => new DealProblem("insufficient_funds", ErrorType.InsufficientFunds, t.Note, NeedsManual: false),
            { Kind: TroubleKind.Chain } t => new DealProblem("chain", ErrorType.NetworkError, t.Note, NeedsManual: false),
            { Kind: TroubleKind.Rival } t => new DealProblem("rival", null, t.Note, NeedsManual: false),
            { Kind: TroubleKind.Disabled } t => new DealProblem("source_disabled", null, t.Note, NeedsManual: false),
            { Kind: TroubleKind.Phase2 } t => new DealProblem("phase2", ErrorType.Unknown, t.Note, NeedsManual: false),
            { } t => new DealProblem("build", ErrorType.Unknown, t.Note, NeedsManual: false),
        };

    private static DealProblem? Strange(Deal deal) =>
        deal.Projection is { State: null, Strange: { } note }
            ? new DealProblem("strange_output", null, $"An output under this identifier is not the agreed lock and is ignored: {note}", NeedsManual: false)
            : null;

    private static DealProblem? AnotherResult(Deal deal) =>
        deal.Side == DealSide.Purchase && deal.Projection.State is ResultSubmitted or Disputed && deal.Wishes.IsAboutAnother(deal.Projection.ResultHash)
            ? new DealProblem(
                "result_changed",
                null,
                $"The result on chain is {deal.Projection.ResultHash}; it was {deal.Wishes.About ?? "none"} when this was decided. Nothing is given up for another one: decide again.",
                NeedsManual: false
            )
            : null;

    private static DealProblem? NoHash(Deal deal) =>
        deal is { Side: DealSide.Purchase, Projection: { State: ResultSubmitted or Disputed, ResultHash: { } hash } } && !ResultHash.TryParse(hash, out _)
            ? new DealProblem(
                "result_is_no_hash",
                null,
                $"The result on chain has {(hash.Length / 2).ToString(CultureInfo.InvariantCulture)} bytes; required: 32, a SHA-256 hash. Nothing can be verified against it.",
                NeedsManual: false
            )
            : null;

    private static long Ms(DateTimeOffset time) => time.ToUnixTimeMilliseconds();
}
