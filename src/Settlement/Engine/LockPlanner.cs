using System.Collections.Immutable;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Escrow;
using Masumi.Contracts.Escrow.Common;
using Masumi.Protocol;

namespace Masumi.Settlement;

/// <summary>Locks what buyers want locked: earliest deadline first, as many in one transaction as fit, from the first wallet that can pay.</summary>
internal sealed class LockPlanner(SettlementStore store, Dispatcher dispatcher, SettlementOptions options)
{
    /// <summary>Locks for these deals of one source.</summary>
    public async Task RunAsync(
        PaymentSource source,
        IReadOnlyList<Deal> deals,
        ImmutableArray<HotWallet> wallets,
        PlanningRound round,
        CancellationToken cancellation
    )
    {
        var left = new List<Deal>();
        foreach (var deal in deals.Where(d => d.Terms.Deadlines.PayBy >= round.Now + EscrowSchedule.LockBeforePayBy))
        {
            if (deal.Terms.Deadlines.SubmitResult < round.Now + EscrowSchedule.LockBeforeSubmitResult)
            {
                await store.NoteProblemAsync(deal, ErrorType.Unknown, "Transaction timeout before sending", cancellation);
            }
            else
            {
                left.Add(deal);
            }
        }

        var failures = new Dictionary<string, CommitFailure>(StringComparer.Ordinal);
        foreach (var wallet in wallets.Where(w => w.SourceId == source.Id && w is { Role: WalletRole.Purchasing, DeletedAt: null }))
        {
            // What was tried before goes first, while the coins it must spend again are there; and only its own wallet has those.
            var waiting = left.Where(d => MayPay(wallet, d)).OrderBy(d => d.WalletId is null).ThenBy(d => d.Terms.Deadlines.PayBy).ToList();
            while (waiting.Count > 0)
            {
                var batch = waiting.Take(options.MaxBatch).ToList();
                var coins = await dispatcher.CoinsAsync(wallet, cancellation);
                var failure = await LockBatchAsync(source, wallet, batch, coins, round, cancellation);
                while (failure is not null && batch.Count > 1)
                {
                    // The last, with the latest deadline, makes room.
                    batch.RemoveAt(batch.Count - 1);
                    failure = await LockBatchAsync(source, wallet, batch, coins, round, cancellation);
                }

                waiting.RemoveAll(batch.Contains);
                if (failure is null)
                {
                    left.RemoveAll(batch.Contains);
                }
                else
                {
                    // This one cannot be paid from here; a cheaper one behind it may.
                    failures[batch[0].Id] = failure;
                }
            }
        }

        foreach (var deal in left)
        {
            var why = failures.GetValueOrDefault(deal.Id) ?? new CommitFailure(ErrorType.InsufficientFunds, "Not enough funds in wallets");
            await store.NoteProblemAsync(deal, why.Type, why.Note, cancellation);
        }
    }

    private static bool MayPay(HotWallet wallet, Deal deal) =>
        deal.WalletId is { } chosen ? chosen == wallet.Id : deal.AllowedWallets.IsDefaultOrEmpty || deal.AllowedWallets.Contains(wallet.Id);

    private async Task<CommitFailure?> LockBatchAsync(
        PaymentSource source,
        HotWallet wallet,
        List<Deal> batch,
        ImmutableArray<Utxo> coins,
        PlanningRound round,
        CancellationToken cancellation
    )
    {
        var sizes = batch
            .Select(d =>
                LockSizing.Of(
                    Projector.TermsOf(d.Terms),
                    source.ContractAddress,
                    wallet.Address,
                    d.Terms.BuyerReturnAddress ?? wallet.CollectionAddress,
                    round.Parameters
                )
            )
            .ToList();
        var transactions = new EscrowTransactions(ScriptCatalog.ContractOf(source), null, round.Parameters, round.Slots);
        if (transactions.Lock(sizes, round.Now, out var refusal) is not { } pieces)
        {
            return new CommitFailure(ErrorType.Unknown, $"{refusal!.Rule}: {refusal.Supplied:u}; required: {refusal.Required:u}");
        }

        var replacement = await dispatcher.ReplaceAsync(wallet, batch.Select(d => d.Id), nameof(Intent.Lock), coins, round, cancellation);
        if (replacement is Replacement.NotYet wait)
        {
            return new CommitFailure(ErrorType.Unknown, $"Waiting: {wait.Attempt} could still reach the chain; required: slot {wait.DeadAfter} has passed");
        }

        var again = ((Replacement.Spending)replacement).Inputs;

        var byId = batch.Zip(sizes).ToDictionary(p => p.First.Id, p => p.Second);
        return await dispatcher.CommitAsync(
            nameof(Intent.Lock),
            source,
            wallet,
            pieces.AddTo(dispatcher.PlanFor(wallet, coins.RemoveRange(again)) with { Inputs = again }),
            [.. batch.Select(d => new AttemptSubject(d.Id, nameof(Intent.Lock)))],
            d =>
                d with
                {
                    WalletId = wallet.Id,
                    LockCollateral = byId[d.Id].CollateralReturn,
                    Terms = d.Terms with { BuyerReturnAddress = byId[d.Id].Datum.BuyerReturn },
                },
            round,
            cancellation
        );
    }
}
