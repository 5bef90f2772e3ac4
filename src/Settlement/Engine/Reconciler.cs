using System.Collections.Frozen;
using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Chain;
using Masumi.Settlement.Attempts;
using Masumi.Settlement.Sources;
using Masumi.Settlement.Stores;
using Masumi.Settlement.Transfers;
using Masumi.Settlement.Wallets;
using Microsoft.Extensions.Logging;

namespace Masumi.Settlement.Engine;

/// <summary>What a second look found.</summary>
/// <param name="Missed">Transactions at the contract that following had missed.</param>
/// <param name="Gone">Transactions that are not on chain after all.</param>
/// <param name="Found">Attempts found in a block by their hash.</param>
/// <param name="Foreign">Transactions of our wallets that this database did not know.</param>
public sealed record LookedAgain(int Missed, int Gone, int Found, int Foreign)
{
    /// <summary>Nothing.</summary>
    public static LookedAgain Nothing { get; } = new(0, 0, 0, 0);

    /// <summary>True when nothing was amiss.</summary>
    public bool IsClean => this == Nothing;

    /// <summary>Both together.</summary>
    public static LookedAgain operator +(LookedAgain a, LookedAgain b) => new(a.Missed + b.Missed, a.Gone + b.Gone, a.Found + b.Found, a.Foreign + b.Foreign);
}

/// <summary>
/// Looks again at what was looked at (decision 12, P2): own attempts by hash, the contract's list from the last covered point, own wallets by their addresses'
/// history. A provider that was blind, or lagged, for a while is found out so, and so is what another copy of this node did.
/// </summary>
internal sealed class Reconciler(
    SettlementStore store,
    IChain chain,
    ChainFollower follower,
    EscrowReader reader,
    Tender tender,
    WalletCoins coins,
    IdSource ids,
    ILogger logger
)
{
    /// <summary>So many blocks before the tip are looked at again the next time too, twice as many as come between two looks: a list may lag, or be blind.</summary>
    private const int Overlap = 200;

    /// <summary>The same for wallets: what others paid in is read anew each time, so it is as little as a lag takes.</summary>
    private const int WalletOverlap = 20;

    private readonly LateReader _late = new(store.Chain, reader, logger);

    // What a look lacked, and the newest block at which it was first lacking.
    private readonly Dictionary<string, Dictionary<TransactionId, Hash32>> _suspects = new(StringComparer.Ordinal);

    /// <summary>Looks at everything of a source.</summary>
    /// <param name="source">The source.</param>
    /// <param name="reached">The point that following has stored.</param>
    /// <param name="since">From when on the lists are looked at, as far as a rollback reaches; null: from a while before the last look.</param>
    /// <param name="cancellation">Ends waiting.</param>
    public async Task<LookedAgain> LookAsync(PaymentSource source, BlockPoint reached, DateTimeOffset? since, CancellationToken cancellation)
    {
        var found = await LookAtContractAsync(source, reached, since, cancellation) + await LookAtAttemptsAsync(source, reached, cancellation);
        foreach (var wallet in await store.Wallets.ListAsync(cancellation))
        {
            if (wallet.SourceId == source.Id)
            {
                found += await LookAtWalletAsync(source, wallet, reached, since, cancellation);
            }
        }

        if (!found.IsClean)
        {
            coins.DoubtAll();
            logger.LogWarning(
                "Looking again at {Source} found {Missed} missed, {Gone} gone, {Found} of ours in blocks, {Foreign} of our wallets that were not known",
                source.Id,
                found.Missed,
                found.Gone,
                found.Found,
                found.Foreign
            );
        }

        return found;
    }

    private async Task<LookedAgain> LookAtContractAsync(PaymentSource source, BlockPoint reached, DateTimeOffset? since, CancellationToken cancellation)
    {
        var from = Math.Min(source.CoveredHeight - Overlap, since is { } time ? await HeightBeforeAsync(source, time, cancellation) : long.MaxValue);
        from = Math.Max(0, Math.Max(from, reached.Height - ChainStore.PointsKept));
        var listed = await chain.ListTransactionsAsync(source.ContractAddress, from, cancellation);
        var known = await store.Chain.ListFollowedAsync(source.Id, from, cancellation);
        var wallets = await store.Wallets.ListAsync(cancellation);
        var keys = wallets.Select(w => w.KeyHash).ToFrozenSet();
        var unsigned = await store.Chain.ListUnsignedAsync(source.Id, from, cancellation);
        var missed = new List<FollowedTransaction>();
        foreach (var row in listed.Where(r => r.Height <= reached.Height))
        {
            var isKnown = known.TryGetValue(row.TxId, out var height) && height == row.Height;
            if (
                (!isKnown || unsigned.Contains(row.TxId))
                && await _late.FindAsync(chain, row.TxId, cancellation) is { } transaction
                && transaction.Block.Height <= reached.Height
            )
            {
                var read = await reader.ReadAsync(source, transaction, missed, keys, cancellation);
                if (!isKnown || read.Steps.Any(s => s.SignedByBuyer))
                {
                    missed.Add(read);
                }
            }
        }

        missed = await _late.WithLaterAsync(source, missed, keys, chain, cancellation);
        if (missed.Count > 0)
        {
            await store.Chain.AppendAsync(source, reached, missed, null, follower.Changes(source, wallets, reached.Height), cancellation);
        }

        var gone = await LookForGoneAsync(source, listed, known, wallets, reached, cancellation);

        // What is under suspicion must be looked at a second time, however many blocks come until then, and whoever looks then.
        var suspected = _suspects[source.Id].Keys.Select(s => known[s] - 1).Append(reached.Height).Min();
        await store.Sources.SetCoveredAsync(source.Id, suspected, cancellation);
        return new LookedAgain(missed.Count, gone, 0, 0);
    }

    // One look that lacks a transaction may be a list that lags; gone is what is missing by its hash too, at two looks with a block between them.
    private async Task<int> LookForGoneAsync(
        PaymentSource source,
        IReadOnlyList<ListedTransaction> listed,
        ImmutableDictionary<TransactionId, long> known,
        IReadOnlyList<HotWallet> wallets,
        BlockPoint reached,
        CancellationToken cancellation
    )
    {
        var shown = listed.Select(l => l.TxId).ToHashSet();
        var suspects = _suspects.GetValueOrDefault(source.Id) ?? [];
        var still = new Dictionary<TransactionId, Hash32>();
        var gone = new List<TransactionId>();
        foreach (var id in known.Keys.Where(k => !shown.Contains(k)).Order())
        {
            if (await chain.FindTransactionAsync(id, cancellation) is not null)
            {
                continue;
            }

            if (suspects.TryGetValue(id, out var since) && since != reached.Hash)
            {
                gone.Add(id);
            }
            else
            {
                still[id] = reached.Hash;
            }
        }

        _suspects[source.Id] = still;
        if (gone.Count > 0)
        {
            await store.Chain.ForgetAsync(source, gone, follower.Changes(source, wallets, reached.Height), cancellation);
        }

        return gone.Count;
    }

    private async Task<LookedAgain> LookAtAttemptsAsync(PaymentSource source, BlockPoint reached, CancellationToken cancellation)
    {
        var found = 0;
        foreach (var attempt in await store.Attempts.ListDoubtfulAsync(source.Id, cancellation))
        {
            found += await tender.FindAsync(attempt, reached.Height, cancellation) ? 1 : 0;
        }

        // In a block, and nothing at the contract shows it: its block may have been taken back since, or the contract's list have left it out.
        var wallets = await store.Wallets.ListAsync(cancellation);
        var keys = wallets.Select(w => w.KeyHash).ToFrozenSet();
        var missed = 0;
        foreach (var attempt in (await store.Attempts.ListUnshownAsync(cancellation)).Where(a => a.SourceId == source.Id && a.Height <= reached.Height))
        {
            if (await chain.FindTransactionAsync(attempt.TxId, cancellation) is not { } transaction)
            {
                await store.Attempts.TakeBackAsync(attempt, follower.Decisions, cancellation);
            }
            else if (transaction.Block.Height <= reached.Height)
            {
                var read = await reader.ReadAsync(source, transaction, [], keys, cancellation);
                var late = await _late.WithLaterAsync(source, [read], keys, chain, cancellation);
                await store.Chain.AppendAsync(source, reached, late, null, follower.Changes(source, wallets, reached.Height), cancellation);
                missed++;
            }
        }

        return new LookedAgain(missed, 0, found, 0);
    }

    private async Task<LookedAgain> LookAtWalletAsync(
        PaymentSource source,
        HotWallet wallet,
        BlockPoint reached,
        DateTimeOffset? since,
        CancellationToken cancellation
    )
    {
        var from = wallet.CoveredHeight is { } covered ? Math.Max(0, covered - WalletOverlap) : await StartAsync(source, reached, cancellation);
        if (since is { } time)
        {
            from = Math.Min(from, Math.Max(await HeightBeforeAsync(source, time, cancellation), reached.Height - ChainStore.PointsKept));
        }

        var foreign = new List<ChainTransaction>();
        foreach (var row in await chain.ListTransactionsAsync(wallet.Address, from, cancellation))
        {
            if (row.Height > reached.Height || await store.Attempts.FindAsync(row.TxId.ToString(), cancellation) is { Height: not null })
            {
                continue;
            }

            if (await _late.FindAsync(chain, row.TxId, cancellation) is { } transaction && transaction.Block.Height <= reached.Height)
            {
                foreign.Add(transaction);
            }
        }

        if (foreign.Count > 0)
        {
            // Others paid in, or it was used elsewhere.
            coins.Doubt(wallet.Id);
        }

        var wallets = await store.Wallets.ListAsync(cancellation);
        var keys = wallets.Select(w => w.KeyHash).ToFrozenSet();
        var news = 0;
        foreach (var transaction in foreign)
        {
            // What the wallet did without this database: a lock of a copy is a lock of ours, and what it spent is spent.
            await store.Attempts.MarkTakenAsync(transaction, follower.Decisions, cancellation);
            news += await AdoptAsync(wallet, transaction, cancellation) ? 1 : 0;
            if (transaction.Transaction.Body.Outputs.Any(o => o.Address == source.ContractAddress))
            {
                var read = await reader.ReadAsync(source, transaction, [], keys, cancellation);
                var isKnown = (await store.Chain.ListFollowedAsync(source.Id, transaction.Block.Height, cancellation)).ContainsKey(transaction.Transaction.Id);

                // What is known may have been read before the wallet was here, as somebody else's.
                var late = await _late.WithLaterAsync(source, [read], keys, chain, cancellation);
                await store.Chain.AppendAsync(source, reached, late, null, follower.Changes(source, wallets, reached.Height), cancellation);
                news += isKnown ? 0 : 1;
            }
        }

        await store.Wallets.SetCoveredAsync(wallet.Id, reached.Height, cancellation);
        return new LookedAgain(0, 0, 0, news);
    }

    // A transfer that another copy of this node made: its mark and the wallet's signature say so.
    private async Task<bool> AdoptAsync(HotWallet wallet, ChainTransaction found, CancellationToken cancellation)
    {
        var transaction = found.Transaction;
        if (
            !found.IsValid
            || TransferMark.Read(transaction) is not { } id
            || !Signatures.Hold(transaction, wallet.KeyHash)
            || await store.Transfers.GetAsync(id, cancellation) is not { State: TransferState.Requested or TransferState.Failed } transfer
            || transfer.WalletId != wallet.Id
            || !transfer.IsPaidBy(transaction)
        )
        {
            return false;
        }

        var attempt = new Attempt
        {
            Id = ids.Next(),
            Kind = TransferMachine.Send,
            SourceId = transfer.SourceId,
            WalletId = wallet.Id,
            TxId = transaction.Id,
            Transaction = transaction,
            InvalidHereafter = transaction.Body.InvalidHereafter ?? new Slot(long.MaxValue),
            Fee = transaction.Body.Fee,
            Subjects = [new AttemptSubject(transfer.Id, TransferMachine.Send)],
            CreatedAt = found.Block.Time,
        };

        return await store.Attempts.AdoptAsync(attempt, found, follower.Decisions, cancellation);
    }

    // The height from which a wallet's history matters: nothing of ours is older than the oldest deal that waits for a lock, or transfer that waits.
    private async Task<long> StartAsync(PaymentSource source, BlockPoint reached, CancellationToken cancellation)
    {
        var waiting = new[]
        {
            await store.Deals.OldestUnlockedAsync(source.Id, cancellation),
            await store.Transfers.OldestWaitingAsync(source.Id, cancellation),
        };
        if (waiting.Min() is not { } oldest)
        {
            return reached.Height;
        }

        return await HeightBeforeAsync(source, oldest - TimeSpan.FromHours(1), cancellation);
    }

    private async Task<long> HeightBeforeAsync(PaymentSource source, DateTimeOffset time, CancellationToken cancellation) =>
        (await store.Chain.ListPointsAsync(source.Id, cancellation)).FirstOrDefault(p => p.Time < time)?.Height ?? 0;
}
