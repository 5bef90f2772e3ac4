using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Transactions;
using Microsoft.Extensions.Logging;

namespace Masumi.Chain.Blockfrost;

// Following an address or a policy: find where to continue, list what is new, read it, report it in chain order.
public sealed partial class BlockfrostChain
{
    private const int ReadAhead = 8;

    /// <inheritdoc/>
    /// <remarks>
    /// A known point stands for "everything up to this block was reported", so points should come from <see cref="ChainEvent.CaughtUp"/>. A transaction
    /// that the endpoint lists late (within three blocks) is still reported, then after others of its height.
    /// </remarks>
    public IAsyncEnumerable<ChainEvent> FollowAddressAsync(Address address, IReadOnlyList<BlockPoint> knownPoints, CancellationToken cancellation)
    {
        var text = address.ToString();
        return FollowAsync(text, knownPoints, (range, cancel) => ListAddressAsync(text, range, cancel), cancellation);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// The API has no transaction list per policy, only per asset. When the tip has moved, a pass costs, besides the calls of <see cref="FollowAddressAsync"/>, 1 call
    /// per 100 assets ever minted under the policy + 1 for each of them, except those that had no supply at the last pass and have none now. On a hosted endpoint
    /// follow a large policy at long intervals.
    /// </remarks>
    public IAsyncEnumerable<ChainEvent> FollowPolicyAsync(PolicyId policy, IReadOnlyList<BlockPoint> knownPoints, CancellationToken cancellation) =>
        FollowAsync(policy.ToString(), knownPoints, (range, cancel) => ListPolicyAsync(policy, range, cancel), cancellation);

    private async IAsyncEnumerable<ChainEvent> FollowAsync(
        string followed,
        IReadOnlyList<BlockPoint> known,
        Func<Range, CancellationToken, IAsyncEnumerable<TxRow>> list,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        var tip = await ReadConfirmedTipAsync(cancellation).ConfigureAwait(false);
        if (known.Count > 0 && known[0].Hash == tip.Point.Hash)
        {
            yield return new ChainEvent.CaughtUp(tip.Point);
            yield break;
        }

        if (_options.MayLag && known.Count > 0 && tip.Point.Height < known[0].Height)
        {
            // Nodes only ever switch to longer chains: a lower tip is a server that has not got there yet.
            yield return new ChainEvent.CaughtUp(known[0]);
            yield break;
        }

        var start = await FindStartAsync(tip, known, cancellation).ConfigureAwait(false);
        if (known.Count > 0 && start != known[0])
        {
            yield return new ChainEvent.RolledBack(start);
        }

        var after = start?.Height ?? -1;
        var range = new Range(
            Math.Max(0, after - FollowMemory.Overlap + 1),
            tip.Point.Height,
            _memory.Find(followed, start),
            new FollowMemory.Pass(tip.Point.Hash)
        );
        var batch = new List<TxRow>(ReadAhead);
        await foreach (var row in list(range, cancellation).ConfigureAwait(false))
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
                foreach (var transaction in await ReadBatchAsync(batch, cancellation).ConfigureAwait(false))
                {
                    yield return new ChainEvent.Included(transaction);
                }

                batch.Clear();
            }
        }

        foreach (var transaction in await ReadBatchAsync(batch, cancellation).ConfigureAwait(false))
        {
            yield return new ChainEvent.Included(transaction);
        }

        yield return new ChainEvent.CaughtUp(tip.Point);

        _memory.Remember(followed, range.Now);
    }

    /// <summary>The newest block that is deep enough to be told about.</summary>
    private async Task<BlockRow> ReadConfirmedTipAsync(CancellationToken cancellation)
    {
        var tip = await ReadTipAsync(cancellation).ConfigureAwait(false);
        if (_options.Confirmations <= 1 || tip.Point.Height == 0)
        {
            return tip;
        }

        var height = Math.Max(0, tip.Point.Height - _options.Confirmations + 1);
        var path = string.Create(CultureInfo.InvariantCulture, $"/blocks/{height}");
        var json = await ReadAsync(path, cancellation).ConfigureAwait(false);
        var block = Understand(path, () => BlockfrostJson.Block(json));
        return block.Point.Height == height ? block : throw Nonsense(path, $"block {block.Point.Hash} at height {block.Point.Height}");
    }

    /// <summary>
    /// The newest known point that is still on chain, or null. Points below one that is on chain are on chain too, so the search steps back in doubling strides
    /// and then halves: a shallow rollback costs a call or two, the deepest some twenty.
    /// </summary>
    private async Task<BlockPoint?> FindStartAsync(BlockRow tip, IReadOnlyList<BlockPoint> known, CancellationToken cancellation)
    {
        var gone = -1;
        var stands = known.Count;
        for (var (probe, stride) = (0, 1); probe < known.Count; probe += stride, stride *= 2)
        {
            if (await IsOnChainAsync(tip, known[probe], cancellation).ConfigureAwait(false))
            {
                stands = probe;
                break;
            }

            gone = probe;
        }

        while (stands - gone > 1)
        {
            var middle = gone + ((stands - gone) / 2);
            if (await IsOnChainAsync(tip, known[middle], cancellation).ConfigureAwait(false))
            {
                stands = middle;
            }
            else
            {
                gone = middle;
            }
        }

        return stands < known.Count ? known[stands] : null;
    }

    private async Task<bool> IsOnChainAsync(BlockRow tip, BlockPoint point, CancellationToken cancellation)
    {
        if (point.Height >= tip.Point.Height)
        {
            return point.Hash == tip.Point.Hash;
        }

        if (point.Height == tip.Point.Height - 1 && tip.Previous is { } previous)
        {
            return point.Hash == previous;
        }

        var path = $"/blocks/{point.Hash}";
        if (await _http.GetAsync(path, cancellation).ConfigureAwait(false) is not { } json)
        {
            return false;
        }

        var block = Understand(path, () => BlockfrostJson.Block(json)).Point;
        return block.Hash == point.Hash && block.Height == point.Height ? true : throw Nonsense(path, $"block {block.Hash} at height {block.Height}");
    }

    private async IAsyncEnumerable<TxRow> ListAddressAsync(string address, Range range, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var path = $"/addresses/{address}/transactions";
        var last = new TxRow(default, -1, -1);
        await foreach (
            var json in PagesAsync(path, string.Create(CultureInfo.InvariantCulture, $"&order=asc&from={range.From}&to={range.To}"), cancellation)
                .ConfigureAwait(false)
        )
        {
            var row = Understand(path, () => BlockfrostJson.TxRow(json));
            if (row.Height < last.Height || (row.Height == last.Height && row.Index < last.Index))
            {
                throw Nonsense(path, $"{row.TxId} is listed after {last.TxId}, which is later in the chain");
            }

            last = row;
            if (row.Height >= range.From && row.Height <= range.To)
            {
                yield return row;
            }
        }
    }

    private async IAsyncEnumerable<TxRow> ListPolicyAsync(PolicyId policy, Range range, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var path = $"/assets/policy/{policy}";
        await foreach (var row in PagesAsync(path, "", cancellation).ConfigureAwait(false))
        {
            var (asset, supply) = Understand(path, () => (AssetId.Parse(row.Text("asset")), row.Quantity()));
            range.Now.Supplies[asset] = asset.Policy == policy ? supply : throw Nonsense(path, $"asset {asset}");
        }

        var found = new HashSet<TxRow>();
        foreach (var (asset, supply) in range.Now.Supplies)
        {
            if (supply == 0 && range.Before is { } before && before.Supplies.TryGetValue(asset, out var then) && then == 0)
            {
                continue;
            }

            var list = $"/assets/{asset}/transactions";
            await foreach (var json in PagesAsync(list, "&order=desc", cancellation).ConfigureAwait(false))
            {
                var row = Understand(list, () => BlockfrostJson.TxRow(json));
                if (row.Height < range.From)
                {
                    break;
                }

                if (row.Height <= range.To)
                {
                    found.Add(row);
                }
            }
        }

        foreach (var row in found.OrderBy(r => r.Height).ThenBy(r => r.Index))
        {
            yield return row;
        }
    }

    private async Task<ImmutableArray<ChainTransaction>> ReadBatchAsync(List<TxRow> rows, CancellationToken cancellation)
    {
        var read = await Task.WhenAll(rows.Select(row => ReadListedAsync(row, cancellation))).ConfigureAwait(false);
        return [.. read.OfType<ChainTransaction>()];
    }

    private async Task<ChainTransaction?> ReadListedAsync(TxRow row, CancellationToken cancellation)
    {
        try
        {
            // A rollback or another server's view between the list and this call: the next pass sees one consistent chain.
            return await FindIncludedAsync(row.TxId, cancellation).ConfigureAwait(false) is { } found && found.Block.Height == row.Height
                ? found
                : throw new ChainUnavailableException(
                    $"{_options.BaseUrl.Authority}: transaction {row.TxId} is no longer at height {row.Height}; the chain changed while it was read."
                );
        }
        catch (UndecodableTransactionException e)
        {
            // Genuine, but not understood. Stopping here would let anyone halt every follower of a public address with one odd transaction.
            _log.LogError(e, "Transaction {TxId} at height {Height} is left out", row.TxId, row.Height);
            return null;
        }
    }

    /// <summary>What one pass lists.</summary>
    /// <param name="From">The lowest height.</param>
    /// <param name="To">The highest height.</param>
    /// <param name="Before">The pass this one continues, when it is remembered.</param>
    /// <param name="Now">This pass, being filled.</param>
    private sealed record Range(long From, long To, FollowMemory.Pass? Before, FollowMemory.Pass Now);
}
