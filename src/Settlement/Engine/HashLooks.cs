using Masumi.Cardano;
using Masumi.Chain;
using Masumi.Settlement.Attempts;
using Masumi.Settlement.Sources;
using Masumi.Settlement.Stores;
using Masumi.Settlement.Wallets;

namespace Masumi.Settlement.Engine;

/// <summary>
/// Asks what became of attempts by their hashes, where no list tells it. One answer may come from another fork, from somebody who is blind for a while, or call valid
/// what failed: what it would undo is undone when two looks, with a block between them, were told the same.
/// </summary>
internal sealed class HashLooks(SettlementStore store, IChain chain, ChainFollower follower, Tender tender, WalletCoins coins)
{
    /// <summary>So many slots no transaction of this node's is valid.</summary>
    private const long Lasting = 3_600;

    private readonly Dictionary<string, Dictionary<TransactionId, Told>> _told = new(StringComparer.Ordinal);

    /// <summary>Asks for the attempts of a source.</summary>
    public async Task<LookedAgain> RunAsync(PaymentSource source, BlockPoint reached, CancellationToken cancellation)
    {
        var before = _told.GetValueOrDefault(source.Id) ?? [];
        var now = new Dictionary<TransactionId, Told>();
        var found = 0;
        foreach (var attempt in await store.Attempts.ListDoubtfulAsync(source.Id, cancellation))
        {
            if (await tender.FindAsync(attempt, reached.Height, cancellation))
            {
                found++;
            }
            else if (attempt.IsSent && attempt.InvalidHereafter.Number - reached.Slot.Number > Lasting)
            {
                await LookForInputsAsync(attempt, reached, before, now, cancellation);
            }
        }

        var gone = 0;
        foreach (var attempt in await store.Attempts.ListElsewhereAsync(source.Id, reached.Height - ChainStore.PointsKept, reached.Height, cancellation))
        {
            gone += await LookElsewhereAsync(attempt, reached, before, now, cancellation) ? 1 : 0;
        }

        _told[source.Id] = now;
        return new LookedAgain(0, gone, found, 0);
    }

    // What other programs make with our wallets may be valid for ever. If a fork lost what it spends, no other transaction takes that, and nothing would end it. It stays a
    // rival: with its coin it may come back.
    private async Task LookForInputsAsync(
        Attempt attempt,
        BlockPoint reached,
        Dictionary<TransactionId, Told> before,
        Dictionary<TransactionId, Told> now,
        CancellationToken cancellation
    )
    {
        foreach (var maker in attempt.Transaction!.Body.Inputs.Select(i => i.TxId).Distinct())
        {
            if (
                await chain.FindTransactionAsync(maker, cancellation) is not null
                || await store.Attempts.FindAsync(maker.ToString(), cancellation) is { IsSent: true }
            )
            {
                continue;
            }

            now[attempt.TxId] = Told.Of(null, reached, before.GetValueOrDefault(attempt.TxId));
            if (now[attempt.TxId].IsTwice)
            {
                coins.Doubt(attempt.WalletId);
                var why = $"it spends an output of {maker}, which is in no block";
                await store.Attempts.EndAsync(attempt, AttemptState.Conflicted, why, null, follower.Decisions, cancellation);
            }

            return;
        }
    }

    // What did nothing at the contract no list of the contract shows, and a wallet's list names what failed as well. What runs no scripts cannot have failed; the rest
    // is asked for as long as a rollback reaches it, like what failed. True when something was undone.
    private async Task<bool> LookElsewhereAsync(
        Attempt attempt,
        BlockPoint reached,
        Dictionary<TransactionId, Told> before,
        Dictionary<TransactionId, Told> now,
        CancellationToken cancellation
    )
    {
        var last = before.GetValueOrDefault(attempt.TxId);
        if (last is { IsTwice: true } && last.IsAsNoted(attempt) && attempt.Transaction!.Witnesses.Redeemers.IsEmpty)
        {
            now[attempt.TxId] = last;
            return false;
        }

        var found = await chain.FindTransactionAsync(attempt.TxId, cancellation);
        if (found?.Block.Height > reached.Height)
        {
            // A block that came meanwhile.
            return false;
        }

        var told = Told.Of(found, reached, last);
        now[attempt.TxId] = told;
        if (!told.IsTwice || told.IsAsNoted(attempt))
        {
            return false;
        }

        coins.Doubt(attempt.WalletId);
        await (
            found is null
                ? store.Attempts.TakeBackAsync(attempt, follower.Decisions, cancellation)
                : store.Attempts.MarkFoundAsync(attempt, found, follower.Decisions, cancellation)
        );
        return true;
    }

    // In which block something is (null: in none), whether it took effect there, when that was first said, and whether it was said at two looks.
    private sealed record Told(long? Height, bool IsValid, Hash32 At, bool IsTwice)
    {
        public static Told Of(ChainTransaction? found, BlockPoint reached, Told? last)
        {
            var told = new Told(found?.Block.Height, found is { IsValid: true }, reached.Hash, false);
            return last is null || (last.Height, last.IsValid) != (told.Height, told.IsValid) ? told
                : last.At == reached.Hash ? last
                : last with { IsTwice = true };
        }

        public bool IsAsNoted(Attempt attempt) => IsValid && Height == attempt.Height;
    }
}
