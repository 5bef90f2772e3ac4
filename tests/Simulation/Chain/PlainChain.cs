using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Metadata;
using Masumi.Cardano.Parameters;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;
using Masumi.Chain;

namespace Masumi.Simulation.Chain;

/// <summary>
/// A chain over one provider, following as the product's adapter does: it stands here only until the product has one over any provider, and goes then.
/// </summary>
internal sealed class PlainChain(IChainProvider provider) : IChain
{
    private const int Overlap = 3;

    private readonly Dictionary<Address, (Hash32 End, HashSet<TransactionId> NearEnd)> _memory = [];
    private SlotConfig? _slots;

    public async Task<BlockPoint> GetTipAsync(CancellationToken cancellation) => (await provider.GetTipAsync(cancellation)).Point;

    public async Task<ProtocolParameters> GetParametersAsync(CancellationToken cancellation) => (await provider.GetParametersAsync(cancellation)).Parameters;

    public async Task<SlotConfig> GetSlotConfigAsync(CancellationToken cancellation) => _slots ??= (await provider.GetGenesisAsync(cancellation)).Slots;

    public async Task<ImmutableArray<Utxo>> GetUtxosAsync(Address address, CancellationToken cancellation)
    {
        var found = new SortedDictionary<TxInput, Utxo>();
        await foreach (var utxo in PagesAsync((page, c) => provider.ListUtxosAsync(address, page, c), cancellation))
        {
            found[utxo.Input] = utxo;
        }

        return [.. found.Values];
    }

    public async Task<ImmutableArray<ListedTransaction>> ListTransactionsAsync(Address address, long fromHeight, CancellationToken cancellation)
    {
        var tip = await provider.GetTipAsync(cancellation);
        return await ListAsync(address, fromHeight, tip.Point.Height, cancellation);
    }

    public async IAsyncEnumerable<ChainEvent> FollowAddressAsync(
        Address address,
        IReadOnlyList<BlockPoint> knownPoints,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        var tip = await provider.GetTipAsync(cancellation);
        if (knownPoints.Count > 0 && knownPoints[0].Hash == tip.Point.Hash)
        {
            yield return new ChainEvent.CaughtUp(tip.Point);
            yield break;
        }

        if (knownPoints.Count > 0 && tip.Point.Height < knownPoints[0].Height)
        {
            yield return new ChainEvent.CaughtUp(knownPoints[0]);
            yield break;
        }

        var start = await FindStartAsync(tip, knownPoints, cancellation);
        if (knownPoints.Count > 0 && start != knownPoints[0])
        {
            yield return new ChainEvent.RolledBack(start);
        }

        var after = start?.Height ?? -1;
        var before = _memory.TryGetValue(address, out var pass) && pass.End == start?.Hash ? pass.NearEnd : null;
        var nearEnd = new HashSet<TransactionId>();
        foreach (var row in await ListAsync(address, Math.Max(0, after - Overlap + 1), tip.Point.Height, cancellation))
        {
            if (row.Height > tip.Point.Height - Overlap)
            {
                nearEnd.Add(row.TxId);
            }

            if (row.Height <= after && (before is null || before.Contains(row.TxId)))
            {
                continue;
            }

            yield return new ChainEvent.Included(
                await provider.FindTransactionAsync(row.TxId, cancellation) is { } found && found.Block.Height == row.Height
                    ? found
                    : throw new ChainUnavailableException($"Transaction {row.TxId} is no longer at height {row.Height}; the chain changed while it was read.")
            );
        }

        yield return new ChainEvent.CaughtUp(tip.Point);
        _memory[address] = (tip.Point.Hash, nearEnd);
    }

    public IAsyncEnumerable<ChainEvent> FollowPolicyAsync(PolicyId policy, IReadOnlyList<BlockPoint> knownPoints, CancellationToken cancellation) =>
        throw new NotSupportedException("No policy is followed in the simulation.");

    public Task<ChainTransaction?> FindTransactionAsync(TransactionId txId, CancellationToken cancellation) =>
        provider.FindTransactionAsync(txId, cancellation);

    public async Task<ImmutableArray<Utxo>> ResolveAsync(IReadOnlyCollection<TxInput> inputs, CancellationToken cancellation)
    {
        var resolved = ImmutableArray.CreateBuilder<Utxo>();
        foreach (var group in inputs.Distinct().GroupBy(i => i.TxId))
        {
            var outputs = await provider.ListOutputsAsync(group.Key, cancellation);
            resolved.AddRange(outputs.Where(o => group.Contains(o.Input)));
        }

        return resolved.ToImmutable();
    }

    public async Task<ImmutableArray<(Address Address, long Quantity)>> GetHoldersAsync(AssetId asset, CancellationToken cancellation) =>
        await provider.ListHoldersAsync(asset, 1, cancellation);

    public Task<AuxiliaryData?> GetMintMetadataAsync(AssetId asset, CancellationToken cancellation) => provider.GetMintMetadataAsync(asset, cancellation);

    public Task<Script?> FindScriptAsync(ScriptHash hash, CancellationToken cancellation) => provider.FindScriptAsync(hash, cancellation);

    public Task<SubmitResult> SubmitAsync(Transaction transaction, CancellationToken cancellation) => provider.SubmitAsync(transaction, cancellation);

    private async Task<BlockPoint?> FindStartAsync(BlockHeader tip, IReadOnlyList<BlockPoint> known, CancellationToken cancellation)
    {
        foreach (var point in known)
        {
            if (
                point.Hash == tip.Point.Hash
                || point.Hash == tip.Previous
                || (point.Height < tip.Point.Height - 1 && await provider.FindBlockAsync(point.Hash, cancellation) is not null)
            )
            {
                return point;
            }
        }

        return null;
    }

    private async Task<List<ListedTransaction>> ListedAsync(Address address, long from, long to, CancellationToken cancellation)
    {
        var rows = new List<ListedTransaction>();
        await foreach (var row in PagesAsync((page, c) => provider.ListTransactionsAsync(address, from, to, page, c), cancellation))
        {
            rows.Add(row);
        }

        return rows;
    }

    private async Task<ImmutableArray<ListedTransaction>> ListAsync(Address address, long from, long to, CancellationToken cancellation) =>
        [.. await ListedAsync(address, from, to, cancellation)];

    private async IAsyncEnumerable<T> PagesAsync<T>(
        Func<int, CancellationToken, Task<ImmutableArray<T>>> read,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        for (var page = 1; ; page++)
        {
            var rows = await read(page, cancellation);
            foreach (var row in rows)
            {
                yield return row;
            }

            if (rows.Length < provider.PageSize)
            {
                yield break;
            }
        }
    }
}
