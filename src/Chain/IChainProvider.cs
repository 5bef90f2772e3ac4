using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Metadata;
using Masumi.Cardano.Parameters;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;

namespace Masumi.Chain;

/// <summary>A block as a provider tells it.</summary>
/// <param name="Point">Where it stands.</param>
/// <param name="Previous">The hash of the block before it; null for the first one, or when the provider does not say.</param>
/// <param name="Epoch">Its epoch; null when the provider does not say.</param>
public sealed record BlockHeader(BlockPoint Point, Hash32? Previous, long? Epoch);

/// <summary>A row of an address's or an asset's transaction list.</summary>
/// <param name="TxId">The transaction.</param>
/// <param name="Height">The height of its block.</param>
/// <param name="Index">Its position in the block.</param>
public readonly record struct ListedTransaction(TransactionId TxId, long Height, int Index);

/// <summary>The protocol parameters and the epoch they are of.</summary>
public sealed record EpochParameters(ProtocolParameters Parameters, long Epoch);

/// <summary>What a network's genesis says.</summary>
/// <param name="Magic">The network magic; null when the provider does not say.</param>
/// <param name="Slots">Slot to time mapping; null when the provider does not say.</param>
public sealed record ChainGenesis(long? Magic, SlotConfig? Slots);

/// <summary>
/// One source of answers about the chain, asked one question at a time. It is a witness, not the truth: two answers of one provider need not agree (several
/// servers, of which one lags; a fork between two questions), and a list can lack what another call already shows. Whoever follows, reconciles or decides
/// does so above this interface. Every call can fail with <see cref="ChainUnavailableException"/>, takes a cancellation token, and has a timeout of its own.
/// </summary>
public interface IChainProvider
{
    /// <summary>What to call it in logs, health and metrics; never a secret.</summary>
    string Name { get; }

    /// <summary>How many rows a page of a list has at most.</summary>
    int PageSize { get; }

    /// <summary>The newest block.</summary>
    Task<BlockHeader> GetTipAsync(CancellationToken cancellation);

    /// <summary>The block with this hash; null when it is not on the provider's chain.</summary>
    Task<BlockHeader?> FindBlockAsync(Hash32 hash, CancellationToken cancellation);

    /// <summary>The block at this height; null when the provider's chain does not reach it.</summary>
    Task<BlockHeader?> FindBlockAsync(long height, CancellationToken cancellation);

    /// <summary>The current protocol parameters.</summary>
    Task<EpochParameters> GetParametersAsync(CancellationToken cancellation);

    /// <summary>What the network's genesis says.</summary>
    Task<ChainGenesis> GetGenesisAsync(CancellationToken cancellation);

    /// <summary>One page (from 1) of the transactions touching an address in blocks from <paramref name="from"/> to <paramref name="to"/>, both included, in chain order.</summary>
    Task<ImmutableArray<ListedTransaction>> ListTransactionsAsync(Address address, long from, long to, int page, CancellationToken cancellation);

    /// <summary>One page (from 1) of the transactions that moved an asset, newest first.</summary>
    Task<ImmutableArray<ListedTransaction>> ListTransactionsAsync(AssetId asset, int page, CancellationToken cancellation);

    /// <summary>One page (from 1) of the assets ever minted under a policy, with what there is of each now.</summary>
    Task<ImmutableArray<(AssetId Asset, Int128 Supply)>> ListAssetsAsync(PolicyId policy, int page, CancellationToken cancellation);

    /// <summary>One page (from 1) of the unspent outputs at an address.</summary>
    Task<ImmutableArray<Utxo>> ListUtxosAsync(Address address, int page, CancellationToken cancellation);

    /// <summary>One page (from 1) of who holds an asset.</summary>
    Task<ImmutableArray<(Address Address, long Quantity)>> ListHoldersAsync(AssetId asset, int page, CancellationToken cancellation);

    /// <summary>A transaction by id when it is in a block, otherwise null. Its bytes hash to the id.</summary>
    Task<ChainTransaction?> FindTransactionAsync(TransactionId txId, CancellationToken cancellation);

    /// <summary>Whether a transaction waits in the provider's mempool.</summary>
    Task<bool> IsInMempoolAsync(TransactionId txId, CancellationToken cancellation);

    /// <summary>The outputs of a transaction, spent or not; empty when it is not known.</summary>
    Task<ImmutableArray<Utxo>> ListOutputsAsync(TransactionId txId, CancellationToken cancellation);

    /// <summary>The metadata of the last transaction that minted (not burned) the asset, or null.</summary>
    Task<AuxiliaryData?> GetMintMetadataAsync(AssetId asset, CancellationToken cancellation);

    /// <summary>A script's bytes by hash, verified against the hash; null when the provider does not know it.</summary>
    Task<Script?> FindScriptAsync(ScriptHash hash, CancellationToken cancellation);

    /// <summary>Submits a signed transaction, once. Never throws for an unclear outcome: that is <see cref="SubmitResult.Unknown"/>.</summary>
    Task<SubmitResult> SubmitAsync(Transaction transaction, CancellationToken cancellation);
}
