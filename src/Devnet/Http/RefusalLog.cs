using System.Collections.Immutable;
using Masumi.Cardano.Transactions;
using Masumi.Ledger.State;

namespace Masumi.Devnet.Http;

/// <summary>A submission that the ledger refused.</summary>
internal sealed record RefusedTransaction(Transaction Transaction, ImmutableArray<LedgerFailure> Failures, DateTimeOffset Time);

/// <summary>The newest refusals, for developers to look at; each transaction once.</summary>
internal sealed class RefusalLog
{
    private const int Most = 20;

    private ImmutableList<RefusedTransaction> _refused = [];

    /// <summary>Newest first.</summary>
    public ImmutableList<RefusedTransaction> Newest => _refused;

    public void Add(Transaction transaction, ImmutableArray<LedgerFailure> failures, DateTimeOffset time) =>
        ImmutableInterlocked.Update(
            ref _refused,
            refused =>
            {
                var others = refused.RemoveAll(r => r.Transaction.Id == transaction.Id).Insert(0, new RefusedTransaction(transaction, failures, time));
                return others.Count > Most ? others.GetRange(0, Most) : others;
            }
        );
}
