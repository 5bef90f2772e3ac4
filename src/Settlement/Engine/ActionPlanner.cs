using System.Collections.Immutable;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Escrow;
using Masumi.Contracts.Escrow.Common;
using Masumi.Settlement.Attempts;
using Masumi.Settlement.Deals;
using Masumi.Settlement.Rails;
using Masumi.Settlement.Sources;
using Masumi.Settlement.Stores;
using Masumi.Settlement.Wallets;

namespace Masumi.Settlement.Engine;

/// <summary>
/// Acts on escrows for one wallet: nearest deadline first, as many in one transaction as the rail and its size allow. What spoils a transaction for all is found
/// out by halves, and what does not fit alone is written in its shortest form.
/// </summary>
internal sealed class ActionPlanner(SettlementStore store, Commits commits, WalletCoins coins)
{
    /// <summary>Acts for these deals of one wallet. Returns what could not be, and why; with a time where it is only too early.</summary>
    public async Task<IReadOnlyDictionary<string, (CommitFailure Failure, DateTimeOffset? NotBefore)>> RunAsync(
        PaymentSource source,
        HotWallet wallet,
        ContractScript script,
        IReadOnlyList<Deal> deals,
        PlanningRound round,
        CancellationToken cancellation
    )
    {
        var failures = new Dictionary<string, (CommitFailure, DateTimeOffset?)>(StringComparer.Ordinal);
        var escrows = await store.Chain.FindOutputsAsync(source.Id, deals.Select(d => d.Projection.Escrow).OfType<TxInput>(), cancellation);
        var ready = new List<(Deal Deal, EscrowLeg Leg)>();
        foreach (var deal in deals.OrderBy(Deadline).ThenBy(d => d.Id, StringComparer.Ordinal))
        {
            // Without an escrow on chain (the lock was rolled back) what is wanted waits for it.
            if (deal.Projection.Escrow is not { } at || !escrows.TryGetValue(at, out var output))
            {
                continue;
            }

            switch (Plan(source, script, deal, wallet, new Utxo(at, output), TransactionForm.Usual, round))
            {
                case LegResult.Ready leg:
                    ready.Add((deal, leg.Leg));
                    break;
                case LegResult.Failed failed:
                    failures[deal.Id] = Describe(failed.Reason);
                    break;
            }
        }

        var groups = await GroupsAsync(source, ready, cancellation);
        while (groups.TryDequeue(out var group))
        {
            var (pieces, taken, _) = EscrowPieces.Combine([.. group.Select(r => r.Leg)], Rail.Of(source.Family).MostLegs);
            var chosen = group.Where(r => taken.Contains(r.Leg)).ToList();
            if (chosen.Count < group.Count)
            {
                groups.Enqueue([.. group.Except(chosen)]);
            }

            var failure = await ActAsync(source, wallet, script, pieces, chosen, TransactionForm.Usual, round, cancellation);
            if (failure is not null && chosen.Count > 1)
            {
                groups.Enqueue(chosen[..(chosen.Count / 2)]);
                groups.Enqueue(chosen[(chosen.Count / 2)..]);
            }
            else if (
                failure is { TooLarge: not null }
                && await ShortestAsync(source, wallet, script, chosen[0].Deal, escrows, round, cancellation) is var shortest
            )
            {
                if (shortest is not null)
                {
                    failures[chosen[0].Deal.Id] = (shortest, null);
                }
            }
            else if (failure is not null)
            {
                failures[chosen[0].Deal.Id] = (failure, null);
            }
        }

        return failures;
    }

    // One of those that were refused together may be what was refused, and would take the others with it for ever.
    private async Task<Queue<List<(Deal Deal, EscrowLeg Leg)>>> GroupsAsync(
        PaymentSource source,
        List<(Deal Deal, EscrowLeg Leg)> ready,
        CancellationToken cancellation
    )
    {
        var refused = ready.Count > 1 ? await store.Attempts.ListRefusedAsync(source.Id, cancellation) : [];
        var parts = ready.ToLookup(r => refused.Contains(new AttemptSubject(r.Deal.Id, r.Deal.Intent.ToString())));
        var groups = new Queue<List<(Deal Deal, EscrowLeg Leg)>>(parts[true].Select(r => new List<(Deal Deal, EscrowLeg Leg)> { r }));
        if (parts[false].Any())
        {
            groups.Enqueue([.. parts[false]]);
        }

        return groups;
    }

    // Definite lengths, no message, change only where it pays: what a large result may have left room for (docs/contracts.md).
    private async Task<CommitFailure?> ShortestAsync(
        PaymentSource source,
        HotWallet wallet,
        ContractScript script,
        Deal deal,
        ImmutableDictionary<TxInput, TxOutput> escrows,
        PlanningRound round,
        CancellationToken cancellation
    )
    {
        var escrow = new Utxo(deal.Projection.Escrow!.Value, escrows[deal.Projection.Escrow.Value]);
        return Plan(source, script, deal, wallet, escrow, TransactionForm.Shortest, round) switch
        {
            LegResult.Ready leg => await ActAsync(
                source,
                wallet,
                script,
                EscrowPieces.Of(leg.Leg),
                [(deal, leg.Leg)],
                TransactionForm.Shortest,
                round,
                cancellation
            ),
            LegResult.Failed failed => Describe(failed.Reason).Failure,
            _ => null,
        };
    }

    private async Task<CommitFailure?> ActAsync(
        PaymentSource source,
        HotWallet wallet,
        ContractScript script,
        EscrowPieces pieces,
        List<(Deal Deal, EscrowLeg Leg)> legs,
        TransactionForm form,
        PlanningRound round,
        CancellationToken cancellation
    )
    {
        var inHand = await coins.OfAsync(wallet, round.Chain, round.Tip, cancellation);
        var plan = pieces.AddTo(commits.PlanFor(wallet, inHand.Spendable) with { ReferenceInputs = script.ReferenceInputs, Form = form });
        var (transaction, failure) = commits.Build(wallet, plan, source, round);
        if (transaction is not null)
        {
            await commits.CommitAsync(
                string.Join('+', legs.Select(l => l.Deal.Intent).Distinct()),
                source,
                wallet,
                transaction,
                pieces.Window.InvalidHereafter,
                [.. legs.Select(l => new AttemptSubject(l.Deal.Id, l.Deal.Intent.ToString()))],
                [],
                round,
                cancellation
            );
        }

        // There is enough, once a block has what is on its way.
        return failure is { Kind: TroubleKind.Funds } && inHand.IsWaiting ? null : failure;
    }

    private static LegResult Plan(
        PaymentSource source,
        ContractScript script,
        Deal deal,
        HotWallet wallet,
        Utxo escrow,
        TransactionForm form,
        PlanningRound round
    )
    {
        var transactions = new EscrowTransactions(ScriptCatalog.ContractOf(source), script.Attached, round.Parameters, round.Slots) { Form = form };
        var payout = (deal.Side == DealSide.Payment ? deal.Terms.SellerReturnAddress : deal.Terms.BuyerReturnAddress) ?? wallet.PayoutAddress;
        return Rail.Of(source.Family).Plan(transactions, deal.Intent, escrow, deal.Wishes.Result, payout, round.Now);
    }

    private static DateTimeOffset Deadline(Deal deal) =>
        deal.Intent switch
        {
            Intent.SubmitResult => deal.Terms.Deadlines.SubmitResult,
            Intent.RequestRefund => deal.Terms.Deadlines.Unlock,
            _ => DateTimeOffset.MaxValue,
        };

    private static (CommitFailure Failure, DateTimeOffset? NotBefore) Describe(LegRefusal refusal) =>
        refusal switch
        {
            LegRefusal.NoWindow { Reason: { Rule: WindowRule.TooEarly } w } => (
                new CommitFailure(TroubleKind.NotYet, $"{w.Rule}: {w.Supplied:u}; required: {w.Required:u}"),
                w.Required
            ),
            LegRefusal.NoWindow w => (new CommitFailure(TroubleKind.Build, $"{w.Reason.Rule}: {w.Reason.Supplied:u}; required: {w.Reason.Required:u}"), null),
            LegRefusal.Refused r => (new CommitFailure(TroubleKind.Build, string.Join("; ", r.Reasons)), null),
            LegRefusal.NotAnEscrow n => (new CommitFailure(TroubleKind.Build, $"not an escrow: {n.Reason}"), null),
            _ => (new CommitFailure(TroubleKind.Build, refusal.ToString()), null),
        };
}
