using System.Globalization;
using Masumi.Contracts.Common;
using Masumi.Protocol;
using Masumi.Settlement.Rails;
using static Masumi.Protocol.OnChainState;

namespace Masumi.Settlement.Deals;

/// <summary>What is wrong with a deal, derived each time from what there is: nothing outlives its cause.</summary>
public static class DealProblems
{
    /// <summary>What was refused as often in a row is a problem: another provider's view, or a moment's, does not explain it any more.</summary>
    public const int ManyRefusals = 3;

    /// <summary>The problem, or null.</summary>
    public static DealProblem? Of(Deal deal, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(deal);
        return deal.IsFinal ? Lost(deal)
            : deal.IsExpired ? Unpaid(deal)
            : Missed(deal, now) ?? AnotherResult(deal) ?? Refused(deal) ?? Hindrance(deal) ?? Strange(deal) ?? NoHash(deal);
    }

    /// <summary>Whether a deal ended against what its owner had decided: the money went to the other side, since what was asked for never got on chain.</summary>
    public static bool IsLost(Deal deal)
    {
        ArgumentNullException.ThrowIfNull(deal);
        return (deal.Side, deal.Projection.State) switch
        {
            (DealSide.Purchase, Withdrawn) => deal.Wishes.Refund == RefundWish.Asked,
            (DealSide.Payment, RefundWithdrawn) => deal.Wishes is { AgreesToRefund: false, Result: { } result }
                && deal.Projection.ResultHash != result.ToString(),
            _ => false,
        };
    }

    // Nobody can do anything any more; that it happened stays.
    private static DealProblem? Lost(Deal deal)
    {
        if (!IsLost(deal))
        {
            return null;
        }

        var deadlines = deal.Terms.Deadlines;
        var (what, other, name, at) =
            deal.Side == DealSide.Purchase
                ? ("dispute", "seller", "unlockTime", deadlines.Unlock)
                : ("result", "buyer", "submitResultTime", deadlines.SubmitResult);
        return new DealProblem(
            "missed",
            ErrorType.Unknown,
            $"Your {what} was not on chain before {name} ({at:u}); the {other} collected {ValueText.Of(deal.Terms.Funds)} in {deal.Projection.CurrentTransaction}"
                + (LastHindrance(deal) is { } last ? $"; last hindrance: {last}" : ""),
            NeedsManual: false
        );
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
                $"{action} was not on chain before {deadline} ({Ms(at)}){(LastHindrance(deal) is { } last ? "; last: " + last : "")}.",
                NeedsManual: false
            );
    }

    // It is sent again and again all the same: only the chain ends it.
    private static DealProblem? Refused(Deal deal)
    {
        if (deal.UnderWay is not { Refusals: >= ManyRefusals } under)
        {
            return null;
        }

        var deadlines = deal.Terms.Deadlines;
        (string Name, DateTimeOffset At)? deadline = under.Action switch
        {
            Intent.Lock => ("payByTime", deadlines.PayBy),
            Intent.SubmitResult => ("submitResultTime", deadlines.SubmitResult),
            Intent.RequestRefund => ("unlockTime", deadlines.Unlock),
            _ => null,
        };
        return new DealProblem(
            "refused",
            null,
            string.Create(CultureInfo.InvariantCulture, $"{under.Action} {under.TxId} was refused {under.Refusals} times in a row, last: {under.Answer}")
                + (deadline is var (name, at) ? $"; it must be on chain before {name} ({at:u})" : ""),
            NeedsManual: false
        );
    }

    private static string? LastHindrance(Deal deal) => deal.UnderWay is { Refusals: > 0, Answer: { } answer } ? $"refused: {answer}" : deal.Trouble?.Note;

    private static DealProblem? Hindrance(Deal deal) =>
        deal.Trouble switch
        {
            null or { Kind: TroubleKind.NotYet } => null,
            { Kind: TroubleKind.Funds } t => new DealProblem("insufficient_funds", ErrorType.InsufficientFunds, t.Note, NeedsManual: false),
            { Kind: TroubleKind.Chain } t => new DealProblem("chain", ErrorType.NetworkError, t.Note, NeedsManual: false),
            { Kind: TroubleKind.Rival } t => new DealProblem("rival", null, t.Note, NeedsManual: false),
            { Kind: TroubleKind.Disabled } t => new DealProblem("source_disabled", null, t.Note, NeedsManual: false),
            { Kind: TroubleKind.Refused } t => new DealProblem("refused", null, t.Note, NeedsManual: false),
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
