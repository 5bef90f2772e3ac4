using Masumi.Cardano;
using Masumi.Cardano.Transactions;
using Masumi.Protocol;
using Masumi.Settlement.Rails;

namespace Masumi.Settlement.Deals;

/// <summary>Something that happened to a deal; the only way it changes.</summary>
public abstract record DealEvent
{
    private DealEvent() { }

    /// <summary>The chain says something else, or the same again.</summary>
    public sealed record Projected(Projection Projection) : DealEvent;

    /// <summary>A transaction for it was stored, before anyone was offered it.</summary>
    /// <param name="Attempt">What acts.</param>
    /// <param name="WalletId">The wallet that pays and signs.</param>
    public sealed record Taken(StandingAttempt Attempt, string WalletId) : DealEvent;

    /// <summary>What acted for it does so no more: the projection shows it, or the chain declared it dead.</summary>
    /// <param name="Refusal">Why providers had refused it until then, in their words.</param>
    public sealed record Freed(string? Refusal = null) : DealEvent;

    /// <summary>A transaction for it was in a block and its scripts failed there.</summary>
    public sealed record FailedInBlock(TransactionId TxId) : DealEvent;

    /// <summary>What is due could not be made.</summary>
    /// <param name="Kind">Of what kind the reason is.</param>
    /// <param name="Note">In words, with both values.</param>
    /// <param name="NotBefore">The time before which trying again is useless; null when nobody knows.</param>
    public sealed record Hindered(TroubleKind Kind, string Note, DateTimeOffset? NotBefore = null) : DealEvent;

    /// <summary>What hindered it may be over: money came, a script is to be had.</summary>
    public sealed record Unhindered : DealEvent;

    /// <summary>The buyer decided.</summary>
    public sealed record RefundWished(RefundWish Wish) : DealEvent;

    /// <summary>The seller has a result.</summary>
    public sealed record ResultGiven(ResultHash Result) : DealEvent;

    /// <summary>The seller gives the money back.</summary>
    public sealed record RefundAgreed : DealEvent;

    /// <summary>Nothing but time passed.</summary>
    public sealed record TimePassed : DealEvent;

    /// <summary>
    /// The time to pay is over and no lock is anywhere: attempts by hash, wallets' histories and the contract's list were looked at after it, in a view
    /// of the chain that a later look confirmed.
    /// </summary>
    public sealed record NoLockCame : DealEvent;
}

/// <summary>What a change of a deal tells others. Each becomes one event of the outbox.</summary>
public abstract record DealEffect
{
    private DealEffect() { }

    /// <summary>The next action, or what stands in its way, changed: a line of the deal's history.</summary>
    public sealed record NextActionChanged : DealEffect;

    /// <summary>The on-chain state or the result changed.</summary>
    public sealed record StateChanged(OnChainState? Before, OnChainState? After) : DealEffect;

    /// <summary>An output under its identifier is not the agreed lock.</summary>
    public sealed record StrangeOutput(string Note) : DealEffect;

    /// <summary>A second good lock: money without a deal.</summary>
    public sealed record SecondLock(TxInput At) : DealEffect;

    /// <summary>The result on chain is no SHA-256 hash: nothing can be verified against it, and disputing it may take more bytes than there are.</summary>
    public sealed record ResultIsNoHash(int Bytes) : DealEffect;
}

/// <summary>A deal after an event, and what others should hear.</summary>
public sealed record DealChange(Deal Deal, System.Collections.Immutable.ImmutableArray<DealEffect> Effects);

/// <summary>What a deal does by itself next.</summary>
public abstract record DealStep
{
    private DealStep() { }

    /// <summary>An action on chain.</summary>
    /// <param name="Action">Which.</param>
    /// <param name="At">From when.</param>
    /// <param name="IsAsked">Somebody asked for it: it is shown as wanted at once, even where its time is yet to come.</param>
    /// <param name="Until">The moment after which something else is derived; null when only the chain decides.</param>
    public sealed record Act(Intent Action, DateTimeOffset At, bool IsAsked, DateTimeOffset? Until = null) : DealStep;

    /// <summary>Conclude that no lock will come, after looking everywhere.</summary>
    public sealed record GiveUp(DateTimeOffset At) : DealStep;

    /// <summary>Nothing by itself: the other side, or an owner's decision, is next.</summary>
    /// <param name="Until">When something else may be derived; null when only an event can matter.</param>
    public sealed record Rest(DateTimeOffset? Until = null) : DealStep;
}

/// <summary>How deals are judged.</summary>
public sealed record DealRules
{
    /// <summary>Collect by itself what is due to the seller.</summary>
    public bool CollectPayments { get; init; } = true;

    /// <summary>Collect by itself what is due to the buyer.</summary>
    public bool CollectRefunds { get; init; } = true;

    /// <summary>How long a lock waits for others to share its transaction (decision 11).</summary>
    public TimeSpan LockWindow { get; init; }

    /// <summary>What a deal does next; only the simulation has another.</summary>
    public Func<Deal, DateTimeOffset, DealRules, DealStep> Next { get; init; } = DealMachine.Next;
}
