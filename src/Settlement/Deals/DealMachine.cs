using System.Collections.Immutable;
using Masumi.Contracts.Escrow.Common;
using Masumi.Protocol;
using Masumi.Settlement.Rails;
using static Masumi.Protocol.OnChainState;

namespace Masumi.Settlement.Deals;

/// <summary>
/// The only place that decides what a deal wants and what is wrong with it: (deal, event, now) -> (deal, effects). Pure and total. What is wanted is
/// derived from the terms, the owner's wishes, the projection and time, never from what was wanted before: a fork that takes back what was done makes it
/// wanted again, and whoever of the parties was first, the other's next step follows from where the escrow now is.
/// </summary>
public static class DealMachine
{
    /// <summary>Collections start this long after the contract would allow them, so that no validity bound is close.</summary>
    public static TimeSpan CollectionMargin { get; } = TimeSpan.FromMinutes(10);

    /// <summary>A lock that has not shown up this long after its deadline never will.</summary>
    public static TimeSpan LockGrace { get; } = TimeSpan.FromMinutes(5);

    // A validity interval ends 18 slots before a deadline (ValidityWindow); later nothing can be built.
    private static readonly TimeSpan LastMoment = TimeSpan.FromSeconds(18);
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(10);

    /// <summary>What becomes of a deal when something happens. <paramref name="now"/> is chain time.</summary>
    public static DealChange Apply(Deal deal, DealEvent happened, DateTimeOffset now, DealRules rules)
    {
        ArgumentNullException.ThrowIfNull(deal);
        ArgumentNullException.ThrowIfNull(rules);
        var changed = Change(deal, happened, now);
        var after = Derive(happened is DealEvent.Hindered { NotBefore: null } ? InTime(changed, now, rules) : changed, now, rules);
        return new DealChange(after, Effects(deal, after));
    }

    /// <summary>A new deal with what follows from its terms.</summary>
    public static Deal Begin(Deal deal, DateTimeOffset now, DealRules rules) => Derive(deal, now, rules);

    /// <summary>What the deal does by itself next, and when.</summary>
    public static DealStep Next(Deal deal, DateTimeOffset now, DealRules rules)
    {
        ArgumentNullException.ThrowIfNull(deal);
        ArgumentNullException.ThrowIfNull(rules);
        return deal.Projection.State switch
        {
            null => BeforeTheLock(deal, now, rules),
            _ when deal.IsFinal => new DealStep.Rest(),
            var state when deal.Side == DealSide.Payment => OfSeller(deal, state.Value, now, rules),
            var state => OfBuyer(deal, state.Value, now, rules),
        };
    }

    private static Deal Change(Deal deal, DealEvent happened, DateTimeOffset now) =>
        happened switch
        {
            DealEvent.Projected e => Project(deal, e.Projection),
            DealEvent.Taken e => deal with { UnderWay = e.Attempt, WalletId = e.WalletId, Trouble = null },
            DealEvent.Freed { Refusal: { } refusal } when !deal.IsFinal || DealProblems.IsLost(deal) => Refused(deal with { UnderWay = null }, refusal, now),
            DealEvent.Freed => deal with { UnderWay = null },
            DealEvent.FailedInBlock e => Hinder(
                deal with
                {
                    UnderWay = null,
                },
                TroubleKind.Phase2,
                $"Transaction {e.TxId} failed its scripts on chain; collateral was taken.",
                null,
                now
            ),
            DealEvent.Hindered e => Hinder(deal, e.Kind, e.Note, e.NotBefore, now),
            DealEvent.Unhindered => deal with { Trouble = null },
            DealEvent.RefundWished e => deal with { Wishes = deal.Wishes with { Refund = e.Wish, About = deal.Projection.ResultHash }, Trouble = null },
            DealEvent.ResultGiven e => deal with { Wishes = deal.Wishes with { Result = e.Result, AgreesToRefund = false }, Trouble = null },
            DealEvent.RefundAgreed => deal with { Wishes = deal.Wishes with { AgreesToRefund = true }, Trouble = null },
            DealEvent.TimePassed => deal,
            DealEvent.NoLockCame when deal is { Projection.State: null, UnderWay: null } => deal with { GaveUpAt = deal.GaveUpAt ?? now },
            DealEvent.NoLockCame => deal,
            _ => throw new InvalidOperationException($"No rule for {happened}."),
        };

    // It is made anew at once; what was said stays until then, or for good when there is no time left.
    private static Deal Refused(Deal deal, string refusal, DateTimeOffset now) =>
        deal with
        {
            Trouble = new Trouble(TroubleKind.Refused, $"refused: {refusal}", 1, now, DateTimeOffset.UnixEpoch),
        };

    // What hindered the step before says nothing about the step after; where there is none any more, it says why that was lost.
    private static Deal Project(Deal deal, Projection projection) =>
        deal with
        {
            Projection = projection,
            WalletId = deal.WalletId ?? projection.PayingWallet,
            Trouble = projection.Escrow == deal.Projection.Escrow || DealProblems.IsLost(deal with { Projection = projection }) ? deal.Trouble : null,
            GaveUpAt = projection.State is null ? deal.GaveUpAt : null,
        };

    // One trouble at a time; the pauses between tries grow, so that what cannot work costs ever less.
    private static Deal Hinder(Deal deal, TroubleKind kind, string note, DateTimeOffset? notBefore, DateTimeOffset now)
    {
        var tries = deal.Trouble is { } same && same.Kind == kind ? same.Tries + 1 : 1;
        var pause = FirstPause * Math.Pow(2, Math.Min(tries - 1, 8));
        var retry = notBefore ?? now + (pause < LongestPause ? pause : LongestPause);
        return deal with { Trouble = new Trouble(kind, note, tries, tries > 1 ? deal.Trouble!.Since : now, retry) };
    }

    // No pause steps over the moment after which the action cannot be made any more.
    private static Deal InTime(Deal deal, DateTimeOffset now, DealRules rules)
    {
        if (deal.Trouble is not { } trouble || rules.Next(deal, now, rules) is not DealStep.Act { Until: { } until } || until <= now)
        {
            return deal;
        }

        var quarter = (until - now) / 4;
        return deal with { Trouble = trouble with { RetryAt = Earlier(trouble.RetryAt, now + (quarter > FirstPause ? quarter : FirstPause)) } };
    }

    private static DealStep BeforeTheLock(Deal deal, DateTimeOffset now, DealRules rules)
    {
        var deadlines = deal.Terms.Deadlines;
        if (deal.IsExpired)
        {
            return new DealStep.Rest();
        }

        var last = Earlier(deadlines.PayBy - EscrowSchedule.LockBeforePayBy, deadlines.SubmitResult - EscrowSchedule.LockBeforeSubmitResult);
        return deal.Side == DealSide.Purchase && now <= last
            ? new DealStep.Act(Intent.Lock, deal.CreatedAt + rules.LockWindow, IsAsked: true, Until: last + TimeSpan.FromMilliseconds(1))
            : new DealStep.GiveUp(deadlines.PayBy + LockGrace);
    }

    private static DealStep OfSeller(Deal deal, OnChainState state, DateTimeOffset now, DealRules rules)
    {
        var deadlines = deal.Terms.Deadlines;
        var rail = Rail.Of(deal.Family);
        var free = Cooled(deal.Projection.SellerCooldown);
        if (deal.Wishes.AgreesToRefund && rail.Grants(Intent.AuthorizeRefund, state))
        {
            return new DealStep.Act(Intent.AuthorizeRefund, free, IsAsked: true);
        }

        // An earlier result on chain will be paid, so a later one that missed its deadline is let go.
        var last = deadlines.SubmitResult - LastMoment;
        if (
            deal.Wishes is { AgreesToRefund: false, Result: { } result }
            && !(state is ResultSubmitted or Disputed && deal.Projection.ResultHash == result.ToString())
            && now < last
            && rail.Grants(Intent.SubmitResult, state)
        )
        {
            return new DealStep.Act(Intent.SubmitResult, free, IsAsked: true, Until: last);
        }

        return state switch
        {
            WithdrawAuthorized when rules.CollectPayments => new DealStep.Act(Intent.Withdraw, DateTimeOffset.MinValue, IsAsked: false),
            ResultSubmitted when rules.CollectPayments => new DealStep.Act(Intent.Withdraw, deadlines.Unlock + CollectionMargin, IsAsked: false),
            _ => new DealStep.Rest(deal.Wishes.Result is not null && now < deadlines.SubmitResult ? deadlines.SubmitResult : null),
        };
    }

    private static DealStep OfBuyer(Deal deal, OnChainState state, DateTimeOffset now, DealRules rules)
    {
        var deadlines = deal.Terms.Deadlines;
        var rail = Rail.Of(deal.Family);
        var free = Cooled(deal.Projection.BuyerCooldown);
        var refundAt = deadlines.SubmitResult + CollectionMargin;
        if (state == RefundAuthorized || (state is FundsLocked or RefundRequested && now >= refundAt))
        {
            // Without a result the money itself is due, whatever was asked before.
            return rules.CollectRefunds ? new DealStep.Act(Intent.WithdrawRefund, DateTimeOffset.MinValue, IsAsked: false) : new DealStep.Rest();
        }

        var asked = deal.Wishes.Refund switch
        {
            _ when deal.Wishes.IsAboutAnother(deal.Projection.ResultHash) => Intent.Nothing,
            RefundWish.Asked => Intent.RequestRefund,
            RefundWish.TakenBack => Intent.CancelRefundRequest,
            RefundWish.Released => Intent.AuthorizeWithdrawal,
            _ => Intent.Nothing,
        };
        var last = asked == Intent.RequestRefund ? deadlines.Unlock - LastMoment : DateTimeOffset.MaxValue;
        if (asked != Intent.Nothing && rail.Grants(asked, state) && now < last)
        {
            var until = state is FundsLocked or RefundRequested ? Earlier(last, refundAt) : last;
            return new DealStep.Act(asked, free, IsAsked: true, until == DateTimeOffset.MaxValue ? null : until);
        }

        return state is FundsLocked or RefundRequested && rules.CollectRefunds
            ? new DealStep.Act(Intent.WithdrawRefund, refundAt, IsAsked: false)
            : new DealStep.Rest(asked == Intent.RequestRefund && state == ResultSubmitted && now < deadlines.Unlock ? deadlines.Unlock : null);
    }

    private static Deal Derive(Deal deal, DateTimeOffset now, DealRules rules)
    {
        var step = rules.Next(deal, now, rules);
        var problem = DealProblems.Of(deal, now);
        return deal with
        {
            Intent = step is DealStep.Act act && (act.IsAsked || act.At <= now) ? act.Action : Intent.Nothing,
            NextAt = deal.UnderWay is null ? When(step, deal.Trouble) : null,
            Problem = problem,
        };
    }

    private static DateTimeOffset? When(DealStep step, Trouble? trouble) =>
        step switch
        {
            DealStep.Act act => Earlier(Later(act.At, trouble?.RetryAt), act.Until),
            DealStep.GiveUp give => Later(give.At, trouble?.RetryAt),
            DealStep.Rest rest => rest.Until,
            _ => null,
        };

    private static ImmutableArray<DealEffect> Effects(Deal before, Deal after)
    {
        var effects = ImmutableArray.CreateBuilder<DealEffect>();
        if (before.OnChainState != after.OnChainState || before.Projection.ResultHash != after.Projection.ResultHash)
        {
            effects.Add(new DealEffect.StateChanged(before.OnChainState, after.OnChainState));
        }

        if (before.NextAction != after.NextAction || before.Problem?.Code != after.Problem?.Code || before.Wishes.Result != after.Wishes.Result)
        {
            effects.Add(new DealEffect.NextActionChanged());
        }

        if (after.Projection.Strange is { } strange && strange != before.Projection.Strange)
        {
            effects.Add(new DealEffect.StrangeOutput(strange));
        }

        if (after.Projection.SecondLock is { } second && second != before.Projection.SecondLock)
        {
            effects.Add(new DealEffect.SecondLock(second));
        }

        if (after.Projection.ResultHash is { } hash && hash != before.Projection.ResultHash && !ResultHash.TryParse(hash, out _))
        {
            effects.Add(new DealEffect.ResultIsNoHash(hash.Length / 2));
        }

        return effects.ToImmutable();
    }

    // A validity interval starts in the slot after the one in which the cooldown ends.
    private static DateTimeOffset Cooled(DateTimeOffset cooldown) =>
        cooldown <= DateTimeOffset.UnixEpoch ? DateTimeOffset.MinValue
        : cooldown >= DateTimeOffset.MaxValue - TimeSpan.FromDays(1) ? cooldown
        : cooldown + TimeSpan.FromSeconds(1);

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset? b) => b is { } other && other < a ? other : a;

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset? b) => b is { } other && other > a ? other : a;
}
