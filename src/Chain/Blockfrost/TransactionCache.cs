using Masumi.Cardano;
using Masumi.Cardano.Transactions;

namespace Masumi.Chain.Blockfrost;

/// <summary>
/// The last transactions read, by id. Their bodies are verified against the id and their signatures over it, so they can never become wrong; where (and
/// whether) they are on chain is not kept.
/// </summary>
internal sealed class TransactionCache(int capacity)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TransactionId, LinkedListNode<Entry>> _byId = [];
    private readonly LinkedList<Entry> _newestFirst = new();

    public Entry? Find(TransactionId id)
    {
        lock (_lock)
        {
            if (!_byId.TryGetValue(id, out var node))
            {
                return null;
            }

            _newestFirst.Remove(node);
            _newestFirst.AddFirst(node);
            return node.Value;
        }
    }

    public void Add(Entry entry)
    {
        lock (_lock)
        {
            if (_byId.Remove(entry.Transaction.Id, out var old))
            {
                _newestFirst.Remove(old);
            }

            _byId[entry.Transaction.Id] = _newestFirst.AddFirst(entry);
            if (_byId.Count > capacity)
            {
                _byId.Remove(_newestFirst.Last!.Value.Transaction.Id);
                _newestFirst.RemoveLast();
            }
        }
    }

    /// <param name="Transaction">The transaction.</param>
    /// <param name="IsValid">The chain's verdict on its scripts; the flag of the bytes until that is known.</param>
    public sealed record Entry(Transaction Transaction, bool IsValid);
}
