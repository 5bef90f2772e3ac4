using System.Collections.Immutable;
using Masumi.Settlement.Deals;
using Masumi.Settlement.Rails;
using static Masumi.Protocol.OnChainState;

namespace Masumi.Settlement.Operating;

/// <summary>What comes next when nobody decides anything.</summary>
/// <param name="Action">What; <see cref="Intent.Nothing"/> where only time or the chain is waited for.</param>
/// <param name="IsOurs">Whether this node does it.</param>
/// <param name="At">Not before; null where it only waits for somebody.</param>
/// <param name="Before">It has to be on chain before; null where no deadline bounds it.</param>
/// <param name="Words">In words.</param>
public sealed record OutlookStep(Intent Action, bool IsOurs, DateTimeOffset? At, DateTimeOffset? Before, string Words);

/// <summary>Something that could go wrong.</summary>
/// <param name="Code">For programs; never changes.</param>
/// <param name="At">From when on; null where it does not hang on time.</param>
/// <param name="Words">In words.</param>
public sealed record OutlookRisk(string Code, DateTimeOffset? At, string Words);

/// <summary>How a deal goes on from where it stands, and what could go wrong. Derived from what there is; beside <see cref="DealDiagnosis"/>, which says why it stands there.</summary>
/// <param name="Next">What comes next; null when it is over.</param>
/// <param name="Risks">The nearest first.</param>
public sealed record DealOutlook(OutlookStep? Next, ImmutableArray<OutlookRisk> Risks)
{
    // A validity interval ends 18 slots before a deadline.
    private static readonly TimeSpan LastMoment = TimeSpan.FromSeconds(18);

    /// <summary>Says it.</summary>
    /// <param name="deal">The deal.</param>
    /// <param name="now">Chain time.</param>
    /// <param name="rules">How deals are judged.</param>
    public static DealOutlook Of(Deal deal, DateTimeOffset now, DealRules rules)
    {
        ArgumentNullException.ThrowIfNull(deal);
        ArgumentNullException.ThrowIfNull(rules);
        return deal.IsFinal || deal.IsExpired
            ? new(null, [])
            : new(Ours(deal, now, rules) ?? Theirs(deal, now), [.. RisksOf(deal, now).Where(r => r.At is null || r.At > now).OrderBy(r => r.At ?? now)]);
    }

    private static OutlookStep? Ours(Deal deal, DateTimeOffset now, DealRules rules)
    {
        var step = DealMachine.Next(deal, now, rules);
        if (deal.UnderWay is { } under)
        {
            var until = step is DealStep.Act same && same.Action == under.Action ? same.Until : null;
            return new(under.Action, true, null, until, $"The chain decides about {under.Action} {under.TxId}{Before(until)}.");
        }

        return step switch
        {
            DealStep.Act act => new(
                act.Action,
                true,
                act.At > now ? act.At : null,
                act.Until,
                $"This node does {act.Action}{From(act.At, now)}{Before(act.Until)}."
            ),
            DealStep.GiveUp when deal.Side == DealSide.Payment => null,
            DealStep.GiveUp give => new(
                Intent.Nothing,
                true,
                give.At,
                null,
                $"Whether a lock that was sent still shows up: concluded at {DealDiagnosis.Time(give.At)}, after looking everywhere."
            ),
            _ => null,
        };
    }

    private static OutlookStep? Theirs(Deal deal, DateTimeOffset now)
    {
        var deadlines = deal.Terms.Deadlines;
        return (deal.Side, deal.Projection.State) switch
        {
            (DealSide.Payment, null) => Other(Intent.Lock, null, deadlines.PayBy, "The buyer locks the money"),
            (DealSide.Payment, FundsLocked or RefundRequested) when now < deadlines.SubmitResult => new(
                Intent.SubmitResult,
                true,
                null,
                deadlines.SubmitResult,
                $"The agent's result, with submit-result{Before(deadlines.SubmitResult)}."
            ),
            (DealSide.Payment, FundsLocked or RefundRequested or RefundAuthorized) => Other(
                Intent.WithdrawRefund,
                null,
                null,
                "The buyer takes the money back"
            ),
            (DealSide.Purchase, FundsLocked or RefundRequested) when now < deadlines.SubmitResult => Other(
                Intent.SubmitResult,
                null,
                deadlines.SubmitResult,
                "The seller puts the result's hash on chain"
            ),
            (DealSide.Purchase, ResultSubmitted) => Other(Intent.Withdraw, deadlines.Unlock, null, "The seller collects"),
            (DealSide.Purchase, WithdrawAuthorized) => Other(Intent.Withdraw, null, null, "The seller collects"),
            (_, Disputed) => new(
                Intent.Nothing,
                false,
                deadlines.ExternalDisputeUnlock,
                null,
                $"One of the parties gives in, or the admins divide the money{From(deadlines.ExternalDisputeUnlock, now)}."
            ),
            _ => new(Intent.Nothing, true, null, null, "Nothing by itself: this node does not collect without being told (settings)."),
        };

        OutlookStep Other(Intent action, DateTimeOffset? at, DateTimeOffset? before, string words) =>
            new(action, false, at, before, $"{words}{(at is { } start ? From(start, now) : "")}{Before(before)}.");
    }

    private static IEnumerable<OutlookRisk> RisksOf(Deal deal, DateTimeOffset now)
    {
        var (deadlines, state) = (deal.Terms.Deadlines, deal.Projection.State);
        if (deal.Trouble is { Kind: TroubleKind.Funds } poor)
        {
            yield return new("insufficient_funds", null, poor.Note);
        }

        if (state is null)
        {
            yield return new(
                "not_locked",
                deadlines.PayBy,
                $"A lock that is in no block by {DealDiagnosis.Time(deadlines.PayBy)} ends the deal; no money moves then."
            );
        }

        if (state is FundsLocked or RefundRequested && deal.Projection.ResultHash is null)
        {
            yield return deal.Side == DealSide.Payment
                ? new(
                    "result_too_late",
                    deadlines.SubmitResult - LastMoment,
                    $"A result that is not on chain before {DealDiagnosis.Time(deadlines.SubmitResult)} is none: the money goes back to the buyer."
                )
                : new(
                    "no_result",
                    deadlines.SubmitResult,
                    $"Without a result by {DealDiagnosis.Time(deadlines.SubmitResult)} the money comes back; until then it is locked."
                );
        }

        if (state == ResultSubmitted)
        {
            var until = deadlines.Unlock - LastMoment;
            yield return deal.Side == DealSide.Purchase
                ? new(
                    "dispute_too_late",
                    until,
                    $"A dispute that is not on chain before {DealDiagnosis.Time(deadlines.Unlock)} is none. Ask some minutes earlier: it needs a block."
                )
                : new(
                    "dispute",
                    null,
                    now < until
                        ? $"Until {DealDiagnosis.Time(deadlines.Unlock)} the buyer can dispute the result. Then both must agree, or the admins divide the money from {DealDiagnosis.Time(deadlines.ExternalDisputeUnlock)} on."
                        : "A dispute that is on its way since before unlockTime may still show up."
                );
        }

        if (state == RefundRequested && deal.Side == DealSide.Purchase && deal.Projection.ResultHash is null)
        {
            yield return new("dispute", null, "A result that still comes makes it a dispute.");
        }

        if (state == Disputed)
        {
            yield return new(
                "admins_divide",
                deadlines.ExternalDisputeUnlock,
                $"From {DealDiagnosis.Time(deadlines.ExternalDisputeUnlock)} the admins may divide the money as they see fit."
            );
        }
    }

    private static string From(DateTimeOffset at, DateTimeOffset now) => at > now ? $" from {DealDiagnosis.Time(at)} on" : "";

    private static string Before(DateTimeOffset? at) => at is { } time ? $", before {DealDiagnosis.Time(time)}" : "";
}
