using Masumi.Cardano;
using Masumi.Chain;
using Masumi.Settlement.Sources;
using Masumi.Settlement.Stores;
using Microsoft.Extensions.Logging;

namespace Masumi.Settlement.Engine;

/// <summary>
/// Reads what comes late, whoever found it. A lock that was missed may have been spent by what was read before it: what that spends was not known then, and it passed
/// for a lock itself. So whatever was read since is read again with it.
/// </summary>
internal sealed class LateReader(ChainStore store, EscrowReader reader, ILogger logger)
{
    /// <summary>
    /// A transaction that a list shows, and whether it is there at all. What cannot be read is left out, as following leaves it out: one odd transaction must not end
    /// every look at a public address. What is listed and not found may be found later: who asks for it lags.
    /// </summary>
    public async Task<(ChainTransaction? Transaction, bool IsMissing)> FindAsync(IChain chain, TransactionId id, CancellationToken cancellation)
    {
        try
        {
            var found = await chain.FindTransactionAsync(id, cancellation);
            return (found, found is null);
        }
        catch (ChainUnavailableException e) when (e.Trouble is ProviderTrouble.Undecodable)
        {
            logger.LogError(e, "Transaction {TxId} is left out", id);
            return (null, false);
        }
    }

    /// <summary>What was read late, and again what was read since where it may say something else now, in chain order.</summary>
    public async Task<List<FollowedTransaction>> WithLaterAsync(
        PaymentSource source,
        List<FollowedTransaction> late,
        IReadOnlySet<KeyHash> keys,
        IChain chain,
        CancellationToken cancellation
    )
    {
        var from = late.Where(m => m.Steps.Any(s => s.Created is not null)).Select(m => m.Transaction.Block.Height).DefaultIfEmpty(long.MaxValue).Min();
        if (from == long.MaxValue)
        {
            return late;
        }

        var all = late.DistinctBy(m => m.Transaction.Transaction.Id).ToDictionary(m => m.Transaction.Transaction.Id, m => m.Transaction);
        var known = await store.ListFollowedAsync(source.Id, from, cancellation);
        foreach (var (id, height) in known.Where(k => !all.ContainsKey(k.Key)).OrderBy(k => k.Value).ThenBy(k => k.Key))
        {
            // In another block by now: it is read there, as something new.
            if (await FindAsync(chain, id, cancellation) is { Transaction: { } transaction } && transaction.Block.Height == height)
            {
                all[id] = transaction;
            }
        }

        return await reader.ReadAsync(source, [.. all.Values.OrderBy(t => t.Block.Height).ThenBy(t => t.Index)], keys, cancellation);
    }
}
