using System.Collections.Immutable;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Transactions;
using Masumi.Chain;
using Masumi.Settlement.Attempts;
using Masumi.Settlement.Engine;
using Masumi.Settlement.Stores;

namespace Masumi.Settlement.Operating;

/// <summary>Finds out whether a transaction of ours can still take effect. Asks the chain, and changes nothing.</summary>
public sealed class AttemptProof(SettlementStore store, IChain chain, SettlementOptions options)
{
    // Reading an address's history costs a call for each transaction.
    private const int MostRead = 200;

    /// <summary>Looks it up at every provider, and each of its inputs; null for a transaction that is none of ours. Throws <see cref="ChainUnavailableException"/>.</summary>
    /// <param name="txId">The transaction, or our id of the attempt.</param>
    /// <param name="cancellation">Ends waiting.</param>
    public async Task<AttemptVerdict?> ProveAsync(string txId, CancellationToken cancellation)
    {
        if (await store.Attempts.FindAsync(txId, cancellation) is not { } attempt)
        {
            return null;
        }

        var words = await chain.FindEverywhereAsync(attempt.TxId, cancellation);
        var inputs = ImmutableArray.CreateBuilder<InputFate>();
        if (attempt.Transaction is { } transaction && words.All(w => w.Found is null))
        {
            var places = new Dictionary<Address, Place>();
            foreach (var input in transaction.Body.Inputs)
            {
                inputs.Add(await LookAsync(attempt, input, places, cancellation));
            }
        }

        // The tip last: nothing that was found is younger.
        return AttemptVerdict.Of(attempt, words, inputs.ToImmutable(), await chain.GetTipAsync(cancellation), options.StabilitySlots);
    }

    private async Task<InputFate> LookAsync(Attempt attempt, TxInput input, Dictionary<Address, Place> places, CancellationToken cancellation)
    {
        if (await chain.FindTransactionAsync(input.TxId, cancellation) is not { } made)
        {
            return new InputFate(input, InputStanding.NotMade, null, null);
        }

        var output = (await chain.ResolveAsync([input], cancellation)).FirstOrDefault(u => u.Input == input);
        if (output is null)
        {
            return new InputFate(input, InputStanding.NotMade, null, null);
        }

        if (!places.TryGetValue(output.Output.Address, out var place))
        {
            place = new Place(await chain.GetUtxosAsync(output.Output.Address, cancellation));
            places[output.Output.Address] = place;
        }

        if (place.Unspent.Any(u => u.Input == input))
        {
            return new InputFate(input, InputStanding.Unspent, null, null);
        }

        var spender = await SpenderAsync(attempt, input, output.Output.Address, made.Block.Height, place, cancellation);
        return new InputFate(input, InputStanding.Spent, spender?.Transaction.Id, spender?.Block);
    }

    private async Task<ChainTransaction?> SpenderAsync(Attempt attempt, TxInput input, Address address, long from, Place place, CancellationToken cancellation)
    {
        if (attempt.TakenBy is { } known && await chain.FindTransactionAsync(known, cancellation) is { } taker && Spends(taker, input))
        {
            return taker;
        }

        foreach (var row in (await chain.ListTransactionsAsync(address, from, cancellation)).Take(MostRead))
        {
            if (!place.Read.TryGetValue(row.TxId, out var transaction))
            {
                place.Read[row.TxId] = transaction = await chain.FindTransactionAsync(row.TxId, cancellation);
            }

            if (transaction is not null && Spends(transaction, input))
            {
                return transaction;
            }
        }

        return null;
    }

    private static bool Spends(ChainTransaction transaction, TxInput input) =>
        (transaction.IsValid ? transaction.Transaction.Body.Inputs : transaction.Transaction.Body.Collateral).Contains(input);

    private sealed record Place(ImmutableArray<Utxo> Unspent)
    {
        public Dictionary<Cardano.TransactionId, ChainTransaction?> Read { get; } = [];
    }
}
