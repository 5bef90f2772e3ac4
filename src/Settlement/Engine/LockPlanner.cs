using System.Collections.Concurrent;
using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Transactions;
using Masumi.Chain;
using Masumi.Contracts.Escrow;
using Masumi.Contracts.Escrow.Common;
using Masumi.Settlement.Attempts;
using Masumi.Settlement.Deals;
using Masumi.Settlement.Rails;
using Masumi.Settlement.Sources;
using Masumi.Settlement.Wallets;

namespace Masumi.Settlement.Engine;

/// <summary>
/// Locks what buyers want locked: earliest deadline first among those that can be paid, as many in one transaction as fit, from several wallets side by
/// side. What cannot be paid costs no call and holds nothing up.
/// </summary>
internal sealed class LockPlanner(Commits commits, WalletCoins coins, Safety safety, SettlementOptions options)
{
    /// <summary>Locks for these deals of one source. Returns what could not be, and why; null when the chain went on since the round began: nothing was done.</summary>
    public async Task<IReadOnlyDictionary<string, CommitFailure>?> RunAsync(
        PaymentSource source,
        IReadOnlyList<Deal> deals,
        ImmutableArray<HotWallet> wallets,
        PlanningRound round,
        CancellationToken cancellation
    )
    {
        var failures = new ConcurrentDictionary<string, CommitFailure>(StringComparer.Ordinal);
        if (deals.Count == 0)
        {
            return failures;
        }

        var payers = new List<Payer>();
        string? unknown = null;
        foreach (var wallet in wallets.Where(w => w.SourceId == source.Id && w.Role == WalletRole.Purchasing))
        {
            try
            {
                payers.Add(new Payer(wallet, await coins.OfAsync(wallet, round.Chain, round.Tip, cancellation)));
            }
            catch (ChainUnavailableException e)
            {
                // The others may pay.
                unknown = $"The coins of {wallet.Address} cannot be listed: {e.Message}";
            }
        }

        var assignment = LockAssignment.Of(deals, payers, (wallet, deal) => Size(source, wallet, deal, round).Value, safety.Order);
        foreach (var (deal, lacking) in assignment.Short)
        {
            failures[deal] = unknown is null ? new CommitFailure(TroubleKind.Funds, lacking.Note) : new CommitFailure(TroubleKind.Chain, unknown);
        }

        // Only what is about to be signed costs a question.
        var paying = payers.Where(p => !assignment.ByWallet[p.Wallet.Id].IsEmpty).ToList();
        if (paying.Count > 0)
        {
            if (!safety.StillHolds(round.Tip, await round.Chain.GetTipAsync(cancellation)))
            {
                return null;
            }

            await Task.WhenAll(paying.Select(p => LockAsync(source, p.Wallet, assignment.ByWallet[p.Wallet.Id], round, failures, cancellation)));
        }

        return failures;
    }

    private async Task LockAsync(
        PaymentSource source,
        HotWallet wallet,
        ImmutableArray<Deal> deals,
        PlanningRound round,
        ConcurrentDictionary<string, CommitFailure> failures,
        CancellationToken cancellation
    )
    {
        var waiting = new List<Deal>(deals);
        var most = options.MaxBatch;
        while (waiting.Count > 0)
        {
            var batch = waiting.Take(most).ToList();
            var inHand = await coins.OfAsync(wallet, round.Chain, round.Tip, cancellation);
            var (failure, sent) = await LockBatchAsync(source, wallet, batch, inHand.Spendable, TransactionForm.Usual, round, cancellation);
            if (failure is { TooLarge: not null } && batch.Count == 1)
            {
                (failure, sent) = await LockBatchAsync(source, wallet, batch, inHand.Spendable, TransactionForm.Shortest, round, cancellation);
            }

            if (failure is null)
            {
                waiting.RemoveRange(0, batch.Count);
                if (!sent)
                {
                    // Somebody else acted on one of them; the next round sees how things stand.
                    return;
                }
            }
            else if (batch.Count > 1)
            {
                most = failure.TooLarge is { } size ? Math.Clamp(batch.Count * size.Limit / size.Supplied, 1, batch.Count - 1) : batch.Count / 2;
            }
            else if (failure.Kind == TroubleKind.Funds && inHand.IsWaiting)
            {
                // There is enough, once a block has what is on its way.
                return;
            }
            else
            {
                failures[batch[0].Id] = failure;
                waiting.RemoveAt(0);
                most = options.MaxBatch;
            }
        }
    }

    private async Task<(CommitFailure? Failure, bool Sent)> LockBatchAsync(
        PaymentSource source,
        HotWallet wallet,
        List<Deal> batch,
        ImmutableArray<Utxo> available,
        TransactionForm form,
        PlanningRound round,
        CancellationToken cancellation
    )
    {
        var exclusion = await commits.ExcludeAsync(batch.Select(d => d.Id), nameof(Intent.Lock), available, round.Tip, cancellation);
        if (exclusion is Exclusion.NotYet wait)
        {
            return (new CommitFailure(TroubleKind.Rival, $"{wait.Attempt} could still reach the chain; required: slot {wait.DeadAfter} has passed"), false);
        }

        var (inputs, rivals) = (Exclusion.Spending)exclusion;
        var sizes = batch.Select(d => Size(source, wallet, d, round)).ToList();
        if (batch.Zip(sizes).FirstOrDefault(d => d.Second.CollateralReturn > Most(d.First)) is { First: { } deal, Second: { } size })
        {
            var note = $"{size.CollateralReturn} lovelace would be locked beside the price; at most {Most(deal)} are";
            return (new CommitFailure(TroubleKind.Build, note), false);
        }

        var transactions = new EscrowTransactions(ScriptCatalog.ContractOf(source), null, round.Parameters, round.Slots);
        if (transactions.Lock(sizes, round.Now, out var refusal) is not { } pieces)
        {
            return (new CommitFailure(TroubleKind.Build, $"{refusal!.Rule}: {refusal.Supplied:u}; required: {refusal.Required:u}"), false);
        }

        var plan = pieces.AddTo(commits.PlanFor(wallet, available.RemoveRange(inputs)) with { Inputs = inputs, Form = form });
        var (transaction, failure) = commits.Build(wallet, plan, source, round, mayShrink: batch.Count > 1);
        return transaction is null
            ? (failure, false)
            : (
                null,
                await commits.CommitAsync(
                    nameof(Intent.Lock),
                    source,
                    wallet,
                    transaction,
                    pieces.Window.InvalidHereafter,
                    [.. batch.Select(d => new AttemptSubject(d.Id, nameof(Intent.Lock)))],
                    rivals,
                    round,
                    cancellation
                )
            );
    }

    private static Lovelace Most(Deal deal) => LockSizing.MostCollateral(deal.Terms.Funds);

    private static LockSize Size(PaymentSource source, HotWallet wallet, Deal deal, PlanningRound round) =>
        LockSizing.Of(
            deal.Terms.ToEscrow(),
            source.ContractAddress,
            wallet.Address,
            deal.Terms.BuyerReturnAddress ?? wallet.CollectionAddress,
            round.Parameters
        );
}
