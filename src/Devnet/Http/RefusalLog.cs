using System.Collections.Immutable;
using Masumi.Cardano.Transactions;
using Masumi.Ledger.State;

namespace Masumi.Devnet.Http;

/// <summary>A submission that the ledger refused.</summary>
/// <param name="Transaction">The transaction.</param>
/// <param name="Failures">What the ledger said.</param>
/// <param name="Words">The rules by which its scripts refused, as far as somebody knows them.</param>
/// <param name="Time">When.</param>
internal sealed record RefusedTransaction(Transaction Transaction, ImmutableArray<LedgerFailure> Failures, ImmutableArray<string> Words, DateTimeOffset Time);

/// <summary>The newest refusals, for developers to look at; each transaction once.</summary>
internal sealed class RefusalLog
{
    private const int Most = 20;

    private ImmutableList<RefusedTransaction> _refused = [];

    /// <summary>Newest first.</summary>
    public ImmutableList<RefusedTransaction> Newest => _refused;

    public void Add(RefusedTransaction refused) =>
        ImmutableInterlocked.Update(
            ref _refused,
            log =>
            {
                var others = log.RemoveAll(r => r.Transaction.Id == refused.Transaction.Id).Insert(0, refused);
                return others.Count > Most ? others.GetRange(0, Most) : others;
            }
        );
}
