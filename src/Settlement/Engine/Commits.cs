using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Building;
using Masumi.Cardano.Parameters;
using Masumi.Cardano.Transactions;
using Masumi.Chain;
using Masumi.Contracts.Common;
using Masumi.Ledger;
using Masumi.Ledger.State;
using Masumi.Settlement.Attempts;
using Masumi.Settlement.Deals;
using Masumi.Settlement.Sources;
using Masumi.Settlement.Stores;
using Masumi.Settlement.Wallets;
using Microsoft.Extensions.Logging;

namespace Masumi.Settlement.Engine;

/// <summary>Why a transaction was not made.</summary>
/// <param name="Kind">Of what kind the reason is.</param>
/// <param name="Note">In words, with what there is and what it would take.</param>
internal sealed record CommitFailure(TroubleKind Kind, string Note)
{
    /// <summary>What it would have, and what is allowed, when it was too large.</summary>
    public (int Supplied, int Limit)? TooLarge { get; init; }
}

/// <summary>
/// Makes a plan a transaction on its way: balanced, evaluated and checked by our own ledger rules before anyone else sees it, stored before it is sent.
/// </summary>
internal sealed class Commits(
    SettlementStore store,
    Keyring keys,
    Tender tender,
    ChainFollower follower,
    WalletCoins coins,
    IScriptEvaluator evaluator,
    IdSource ids,
    Safety safety,
    SettlementOptions options,
    ILogger logger
)
{
    /// <summary>Dearer is no transaction of ours, whatever the parameters say (decision 5, P4).</summary>
    public static Lovelace MostFee { get; } = Lovelace.FromAda(2);

    /// <summary>
    /// Builds and checks a transaction of a wallet (decision 11): from coins without tokens, whose change is small; else from all but the one for collateral; else
    /// from all. What comes back is left so that the wallet is as it should be.
    /// </summary>
    /// <param name="wallet">Pays and signs.</param>
    /// <param name="plan">What it does.</param>
    /// <param name="source">The contract instance.</param>
    /// <param name="round">Parameters and time.</param>
    /// <param name="mayShrink">True when the caller would rather put less into it than leave the wallet's coins as they are.</param>
    public (Transaction? Transaction, CommitFailure? Failure) Build(
        HotWallet wallet,
        TransactionPlan plan,
        PaymentSource source,
        PlanningRound round,
        bool mayShrink = false
    )
    {
        var reserved = CoinPolicy.Reserved(plan.Available);
        ImmutableArray<Utxo> most = [.. plan.Available.Where(c => c.Input != reserved?.Input)];
        ImmutableArray<Utxo> plain = [.. most.Where(c => c.Output.Value.IsAdaOnly)];
        plan = plan with { Collateral = reserved is null ? [] : [reserved] };
        BuildOutcome outcome = new(null, null, null);
        var tried = -1;
        foreach (var from in new[] { plain, most, plan.Available })
        {
            if (from.Length > tried)
            {
                tried = from.Length;
                outcome = BuildOnce(wallet, plan with { Available = from }, source, round);
                if (outcome is { Transaction: { } made, ChangeIndex: { } at } && plan.Form == TransactionForm.Usual)
                {
                    return SplitChange(wallet, plan with { Available = from }, made, made.Body.Outputs[at].Value, source, round, mayShrink);
                }
            }

            if (outcome.Failure is not { Kind: TroubleKind.Funds })
            {
                break;
            }
        }

        return (outcome.Transaction, outcome.Failure);
    }

    /// <summary>Stores a built transaction and offers it.</summary>
    /// <returns>True when it is on its way.</returns>
    public async Task<bool> CommitAsync(
        string kind,
        PaymentSource source,
        HotWallet wallet,
        Transaction transaction,
        Slot invalidHereafter,
        ImmutableArray<AttemptSubject> subjects,
        ImmutableArray<AttemptRival> rivals,
        PlanningRound round,
        CancellationToken cancellation
    )
    {
        if (invalidHereafter > round.Slots.SlotAt(round.Now + Validity.Longest))
        {
            throw new InvalidOperationException($"{kind} {transaction.Id} would be valid for longer than a hold waits (ADR 7).");
        }

        var attempt = new Attempt
        {
            Id = ids.Next(),
            Kind = kind,
            SourceId = source.Id,
            WalletId = wallet.Id,
            TxId = transaction.Id,
            Transaction = transaction,
            InvalidHereafter = invalidHereafter,
            Fee = transaction.Body.Fee,
            Subjects = subjects,
            Rivals = rivals,
            CreatedAt = round.Now,
        };
        var outcome = await store.Attempts.InsertAsync(attempt, RivalsFrom(round.Tip), deal => Take(deal, attempt), follower.Decisions, cancellation);
        switch (outcome)
        {
            case AttemptOutcome.Stored:
                logger.LogInformation(
                    "{Kind} {TxId} for {Count} ({Bytes} bytes, fee {Fee})",
                    kind,
                    transaction.Id,
                    subjects.Length,
                    transaction.Bytes.Length,
                    transaction.Body.Fee
                );
                await tender.OfferAsync(attempt, round, cancellation);
                return true;

            case AttemptOutcome.Known known:
                // The very same bytes: what they do is on its way, or passed for dead too early (P15).
                logger.LogInformation("{Kind} {TxId} was made before and is {State}", kind, transaction.Id, known.Attempt.State);
                await store.Attempts.ReviveAsync(known.Attempt, follower.Decisions, cancellation);
                coins.Doubt(wallet.Id);
                return true;

            case AttemptOutcome.NotExclusive rival:
                logger.LogError("{Kind} {TxId} does not exclude {Rival} and was not stored", kind, transaction.Id, rival.Rival);
                return false;

            case AttemptOutcome.Overtaken overtaken:
                logger.LogInformation("{Kind} {TxId} was overtaken: {Why}", kind, transaction.Id, overtaken.Why);
                coins.Doubt(wallet.Id);
                return false;

            default:
                throw new InvalidOperationException($"An outcome without a rule: {outcome}.");
        }
    }

    /// <summary>A plan that a wallet pays for and signs.</summary>
    public TransactionPlan PlanFor(HotWallet wallet, ImmutableArray<Utxo> available) =>
        new()
        {
            Available = available,
            ChangeAddress = wallet.Address,
            Signers = [keys.Open(wallet).Payment],
        };

    /// <summary>How to do anew what earlier transactions for the same subjects were to do and, as far as we see, did not.</summary>
    public async Task<Exclusion> ExcludeAsync(
        IEnumerable<string> subjects,
        string action,
        IReadOnlyList<Utxo> available,
        BlockPoint tip,
        CancellationToken cancellation
    )
    {
        var earlier = new SortedDictionary<string, Attempt>(StringComparer.Ordinal);
        foreach (var subject in subjects)
        {
            foreach (var attempt in await store.Attempts.ListForAsync(subject, cancellation))
            {
                if (
                    attempt is { State: AttemptState.Expired or AttemptState.Conflicted or AttemptState.Failed, Transaction: not null }
                    && attempt.Subjects.Any(s => s.SubjectId == subject && s.Action == action)
                )
                {
                    earlier[attempt.Id] = attempt;
                }
            }
        }

        if (earlier.Count == 0)
        {
            return new Exclusion.Spending([], []);
        }

        var known = await store.Attempts.ListKeptAsync(cancellation);
        return safety.Exclude(earlier.Values, known, available, tip.Slot, options.StabilitySlots);
    }

    private Slot RivalsFrom(BlockPoint tip) => safety.DemandsExclusion() ? new(Math.Max(0, tip.Slot.Number - options.StabilitySlots)) : new(long.MaxValue);

    private DealChange? Take(Deal deal, Attempt attempt)
    {
        var action = attempt.Subjects.Single(s => s.SubjectId == deal.Id).Action;
        return deal.Intent.ToString() == action && deal.UnderWay is null
            ? follower.Apply(deal, new DealEvent.Taken(new StandingAttempt(attempt.Id, attempt.TxId, deal.Intent), attempt.WalletId))
            : null;
    }

    private (Transaction? Transaction, CommitFailure? Failure) SplitChange(
        HotWallet wallet,
        TransactionPlan plan,
        Transaction made,
        Value change,
        PaymentSource source,
        PlanningRound round,
        bool mayShrink
    )
    {
        var spent = made.Body.Inputs.ToHashSet();
        var left = plan.Available.Concat(plan.Collateral).DistinctBy(c => c.Input).Where(c => !spent.Contains(c.Input)).ToList();
        var parts = CoinPolicy.Split(left, change, wallet.Role == WalletRole.Purchasing);
        if (parts.IsEmpty)
        {
            return (made, null);
        }

        var outcome = BuildOnce(
            wallet,
            plan with
            {
                Outputs = [.. plan.Outputs, .. parts.Select(p => new TxOutput(wallet.Address, Value.Of(p)))],
            },
            source,
            round
        );
        return outcome.Transaction is { } better ? (better, null)
            : mayShrink && outcome.Failure is { TooLarge: not null } tooLarge ? (null, tooLarge)
            : (made, null);
    }

    private BuildOutcome BuildOnce(HotWallet wallet, TransactionPlan plan, PaymentSource source, PlanningRound round)
    {
        var result = TransactionBuilder.Build(plan, round.Parameters, round.Slots, evaluator);
        if (result is BuildResult.Failed failed)
        {
            return new(null, null, Failure(failed.Reason, wallet, round.Parameters));
        }

        var (transaction, _, changeIndex) = (BuildResult.Built)result;
        if (transaction.Body.Fee > MostFee)
        {
            return new(null, null, new CommitFailure(TroubleKind.Build, $"The fee would be {transaction.Body.Fee}; at most {MostFee} is paid"));
        }

        if (Check(transaction, plan, source, round) is { } refusal)
        {
            logger.LogError("A transaction we built does not pass our own ledger rules: {Refusal}", refusal);
            return new(null, null, new CommitFailure(TroubleKind.Build, refusal));
        }

        return new(transaction, changeIndex, null);
    }

    // Our own ledger's verdict, on exactly the outputs the transaction names. What it does not implement it cannot refuse.
    private string? Check(Transaction transaction, TransactionPlan plan, PaymentSource source, PlanningRound round)
    {
        var known = plan
            .Available.Concat(plan.Inputs)
            .Concat(plan.Collateral)
            .Concat(plan.ScriptInputs.Select(s => s.Utxo))
            .Concat(plan.ReferenceInputs)
            .DistinctBy(u => u.Input);
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

    private static CommitFailure Failure(BuildFailure failure, HotWallet wallet, ProtocolParameters parameters) =>
        failure switch
        {
            BuildFailure.InsufficientFunds f => new(TroubleKind.Funds, new MoneyShort(Missing(f.Missing, wallet, parameters), $"{wallet.Address}").Note),
            BuildFailure.NoCollateral f => new(
                TroubleKind.Funds,
                new MoneyShort(
                    $"{Missing(Value.Of(f.Needed - f.Available), wallet, parameters)} for collateral of {f.Needed} lovelace (there is {f.Available})",
                    $"{wallet.Address}"
                ).Note
            ),
            BuildFailure.TooLarge f => new(TroubleKind.Build, $"The transaction would have {f.Supplied} bytes; {f.Limit} are allowed")
            {
                TooLarge = (f.Supplied, f.Limit),
            },
            BuildFailure.ScriptFailed f => new(
                TroubleKind.Build,
                "The contract refuses: "
                    + (
                        f.Evaluation.ContextFailure
                        ?? string.Join("; ", f.Evaluation.Executions.Where(e => e.Failure is not null).Select(e => $"{e.Pointer}: {e.Failure}"))
                    )
            ),
            BuildFailure.TooManyExUnits f => new(TroubleKind.Build, $"The transaction would use {f.Supplied}; {f.Limit} are allowed"),
            BuildFailure.OutputTooSmall f => new(TroubleKind.Build, $"Output {f.OutputIndex} would hold {f.Supplied} lovelace; {f.Required} are required"),
            _ => new(TroubleKind.Build, failure.ToString()),
        };

    // What is sent to the wallet comes in an output, and no output is smaller than the least.
    private static string Missing(Value missing, HotWallet wallet, ProtocolParameters parameters)
    {
        var least = Fees.MinUtxo(parameters, new TxOutput(wallet.Address, missing));
        var coin = missing.Coin < least ? least : missing.Coin;
        return string.Join(", ", missing.Assets.Select(a => $"{a.Value} {a.Key}").Prepend($"{coin} lovelace"));
    }

    private sealed record BuildOutcome(Transaction? Transaction, int? ChangeIndex, CommitFailure? Failure);
}
