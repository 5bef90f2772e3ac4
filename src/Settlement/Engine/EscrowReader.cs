using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Transactions;
using Masumi.Chain;
using Masumi.Contracts.Escrow.Common;
using Masumi.Protocol;
using Masumi.Settlement.Deals;
using Masumi.Settlement.Sources;
using Masumi.Settlement.Stores;
using Microsoft.Extensions.Logging;

namespace Masumi.Settlement.Engine;

/// <summary>
/// Reads transactions at a contract's address. It asks the chain for nothing: a lock is judged by its signatures, and of what a transaction spends only escrows
/// that concern this node matter, which it has stored. So a foreign transaction costs no more calls than its own bytes, whatever it spends (P9).
/// </summary>
/// <param name="store">What it has stored.</param>
/// <param name="safety">Whose signature counts.</param>
/// <param name="agreement">Which locks take a second provider's word; null where there is no second one.</param>
/// <param name="logger">What is no escrow.</param>
internal sealed class EscrowReader(ChainStore store, Safety safety, AgreementRule? agreement, ILogger logger)
{
    /// <summary>What transactions did to escrows.</summary>
    /// <param name="source">The contract instance.</param>
    /// <param name="transactions">In chain order: one may spend what an earlier one made.</param>
    /// <param name="keys">Payment keys of this node's wallets: what names one of them is kept even without a deal.</param>
    /// <param name="cancellation">Ends waiting.</param>
    public async Task<List<FollowedTransaction>> ReadAsync(
        PaymentSource source,
        IReadOnlyCollection<ChainTransaction> transactions,
        IReadOnlySet<KeyHash> keys,
        CancellationToken cancellation
    )
    {
        // Only a script can let an escrow go.
        var inputs = transactions.Where(t => t.IsValid && !t.Transaction.Witnesses.Redeemers.IsEmpty).SelectMany(t => t.Transaction.Body.Inputs).ToHashSet();
        var outputs = inputs.Count == 0 ? [] : new Dictionary<TxInput, TxOutput>(await store.FindOutputsAsync(source.Id, inputs, cancellation));
        var read = new List<FollowedTransaction>(transactions.Count);
        foreach (var transaction in transactions)
        {
            var followed = Read(source, transaction, outputs, keys);
            foreach (var step in followed.Steps)
            {
                if (step is { Created: { } at, Output: { } output })
                {
                    outputs[at] = output;
                }
            }

            read.Add(followed);
        }

        return read;
    }

    private FollowedTransaction Read(PaymentSource source, ChainTransaction found, Dictionary<TxInput, TxOutput> outputs, IReadOnlySet<KeyHash> keys)
    {
        var transaction = found.Transaction;
        if (!found.IsValid)
        {
            return new FollowedTransaction(found, [], []);
        }

        // A provider can make up bytes with their own hash; no ledger has them, and no sum of ours has to bear them.
        if (transaction.Body.Fee > Lovelace.MaxSupply || transaction.Body.Outputs.Any(o => o.Value.Coin > Lovelace.MaxSupply))
        {
            logger.LogError("Transaction {TxId} is left out: it moves more than there is", transaction.Id);
            return new FollowedTransaction(found, [], []);
        }

        var spent = transaction.Witnesses.Redeemers.IsEmpty ? [] : transaction.Body.Inputs.Where(outputs.ContainsKey).ToDictionary(i => i, i => outputs[i]);
        var steps = ImmutableArray.CreateBuilder<EscrowStep>();
        var ours = ImmutableHashSet.CreateBuilder<string>(StringComparer.Ordinal);
        var inputs = transaction.Body.Inputs.Sort();
        foreach (var e in EscrowWatcher.Interpret(transaction, found.IsValid, spent, source.Family, source.ContractAddress))
        {
            var (datum, action, from, to) = e switch
            {
                EscrowEvent.Locked l => (l.Datum, (EscrowAction?)null, (TxInput?)null, (TxInput?)l.At),
                EscrowEvent.Moved m => (m.Old, m.Action, m.Spent, m.At),
                EscrowEvent.Closed c => (c.Old, c.Action, c.Spent, null),
                _ => (null, null, null, null),
            };
            if (datum is null)
            {
                logger.LogDebug("{TxId}: ignored at the escrow: {Event}", transaction.Id, e);
                continue;
            }

            var paid = e is EscrowEvent.Closed closed ? EscrowPayout.Of(closed, transaction, source.FeeAddress) : EscrowPayout.Nothing;
            var identifier = IdentifierParts.Of(datum, source.ContractAddress).Encode();
            if (IsOurs(datum, keys))
            {
                ours.Add(identifier);
            }

            steps.Add(
                new EscrowStep(
                    source.Id,
                    found.Block,
                    found.Index,
                    // Inputs in ledger order, then outputs: the same place however much of what is spent is known here.
                    from is { } spends
                        ? inputs.IndexOf(spends)
                        : inputs.Length + to!.Value.Index,
                    transaction.Id,
                    identifier,
                    action,
                    from,
                    to,
                    to is { } at ? transaction.Body.Outputs[at.Index] : null,
                    action is null && safety.IsSignedByBuyer(transaction, datum),
                    e.Fee
                )
                {
                    TransactionFee = transaction.Body.Fee,
                    State = StateOf(e),
                    ToBuyer = paid.ToBuyer,
                    ToSeller = paid.ToSeller,
                    IsAgreed = action is not null || to is null || agreement?.Needs(transaction.Body.Outputs[to.Value.Index].Value) is not true,
                }
            );
        }

        return new FollowedTransaction(found, steps.ToImmutable(), ours.ToImmutable());
    }

    private static OnChainState StateOf(EscrowEvent happened) =>
        happened switch
        {
            EscrowEvent.Moved moved => Projector.StateOf(moved.New),
            EscrowEvent.Closed closed => Projector.StateOf(closed.Action),
            _ => OnChainState.FundsLocked,
        };

    private static bool IsOurs(EscrowDatum datum, IReadOnlySet<KeyHash> keys) =>
        (datum.Buyer.Payment?.AsKey is { } buyer && keys.Contains(buyer)) || (datum.Seller.Payment?.AsKey is { } seller && keys.Contains(seller));
}
