using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Ledger;

namespace Masumi.Devnet.Index;

/// <summary>Adds the transactions of one block to an index.</summary>
internal sealed class ChainIndexBuilder(ChainIndex index, LedgerBlock block)
{
    public ChainIndex Index { get; private set; } = index;

    public void Add(Transaction transaction, int position)
    {
        var effects = TransactionEffects.Of(transaction);
        var spent = effects.Spent.Select(i => Index.Outputs[i]).ToArray();
        var record = new TransactionRecord(transaction, block, position, FeeOf(transaction, spent, effects));
        Index = Index with { Transactions = Index.Transactions.Add(transaction.Id, record) };

        foreach (var output in spent)
        {
            Spend(output, transaction.Id);
        }

        foreach (var created in effects.Created)
        {
            Create(created, new OutputPosition(block.Height, position, created.Input.Index));
        }

        var outputs = spent.Select(o => o.Utxo.Output).Concat(effects.Created.Select(c => c.Output)).ToArray();
        foreach (var address in outputs.Select(o => o.Address).Distinct())
        {
            SetAddress(address, a => a with { Transactions = a.Transactions.Add(record) });
        }

        var mint = transaction.IsValid ? MintOf(transaction, position) : ImmutableSortedDictionary<AssetId, Int128>.Empty;
        foreach (var asset in outputs.SelectMany(o => o.Value.Assets.Keys).Concat(mint.Keys).Distinct())
        {
            SetAsset(asset, a => a with { Transactions = a.Transactions.Add(record) });
        }

        foreach (var (asset, quantity) in mint)
        {
            SetAsset(asset, a => a with { Mints = a.Mints.Add(new MintRecord(record, quantity)) });
        }

        Remember(transaction);
    }

    // A failed transaction pays its collateral instead of its fee; the first transaction ever pays none.
    private static Lovelace FeeOf(Transaction transaction, OutputRecord[] spent, TransactionEffects effects) =>
        transaction.IsValid
            ? transaction.Body.Fee
            : spent.Aggregate(Lovelace.Zero, (sum, o) => sum + o.Utxo.Output.Value.Coin)
                - effects.Created.Aggregate(Lovelace.Zero, (sum, o) => sum + o.Output.Value.Coin);

    // The genesis transaction makes assets without a mint field; for the asset's history that is their mint.
    private ImmutableSortedDictionary<AssetId, Int128> MintOf(Transaction transaction, int position) =>
        block.Height == 0 && position == 0 ? transaction.Body.Outputs.Aggregate(Value.Zero, (sum, o) => sum + o.Value).Assets : transaction.Body.Mint.Assets;

    private void Spend(OutputRecord output, Hash32 by)
    {
        Index = Index with { Outputs = Index.Outputs.SetItem(output.Utxo.Input, output with { SpentBy = by }) };
        SetAddress(output.Utxo.Output.Address, a => a with { Utxos = a.Utxos.Remove(output.Position) });
        Move(output.Utxo.Output, -1);
    }

    private void Create(Utxo utxo, OutputPosition position)
    {
        Index = Index with { Outputs = Index.Outputs.Add(utxo.Input, new OutputRecord(utxo, block, position, null)) };
        SetAddress(utxo.Output.Address, a => a with { Utxos = a.Utxos.Add(position, utxo) });
        Move(utxo.Output, 1);
    }

    private void Move(TxOutput output, int sign)
    {
        foreach (var (asset, quantity) in output.Value.Assets)
        {
            SetAsset(
                asset,
                a =>
                {
                    var after = a.Holders.GetValueOrDefault(output.Address) + (sign * quantity);
                    return a with { Holders = after == 0 ? a.Holders.Remove(output.Address) : a.Holders.SetItem(output.Address, after) };
                }
            );
        }
    }

    private void SetAddress(Address address, Func<AddressRecord, AddressRecord> change) =>
        Index = Index with { Addresses = Index.Addresses.SetItem(address, change(Index.Addresses.GetValueOrDefault(address) ?? AddressRecord.Empty)) };

    private void SetAsset(AssetId asset, Func<AssetRecord, AssetRecord> change)
    {
        if (Index.Assets.GetValueOrDefault(asset) is not { } record)
        {
            record = AssetRecord.Of(asset);
            var siblings = Index.Policies.GetValueOrDefault(asset.Policy) ?? [];
            Index = Index with { Policies = Index.Policies.SetItem(asset.Policy, siblings.Add(asset)) };
        }

        Index = Index with { Assets = Index.Assets.SetItem(asset, change(record)) };
    }

    private void Remember(Transaction transaction)
    {
        var outputs = transaction.Body.CollateralReturn is { } change ? transaction.Body.Outputs.Add(change) : transaction.Body.Outputs;
        var scripts = outputs.Select(o => o.ReferenceScript).OfType<Script>().Concat(transaction.Witnesses.Scripts);
        var datums = outputs.Select(o => o.Datum).OfType<TxDatum.Inline>().Select(d => d.Datum).Concat(transaction.Witnesses.Datums);
        Index = Index with
        {
            Scripts = Index.Scripts.SetItems(scripts.Select(s => KeyValuePair.Create(s.Hash, s))),
            Datums = Index.Datums.SetItems(datums.Select(d => KeyValuePair.Create(d.Hash, d))),
        };
    }
}
