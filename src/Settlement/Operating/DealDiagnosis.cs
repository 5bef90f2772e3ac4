using System.Collections.Immutable;
using System.Globalization;
using Masumi.Chain;
using Masumi.Protocol;
using Masumi.Settlement.Attempts;
using Masumi.Settlement.Deals;
using Masumi.Settlement.Rails;

namespace Masumi.Settlement.Operating;

/// <summary>Something that a person can do about a deal.</summary>
/// <param name="What">What it does.</param>
/// <param name="Command">How; <c>$NODE</c> is the node's address, <c>$KEY</c> an API key.</param>
/// <param name="Before">It must be done before; null when only the other side can end it.</param>
public sealed record DealExit(string What, string Command, DateTimeOffset? Before = null);

/// <summary>Why a deal stands where it stands, and how it goes on. Derived from what there is.</summary>
public sealed record DealDiagnosis
{
    /// <summary>What it does by itself next, in words.</summary>
    public required string Step { get; init; }

    /// <summary>The action, when it is one.</summary>
    public Intent Action { get; init; }

    /// <summary>When: the time of the action, or of the next try; null when only an event can matter.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>What it waits for.</summary>
    public required ImmutableArray<string> WaitsFor { get; init; }

    /// <summary>What is wrong, with its cause.</summary>
    public DealProblem? Problem { get; init; }

    /// <summary>What last stood in the way of the next step.</summary>
    public Trouble? Trouble { get; init; }

    /// <summary>How much is short, and which address to fund.</summary>
    public MoneyShort? Funds { get; init; }

    /// <summary>Until when nothing that pays is signed for it, since this may be an old copy of the database.</summary>
    public DateTimeOffset? HoldUntil { get; init; }

    /// <summary>Its transactions that may still take effect, and those that passed for dead and still are rivals of whatever replaces them.</summary>
    public required ImmutableArray<Attempt> Standing { get; init; }

    /// <summary>Nothing goes on by itself.</summary>
    public bool NeedsPerson { get; init; }

    /// <summary>What a person can do.</summary>
    public required ImmutableArray<DealExit> Exits { get; init; }

    /// <summary>Says it.</summary>
    /// <param name="report">The deal.</param>
    /// <param name="now">Chain time.</param>
    /// <param name="rules">How deals are judged.</param>
    /// <param name="holdsUntil">As the engine says it; null when it does not hold.</param>
    /// <param name="tip">A block, by which slots have their times; null when none is known.</param>
    public static DealDiagnosis Of(DealReport report, DateTimeOffset now, DealRules rules, DateTimeOffset? holdsUntil, BlockPoint? tip = null)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(rules);
        var deal = report.Deal;
        var step = DealMachine.Next(deal, now, rules);
        var holds = step is DealStep.Act { Action: Intent.Lock } && deal.UnderWay is null ? holdsUntil : null;
        return new DealDiagnosis
        {
            Step = deal.UnderWay is { } under ? $"the chain decides about {under.Action} {under.TxId}" : Words(step, now),
            Action = deal.UnderWay?.Action ?? (step as DealStep.Act)?.Action ?? Intent.Nothing,
            At = deal.UnderWay is null ? Later(deal.NextAt, holds) : null,
            WaitsFor = [.. WaitsOf(report, step, now, holds, u => Until(deal, u, tip, rules))],
            Problem = deal.Problem,
            Trouble = deal.Trouble,
            Funds = step is DealStep.Act && deal.Trouble is { Kind: TroubleKind.Funds } poor ? MoneyShort.Read(poor.Note) : null,
            HoldUntil = holds,
            Standing = [.. report.Attempts.Where(a => a.IsLive || (a.State is AttemptState.Expired or AttemptState.Conflicted && a.Transaction is not null))],
            NeedsPerson =
                deal.Problem is { NeedsManual: true }
                || (deal is { UnderWay: null, IsFinal: false } && step is DealStep.Rest && deal.Projection.State == OnChainState.Disputed),
            Exits = DealExits.Of(report, step, now),
        };
    }

    private static string Words(DealStep step, DateTimeOffset now) =>
        step switch
        {
            DealStep.Act act when act.At > now => $"{act.Action} at {Time(act.At)}",
            DealStep.Act act => $"{act.Action}{(act.Until is { } until ? $", before {Time(until)}" : "")}",
            DealStep.GiveUp give => $"to conclude that no lock will come, after looking everywhere at {Time(give.At)}",
            _ => "nothing",
        };

    private static IEnumerable<string> WaitsOf(DealReport report, DealStep step, DateTimeOffset now, DateTimeOffset? holds, Func<Attempt, string> until)
    {
        var deal = report.Deal;
        if (deal.UnderWay is { } under)
        {
            yield return report.Attempts.FirstOrDefault(a => a.Id == under.Id) is { } attempt
                ? WhereIs(attempt, until(attempt), deal.Problem)
                : $"transaction {under.TxId}";
            yield break;
        }

        if (holds is { } hold)
        {
            var end = hold > now ? Time(hold) : "everything at the source and its wallets was looked at";
            yield return $"hold after restore until {end}: another copy of this database may have paid for it already";
        }

        if (deal.Trouble is { } trouble)
        {
            var tries = trouble.Tries == 1 ? "one try" : string.Create(CultureInfo.InvariantCulture, $"{trouble.Tries} tries");
            var again =
                step is not DealStep.Act ? "no other try"
                : trouble.RetryAt <= now ? "the next try, at once"
                : $"the next try at {Time(trouble.RetryAt)}";
            var note = deal.Problem is { } problem && problem.Note.Contains(trouble.Note, StringComparison.Ordinal) ? "" : $": {trouble.Note}";
            yield return $"{again}, after {tries} since {Time(trouble.Since)}{note}";
        }

        if (step is DealStep.Act { IsAsked: true, Action: not Intent.Lock } asked && asked.At > now)
        {
            yield return $"the contract's cooldown since this side's last action, until {Time(asked.At)}";
        }

        if (OfOthers(deal, step, now) is { } others)
        {
            yield return others;
        }
    }

    private static string? OfOthers(Deal deal, DealStep step, DateTimeOffset now)
    {
        var deadlines = deal.Terms.Deadlines;
        return (deal.Side, deal.Projection.State) switch
        {
            _ when deal.IsFinal => "nothing: the money has left the escrow",
            (_, null) when deal.IsExpired => "nothing: the time to pay is over and no lock is anywhere",
            (DealSide.Payment, null) => $"the buyer's lock, before {Time(deadlines.PayBy)}, and the blocks on top of it",
            (DealSide.Purchase, null) => step is DealStep.GiveUp ? "a lock that was sent and may still show up" : null,
            (DealSide.Purchase, OnChainState.RefundRequested) when deal.Projection.ResultHash is not null && now < deadlines.SubmitResult =>
                $"the time from which the money may be taken back, {Time(deadlines.SubmitResult)}: the seller has agreed",
            (DealSide.Payment, OnChainState.RefundRequested) when deal.Projection.ResultHash is not null =>
                $"the buyer, who may take the money back from {Time(deadlines.SubmitResult)}",
            (DealSide.Purchase, OnChainState.FundsLocked or OnChainState.RefundRequested) when now < deadlines.SubmitResult =>
                $"the seller's result, before {Time(deadlines.SubmitResult)}",
            (DealSide.Purchase, OnChainState.ResultSubmitted) => $"the seller, who may collect from {Time(deadlines.Unlock)}",
            (DealSide.Payment, OnChainState.FundsLocked or OnChainState.RefundRequested) when deal.Wishes.Result is null && now < deadlines.SubmitResult =>
                $"the agent's result, before {Time(deadlines.SubmitResult)}",
            (DealSide.Payment, OnChainState.FundsLocked or OnChainState.RefundRequested) => "the buyer, who may take the money back",
            (_, OnChainState.Disputed) when step is DealStep.Act => null,
            (_, OnChainState.Disputed) =>
                $"one of the parties to give in, or the contract's admins, who may divide the money from {Time(deadlines.ExternalDisputeUnlock)}",
            (DealSide.Purchase, OnChainState.WithdrawAuthorized) => "the seller, who may collect",
            (DealSide.Payment, OnChainState.RefundAuthorized) => "the buyer, who may take the money back",
            _ => null,
        };
    }

    // What is valid no longer is made anew, as long as there is time for that.
    private static string Until(Deal deal, Attempt attempt, BlockPoint? tip, DealRules rules)
    {
        if (AttemptVerdict.TimeOf(attempt.InvalidHereafter, tip) is not { } end)
        {
            return $"valid until slot {attempt.InvalidHereafter}";
        }

        var isTime = DealMachine.Next(deal with { UnderWay = null }, end, rules) is DealStep.Act act && act.Action == deal.UnderWay?.Action;
        return $"valid until {Time(end)} (slot {attempt.InvalidHereafter}), and if no block has it then, {(isTime ? "it is made anew" : "there is no time for another")}";
    }

    private static string WhereIs(Attempt attempt, string until, DealProblem? problem) =>
        attempt.State switch
        {
            AttemptState.InBlock => $"{attempt.TxId} is in block {attempt.Height}; the contract's own history has yet to show it",
            AttemptState.Pending => $"{attempt.TxId}: the provider took it; {until}",
            AttemptState.Offered when attempt.Answer is { } answer => $"{attempt.TxId} is offered again and again; {until}"
                + (problem is { Code: "refused" or "missed" } ? "" : $"; last answer: {answer}"),
            _ => $"{attempt.TxId} is on its way; {until}",
        };

    private static DateTimeOffset? Later(DateTimeOffset? one, DateTimeOffset? other) => one is { } a && other is { } b ? (a > b ? a : b) : one ?? other;

    internal static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
