using System.Collections.Concurrent;
using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Transactions;
using Masumi.Chain;
using Masumi.Settlement.Attempts;
using Masumi.Settlement.Deals;
using Masumi.Settlement.Stores;
using Masumi.Settlement.Wallets;
using Microsoft.Extensions.Logging;

namespace Masumi.Settlement.Engine;

/// <summary>
/// Gets stored transactions onto the chain, always with the same bytes, and finds out what became of them (spec settlement.md 8.1, 8.5, decision 1).
/// Only the chain ends one: its validity is over by the chain's slot and the chain does not have it, or another transaction on chain took what it spends.
/// </summary>
internal sealed class Tender(
    SettlementStore store,
    IChain chain,
    ChainFollower follower,
    WalletCoins coins,
    Safety safety,
    SettlementOptions options,
    ILogger logger
)
{
    /// <summary>Blocks after which an accepted transaction that nobody has seen is looked for.</summary>
    private const int Patience = 2;

    /// <summary>The longest pause, in blocks, between two offers that are refused.</summary>
    private const int LongestPause = 8;

    // Wallets work side by side.
    private readonly ConcurrentDictionary<string, bool> _refused = new(StringComparer.Ordinal);

    /// <summary>Whether something was refused since <see cref="TakeRefused"/> was asked last.</summary>
    public bool HasRefused => !_refused.IsEmpty;

    /// <summary>Sources with transactions that were refused since this was asked last: somebody may have spent what they spend.</summary>
    public IReadOnlyCollection<string> TakeRefused()
    {
        string[] refused = [.. _refused.Keys.Order(StringComparer.Ordinal)];
        foreach (var source in refused)
        {
            _refused.TryRemove(source, out _);
        }

        return refused;
    }

    /// <summary>Sends one stored attempt and records the answer.</summary>
    public async Task OfferAsync(Attempt attempt, RoundView round, CancellationToken cancellation)
    {
        var answer = await ChainFor(attempt, round).SubmitAsync(attempt.Transaction!, cancellation);
        var state = safety.AfterAnswer(attempt, answer);
        switch (answer)
        {
            case SubmitResult.Refused refused:
                logger.LogWarning("{Kind} {TxId} was refused: {Reason}", attempt.Kind, attempt.TxId, refused.Reason);
                coins.Doubt(attempt.WalletId);
                _refused[attempt.SourceId] = true;
                break;
            case SubmitResult.Unknown unknown:
                logger.LogWarning("{Kind} {TxId}: no clear answer ({Reason})", attempt.Kind, attempt.TxId, unknown.Reason);
                break;
        }

        var words = answer switch
        {
            SubmitResult.Refused r => Shorten(r.Reason),
            SubmitResult.Unknown u => Shorten(u.Reason),
            _ => null,
        };
        if (state is AttemptState.Expired or AttemptState.Conflicted)
        {
            await store.Attempts.EndAsync(attempt, state, words ?? "", null, follower.Decisions, cancellation);
            return;
        }

        await store.Attempts.NoteAnswerAsync(attempt.Id, state, words, answer is SubmitResult.Refused, round.Tip.Height, follower.Now, cancellation);

        // A problem of whom it serves, or none any more.
        foreach (var subject in attempt.Refusals + 1 < DealProblems.ManyRefusals ? [] : attempt.Subjects)
        {
            await store.Deals.ChangeAsync(subject.SubjectId, d => follower.Apply(d, new DealEvent.TimePassed()), follower.Now, cancellation);
        }
    }

    /// <summary>What has its validity end before this slot is over.</summary>
    public Slot DeadBefore(BlockPoint tip) => new(tip.Slot.Number - options.ExpiryGraceSlots);

    /// <summary>Looks after every attempt that the chain has not decided: found in a block, sent again, or declared dead.</summary>
    /// <returns>True when there was anything to do.</returns>
    public async Task<bool> TendAsync(ImmutableArray<Attempt> sent, RoundView round, CancellationToken cancellation)
    {
        var acted = false;
        foreach (var attempt in sent)
        {
            var isOver = attempt.InvalidHereafter < DeadBefore(round.Tip);
            if (attempt.OfferedAt is null && !isOver && round.Tip.Slot < attempt.InvalidHereafter)
            {
                await OfferAsync(attempt, round, cancellation);
                acted = true;
            }
            else if (isOver || (round.NewBlock && IsDue(attempt, round.Tip)))
            {
                await LookAsync(attempt, isOver, round, cancellation);
                acted = true;
            }
        }

        return acted;
    }

    /// <summary>Finds out by its hash what became of an attempt. True when it is in a block.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="upTo">The newest height that this look knows of.</param>
    /// <param name="cancellation">Ends waiting.</param>
    public Task<bool> FindAsync(Attempt attempt, long upTo, CancellationToken cancellation) => FindAsync(attempt, upTo, chain, cancellation);

    private async Task<bool> FindAsync(Attempt attempt, long upTo, IChain chain, CancellationToken cancellation)
    {
        if (await chain.FindTransactionAsync(attempt.TxId, cancellation) is not { } found)
        {
            return false;
        }

        if (attempt.State == AttemptState.Failed && !found.IsValid && found.Block.Height == attempt.Height)
        {
            // As it stands here.
            return false;
        }

        if (found.Block.Height > upTo)
        {
            // A block that came meanwhile: noted when it is known, so that it is known when it is taken back.
            return true;
        }

        await store.Attempts.MarkFoundAsync(attempt, found, follower.Decisions, cancellation);
        if (!found.IsValid)
        {
            // Its collateral is gone, and what it would have spent is not.
            coins.Doubt(attempt.WalletId);
        }

        if (!safety.HoldsWhatItFound())
        {
            await store.Attempts.ReleaseAsync(attempt, follower.Decisions, cancellation);
        }

        return true;
    }

    private async Task LookAsync(Attempt attempt, bool isOver, RoundView round, CancellationToken cancellation)
    {
        if (await FindAsync(attempt, round.Tip.Height, ChainFor(attempt, round), cancellation))
        {
            return;
        }

        if (isOver)
        {
            logger.LogWarning("{Kind} {TxId} expired without reaching the chain", attempt.Kind, attempt.TxId);
            coins.Doubt(attempt.WalletId);
            await store.Attempts.EndAsync(attempt, AttemptState.Expired, Expired(attempt), null, follower.Decisions, cancellation);
        }
        else if (round.Tip.Slot < attempt.InvalidHereafter && IsToBeOffered(attempt, round.Tip))
        {
            await OfferAsync(attempt, round, cancellation);
        }
    }

    // What has a deadline behind it goes before the rest.
    private static IChain ChainFor(Attempt attempt, RoundView round) =>
        attempt.Subjects.Any(s => Urgency.HasDeadline(s.Action)) ? round.Chain.With(CallPriority.Deadline) : round.Chain;

    // What acts on an escrow is seen by following the contract; for anything else one must ask.
    private static bool IsDue(Attempt attempt, BlockPoint tip) =>
        IsToBeOffered(attempt, tip) || (tip.Height > attempt.OfferedAt && !IsAtContract(attempt.Transaction!));

    // Once per new block at most, and ever less often while it is refused (R6).
    private static bool IsToBeOffered(Attempt attempt, BlockPoint tip) =>
        attempt.State switch
        {
            AttemptState.Pending => tip.Height - attempt.OfferedAt >= Patience,
            _ when attempt.Refusals > 0 => tip.Height - attempt.OfferedAt >= Math.Min(LongestPause, 1 << Math.Min(attempt.Refusals - 1, 8)),
            _ => tip.Height > attempt.OfferedAt,
        };

    private static bool IsAtContract(Transaction transaction) =>
        transaction.Body.Outputs.Any(o => o.Address.Payment is { IsKey: false })
        || transaction.Witnesses.Redeemers.Any(r => r.Pointer.Tag == RedeemerTag.Spend);

    private static string Expired(Attempt attempt) =>
        "validity ended; not on chain" + (attempt.Answer is { } last ? $"; {(attempt.Refusals > 0 ? "last refused" : "last answer")}: {last}" : "");

    private static string Shorten(string reason) => reason.Length <= 500 ? reason : reason[..500] + "…";
}
