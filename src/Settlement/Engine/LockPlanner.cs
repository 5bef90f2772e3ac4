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
internal sealed class LockPlanner(IChain chain, Commits commits, WalletCoins coins, Safety safety, SettlementOptions options)
{
    // The fee of a full transaction and the change's own minimum.
    private static readonly Lovelace Reserve = new(3_000_000);

    // More is not put up beside a price, whatever the parameters say (decision 5, P4); or as much as the price, where that is more.
    private static readonly Lovelace MostCollateral = Lovelace.FromAda(10);

    /// <summary>Locks for these deals of one source. Returns what could not be, and why; null when the chain went on since the round began: nothing was done.</summary>
    public async Task<IReadOnlyDictionary<string, CommitFailure>?> RunAsync(
        PaymentSource source,
        IReadOnlyList<Deal> deals,
        ImmutableArray<HotWallet> wallets,
        PlanningRound round,
        CancellationToken cancellation
    )
    {
        if (!safety.StillHolds(round.Tip, await chain.GetTipAsync(cancellation)))
        {
            return null;
        }

        var failures = new Dictionary<string, CommitFailure>(StringComparer.Ordinal);
        var payers = new List<(HotWallet Wallet, Value Left, List<Deal> Deals)>();
        foreach (var wallet in wallets.Where(w => w.SourceId == source.Id && w.Role == WalletRole.Purchasing))
        {
            payers.Add((wallet, (await coins.OfAsync(wallet, round.Tip, cancellation)).Total, []));
        }

        Assign(source, deals, payers, round, failures);
        await Task.WhenAll(payers.Where(p => p.Deals.Count > 0).Select(p => LockAsync(source, p.Wallet, p.Deals, round, failures, cancellation)));
        return failures;
    }

    private void Assign(
        PaymentSource source,
        IReadOnlyList<Deal> deals,
        List<(HotWallet Wallet, Value Left, List<Deal> Deals)> payers,
        PlanningRound round,
        Dictionary<string, CommitFailure> failures
    )
    {
        var ordered = safety.Order(deals, d => payers.Any(p => MayPay(p.Wallet, d) && Covers(p.Left, Need(source, p.Wallet, d, round))));
        foreach (var deal in ordered)
        {
            // The one with the most left, so that no wallet is emptied while another idles.
            var best = payers
                .Select((p, i) => (p.Wallet, p.Left, Index: i))
                .Where(p => MayPay(p.Wallet, deal) && Covers(p.Left, Need(source, p.Wallet, deal, round)))
                .OrderByDescending(p => p.Left.Coin)
                .ThenBy(p => p.Wallet.Id, StringComparer.Ordinal)
                .Select(p => (int?)p.Index)
                .FirstOrDefault();
            if (best is { } index)
            {
                var (wallet, left, own) = payers[index];
                own.Add(deal);
                payers[index] = (wallet, left - Need(source, wallet, deal, round), own);
            }
        }

        var assigned = payers.SelectMany(p => p.Deals).Select(d => d.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var deal in deals.Where(d => !assigned.Contains(d.Id)))
        {
            failures[deal.Id] = Poor(source, deal, payers, round);
        }
    }

    private static CommitFailure Poor(PaymentSource source, Deal deal, List<(HotWallet Wallet, Value Left, List<Deal> Deals)> payers, PlanningRound round)
    {
        var payer = payers
            .Where(p => MayPay(p.Wallet, deal))
            .OrderByDescending(p => p.Left.Coin)
            .ThenBy(p => p.Wallet.Id, StringComparer.Ordinal)
            .FirstOrDefault();
        if (payer.Wallet is null)
        {
            return new CommitFailure(TroubleKind.Funds, new MoneyShort("no purchasing wallet may pay for this purchase", null).Note);
        }

        var need = Need(source, payer.Wallet, deal, round);
        var missing = need.Assets.Where(a => payer.Left[a.Key] < a.Value).Select(a => $"{a.Value - payer.Left[a.Key]} {a.Key}").ToList();
        if (payer.Left.Coin < need.Coin + Reserve)
        {
            missing.Insert(0, $"{need.Coin + Reserve - payer.Left.Coin} lovelace");
        }

        return new CommitFailure(TroubleKind.Funds, new MoneyShort(string.Join(", ", missing), $"{payer.Wallet.Address}").Note);
    }

    private async Task LockAsync(
        PaymentSource source,
        HotWallet wallet,
        List<Deal> deals,
        PlanningRound round,
        Dictionary<string, CommitFailure> failures,
        CancellationToken cancellation
    )
    {
        var waiting = new List<Deal>(deals);
        var most = options.MaxBatch;
        while (waiting.Count > 0)
        {
            var batch = waiting.Take(most).ToList();
            var available = (await coins.OfAsync(wallet, round.Tip, cancellation)).Spendable;
            var (failure, sent) = await LockBatchAsync(source, wallet, batch, available, round, cancellation);
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
        PlanningRound round,
        CancellationToken cancellation
    )
    {
        var exclusion = await commits.ExcludeAsync(wallet, batch.Select(d => d.Id), nameof(Intent.Lock), available, round.Tip, cancellation);
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

        var plan = pieces.AddTo(commits.PlanFor(wallet, available.RemoveRange(inputs)) with { Inputs = inputs });
        var (transaction, failure) = commits.Build(wallet, plan, source, round);
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

    // What was tried before only its own wallet has the coins to exclude; a wallet that was removed gets nothing new.
    private static bool MayPay(HotWallet wallet, Deal deal) =>
        deal.WalletId is { } chosen
            ? chosen == wallet.Id
            : wallet.DeletedAt is null && (deal.AllowedWallets.IsDefaultOrEmpty || deal.AllowedWallets.Contains(wallet.Id));

    private static bool Covers(Value left, Value need) => left.Coin >= need.Coin + Reserve && need.Assets.All(a => left[a.Key] >= a.Value);

    private static Lovelace Most(Deal deal) => Lovelace.Max(MostCollateral, deal.Terms.Funds.Coin);

    private static Value Need(PaymentSource source, HotWallet wallet, Deal deal, PlanningRound round) => Size(source, wallet, deal, round).Value;

    private static LockSize Size(PaymentSource source, HotWallet wallet, Deal deal, PlanningRound round) =>
        LockSizing.Of(
            deal.Terms.ToEscrow(),
            source.ContractAddress,
            wallet.Address,
            deal.Terms.BuyerReturnAddress ?? wallet.CollectionAddress,
            round.Parameters
        );
}
