using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;
using Masumi.Devnet.Index;
using Masumi.Ledger;
using Masumi.Ledger.State;

namespace Masumi.Devnet;

/// <summary>The chain at one moment, with all that can be asked about it. Immutable: it stays what it is whatever the chain does afterwards.</summary>
public sealed class DevnetMoment
{
    internal DevnetMoment(DevnetView view)
    {
        View = view;
    }

    /// <summary>The newest block.</summary>
    public LedgerBlock Tip => View.Tip;

    /// <summary>All blocks, genesis first; the index is the height.</summary>
    public IReadOnlyList<LedgerBlock> Blocks => View.Blocks;

    /// <summary>The state after the newest block.</summary>
    public LedgerState State => View.State;

    /// <summary>Transactions waiting for a block, in order.</summary>
    public ImmutableArray<Transaction> Mempool => [.. View.Mempool.Select(p => p.Transaction)];

    internal DevnetView View { get; }

    /// <summary>The block with this hash; null when it is not on this chain.</summary>
    public LedgerBlock? FindBlock(Hash32 hash) => View.Index.Blocks.GetValueOrDefault(hash);

    /// <summary>A transaction in a block; null when there is none.</summary>
    public TransactionRecord? Find(TransactionId txId) => View.Index.Transactions.GetValueOrDefault(txId);

    /// <summary>By which transaction an output was spent; null when it was not.</summary>
    public TransactionId? FindSpender(TxInput output) => View.Index.Spenders.TryGetValue(output, out var spender) ? spender : null;

    /// <summary>What touched an address, in chain order.</summary>
    public IReadOnlyList<TransactionRecord> TransactionsAt(Address address) => View.Index.Addresses.GetValueOrDefault(address)?.Transactions ?? [];

    /// <summary>The unspent outputs at an address, in chain order.</summary>
    public IEnumerable<Utxo> UtxosAt(Address address) => View.Index.Addresses.GetValueOrDefault(address)?.Utxos.Values ?? [];

    /// <summary>What moved an asset, in chain order.</summary>
    public IReadOnlyList<TransactionRecord> TransactionsOf(AssetId asset) => View.Index.Assets.GetValueOrDefault(asset)?.Transactions ?? [];

    /// <summary>What minted (more than 0) or burned an asset, in chain order.</summary>
    public IEnumerable<(TransactionRecord Transaction, Int128 Quantity)> MintsOf(AssetId asset) =>
        View.Index.Assets.GetValueOrDefault(asset)?.Mints.Select(m => (m.Transaction, m.Quantity)) ?? [];

    /// <summary>Who holds an asset.</summary>
    public IReadOnlyDictionary<Address, Int128> HoldersOf(AssetId asset) =>
        View.Index.Assets.GetValueOrDefault(asset)?.Holders ?? ImmutableDictionary<Address, Int128>.Empty;

    /// <summary>The assets ever minted under a policy, in the order of their first appearance.</summary>
    public IReadOnlyList<AssetId> AssetsOf(PolicyId policy) => View.Index.Policies.GetValueOrDefault(policy) ?? [];

    /// <summary>A script that was ever seen in a transaction; null when none of this hash was.</summary>
    public Script? FindScript(ScriptHash hash) => View.Index.Scripts.GetValueOrDefault(hash);
}
