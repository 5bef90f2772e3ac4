using Masumi.Cardano.Transactions;
using Masumi.Chain;
using Masumi.Contracts.Escrow;
using Masumi.Contracts.Escrow.Common;
using Masumi.Protocol;
using Microsoft.Extensions.Logging;

namespace Masumi.Settlement;

/// <summary>
/// Turns what deals want into transactions: locks, then acts on escrows, deadline first, batched by wallet and chained on the wallet's own unconfirmed change.
/// </summary>
internal sealed class Planner(SettlementStore store, ScriptCatalog scripts, Dispatcher dispatcher, LockPlanner locks, ILogger logger)
{
    /// <summary>Plans everything that is due.</summary>
    public async Task RunAsync(IReadOnlyDictionary<string, PaymentSource> sources, PlanningRound round, CancellationToken cancellation)
    {
        var due = (await store.ListDueDealsAsync(cancellation))
            // What failed before is tried again when something may have changed: with the next block.
            .Where(d => d.Problem is null || round.NewBlock)
            .Where(d => sources.ContainsKey(d.SourceId))
            .ToList();
        if (due.Count == 0)
        {
            return;
        }

        var wallets = await store.ListWalletsAsync(cancellation);
        foreach (var bySource in due.GroupBy(d => d.SourceId))
        {
            var source = sources[bySource.Key];
            await locks.RunAsync(source, [.. bySource.Where(d => d.Intent == Intent.Lock)], wallets, round, cancellation);
            var acts = bySource.Where(d => d.Intent != Intent.Lock && d.WalletId is not null).GroupBy(d => d.WalletId!).ToList();
            if (acts.Count == 0 || await ScriptAsync(source, round, cancellation) is not { } script)
            {
                continue;
            }

            foreach (var byWallet in acts)
            {
                var wallet = wallets.Single(w => w.Id == byWallet.Key);
                await ActAsync(source, wallet, script, [.. byWallet.OrderBy(Deadline)], round, cancellation);
            }
        }
    }

    // A source whose contract nobody can produce stands still by itself; the others go on.
    private async Task<ContractScript?> ScriptAsync(PaymentSource source, PlanningRound round, CancellationToken cancellation)
    {
        try
        {
            return await scripts.EscrowAsync(source, round.Tip, cancellation);
        }
        catch (ChainUnavailableException e)
        {
            logger.LogWarning("{Address}: its contract is not to be had now: {Message}", source.ContractAddress, e.Message);
            return null;
        }
    }

    private async Task ActAsync(
        PaymentSource source,
        HotWallet wallet,
        ContractScript script,
        List<Deal> deals,
        PlanningRound round,
        CancellationToken cancellation
    )
    {
        var transactions = new EscrowTransactions(ScriptCatalog.ContractOf(source), script.Attached, round.Parameters, round.Slots);
        var escrows = await store.FindEscrowOutputsAsync(source.Id, deals.Select(d => d.Projection.Escrow).OfType<TxInput>(), cancellation);
        var ready = new List<(Deal Deal, EscrowLeg Leg)>();
        foreach (var deal in deals)
        {
            // Without an escrow on chain (the lock was rolled back) the intent waits for it.
            if (deal.Projection.Escrow is not { } at || !escrows.TryGetValue(at, out var output))
            {
                continue;
            }

            switch (Plan(transactions, deal, wallet, new Utxo(at, output), round.Now))
            {
                case LegResult.Ready leg:
                    ready.Add((deal, leg.Leg));
                    break;
                case LegResult.Failed failed when Waits(deal, failed.Reason):
                    break;
                case LegResult.Failed failed:
                    await store.NoteProblemAsync(deal, ErrorType.Unknown, Describe(failed.Reason), cancellation);
                    break;
            }
        }

        // Too much for one transaction, or one that spoils it for all: halves find out.
        var groups = new Queue<List<(Deal Deal, EscrowLeg Leg)>>(ready.Count > 0 ? [ready] : []);
        while (groups.TryDequeue(out var group))
        {
            var (pieces, taken, _) = EscrowPieces.Combine([.. group.Select(r => r.Leg)]);
            var chosen = group.Where(r => taken.Contains(r.Leg)).ToList();
            if (chosen.Count < group.Count)
            {
                groups.Enqueue([.. group.Except(chosen)]);
            }

            var failure = await ActOnceAsync(source, wallet, script, pieces, chosen, round, cancellation);
            if (failure is not null && chosen.Count > 1)
            {
                groups.Enqueue(chosen[..(chosen.Count / 2)]);
                groups.Enqueue(chosen[(chosen.Count / 2)..]);
            }
            else if (failure is not null)
            {
                await store.NoteProblemAsync(chosen[0].Deal, failure.Type, failure.Note, cancellation);
            }
        }
    }

    private async Task<CommitFailure?> ActOnceAsync(
        PaymentSource source,
        HotWallet wallet,
        ContractScript script,
        EscrowPieces pieces,
        List<(Deal Deal, EscrowLeg Leg)> legs,
        PlanningRound round,
        CancellationToken cancellation
    ) =>
        await dispatcher.CommitAsync(
            string.Join('+', legs.Select(l => l.Deal.Intent).Distinct()),
            source,
            wallet,
            pieces.AddTo(dispatcher.PlanFor(wallet, await dispatcher.CoinsAsync(wallet, cancellation)) with { ReferenceInputs = script.ReferenceInputs }),
            [.. legs.Select(l => new AttemptSubject(l.Deal.Id, l.Deal.Intent.ToString()))],
            d => d,
            round,
            cancellation
        );

    private static LegResult Plan(EscrowTransactions transactions, Deal deal, HotWallet wallet, Utxo escrow, DateTimeOffset now) =>
        deal.Intent switch
        {
            Intent.SubmitResult => transactions.SubmitResult(escrow, deal.IntentResultHash!, now),
            Intent.RequestRefund => transactions.RequestRefund(escrow, now),
            Intent.CancelRefundRequest => transactions.CancelRefundRequest(escrow, now),
            Intent.AuthorizeRefund => transactions.AuthorizeRefund(escrow, now),
            Intent.AuthorizeWithdrawal => transactions.AuthorizeWithdrawal(escrow, now),
            Intent.Withdraw => transactions.Withdraw(escrow, deal.Terms.SellerReturnAddress ?? wallet.PayoutAddress, now),
            Intent.WithdrawRefund => transactions.WithdrawRefund(escrow, deal.Terms.BuyerReturnAddress ?? wallet.PayoutAddress, now),
            _ => throw new InvalidOperationException($"No transaction for {deal.Intent}."),
        };

    // A cooldown or an unlock that lies ahead is no problem: the same call succeeds when its time has come.
    private static bool Waits(Deal deal, LegRefusal reason) =>
        reason is LegRefusal.NoWindow { Reason: { } window } && window.Supplied < window.Required && deal.Problem is null;

    private static DateTimeOffset Deadline(Deal deal) =>
        deal.Intent switch
        {
            Intent.SubmitResult => deal.Terms.Deadlines.SubmitResult,
            Intent.RequestRefund => deal.Terms.Deadlines.Unlock,
            _ => DateTimeOffset.MaxValue,
        };

    private static string Describe(LegRefusal refusal) =>
        refusal switch
        {
            LegRefusal.NoWindow w => $"{w.Reason.Rule}: {w.Reason.Supplied:u}; required: {w.Reason.Required:u}",
            LegRefusal.Refused r => string.Join("; ", r.Reasons),
            LegRefusal.NotAnEscrow n => $"not an escrow: {n.Reason}",
            _ => refusal.ToString(),
        };
}
