using Masumi.Cardano;
using Masumi.Cardano.Transactions;
using Masumi.Chain;
using Masumi.Contracts.Escrow.Common;
using Masumi.Settlement.Attempts;
using Masumi.Settlement.Deals;

namespace Masumi.Settlement.Engine;

/// <summary>How long ago the last sign of life on a database was: clock compared with clock, chain with chain.</summary>
/// <param name="ByClock">By the machines' clocks.</param>
/// <param name="ByChain">By the newest blocks; null where blocks stand still.</param>
public sealed record Gap(TimeSpan ByClock, TimeSpan? ByChain)
{
    private static readonly TimeSpan Most = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Whether it is two minutes at most whichever tells it right. A sign from the future is from a clock that was wrong, and how old it is nobody knows; a newest
    /// block that is a little older than the one before comes from a provider that lags.
    /// </summary>
    public bool IsShort => ByClock >= TimeSpan.Zero && ByClock <= Most && (ByChain is not { } blocks || (blocks >= -Most && blocks <= Most));
}

/// <summary>
/// The decisions that keep money safe, each one pure function. The product has one of these, <see cref="Right"/>; the simulation can put another function in the
/// place of one, and must then find what it protects from.
/// </summary>
public sealed record Safety
{
    /// <summary>The only one the product uses.</summary>
    public static Safety Right { get; } = new();

    /// <summary>What an answer makes of an attempt: never its end (P6).</summary>
    public Func<Attempt, SubmitResult, AttemptState> AfterAnswer { get; init; } =
        (attempt, answer) =>
            answer is SubmitResult.Accepted ? AttemptState.Pending
            : attempt.State == AttemptState.Pending ? AttemptState.Pending
            : AttemptState.Offered;

    /// <summary>Whether an attempt found in a block keeps its deal taken until the projection shows it (P1).</summary>
    public Func<bool> HoldsWhatItFound { get; init; } = () => true;

    /// <summary>Whether everything is to be looked at again (P2).</summary>
    /// <remarks>Since the last look, how often at the least, and whether something gives cause.</remarks>
    public Func<TimeSpan, TimeSpan, bool, bool> LooksAgain { get; init; } = (since, interval, cause) => cause || since >= interval;

    /// <summary>Whether a lock is its buyer's doing: every signature verifies over the transaction, and one is the buyer's (P5, decision 6).</summary>
    public Func<Transaction, EscrowDatum, bool> IsSignedByBuyer { get; init; } = SignedBy;

    /// <summary>Whether what was read may be appended: the newest point is the one that reading began at (P11).</summary>
    public Func<BlockPoint?, BlockPoint?, bool> MayAppend { get; init; } = (expected, newest) => expected?.Hash == newest?.Hash;

    /// <summary>What a deal does next (H3: whoever was first).</summary>
    public Func<Deal, DateTimeOffset, DealRules, DealStep> Next { get; init; } = DealMachine.Next;

    /// <summary>Whether wrong outputs under an identifier are ignored (H2).</summary>
    public Func<bool> IgnoresStrangeOutputs { get; init; } = () => true;

    /// <summary>
    /// Whether the database that an engine starts on may be an old copy (decision 2): the last sign of life is this old, or the engine was not stopped in order.
    /// A copy of a running engine's database looks like one that crashed, however young it is.
    /// </summary>
    public Func<Gap?, bool, bool> MayBeAnOldCopy { get; init; } = (since, stoppedInOrder) => since is { } gap && (!stoppedInOrder || !gap.IsShort);

    /// <summary>How a payment that is made anew excludes what was tried before (ADR 3, P6, P13).</summary>
    public Func<IEnumerable<Attempt>, IReadOnlyList<Attempt>, IReadOnlyList<Utxo>, Slot, long, Exclusion> Exclude { get; init; } = Exclusion.Of;

    /// <summary>Whether the database refuses a payment that does not exclude every earlier one (decision 1).</summary>
    public Func<bool> DemandsExclusion { get; init; } = () => true;

    /// <summary>Whether a lock that a wallet of this node signed is its purchase's, although this database knows nothing of it (O1).</summary>
    public Func<bool> AdoptsOwnLocks { get; init; } = () => true;

    /// <summary>Whether it is certain, as far as we can see, that the chain's time is past a moment: a point stored in an earlier look was found again in this one (P3).</summary>
    public Func<BlockPoint?, BlockPoint, DateTimeOffset, bool> IsCertain { get; init; } = (confirmed, tip, at) => confirmed is { } point && point.Time >= at;

    /// <summary>Whether something is concluded from a tip below what was seen (P12).</summary>
    public Func<bool> ConcludesFromBehind { get; init; } = () => false;

    /// <summary>Whether the wallets' own history is searched for a lock before the first one of a process (O1).</summary>
    public Func<bool> SearchesBeforePaying { get; init; } = () => true;

    /// <summary>
    /// Whether who is asked for a transaction may merely lag behind the list that names it, where it was not found for this long, by the time of blocks, at any look
    /// (P23). The longest lag we know of is half an hour (F8).
    /// </summary>
    public Func<TimeSpan, bool> MayLag { get; init; } = since => since < TimeSpan.FromHours(1);

    /// <summary>The order in which deals get their turn: earliest deadline first among those that can be paid (O3).</summary>
    public Func<IEnumerable<Deal>, Func<Deal, bool>, IEnumerable<Deal>> Order { get; init; } =
        (deals, affordable) => deals.Where(affordable).OrderBy(d => d.Terms.Deadlines.PayBy).ThenBy(d => d.Id, StringComparer.Ordinal);

    /// <summary>Whether the view of the chain that a round rests on still holds before it signs (P13).</summary>
    public Func<BlockPoint, BlockPoint, bool> StillHolds { get; init; } = (tip, now) => now.Hash == tip.Hash;

    private static bool SignedBy(Transaction transaction, EscrowDatum datum) => datum.Buyer.Payment?.AsKey is { } buyer && Signatures.Hold(transaction, buyer);
}
