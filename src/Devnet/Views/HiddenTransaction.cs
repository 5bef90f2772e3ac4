using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Transactions;
using Masumi.Devnet.Index;
using Masumi.Ledger.State;

namespace Masumi.Devnet.Views;

/// <summary>A chain to look at as if transactions were not in it.</summary>
internal static class HiddenTransaction
{
    /// <summary>The view without any of them.</summary>
    public static DevnetView Without(DevnetView view, ImmutableHashSet<TransactionId> hidden) => hidden.Aggregate(view, (v, id) => Without(v, id, hidden));

    /// <summary>
    /// The view without one of them: neither in its block nor in lists nor waiting, its outputs gone and its inputs unspent. What spends its outputs stays; for these
    /// alone the index still knows it.
    /// </summary>
    private static DevnetView Without(DevnetView view, TransactionId id, ImmutableHashSet<TransactionId> hidden)
    {
        view = view with { Mempool = view.Mempool.RemoveAll(p => p.Transaction.Id == id) };
        var index = view.Index;
        if (!index.Transactions.TryGetValue(id, out var record))
        {
            return view;
        }

        var effects = TransactionEffects.Of(record.Transaction);
        OutputRecord[] spent = [.. effects.Spent.Where(i => !hidden.Contains(i.TxId)).Select(i => index.Outputs[i])];
        OutputRecord[] created = [.. effects.Created.Select(u => index.Outputs[u.Input])];
        var block = view.Blocks[(int)record.Block.Height];
        block = block with { Transactions = block.Transactions.RemoveAll(t => t.Id == id) };
        index = index with { Blocks = index.Blocks.SetItem(block.Hash, block), Spenders = index.Spenders.RemoveRange(effects.Spent) };
        index = spent.Concat(created).Select(o => o.Utxo.Output.Address).Distinct().Aggregate(index, (i, a) => Without(i, a, id, spent, created));
        var assets = spent.Concat(created).SelectMany(o => o.Utxo.Output.Value.Assets.Keys).Concat(record.Transaction.Body.Mint.Assets.Keys);
        index = assets.Distinct().Aggregate(index, (i, a) => Without(i, a, id, spent, created));
        return view with
        {
            Blocks = view.Blocks.SetItem((int)block.Height, block),
            Recent = view.Recent.SetItem(view.Recent.Count - 1, view.Recent[^1].Showing(index)),
        };
    }

    private static ChainIndex Without(ChainIndex index, Address address, TransactionId id, OutputRecord[] spent, OutputRecord[] created)
    {
        if (!index.Addresses.TryGetValue(address, out var record))
        {
            return index;
        }

        var transactions = record.Transactions.RemoveAll(t => t.Transaction.Id == id);
        var back = spent.Where(o => o.Utxo.Output.Address == address).Select(o => KeyValuePair.Create(o.Position, o.Utxo));
        var utxos = record.Utxos.RemoveRange(created.Select(o => o.Position)).SetItems(back);
        return index with
        {
            Addresses = transactions.IsEmpty ? index.Addresses.Remove(address) : index.Addresses.SetItem(address, new AddressRecord(transactions, utxos)),
        };
    }

    private static ChainIndex Without(ChainIndex index, AssetId asset, TransactionId id, OutputRecord[] spent, OutputRecord[] created)
    {
        if (!index.Assets.TryGetValue(asset, out var record))
        {
            return index;
        }

        var transactions = record.Transactions.RemoveAll(t => t.Transaction.Id == id);
        var mints = record.Mints.RemoveAll(m => m.Transaction.Transaction.Id == id);
        if (transactions.IsEmpty)
        {
            var left = index.Policies[asset.Policy].Remove(asset);
            return index with
            {
                Assets = index.Assets.Remove(asset),
                Policies = left.IsEmpty ? index.Policies.Remove(asset.Policy) : index.Policies.SetItem(asset.Policy, left),
            };
        }

        var holders = record.Holders.ToBuilder();
        foreach (var (output, sign) in created.Where(o => o.SpentBy is null).Select(o => (o, -1)).Concat(spent.Select(o => (o, 1))))
        {
            var (holder, value) = (output.Utxo.Output.Address, output.Utxo.Output.Value);
            holders[holder] = holders.GetValueOrDefault(holder) + (sign * value[asset]);
            if (holders[holder] <= 0)
            {
                holders.Remove(holder);
            }
        }

        // What moved it later cannot be told without its first minting.
        return index with
        {
            Assets = index.Assets.SetItem(
                asset,
                record with
                {
                    Transactions = transactions,
                    Mints = mints.IsEmpty ? record.Mints : mints,
                    Holders = holders.ToImmutable(),
                }
            ),
        };
    }
}
