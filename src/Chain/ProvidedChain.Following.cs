using System.Runtime.CompilerServices;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Microsoft.Extensions.Logging;

namespace Masumi.Chain;

// Following an address or a policy: find where to continue, list what is new, read it, report it in chain order. A pass talks to one provider.
public sealed partial class ProvidedChain
{
    // No chain goes back further (the security parameter): a provider whose tip is lower than that is still reading.
    private const int DeepestRollback = 2_160;

    /// <inheritdoc/>
    /// <remarks>
    /// A known point stands for "everything up to this block was reported", so points should come from <see cref="ChainEvent.CaughtUp"/>. A transaction
    /// that the provider lists late (within three blocks) is still reported, then after others of its height.
    /// </remarks>
    public IAsyncEnumerable<ChainEvent> FollowAddressAsync(Address address, IReadOnlyList<BlockPoint> knownPoints, CancellationToken cancellation) =>
        FollowAsync($"{address}", knownPoints, (talk, range, cancel) => ListAddressAsync(talk, address, range.From, range.To, cancel), cancellation);

    /// <inheritdoc/>
    /// <remarks>
    /// Providers have no transaction list per policy, only per asset. When the tip has moved, a pass costs, besides the questions of
    /// <see cref="FollowAddressAsync"/>, 1 per page of assets ever minted under the policy + 1 for each of them, except those that had no supply at the last pass
    /// and have none now. On a hosted endpoint follow a large policy at long intervals.
    /// </remarks>
    public IAsyncEnumerable<ChainEvent> FollowPolicyAsync(PolicyId policy, IReadOnlyList<BlockPoint> knownPoints, CancellationToken cancellation) =>
        FollowAsync($"{policy}", knownPoints, (talk, range, cancel) => ListPolicyAsync(talk, policy, range, cancel), cancellation);

    // As long as nothing was told, the next provider can be asked instead; so it is where one is behind: its lag is no rollback while another is not.
    private async IAsyncEnumerable<ChainEvent> FollowAsync(
        string followed,
        IReadOnlyList<BlockPoint> known,
        Func<Conversation, Range, CancellationToken, IAsyncEnumerable<ListedTransaction>> list,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        var failures = new List<ChainUnavailableException>();
        ChainEvent.Behind? behind = null;
        foreach (var line in _board.Lines)
        {
            var told = false;
            var talk = new Conversation(_board, line, _priority, null);
            var pass = PassAsync(talk, followed, known, list, cancellation).GetAsyncEnumerator(cancellation);
            await using var closing = pass.ConfigureAwait(false);
            while (true)
            {
                try
                {
                    if (!await pass.MoveNextAsync().ConfigureAwait(false))
                    {
                        yield break;
                    }
                }
                catch (ChainUnavailableException e) when (!told)
                {
                    failures.Add(e);
                    break;
                }

                if (pass.Current is ChainEvent.Behind lag)
                {
                    behind ??= lag;
                    break;
                }

                told = true;
                yield return pass.Current;
            }
        }

        yield return behind ?? throw ProviderBoard.Together(failures);
    }

    private async IAsyncEnumerable<ChainEvent> PassAsync(
        Conversation talk,
        string followed,
        IReadOnlyList<BlockPoint> known,
        Func<Conversation, Range, CancellationToken, IAsyncEnumerable<ListedTransaction>> list,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        var newest = known.Count > 0 ? known[0] : null;
        var tip = await ReadConfirmedTipAsync(talk, newest, cancellation).ConfigureAwait(false);
        if (newest is not null && IsSame(newest, tip.Point))
        {
            _state.Memory.ForgetLower(followed);
            yield return new ChainEvent.CaughtUp(tip.Point);
            yield break;
        }

        if (newest is not null && await IsBehindAsync(talk, followed, tip, newest, cancellation).ConfigureAwait(false))
        {
            yield return new ChainEvent.Behind(tip.Point);
            yield break;
        }

        var start = await FindStartAsync(talk, tip, known, cancellation).ConfigureAwait(false);
        if (newest is not null && start != newest)
        {
            yield return new ChainEvent.RolledBack(start);
        }

        var after = start?.Height ?? -1;
        var range = new Range(
            Math.Max(0, after - FollowMemory.Overlap + 1),
            tip.Point.Height,
            _state.Memory.Find(followed, start),
            new FollowMemory.Pass(tip.Point.Hash)
        );
        var batch = new List<ListedTransaction>(ReadAhead);
        await foreach (var row in list(talk, range, cancellation).ConfigureAwait(false))
        {
            if (row.Height > tip.Point.Height - FollowMemory.Overlap)
            {
                range.Now.NearEnd.Add(row.TxId);
            }

            if (row.Height <= after && (range.Before is null || range.Before.NearEnd.Contains(row.TxId)))
            {
                continue;
            }

            batch.Add(row);
            if (batch.Count == ReadAhead)
            {
                foreach (var transaction in await ReadBatchAsync(talk, batch, start, tip, cancellation).ConfigureAwait(false))
                {
                    yield return new ChainEvent.Included(transaction);
                }

                batch.Clear();
            }
        }

        foreach (var transaction in await ReadBatchAsync(talk, batch, start, tip, cancellation).ConfigureAwait(false))
        {
            yield return new ChainEvent.Included(transaction);
        }

        yield return new ChainEvent.CaughtUp(tip.Point);

        _state.Memory.Remember(followed, range.Now);
    }

    /// <summary>The newest block that is deep enough to be told about.</summary>
    private async Task<BlockHeader> ReadConfirmedTipAsync(Conversation talk, BlockPoint? newest, CancellationToken cancellation)
    {
        var reference = _state.Tip is { } seen && (newest is null || seen.Height > newest.Height) ? seen : newest;
        var (tip, _) = await AskTipAsync([talk.Line], reference, talk.Budget, cancellation).ConfigureAwait(false);
        if (_options.Confirmations <= 1 || tip.Point.Height == 0)
        {
            return tip;
        }

        var height = Math.Max(0, tip.Point.Height - _options.Confirmations + 1);
        return
            await talk.AskAsync(CallKind.Block, (p, c) => p.FindBlockAsync(height, c), cancellation).ConfigureAwait(false) is { } block
            && block.Point.Height == height
            ? block
            : throw talk.Nonsense($"no block at height {height}, below its tip");
    }

    /// <summary>
    /// Whether a tip is lower than the newest point known, and no rollback: nodes only ever switch to longer chains, so it is a server that has not got there
    /// yet, or an index in the middle of its own rollback.
    /// </summary>
    private async Task<bool> IsBehindAsync(Conversation talk, string followed, BlockHeader tip, BlockPoint newest, CancellationToken cancellation)
    {
        if (_options.MayGoBack || tip.Point.Height >= newest.Height)
        {
            _state.Memory.ForgetLower(followed);
            return false;
        }

        var now = _time.GetUtcNow();
        var since = _state.Memory.LowerSince(followed, newest, now);
        if (now - since < _options.BelieveLowerTipAfter)
        {
            return true;
        }

        // A chain can stand still below what was seen (all its producers went back); it must not stop us for good.
        var found = await talk.AskAsync(CallKind.Block, (p, c) => p.FindBlockAsync(newest.Hash, c), cancellation).ConfigureAwait(false);
        var isGone = found is null ? newest.Height - tip.Point.Height <= DeepestRollback : found.Point.Height != newest.Height;
        if (isGone)
        {
            _log.LogWarning(
                "{Provider} has shown a tip below block {Height} since {Since:O} and does not know that block any more: taken for a rollback",
                talk.Name,
                newest.Height,
                since
            );
        }

        return !isGone;
    }

    /// <summary>
    /// The newest known point that is still on chain, or null. Points below one that is on chain are on chain too, so the search steps back in doubling strides
    /// and then halves: a shallow rollback costs a question or two, the deepest some twenty.
    /// </summary>
    private async Task<BlockPoint?> FindStartAsync(Conversation talk, BlockHeader tip, IReadOnlyList<BlockPoint> known, CancellationToken cancellation)
    {
        var gone = -1;
        var stands = known.Count;
        for (var (probe, stride) = (0, 1); probe < known.Count; probe += stride, stride *= 2)
        {
            if (await IsOnChainAsync(talk, tip, known[probe], cancellation).ConfigureAwait(false))
            {
                stands = probe;
                break;
            }

            gone = probe;
        }

        while (stands - gone > 1)
        {
            var middle = gone + ((stands - gone) / 2);
            if (await IsOnChainAsync(talk, tip, known[middle], cancellation).ConfigureAwait(false))
            {
                stands = middle;
            }
            else
            {
                gone = middle;
            }
        }

        if (stands < known.Count)
        {
            return known[stands];
        }

        if (known.Count > 0 && !(_options.MayGoBack && _options.IsDevnet))
        {
            await RequireAnotherAsync(talk, known[0], known[^1], cancellation).ConfigureAwait(false);
        }

        return null;
    }

    /// <summary>
    /// That none of the points is on chain is a rollback only where one can be so deep, and where another block is in the place of the oldest. A provider that
    /// shows none there, or that very block, has an index that begins later, or none of hashes; to believe it would be to forget everything.
    /// </summary>
    private static async Task RequireAnotherAsync(Conversation talk, BlockPoint newest, BlockPoint oldest, CancellationToken cancellation)
    {
        var depth = newest.Height - oldest.Height;
        if (depth >= DeepestRollback)
        {
            throw talk.Nonsense($"it knows none of the blocks that were seen, which reach {depth} back, and no rollback is so deep");
        }

        var other = await talk.AskAsync(CallKind.Block, (p, c) => p.FindBlockAsync(oldest.Height, c), cancellation).ConfigureAwait(false);
        if (other is null || other.Point.Hash == oldest.Hash)
        {
            throw talk.Nonsense($"it knows none of the blocks that were seen, and has no other at height {oldest.Height}: its index may begin later");
        }
    }

    private static async Task<bool> IsOnChainAsync(Conversation talk, BlockHeader tip, BlockPoint point, CancellationToken cancellation)
    {
        if (point.Height >= tip.Point.Height)
        {
            return IsSame(point, tip.Point);
        }

        if (point.Height == tip.Point.Height - 1 && tip.Previous is { } previous)
        {
            return point.Hash == previous;
        }

        // At another height it is not the point that was noted.
        var block = await talk.AskAsync(CallKind.Block, (p, c) => p.FindBlockAsync(point.Hash, c), cancellation).ConfigureAwait(false);
        return block?.Point.Height == point.Height;
    }

    // A point with another height was noted wrongly.
    private static bool IsSame(BlockPoint a, BlockPoint b) => a.Hash == b.Hash && a.Height == b.Height;

    private async Task<List<ChainTransaction>> ReadBatchAsync(
        Conversation talk,
        List<ListedTransaction> rows,
        BlockPoint? start,
        BlockHeader tip,
        CancellationToken cancellation
    )
    {
        var read = await Task.WhenAll(rows.Select(row => ReadListedAsync(talk, row, start, tip, cancellation))).ConfigureAwait(false);
        return [.. read.OfType<ChainTransaction>()];
    }

    private async Task<ChainTransaction?> ReadListedAsync(
        Conversation talk,
        ListedTransaction row,
        BlockPoint? start,
        BlockHeader tip,
        CancellationToken cancellation
    )
    {
        try
        {
            // A rollback or another server's view between the list and this question: the next pass sees one consistent chain.
            var found = await talk.AskAsync(CallKind.Transaction, (p, c) => FindCheckedAsync(p, row.TxId, c), cancellation).ConfigureAwait(false);
            return found is not null && found.Block.Height == row.Height && found.Index == row.Index && IsWithin(found.Block, start, tip)
                ? found
                : throw new ChainUnavailableException(
                    $"{talk.Name}: transaction {row.TxId} is no longer at height {row.Height}; the chain changed while it was read."
                )
                {
                    Trouble = ProviderTrouble.Nonsense,
                };
        }
        catch (ChainUnavailableException e) when (e.Trouble is ProviderTrouble.Undecodable)
        {
            // Genuine, but not understood. Stopping here would let anyone halt every follower of a public address with one odd transaction.
            _log.LogError(e, "Transaction {TxId} at height {Height} is left out", row.TxId, row.Height);
            return null;
        }
    }

    // A block whose place fits what is known of the chain around it. The slot of the known point may have been a lie of its time: it must not stop us for good.
    private static bool IsWithin(BlockPoint block, BlockPoint? start, BlockHeader tip) =>
        block.Height.CompareTo(tip.Point.Height) == block.Slot.CompareTo(tip.Point.Slot)
        && (block.Height == tip.Point.Height ? block.Time == tip.Point.Time : block.Time <= tip.Point.Time)
        && (block.Hash == tip.Point.Hash) == (block.Height == tip.Point.Height)
        && (tip.Previous is not { } previous || (block.Hash == previous) == (block.Height == tip.Point.Height - 1))
        && (start is null || (block.Hash == start.Hash) == (block.Height == start.Height));

    /// <summary>What one pass lists.</summary>
    /// <param name="From">The lowest height.</param>
    /// <param name="To">The highest height.</param>
    /// <param name="Before">The pass this one continues, when it is remembered.</param>
    /// <param name="Now">This pass, being filled.</param>
    private sealed record Range(long From, long To, FollowMemory.Pass? Before, FollowMemory.Pass Now);
}
