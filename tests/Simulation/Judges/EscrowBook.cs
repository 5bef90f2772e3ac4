using System.Collections.Immutable;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow.Common;
using Masumi.Devnet;
using Masumi.Ledger;
using Masumi.Simulation.Chain;
using Masumi.Simulation.Nodes;

namespace Masumi.Simulation.Judges;

/// <summary>An escrow output that nobody has spent.</summary>
/// <param name="At">Where.</param>
/// <param name="Datum">Its datum.</param>
/// <param name="Value">Its value.</param>
/// <param name="IsOurs">True when the lock it descends from was paid by one of our wallets.</param>
internal sealed record LiveEscrow(TxInput At, EscrowDatum Datum, Value Value, bool IsOurs);

/// <summary>A lock on chain.</summary>
internal sealed record SeenLock(TxInput At, long Height, bool IsOurs);

/// <summary>Everything on chain under one identifier.</summary>
internal sealed record EscrowEntry(ImmutableList<SeenLock> Locks, ImmutableDictionary<TxInput, LiveEscrow> Live, ImmutableList<EscrowAction> Actions)
{
    public static EscrowEntry Empty { get; } = new([], ImmutableDictionary<TxInput, LiveEscrow>.Empty, []);

    /// <summary>Our own escrow, as long as it is there.</summary>
    public LiveEscrow? Own => Live.Values.Where(l => l.IsOurs).OrderBy(l => l.At).FirstOrDefault();

    /// <summary>How many locks our wallets paid.</summary>
    public int OwnLocks => Locks.Count(l => l.IsOurs);
}

/// <summary>What stands at the contracts, by identifier, kept with every block and taken back with it.</summary>
internal sealed class EscrowBook
{
    private static readonly ImmutableArray<(EscrowFamily Family, Address Address)> Contracts =
    [
        (EscrowFamily.V1, Materials.V1.Address),
        (EscrowFamily.V2, Materials.V2.Address),
    ];

    private readonly IReadOnlySet<Address> _ours;
    private readonly List<ImmutableDictionary<string, EscrowEntry>> _byHeight = [ImmutableDictionary.Create<string, EscrowEntry>(StringComparer.Ordinal)];

    public EscrowBook(IReadOnlySet<Address> ours) => _ours = ours;

    /// <summary>Everything now.</summary>
    public ImmutableDictionary<string, EscrowEntry> Entries => _byHeight[^1];

    /// <summary>What is under an identifier.</summary>
    public EscrowEntry Find(string identifier) => Entries.GetValueOrDefault(identifier) ?? EscrowEntry.Empty;

    /// <summary>Follows the chain. Returns the identifiers that look different now.</summary>
    public IReadOnlyCollection<string> Apply(ChainChange change)
    {
        var before = Entries;
        _byHeight.RemoveRange(change.Shared, _byHeight.Count - change.Shared);
        for (var height = change.Shared; height < change.After.Blocks.Count; height++)
        {
            _byHeight.Add(Apply(Entries, change.After.Blocks[height], change.After));
        }

        var after = Entries;
        if (ReferenceEquals(before, after))
        {
            return [];
        }

        var changed = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (identifier, entry) in after)
        {
            if (!before.TryGetValue(identifier, out var was) || !ReferenceEquals(was, entry))
            {
                changed.Add(identifier);
            }
        }

        changed.UnionWith(before.Keys.Where(k => !after.ContainsKey(k)));
        return changed;
    }

    private ImmutableDictionary<string, EscrowEntry> Apply(ImmutableDictionary<string, EscrowEntry> entries, LedgerBlock block, DevnetView view)
    {
        foreach (var transaction in block.Transactions)
        {
            if (!transaction.IsValid)
            {
                continue;
            }

            var inputs = transaction.Body.Inputs.ToDictionary(i => i, i => view.Index.Outputs[i].Utxo.Output);
            foreach (var (family, address) in Contracts)
            {
                if (inputs.Values.Any(o => o.Address == address) || transaction.Body.Outputs.Any(o => o.Address == address))
                {
                    foreach (var e in EscrowWatcher.Interpret(transaction, isValid: true, inputs, family, address))
                    {
                        entries = Apply(entries, e, address, block.Height);
                    }
                }
            }
        }

        return entries;
    }

    private ImmutableDictionary<string, EscrowEntry> Apply(ImmutableDictionary<string, EscrowEntry> entries, EscrowEvent e, Address contract, long height)
    {
        var identifier = e switch
        {
            EscrowEvent.Locked l => l.Identifier.Encode(),
            EscrowEvent.Moved m => IdentifierParts.Of(m.Old, contract).Encode(),
            EscrowEvent.Closed c => IdentifierParts.Of(c.Old, contract).Encode(),
            _ => null,
        };
        if (identifier is null)
        {
            return entries;
        }

        var entry = entries.GetValueOrDefault(identifier) ?? EscrowEntry.Empty;
        entry = e switch
        {
            EscrowEvent.Locked l when l.Funders.Overlaps(_ours) is var ours => entry with
            {
                Locks = entry.Locks.Add(new SeenLock(l.At, height, ours)),
                Live = entry.Live.Add(l.At, new LiveEscrow(l.At, l.Datum, l.Value, ours)),
            },
            EscrowEvent.Moved m => entry with
            {
                Live = entry.Live.Remove(m.Spent).Add(m.At, new LiveEscrow(m.At, m.New, m.Value, entry.Live.TryGetValue(m.Spent, out var was) && was.IsOurs)),
                Actions = entry.Actions.Add(m.Action),
            },
            EscrowEvent.Closed c => entry with { Live = entry.Live.Remove(c.Spent), Actions = entry.Actions.Add(c.Action) },
            _ => entry,
        };
        return entries.SetItem(identifier, entry);
    }
}
