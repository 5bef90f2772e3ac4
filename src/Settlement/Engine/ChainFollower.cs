using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Transactions;
using Masumi.Chain;
using Masumi.Contracts.Escrow.Common;
using Microsoft.Extensions.Logging;

namespace Masumi.Settlement;

/// <summary>
/// Keeps the store in step with the chain, one source at a time: reads what is new at the contract's address, records it with the point reached, and
/// undoes what the chain took back. Reading the same block twice changes nothing.
/// </summary>
internal sealed class ChainFollower(SettlementStore store, IChain chain, ILogger logger)
{
    /// <summary>Catches up with the chain; false when the provider is behind what was seen before, and nothing was read.</summary>
    public async Task<bool> CatchUpAsync(PaymentSource source, CancellationToken cancellation)
    {
        var project = await ProjectorAsync(source, cancellation);
        var points = await store.ListPointsAsync(source.Id, cancellation);
        var fresh = new List<FollowedTransaction>();
        await foreach (var e in chain.FollowAddressAsync(source.ContractAddress, points, cancellation))
        {
            switch (e)
            {
                case ChainEvent.RolledBack rolledBack:
                    logger.LogWarning("The chain rolled back to {Height}", rolledBack.To?.Height);
                    await store.RollBackAsync(source, rolledBack.To, project, cancellation);
                    break;

                case ChainEvent.Included included:
                    fresh.Add(await InterpretAsync(source, included.Transaction, fresh, cancellation));
                    break;

                case ChainEvent.Behind behind:
                    logger.LogInformation("The provider's tip {Height} is behind what was seen", behind.Tip.Height);
                    return false;

                case ChainEvent.CaughtUp caughtUp:
                    await store.AppendChainAsync(source, fresh, caughtUp.Tip, project, cancellation);
                    fresh.Clear();
                    break;
            }
        }

        return true;
    }

    /// <summary>How a deal of this source is projected, with the wallets as they are now.</summary>
    public async Task<Func<Deal, IReadOnlyList<EscrowStep>, Deal>> ProjectorAsync(PaymentSource source, CancellationToken cancellation)
    {
        var wallets = (await store.ListWalletsAsync(cancellation)).ToDictionary(w => w.Id, w => w.Address);
        return (deal, steps) => Projector.Project(deal, steps, source, deal.WalletId is { } id ? wallets.GetValueOrDefault(id) : null);
    }

    private async Task<FollowedTransaction> InterpretAsync(
        PaymentSource source,
        ChainTransaction found,
        IReadOnlyList<FollowedTransaction> fresh,
        CancellationToken cancellation
    )
    {
        var transaction = found.Transaction;
        if (!found.IsValid)
        {
            return new FollowedTransaction(found, [], []);
        }

        var outputs = await ResolveAsync(source, transaction, fresh, cancellation);
        var made = transaction
            .Body.Outputs.Select((o, i) => new Utxo(new TxInput(transaction.Id, i), o))
            .Where(u => u.Output.Address == source.ContractAddress)
            .ToImmutableArray();
        var steps = ImmutableArray.CreateBuilder<EscrowStep>();
        foreach (var e in EscrowWatcher.Interpret(transaction, found.IsValid, outputs, source.Family, source.ContractAddress))
        {
            EscrowStep? step = e switch
            {
                EscrowEvent.Locked l => Step(l.Identifier, null, null, l.At, l.Funders.Contains(l.Datum.Buyer), l.Fee),
                EscrowEvent.Moved m => Step(IdentifierParts.Of(m.Old, source.ContractAddress), m.Action, m.Spent, m.At, false, m.Fee),
                EscrowEvent.Closed c => Step(IdentifierParts.Of(c.Old, source.ContractAddress), c.Action, c.Spent, null, false, c.Fee),
                _ => null,
            };
            if (step is not null)
            {
                steps.Add(step);
            }
            else if (e is EscrowEvent.Ignored ignored)
            {
                logger.LogDebug("{TxId}: ignored at the escrow: {Reason} {Detail}", transaction.Id, ignored.Reason, ignored.Detail);
            }
        }

        return new FollowedTransaction(found, steps.ToImmutable(), made);

        EscrowStep Step(IdentifierParts identifier, EscrowAction? action, TxInput? spent, TxInput? created, bool paidByBuyer, Lovelace fee) =>
            new(
                source.Id,
                found.Block,
                found.Index,
                steps.Count,
                transaction.Id,
                identifier.Encode(),
                action,
                spent,
                created,
                created is { } at ? transaction.Body.Outputs[at.Index] : null,
                paidByBuyer,
                fee
            );
    }

    // Escrow inputs come from our own index; what else a transaction spends is asked for once.
    private async Task<IReadOnlyDictionary<TxInput, TxOutput>> ResolveAsync(
        PaymentSource source,
        Transaction transaction,
        IReadOnlyList<FollowedTransaction> fresh,
        CancellationToken cancellation
    )
    {
        var outputs = (await store.FindEscrowOutputsAsync(source.Id, transaction.Body.Inputs, cancellation)).ToBuilder();
        foreach (var utxo in fresh.SelectMany(f => f.EscrowOutputs))
        {
            if (transaction.Body.Inputs.Contains(utxo.Input))
            {
                outputs[utxo.Input] = utxo.Output;
            }
        }

        var missing = transaction.Body.Inputs.Where(i => !outputs.ContainsKey(i)).ToList();
        foreach (var utxo in missing.Count == 0 ? [] : await chain.ResolveAsync(missing, cancellation))
        {
            outputs[utxo.Input] = utxo.Output;
        }

        var unknown = transaction.Body.Inputs.FirstOrDefault(i => !outputs.ContainsKey(i));
        return outputs.Count >= transaction.Body.Inputs.Length && transaction.Body.Inputs.All(outputs.ContainsKey)
            ? outputs.ToImmutable()
            : throw new ChainUnavailableException($"The provider does not know {unknown}, which {transaction.Id} spends.");
    }
}
