using Masumi.Cardano;
using Masumi.Cardano.Transactions;
using Masumi.Simulation.Chain;

namespace Masumi.Simulation.Judges;

/// <summary>
/// Decision 1: whatever branch wins, no chain holds two locks of one job. Every lock that a node offers must exclude every earlier one of the same job, whatever
/// became of that: one of the transactions it stands upon, or itself, spends what the earlier one spends, or another that the earlier one stands upon.
/// </summary>
internal sealed class ReplacementJudge(Verdicts verdicts)
{
    private readonly Dictionary<TransactionId, TransactionBody> _known = [];
    private readonly Dictionary<(int Node, int Job), List<(TransactionId TxId, DateTimeOffset At)>> _locks = [];

    /// <summary>A node offers a transaction that locks for these jobs, or for none: a lock may stand upon it before any block has it.</summary>
    public void Offered(int node, Transaction transaction, IEnumerable<int> jobs, DateTimeOffset now)
    {
        _known[transaction.Id] = transaction.Body;
        foreach (var job in jobs)
        {
            if (!_locks.TryGetValue((node, job), out var earlier))
            {
                _locks[(node, job)] = earlier = [];
            }

            if (earlier.Exists(e => e.TxId == transaction.Id))
            {
                continue;
            }

            foreach (var (txId, _) in earlier.Where(e => !Excludes(transaction.Id, e.TxId)))
            {
                verdicts.Add(
                    "D1",
                    $"{job} {txId} {transaction.Id}",
                    $"node {node} locks for job {job} in {transaction.Id}, and a branch could hold that beside the earlier lock {txId}",
                    job
                );
            }

            earlier.Add((transaction.Id, now));
        }
    }

    /// <summary>Every block that comes: what stands upon what.</summary>
    public void Apply(ChainChange change)
    {
        foreach (var transaction in change.After.Blocks.Skip(change.Shared).SelectMany(b => b.Transactions))
        {
            _known[transaction.Id] = transaction.Body;
        }
    }

    /// <summary>A node goes on with a copy of its database: of what it offered since then it knows nothing, and what it waits for instead is decision 2.</summary>
    public void Restored(int node, DateTimeOffset copied)
    {
        foreach (var ((of, _), offered) in _locks)
        {
            if (of == node)
            {
                offered.RemoveAll(o => o.At >= copied);
            }
        }
    }

    // No chain holds both where what the one stands upon, or itself, spends what something else does that the other stands upon, or the other itself.
    private bool Excludes(TransactionId later, TransactionId earlier)
    {
        var spenders = new Dictionary<TxInput, TransactionId>();
        foreach (var id in LineageOf(earlier))
        {
            foreach (var input in _known[id].Inputs)
            {
                spenders[input] = id;
            }
        }

        return LineageOf(later).Any(id => _known[id].Inputs.Any(i => spenders.TryGetValue(i, out var other) && other != id));
    }

    // It and what it stands upon, as far as that is known: all of it is on a chain that has it.
    private HashSet<TransactionId> LineageOf(TransactionId transaction)
    {
        var lineage = new HashSet<TransactionId>();
        var open = new Stack<TransactionId>([transaction]);
        while (open.TryPop(out var id))
        {
            if (_known.TryGetValue(id, out var body) && lineage.Add(id))
            {
                foreach (var input in body.Inputs)
                {
                    open.Push(input.TxId);
                }
            }
        }

        return lineage;
    }
}
