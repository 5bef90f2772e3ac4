using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Metadata;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;
using Masumi.Chain;
using Masumi.Devnet;
using Masumi.Devnet.Index;
using Masumi.Ledger;

namespace Masumi.Simulation.Chain;

/// <summary>A provider that tells the truth at once, up to a height: what judges follow. It answers what following asks.</summary>
internal sealed class PlainProvider(DevnetView view, long height, SlotConfig slots) : IChainProvider
{
    public string Name => "the truth";

    public int PageSize => 10_000;

    public Task<BlockHeader> GetTipAsync(CancellationToken cancellation) => Task.FromResult(HeaderOf(view.Blocks[(int)height]));

    public Task<BlockHeader?> FindBlockAsync(Hash32 hash, CancellationToken cancellation) =>
        Task.FromResult(view.Index.Blocks.TryGetValue(hash, out var block) && block.Height <= height ? HeaderOf(block) : null);

    public Task<BlockHeader?> FindBlockAsync(long height1, CancellationToken cancellation) =>
        Task.FromResult(height1 >= 0 && height1 <= height ? HeaderOf(view.Blocks[(int)height1]) : null);

    public Task<ImmutableArray<ListedTransaction>> ListTransactionsAsync(Address address, long from, long to, int page, CancellationToken cancellation) =>
        Task.FromResult<ImmutableArray<ListedTransaction>>([
            .. (view.Index.Addresses.GetValueOrDefault(address) ?? AddressRecord.Empty)
                .Transactions.Where(t => t.Block.Height >= from && t.Block.Height <= Math.Min(to, height))
                .Select(t => new ListedTransaction(t.Transaction.Id, t.Block.Height, t.Index))
                .OrderBy(t => t.Height)
                .ThenBy(t => t.Index)
                .Skip((page - 1) * PageSize)
                .Take(PageSize),
        ]);

    public Task<ChainTransaction?> FindTransactionAsync(TransactionId txId, CancellationToken cancellation) =>
        Task.FromResult(
            view.Index.Transactions.TryGetValue(txId, out var found) && found.Block.Height <= height
                ? new ChainTransaction(found.Transaction, PointOf(found.Block), found.Index, found.Transaction.IsValid)
                : null
        );

    public Task<ChainGenesis> GetGenesisAsync(CancellationToken cancellation) => Task.FromResult(new ChainGenesis(42, slots));

    public Task<EpochParameters> GetParametersAsync(CancellationToken cancellation) => throw NotAsked();

    public Task<ImmutableArray<ListedTransaction>> ListTransactionsAsync(AssetId asset, int page, CancellationToken cancellation) => throw NotAsked();

    public Task<ImmutableArray<(AssetId Asset, Int128 Supply)>> ListAssetsAsync(PolicyId policy, int page, CancellationToken cancellation) => throw NotAsked();

    public Task<ImmutableArray<Utxo>> ListUtxosAsync(Address address, int page, CancellationToken cancellation) => throw NotAsked();

    public Task<ImmutableArray<(Address Address, long Quantity)>> ListHoldersAsync(AssetId asset, int page, CancellationToken cancellation) => throw NotAsked();

    public Task<bool> IsInMempoolAsync(TransactionId txId, CancellationToken cancellation) => throw NotAsked();

    public Task<ImmutableArray<Utxo>> ListOutputsAsync(TransactionId txId, CancellationToken cancellation) => throw NotAsked();

    public Task<AuxiliaryData?> GetMintMetadataAsync(AssetId asset, CancellationToken cancellation) => throw NotAsked();

    public Task<Script?> FindScriptAsync(ScriptHash hash, CancellationToken cancellation) => throw NotAsked();

    public Task<SubmitResult> SubmitAsync(Transaction transaction, CancellationToken cancellation) => throw NotAsked();

    private BlockHeader HeaderOf(LedgerBlock block) => new(PointOf(block), block.Previous, 0);

    private BlockPoint PointOf(LedgerBlock block) => new(block.Height, block.Hash, block.Slot, slots.TimeOf(block.Slot));

    private static NotSupportedException NotAsked() => new("Following asks no such thing.");
}
