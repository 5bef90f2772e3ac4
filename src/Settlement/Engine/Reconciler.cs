using System.Collections.Frozen;
using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Chain;
using Masumi.Settlement.Attempts;
using Masumi.Settlement.Sources;
using Masumi.Settlement.Stores;
using Masumi.Settlement.Wallets;
using Microsoft.Extensions.Logging;

namespace Masumi.Settlement.Engine;

/// <summary>What a second look found.</summary>
/// <param name="Missed">Transactions at the contract that following had missed.</param>
/// <param name="Gone">Transactions that are not on chain after all, or that failed there.</param>
/// <param name="Found">Attempts found in a block by their hash.</param>
/// <param name="Foreign">Transactions of our wallets that this database did not know.</param>
public sealed record LookedAgain(int Missed, int Gone, int Found, int Foreign)
{
    /// <summary>
    /// Transactions of which we know by their hash that they are on chain, and that the lists lack: who lists them is blind or behind, and what else is missing
    /// there says nothing.
    /// </summary>
    public int Unlisted { get; init; }

    /// <summary>Transactions that the lists name and that are not found by their hash: whoever is asked for them is behind, or they never were.</summary>
    public int Unfound { get; init; }

    /// <summary>True when what was found could not be noted, since another process went on meanwhile: it is to be looked for again.</summary>
    public bool WasOvertaken { get; init; }

    /// <summary>True when what this look did not find is not there, as far as lists can say.</summary>
    public bool SawEverything => Unlisted == 0 && Unfound == 0 && !WasOvertaken;

    /// <summary>Nothing.</summary>
    public static LookedAgain Nothing { get; } = new(0, 0, 0, 0);

    /// <summary>Of a look that was overtaken.</summary>
    public static LookedAgain Overtaken { get; } = new(0, 0, 0, 0) { WasOvertaken = true };

    /// <summary>True when nothing was amiss.</summary>
    public bool IsClean => this == Nothing;

    /// <summary>Both together.</summary>
    public static LookedAgain operator +(LookedAgain a, LookedAgain b) =>
        new(a.Missed + b.Missed, a.Gone + b.Gone, a.Found + b.Found, a.Foreign + b.Foreign)
        {
            Unlisted = a.Unlisted + b.Unlisted,
            Unfound = a.Unfound + b.Unfound,
            WasOvertaken = a.WasOvertaken || b.WasOvertaken,
        };
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
    Safety safety,
    ILogger logger
)
{
    /// <summary>So many blocks before the tip are looked at again the next time too, twice as many as come between two looks: a list may lag, or be blind.</summary>
    private const int Overlap = 200;

    // Each costs a call.
    private const int MostAskedAgain = 25;

    private const int MostUnsigned = 1_000;

    /// <summary>The same for wallets: what others paid in is read anew each time, so it is as little as a lag takes.</summary>
    private const int WalletOverlap = 20;

    private readonly LateReader _late = new(store.Chain, reader, logger);
    private readonly Adoption _adoption = new(store, follower);
    private readonly HashLooks _byHash = new(store, chain, follower, tender, coins);

    // Told once in the life of a process.
    private readonly HashSet<string> _orphans = new(StringComparer.Ordinal);

    // What a look lacked, and the newest block at which it was first lacking.
    private readonly Dictionary<string, Dictionary<TransactionId, Hash32>> _suspects = new(StringComparer.Ordinal);

    // Said once in the life of a process.
    private readonly HashSet<TransactionId> _givenUp = [];

    // Of which list what row was not found by its hash, and the time of the newest block when that was first so.
    private readonly Dictionary<Address, Dictionary<TransactionId, (long Height, DateTimeOffset Since)>> _unfound = [];

    /// <summary>Looks at everything of a source.</summary>
    /// <param name="source">The source.</param>
    /// <param name="reached">The point that following has stored.</param>
    /// <param name="since">From when on the lists are looked at, as far as a rollback reaches; null: from a while before the last look.</param>
    /// <param name="cancellation">Ends waiting.</param>
    public async Task<LookedAgain> LookAsync(PaymentSource source, BlockPoint reached, DateTimeOffset? since, CancellationToken cancellation)
    {
        var wallets = await store.Wallets.ListAsync(cancellation);
        var look = new Look(source, wallets, wallets.Select(w => w.KeyHash).ToFrozenSet(), reached, since);
        var found = await LookAtContractAsync(look, cancellation) + await LookAtAttemptsAsync(look, cancellation);
        foreach (var wallet in wallets.Where(w => w.SourceId == source.Id))
        {
            found += await LookAtWalletAsync(look, wallet, cancellation);
        }

        foreach (var identifier in await store.Chain.ListOrphansAsync(source.Id, cancellation))
        {
            if (_orphans.Add(identifier))
            {
                logger.LogWarning(
                    "{Source}: money of a wallet of this node lies at the contract, and there is no deal for it: {Identifier}",
                    source.Id,
                    identifier
                );
            }
        }

        if (!found.IsClean)
        {
            coins.DoubtAll();
            logger.LogWarning(
                "Looking again at {Source} found {Missed} missed, {Gone} gone, {Found} of ours in blocks, {Foreign} of our wallets that were not known, "
                    + "{Unlisted} that its lists lack, {Unfound} that they name and that are not there",
                source.Id,
                found.Missed,
                found.Gone,
                found.Found,
                found.Foreign,
                found.Unlisted,
                found.Unfound
            );
        }

        return found;
    }

    private async Task<LookedAgain> LookAtContractAsync(Look look, CancellationToken cancellation)
    {
        var (source, _, keys, reached, since) = look;
        var from = Math.Min(source.CoveredHeight - Overlap, since is { } time ? await HeightBeforeAsync(source, time, cancellation) : long.MaxValue);
        from = Math.Max(0, Math.Max(from, reached.Height - ChainStore.PointsKept));
        var listed = await chain.ListTransactionsAsync(source.ContractAddress, from, cancellation);
        var known = await store.Chain.ListFollowedAsync(source.Id, from, cancellation);
        var doubted = await store.Chain.ListDoubtedAsync(source.Id, from, cancellation);
        var unsigned = await UnsignedAsync(look, from, cancellation);
        var shown = new List<ChainTransaction>();
        var uncertain = new HashSet<TransactionId>();
        var unfound = new List<ListedTransaction>();
        foreach (var row in listed.Where(r => r.Height <= reached.Height))
        {
            var isKnown = known.TryGetValue(row.TxId, out var height) && height == row.Height && !doubted.Contains(row.TxId);
            if (isKnown && !unsigned.Contains(row.TxId))
            {
                continue;
            }

            var (transaction, isMissing) = await _late.FindAsync(chain, row.TxId, cancellation);
            if (isMissing)
            {
                unfound.Add(row);
            }

            if (transaction is { IsValid: true } && transaction.Block.Height <= reached.Height)
            {
                shown.Add(transaction);
                if (isKnown)
                {
                    uncertain.Add(row.TxId);
                }
            }
        }

        // What is known already is missed only where its lock is signed after all.
        var read = await reader.ReadAsync(source, shown, keys, cancellation);
        var missed = read.Where(r => !uncertain.Contains(r.Transaction.Transaction.Id) || r.Steps.Any(s => s.SignedByBuyer)).ToList();
        if (!await AddAsync(look, missed, cancellation))
        {
            return LookedAgain.Overtaken;
        }

        var gone = await LookForGoneAsync(look, listed, known, cancellation);

        // What is under suspicion, or was not found, must be looked at a second time, however many blocks come until then, and whoever looks then.
        var lagging = Lagging(source.ContractAddress, unfound, from, reached);
        var suspected = _suspects[source.Id].Keys.Select(s => known[s]).Concat(lagging).Select(h => h - 1).Append(reached.Height).Min();
        await store.Sources.SetCoveredAsync(source.Id, suspected, cancellation);
        return gone + new LookedAgain(missed.Count, 0, 0, 0) { Unfound = lagging.Count };
    }

    // Where a list names what is not found, who is asked for it lags; but not for ever. A row that an index has of which there is no transaction would else hold up what
    // pays, and be asked for with all that came since, without an end. Heights of those for which it is to be waited.
    private List<long> Lagging(Address list, List<ListedTransaction> unfound, long from, BlockPoint reached)
    {
        var before = _unfound.GetValueOrDefault(list) ?? [];
        var now = unfound
            .DistinctBy(r => r.TxId)
            .ToDictionary(r => r.TxId, r => (r.Height, Since: before.TryGetValue(r.TxId, out var first) ? first.Since : reached.Time));

        // What this look did not ask for is as it was, for one that goes further back.
        foreach (var (id, first) in before.Where(b => b.Value.Height < from && b.Value.Height >= reached.Height - ChainStore.PointsKept))
        {
            now.TryAdd(id, first);
        }

        _unfound[list] = now;
        var lagging = unfound.Where(r => safety.MayLag(reached.Time - now[r.TxId].Since)).ToList();
        foreach (var row in unfound.Except(lagging).Where(r => _givenUp.Add(r.TxId)))
        {
            logger.LogWarning(
                "{Address} is listed with {TxId}, which is nowhere since {Since:u}: it is waited for no longer",
                list,
                row.TxId,
                now[row.TxId].Since
            );
        }

        return [.. lagging.Select(r => r.Height)];
    }

    // Locks whose signatures were perhaps told wrongly: of those without the buyer's, the ones that would count with it. Anyone can make others, for nothing.
    private async Task<HashSet<TransactionId>> UnsignedAsync(Look look, long from, CancellationToken cancellation)
    {
        var changes = follower.Changes(look.Source, look.Wallets, look.Reached.Height);
        var unsigned = await store.Chain.ListUnsignedAsync(look.Source.Id, from, MostUnsigned, cancellation);
        return
        [
            .. unsigned
                .Where(u => changes.Project(u.Deal, [u.Lock with { SignedByBuyer = true, IsAgreed = true }]).Deal.Projection.State is not null)
                .Select(u => u.Lock.TxId)
                .Distinct()
                .Take(MostAskedAgain),
        ];
    }

    // Adds what was missed up to the point reached, and reads again what was read without it. False when another process went on meanwhile.
    private async Task<bool> AddAsync(Look look, List<FollowedTransaction> missed, CancellationToken cancellation)
    {
        if (missed.Count == 0)
        {
            return true;
        }

        var (source, wallets, keys, reached, _) = look;
        var all = await _late.WithLaterAsync(source, missed, keys, chain, cancellation);
        return await store.Chain.AppendAsync(source, reached, all, null, follower.Changes(source, wallets, reached.Height), cancellation);
    }

    // One look that lacks a transaction may be a list that lags; gone is what is missing by its hash too, or failed by it, at two looks with a block between them: no
    // list of a contract names what failed there, and one provider may have called it valid for a while.
    private async Task<LookedAgain> LookForGoneAsync(
        Look look,
        IReadOnlyList<ListedTransaction> listed,
        ImmutableDictionary<TransactionId, long> known,
        CancellationToken cancellation
    )
    {
        var (source, wallets, keys, reached, _) = look;
        var shown = listed.Select(l => l.TxId).ToHashSet();
        var suspects = _suspects.GetValueOrDefault(source.Id) ?? [];
        var still = new Dictionary<TransactionId, Hash32>();
        var gone = new List<TransactionId>();
        var failed = new List<ChainTransaction>();
        var unlisted = 0;
        foreach (var id in known.Keys.Where(k => !shown.Contains(k)).Order())
        {
            var found = await chain.FindTransactionAsync(id, cancellation);
            if (found is { IsValid: true })
            {
                unlisted++;
            }
            else if (!suspects.TryGetValue(id, out var since) || since == reached.Hash || found?.Block.Height > reached.Height)
            {
                still[id] = reached.Hash;
            }
            else if (found is null)
            {
                gone.Add(id);
            }
            else
            {
                // Under suspicion until it is noted.
                still[id] = since;
                failed.Add(found);
            }
        }

        _suspects[source.Id] = still;
        if (gone.Count > 0)
        {
            await store.Chain.ForgetAsync(source, gone, follower.Changes(source, wallets, reached.Height), cancellation);
        }

        return new LookedAgain(0, gone.Count + failed.Count, 0, 0)
        {
            Unlisted = unlisted,
            WasOvertaken = !await AddAsync(look, await reader.ReadAsync(source, failed, keys, cancellation), cancellation),
        };
    }

    private async Task<LookedAgain> LookAtAttemptsAsync(Look look, CancellationToken cancellation)
    {
        var (source, _, keys, reached, _) = look;
        var byHash = await _byHash.RunAsync(source, reached, cancellation);

        // In a block, and nothing at the contract shows it: its block may have been taken back since, or the contract's list have left it out.
        var shown = new List<ChainTransaction>();
        foreach (var attempt in (await store.Attempts.ListUnshownAsync(cancellation)).Where(a => a.SourceId == source.Id && a.Height <= reached.Height))
        {
            if (await chain.FindTransactionAsync(attempt.TxId, cancellation) is not { } transaction)
            {
                await store.Attempts.TakeBackAsync(attempt, follower.Decisions, cancellation);
            }
            else if (transaction.Block.Height <= reached.Height)
            {
                shown.Add(transaction);
            }
        }

        // The contract's list was asked just now, and did not have them.
        var missed = await reader.ReadAsync(source, shown, keys, cancellation);
        return await AddAsync(look, missed, cancellation) ? byHash + new LookedAgain(missed.Count, 0, 0, 0) { Unlisted = missed.Count } : LookedAgain.Overtaken;
    }

    private async Task<LookedAgain> LookAtWalletAsync(Look look, HotWallet wallet, CancellationToken cancellation)
    {
        var (source, _, keys, reached, since) = look;
        var from = wallet.CoveredHeight is { } covered ? Math.Max(0, covered - WalletOverlap) : await StartAsync(source, reached, cancellation);
        if (since is { } time)
        {
            from = Math.Min(from, Math.Max(await HeightBeforeAsync(source, time, cancellation), reached.Height - ChainStore.PointsKept));
        }

        var foreign = new List<ChainTransaction>();
        var unfound = new List<ListedTransaction>();
        var listed = await chain.ListTransactionsAsync(wallet.Address, from, cancellation);
        var unlisted = (await store.Attempts.ListOpenAsync(from - 1, cancellation)).Count(a =>
            IsToBeListed(a, wallet, reached) && !listed.Any(r => r.TxId == a.TxId)
        );
        foreach (var row in listed)
        {
            if (row.Height > reached.Height || await store.Attempts.FindAsync(row.TxId.ToString(), cancellation) is { Height: not null })
            {
                continue;
            }

            var (transaction, isMissing) = await _late.FindAsync(chain, row.TxId, cancellation);
            if (isMissing)
            {
                unfound.Add(row);
            }

            if (transaction is not null && transaction.Block.Height <= reached.Height)
            {
                foreign.Add(transaction);
            }
        }

        if (foreign.Count > 0)
        {
            // Others paid in, or it was used elsewhere.
            coins.Doubt(wallet.Id);
        }

        var news = 0;
        var atContract = new List<ChainTransaction>();
        foreach (var transaction in foreign)
        {
            // What the wallet did without this database: a lock of a copy is a lock of ours, and what it spent is spent.
            await store.Attempts.MarkTakenAsync(transaction, follower.Decisions, cancellation);
            news += await _adoption.AdoptAsync(source, wallet, transaction, cancellation) ? 1 : 0;
            if (transaction.Transaction.Body.Outputs.Any(o => o.Address == source.ContractAddress))
            {
                var isKnown = (await store.Chain.ListFollowedAsync(source.Id, transaction.Block.Height, cancellation)).ContainsKey(transaction.Transaction.Id);

                // What is known may have been read before the wallet was here, as somebody else's.
                atContract.Add(transaction);
                news += isKnown ? 0 : 1;
            }
        }

        var missed = await reader.ReadAsync(source, atContract, keys, cancellation);
        if (!await AddAsync(look, missed, cancellation))
        {
            return LookedAgain.Overtaken;
        }

        var lagging = Lagging(wallet.Address, unfound, from, reached);
        await store.Wallets.SetCoveredAsync(wallet.Id, lagging.Select(h => h - 1).Append(reached.Height).Min(), cancellation);
        return new LookedAgain(0, 0, 0, news) { Unlisted = unlisted, Unfound = lagging.Count };
    }

    private static bool IsToBeListed(Attempt attempt, HotWallet wallet, BlockPoint reached) =>
        attempt.State == AttemptState.InBlock
        && attempt.WalletId == wallet.Id
        && attempt.Height <= reached.Height
        && attempt.Transaction!.Body.Outputs.Any(o => o.Address == wallet.Address);

    // The height from which a wallet's history matters: nothing of ours is older than the oldest deal that waits for a lock, or registration or transfer that waits.
    private async Task<long> StartAsync(PaymentSource source, BlockPoint reached, CancellationToken cancellation)
    {
        var waiting = new[]
        {
            await store.Deals.OldestUnlockedAsync(source.Id, cancellation),
            await store.Transfers.OldestWaitingAsync(source.Id, cancellation),
            await store.Registrations.OldestWaitingAsync(source.Id, cancellation),
        };
        if (waiting.Min() is not { } oldest)
        {
            return reached.Height;
        }

        return await HeightBeforeAsync(source, oldest - TimeSpan.FromHours(1), cancellation);
    }

    private async Task<long> HeightBeforeAsync(PaymentSource source, DateTimeOffset time, CancellationToken cancellation) =>
        (await store.Chain.ListPointsAsync(source.Id, cancellation)).FirstOrDefault(p => p.Time < time)?.Height ?? 0;

    // All wallets as they are when the look begins, removed ones too, and their payment keys.
    private sealed record Look(PaymentSource Source, ImmutableArray<HotWallet> Wallets, FrozenSet<KeyHash> Keys, BlockPoint Reached, DateTimeOffset? Since);
}
