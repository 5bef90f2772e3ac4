using Masumi.Cardano;
using Masumi.Cardano.Transactions;

namespace Masumi.Settlement.Stores;

/// <summary>
/// The transactions of attempts that were read last, decoded: the open ones are read in every round, and an id stands for the same bytes for ever. Safe to share
/// between threads.
/// </summary>
internal sealed class DecodedTransactions
{
    // Twice as many at most: those of the generation before are kept until this one is full.
    private const int Most = 512;

    private readonly Lock _gate = new();
    private Dictionary<TransactionId, Transaction> _before = [];
    private Dictionary<TransactionId, Transaction> _now = [];

    /// <summary>The transaction with an id, of these bytes where it is not remembered.</summary>
    public Transaction Of(TransactionId id, byte[] bytes)
    {
        lock (_gate)
        {
            if (_now.TryGetValue(id, out var known))
            {
                return known;
            }

            if (_now.Count >= Most)
            {
                (_before, _now) = (_now, []);
            }

            return _now[id] = _before.GetValueOrDefault(id) ?? Transaction.FromCbor(bytes);
        }
    }
}
