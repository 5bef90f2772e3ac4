using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;
using Masumi.Ledger;
using Masumi.Ledger.State;

namespace Masumi.Devnet.Index;

/// <summary>Adds blocks to an index. What one builder adds shares its copies, so many blocks at once cost much less than one after the other.</summary>
internal sealed class ChainIndexBuilder(ChainIndex index)
{
    private readonly ImmutableDictionary<Hash32, LedgerBlock>.Builder _blocks = index.Blocks.ToBuilder();
    private readonly ImmutableDictionary<TransactionId, TransactionRecord>.Builder _transactions = index.Transactions.ToBuilder();
    private readonly ImmutableDictionary<TxInput, TransactionId>.Builder _spenders = index.Spenders.ToBuilder();
    private readonly ImmutableDictionary<PolicyId, ImmutableList<AssetId>>.Builder _policies = index.Policies.ToBuilder();
    private readonly ImmutableDictionary<ScriptHash, Script>.Builder _scripts = index.Scripts.ToBuilder();
    private readonly ImmutableDictionary<DatumHash, Datum>.Builder _datums = index.Datums.ToBuilder();
    private readonly Dictionary<Address, AddressEntry> _addresses = [];
    private readonly Dictionary<AssetId, AssetEntry> _assets = [];

    public void Add(LedgerBlock block)
    {
        _blocks.Add(block.Hash, block);
        for (var i = 0; i < block.Transactions.Length; i++)
        {
            Add(block, block.Transactions[i], i);
        }
    }

    /// <summary>The index with all that was added. The builder is of no use after it.</summary>
    public ChainIndex ToIndex() =>
        index with
        {
            Blocks = _blocks.ToImmutable(),
            Transactions = _transactions.ToImmutable(),
            Spenders = _spenders.ToImmutable(),
            Policies = _policies.ToImmutable(),
            Scripts = _scripts.ToImmutable(),
            Datums = _datums.ToImmutable(),
            Addresses = index.Addresses.SetItems(_addresses.Select(a => KeyValuePair.Create(a.Key, a.Value.ToRecord()))),
            Assets = index.Assets.SetItems(_assets.Select(a => KeyValuePair.Create(a.Key, a.Value.ToRecord()))),
        };

    private void Add(LedgerBlock block, Transaction transaction, int position)
    {
        var effects = TransactionEffects.Of(transaction);
        var spent = effects
            .Spent.Select(i => (Input: i, Maker: _transactions[i.TxId]))
            .Select(s => (s.Input, s.Maker, Output: s.Maker.OutputAt(s.Input.Index)!))
            .ToArray();
        var record = new TransactionRecord(transaction, block, position, FeeOf(transaction, spent.Select(s => s.Output), effects));
        _transactions.Add(transaction.Id, record);

        foreach (var (input, maker, output) in spent)
        {
            _spenders.Add(input, transaction.Id);
            Touch(output, record).Remove(maker.PositionOf(input.Index));
            Move(output, -1, record);
        }

        foreach (var created in effects.Created)
        {
            Touch(created.Output, record).Add(record.PositionOf(created.Input.Index), created);
            Move(created.Output, 1, record);
        }

        foreach (var (asset, quantity) in MintOf(transaction, block))
        {
            Touch(asset, record).Mints.Add(new MintRecord(record, quantity));
        }

        Remember(transaction);
    }

    // A failed transaction pays its collateral instead of its fee; those of genesis pay none.
    private static Lovelace FeeOf(Transaction transaction, IEnumerable<TxOutput> spent, TransactionEffects effects) =>
        transaction.IsValid
            ? transaction.Body.Fee
            : spent.Aggregate(Lovelace.Zero, (sum, o) => sum + o.Value.Coin) - effects.Created.Aggregate(Lovelace.Zero, (sum, o) => sum + o.Output.Value.Coin);

    // Genesis transactions make assets without a mint field; for the asset's history that is their mint.
    private static ImmutableSortedDictionary<AssetId, Int128> MintOf(Transaction transaction, LedgerBlock block) =>
        !transaction.IsValid ? ImmutableSortedDictionary<AssetId, Int128>.Empty
        : block.Height == 0 ? GenesisAssets(transaction)
        : transaction.Body.Mint.Assets;

    private static ImmutableSortedDictionary<AssetId, Int128> GenesisAssets(Transaction transaction)
    {
        var sums = ImmutableSortedDictionary.CreateBuilder<AssetId, Int128>();
        foreach (var (asset, quantity) in transaction.Body.Outputs.SelectMany(o => o.Value.Assets))
        {
            sums[asset] = sums.GetValueOrDefault(asset) + quantity;
        }

        return sums.ToImmutable();
    }

    private void Move(TxOutput output, int sign, TransactionRecord record)
    {
        foreach (var (asset, quantity) in output.Value.Assets)
        {
            var holders = Touch(asset, record).Holders;
            var after = holders.GetValueOrDefault(output.Address) + (sign * quantity);
            if (after == 0)
            {
                holders.Remove(output.Address);
            }
            else
            {
                holders[output.Address] = after;
            }
        }
    }

    private AddressEntry Touch(TxOutput output, TransactionRecord record)
    {
        if (!_addresses.TryGetValue(output.Address, out var entry))
        {
            _addresses.Add(output.Address, entry = new AddressEntry(index.Addresses.GetValueOrDefault(output.Address) ?? AddressRecord.Empty));
        }

        entry.Add(record);
        return entry;
    }

    private AssetEntry Touch(AssetId asset, TransactionRecord record)
    {
        if (!_assets.TryGetValue(asset, out var entry))
        {
            if (!index.Assets.TryGetValue(asset, out var known))
            {
                known = AssetRecord.Of(asset);
                _policies[asset.Policy] = (_policies.GetValueOrDefault(asset.Policy) ?? []).Add(asset);
            }

            _assets.Add(asset, entry = new AssetEntry(known));
        }

        entry.Add(record);
        return entry;
    }

    private void Remember(Transaction transaction)
    {
        foreach (var script in transaction.Witnesses.Scripts)
        {
            _scripts[script.Hash] = script;
        }

        foreach (var datum in transaction.Witnesses.Datums)
        {
            _datums[datum.Hash] = datum;
        }

        foreach (var output in transaction.Body.Outputs)
        {
            Remember(output);
        }

        if (transaction.Body.CollateralReturn is { } change)
        {
            Remember(change);
        }
    }

    private void Remember(TxOutput output)
    {
        if (output.ReferenceScript is { } script)
        {
            _scripts[script.Hash] = script;
        }

        if (output.Datum is TxDatum.Inline inline)
        {
            _datums[inline.Datum.Hash] = inline.Datum;
        }
    }

    /// <summary>The transactions that touched something, each once.</summary>
    private abstract class Entry(ImmutableList<TransactionRecord> transactions)
    {
        // Most are touched once or twice: only for more a builder is worth its making.
        private const int Few = 4;

        private ImmutableList<TransactionRecord> _transactions = transactions;
        private ImmutableList<TransactionRecord>.Builder? _builder;
        private TransactionRecord? _last;
        private int _count;

        protected ImmutableList<TransactionRecord> Transactions => _builder?.ToImmutable() ?? _transactions;

        public void Add(TransactionRecord record)
        {
            if (ReferenceEquals(record, _last))
            {
                return;
            }

            _last = record;
            if (_builder is null && ++_count <= Few)
            {
                _transactions = _transactions.Add(record);
            }
            else
            {
                (_builder ??= _transactions.ToBuilder()).Add(record);
            }
        }
    }

    private sealed class AddressEntry(AddressRecord record) : Entry(record.Transactions)
    {
        private const int Few = 4;

        private ImmutableSortedDictionary<OutputPosition, Utxo> _utxos = record.Utxos;
        private ImmutableSortedDictionary<OutputPosition, Utxo>.Builder? _builder;
        private int _count;

        public void Add(OutputPosition position, Utxo utxo)
        {
            if (IsFew)
            {
                _utxos = _utxos.Add(position, utxo);
            }
            else
            {
                _builder!.Add(position, utxo);
            }
        }

        public void Remove(OutputPosition position)
        {
            if (IsFew)
            {
                _utxos = _utxos.Remove(position);
            }
            else
            {
                _builder!.Remove(position);
            }
        }

        public AddressRecord ToRecord() => new(Transactions, _builder?.ToImmutable() ?? _utxos);

        private bool IsFew
        {
            get
            {
                if (++_count <= Few)
                {
                    return true;
                }

                _builder ??= _utxos.ToBuilder();
                return false;
            }
        }
    }

    private sealed class AssetEntry(AssetRecord record) : Entry(record.Transactions)
    {
        public ImmutableList<MintRecord>.Builder Mints { get; } = record.Mints.ToBuilder();

        public ImmutableDictionary<Address, Int128>.Builder Holders { get; } = record.Holders.ToBuilder();

        public AssetRecord ToRecord() => record with { Transactions = Transactions, Mints = Mints.ToImmutable(), Holders = Holders.ToImmutable() };
    }
}
