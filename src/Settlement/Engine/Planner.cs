using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Chain;
using Masumi.Contracts.Escrow;
using Masumi.Ledger;
using Microsoft.Extensions.Logging;

namespace Masumi.Settlement;

/// <summary>What a round of planning sees of the outside world, asked for once.</summary>
internal sealed record PlanningRound(ProtocolParameters Parameters, SlotConfig Slots, BlockPoint Tip, DateTimeOffset Now, bool NewBlock);

/// <summary>
/// Turns what deals want into signed transactions: deadline first, batched by wallet, chained on the wallet's own unconfirmed change, evaluated and checked
/// by our own ledger rules before anyone else sees them, stored before they are sent.
/// </summary>
internal sealed class Planner(
    SettlementStore store,
    IChain chain,
    ScriptCatalog scripts,
    WalletRoom keys,
    Broadcaster broadcaster,
    IScriptEvaluator evaluator,
    IdSource ids,
    SettlementOptions options,
    ILogger logger
)
{
    private readonly CoinView _coins = new(chain);

    /// <summary>Plans everything that is due.</summary>
    public async Task RunAsync(IReadOnlyDictionary<string, PaymentSource> sources, PlanningRound round, CancellationToken cancellation)
    {
        var due = (await store.ListDueDealsAsync(cancellation).ConfigureAwait(false))
            // What failed before is tried again when something may have changed: with the next block.
            .Where(d => d.Problem is null || round.NewBlock)
            .Where(d => sources.ContainsKey(d.SourceId))
            .ToList();
        if (due.Count == 0)
        {
            return;
        }

        var wallets = await store.ListWalletsAsync(cancellation).ConfigureAwait(false);
        foreach (var bySource in due.GroupBy(d => d.SourceId))
        {
            var source = sources[bySource.Key];
            await LockAsync(source, [.. bySource.Where(d => d.Wish == Wish.Lock).OrderBy(d => d.Terms.PayBy)], wallets, round, cancellation)
                .ConfigureAwait(false);
            foreach (var byWallet in bySource.Where(d => d.Wish != Wish.Lock && d.WalletId is not null).GroupBy(d => d.WalletId!))
            {
                var wallet = wallets.Single(w => w.Id == byWallet.Key);
                await ActAsync(source, wallet, [.. byWallet.OrderBy(Deadline)], round, cancellation).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Builds, checks, stores and sends one transaction of a wallet.</summary>
    /// <returns>Null when it is on its way, otherwise why it is not.</returns>
    public async Task<string?> CommitAsync(
        string kind,
        PaymentSource source,
        HotWallet wallet,
        TransactionPlan plan,
        ImmutableArray<IntentSubject> subjects,
        Func<Deal, Deal> assign,
        PlanningRound round,
        CancellationToken cancellation
    )
    {
        var result = TransactionBuilder.Build(plan, round.Parameters, round.Slots, evaluator);
        if (result is BuildResult.Failed failed)
        {
            return Describe(failed.Reason);
        }

        var transaction = ((BuildResult.Built)result).Transaction;
        if (Check(transaction, plan, source, round) is { } refusal)
        {
            logger.LogError("A transaction we built does not pass our own ledger rules: {Refusal}", refusal);
            return refusal;
        }

        var intent = new Intent
        {
            Id = ids.Next(),
            Kind = kind,
            SourceId = source.Id,
            WalletId = wallet.Id,
            Transaction = transaction,
            InvalidHereafter = plan.InvalidHereafter ?? throw new InvalidOperationException("Every transaction of this node ends."),
            Subjects = subjects,
            CreatedAt = round.Now,
        };
        if (!await store.InsertIntentAsync(intent, assign, cancellation).ConfigureAwait(false))
        {
            // Somebody else acted first; the next round sees how things stand.
            return null;
        }

        logger.LogInformation(
            "{Kind} {TxId} for {Count} ({Bytes} bytes, fee {Fee})",
            kind,
            transaction.Id,
            subjects.Length,
            transaction.Bytes.Length,
            transaction.Body.Fee
        );
        await broadcaster.SubmitAsync(intent, first: true, cancellation).ConfigureAwait(false);
        return null;
    }

    /// <summary>What a wallet can spend now.</summary>
    public async Task<ImmutableArray<Utxo>> CoinsAsync(HotWallet wallet, CancellationToken cancellation) =>
        await _coins.OfAsync(wallet, await store.ListLiveIntentsAsync(cancellation).ConfigureAwait(false), cancellation).ConfigureAwait(false);

    private async Task LockAsync(PaymentSource source, List<Deal> deals, ImmutableArray<HotWallet> wallets, PlanningRound round, CancellationToken cancellation)
    {
        var left = deals.Where(d => d.Terms.PayBy >= round.Now + EscrowSchedule.LockBeforePayBy).ToList();
        foreach (var late in left.Where(d => d.Terms.SubmitResultBy < round.Now + EscrowSchedule.LockBeforeSubmitResult).ToList())
        {
            await ProblemAsync(late, "Unknown", "Transaction timeout before sending", cancellation).ConfigureAwait(false);
            left.Remove(late);
        }

        var why = "Not enough funds in wallets";
        foreach (var wallet in wallets.Where(w => w.SourceId == source.Id && w is { Role: WalletRole.Purchasing, DeletedAt: null }))
        {
            var mine = left.Where(d => d.AllowedWallets.IsDefaultOrEmpty || d.AllowedWallets.Contains(wallet.Id)).ToList();
            while (mine.Count > 0)
            {
                var coins = await CoinsAsync(wallet, cancellation).ConfigureAwait(false);
                var batch = mine.Take(options.MaxBatch).ToList();
                string? failure = null;
                while (batch.Count > 0 && (failure = await LockBatchAsync(source, wallet, batch, coins, round, cancellation).ConfigureAwait(false)) is not null)
                {
                    // The last, with the latest deadline, makes room.
                    batch.RemoveAt(batch.Count - 1);
                }

                if (batch.Count == 0)
                {
                    why = failure ?? why;
                    break;
                }

                left.RemoveAll(batch.Contains);
                mine.RemoveAll(batch.Contains);
            }
        }

        foreach (var deal in left)
        {
            await ProblemAsync(deal, "InsufficientFunds", why, cancellation).ConfigureAwait(false);
        }
    }

    private async Task<string?> LockBatchAsync(
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
            return $"{refusal!.Rule}: {refusal.Supplied:u}; required: {refusal.Required:u}";
        }

        var byId = batch.Zip(sizes).ToDictionary(p => p.First.Id, p => p.Second);
        return await CommitAsync(
                nameof(Wish.Lock),
                source,
                wallet,
                pieces.AddTo(PlanFor(wallet, coins)),
                [.. batch.Select(d => new IntentSubject(d.Id, nameof(Wish.Lock)))],
                d =>
                    d with
                    {
                        WalletId = wallet.Id,
                        LockCollateral = byId[d.Id].CollateralReturn,
                        Terms = d.Terms with { BuyerReturnAddress = byId[d.Id].Datum.BuyerReturn },
                    },
                round,
                cancellation
            )
            .ConfigureAwait(false);
    }

    private async Task ActAsync(PaymentSource source, HotWallet wallet, List<Deal> deals, PlanningRound round, CancellationToken cancellation)
    {
        var script = await scripts.EscrowAsync(source, cancellation).ConfigureAwait(false);
        var transactions = new EscrowTransactions(ScriptCatalog.ContractOf(source), script, round.Parameters, round.Slots);
        var escrows = await store
            .FindEscrowOutputsAsync(source.Id, deals.Select(d => d.Projection.Escrow).OfType<TxInput>(), cancellation)
            .ConfigureAwait(false);
        var ready = new List<(Deal Deal, EscrowLeg Leg)>();
        foreach (var deal in deals)
        {
            // Without an escrow on chain (the lock was rolled back) the wish waits for it.
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
                    await ProblemAsync(deal, "Unknown", Describe(failed.Reason), cancellation).ConfigureAwait(false);
                    break;
            }
        }

        while (ready.Count > 0)
        {
            var (pieces, taken, _) = EscrowPieces.Combine([.. ready.Select(r => r.Leg)]);
            var chosen = ready.Where(r => taken.Contains(r.Leg)).ToList();
            var failure = await ActOnceAsync(source, wallet, pieces, chosen, round, cancellation).ConfigureAwait(false);
            if (failure is not null && chosen.Count > 1)
            {
                // One of them spoils it for all: each goes alone.
                foreach (var single in chosen)
                {
                    var alone = await ActOnceAsync(source, wallet, EscrowPieces.Of(single.Leg), [single], round, cancellation).ConfigureAwait(false);
                    if (alone is not null)
                    {
                        await ProblemAsync(single.Deal, ErrorType(alone), alone, cancellation).ConfigureAwait(false);
                    }
                }
            }
            else if (failure is not null)
            {
                await ProblemAsync(chosen[0].Deal, ErrorType(failure), failure, cancellation).ConfigureAwait(false);
            }

            ready.RemoveAll(chosen.Contains);
        }
    }

    private async Task<string?> ActOnceAsync(
        PaymentSource source,
        HotWallet wallet,
        EscrowPieces pieces,
        List<(Deal Deal, EscrowLeg Leg)> legs,
        PlanningRound round,
        CancellationToken cancellation
    ) =>
        await CommitAsync(
                string.Join('+', legs.Select(l => l.Deal.Wish).Distinct()),
                source,
                wallet,
                pieces.AddTo(PlanFor(wallet, await CoinsAsync(wallet, cancellation).ConfigureAwait(false))),
                [.. legs.Select(l => new IntentSubject(l.Deal.Id, l.Deal.Wish.ToString()))],
                d => d,
                round,
                cancellation
            )
            .ConfigureAwait(false);

    private static LegResult Plan(EscrowTransactions transactions, Deal deal, HotWallet wallet, Utxo escrow, DateTimeOffset now) =>
        deal.Wish switch
        {
            Wish.SubmitResult => transactions.SubmitResult(escrow, ByteString.FromHex(deal.WishResultHash!), now),
            Wish.RequestRefund => transactions.RequestRefund(escrow, now),
            Wish.AuthorizeRefund => transactions.AuthorizeRefund(escrow, now),
            Wish.AuthorizeWithdrawal => transactions.AuthorizeWithdrawal(escrow, now),
            Wish.Withdraw => transactions.Withdraw(escrow, deal.Terms.SellerReturnAddress ?? wallet.PayoutAddress, now),
            Wish.WithdrawRefund => transactions.WithdrawRefund(escrow, deal.Terms.BuyerReturnAddress ?? wallet.PayoutAddress, now),
            _ => throw new InvalidOperationException($"No transaction for {deal.Wish}."),
        };

    // A cooldown or an unlock that lies ahead is no problem: the same call succeeds when its time has come.
    private static bool Waits(Deal deal, LegRefusal reason) =>
        reason is LegRefusal.NoWindow { Reason: { } window } && window.Supplied < window.Required && deal.Problem is null;

    private TransactionPlan PlanFor(HotWallet wallet, ImmutableArray<Utxo> coins) =>
        new()
        {
            Available = coins,
            ChangeAddress = wallet.Address,
            Signers = [keys.Open(wallet).Payment],
        };

    // Our own ledger's verdict, on exactly the outputs the transaction names. What it does not implement it cannot refuse.
    private string? Check(Transaction transaction, TransactionPlan plan, PaymentSource source, PlanningRound round)
    {
        var known = plan.Available.Concat(plan.Inputs).Concat(plan.ScriptInputs.Select(s => s.Utxo)).Concat(plan.ReferenceInputs).DistinctBy(u => u.Input);
        var environment = new LedgerEnvironment(round.Parameters, round.Slots, source.NetworkId, round.Slots.SlotAt(round.Now));
        return Conway.Apply(LedgerState.Of(known), environment, transaction, evaluator) switch
        {
            ApplyResult.Refused refused when refused.Failures.All(f => f.Predicate != LedgerFailure.OutsideScopePredicate) => string.Join(
                "; ",
                refused.Failures
            ),
            _ => null,
        };
    }

    private async Task ProblemAsync(Deal deal, string type, string note, CancellationToken cancellation)
    {
        var problem = new DealProblem(type, note, NeedsManual: false);
        await store
            .ChangeDealAsync(deal.Id, v => v.Deal.Wish == deal.Wish && v.Deal.Problem != problem ? v.Deal with { Problem = problem } : null, cancellation)
            .ConfigureAwait(false);
    }

    private static DateTimeOffset Deadline(Deal deal) =>
        deal.Wish switch
        {
            Wish.SubmitResult => deal.Terms.SubmitResultBy,
            Wish.RequestRefund => deal.Terms.Unlock,
            _ => DateTimeOffset.MaxValue,
        };

    private static string ErrorType(string failure) => failure.StartsWith("Not enough funds", StringComparison.Ordinal) ? "InsufficientFunds" : "Unknown";

    private static string Describe(LegRefusal refusal) =>
        refusal switch
        {
            LegRefusal.NoWindow w => $"{w.Reason.Rule}: {w.Reason.Supplied:u}; required: {w.Reason.Required:u}",
            LegRefusal.Refused r => string.Join("; ", r.Reasons),
            LegRefusal.NotAnEscrow n => $"not an escrow: {n.Reason}",
            _ => refusal.ToString(),
        };

    private static string Describe(BuildFailure failure) =>
        failure switch
        {
            BuildFailure.InsufficientFunds f => $"Not enough funds in wallets: {f.Missing} missing",
            BuildFailure.NoCollateral f => $"Not enough funds in wallets: collateral of {f.Needed} lovelace needed, {f.Available} available",
            BuildFailure.ScriptFailed f => "The contract refuses: "
                + (
                    f.Evaluation.ContextFailure
                    ?? string.Join("; ", f.Evaluation.Executions.Where(e => e.Failure is not null).Select(e => $"{e.Pointer}: {e.Failure}"))
                ),
            BuildFailure.TooLarge f => $"The transaction would have {f.Supplied} bytes; {f.Limit} are allowed",
            BuildFailure.TooManyExUnits f => $"The transaction would use {f.Supplied}; {f.Limit} are allowed",
            BuildFailure.OutputTooSmall f => $"Output {f.OutputIndex} would hold {f.Supplied} lovelace; {f.Required} are required",
            _ => failure.ToString(),
        };
}
