using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Building;
using Masumi.Cardano.Parameters;
using Masumi.Cardano.Transactions;
using Masumi.Chain;
using Masumi.Ledger;
using Masumi.Ledger.State;
using Masumi.Protocol;
using Microsoft.Extensions.Logging;

namespace Masumi.Settlement;

/// <summary>What a round of planning sees of the outside world, asked for once.</summary>
internal sealed record PlanningRound(ProtocolParameters Parameters, SlotConfig Slots, BlockPoint Tip, DateTimeOffset Now, bool NewBlock);

/// <summary>Why a transaction was not made.</summary>
/// <param name="Type">Of what kind the reason is.</param>
/// <param name="Note">In words, with what there is and what it would take.</param>
internal sealed record CommitFailure(ErrorType Type, string Note);

/// <summary>
/// Makes a plan a transaction on its way: balanced, evaluated and checked by our own ledger rules before anyone else sees it, stored before it is sent.
/// </summary>
internal sealed class Dispatcher(
    SettlementStore store,
    IChain chain,
    Keyring keys,
    Broadcaster broadcaster,
    IScriptEvaluator evaluator,
    IdSource ids,
    ILogger logger
)
{
    /// <summary>3k/f of the public networks (k = 2160, f = 1/20): slots after which no block is undone any more.</summary>
    private const long StabilityWindow = 129_600;

    private readonly CoinView _coins = new(chain);

    /// <summary>Builds, checks, stores and sends one transaction of a wallet.</summary>
    /// <returns>Null when it is on its way, otherwise why it is not.</returns>
    public async Task<CommitFailure?> CommitAsync(
        string kind,
        PaymentSource source,
        HotWallet wallet,
        TransactionPlan plan,
        ImmutableArray<AttemptSubject> subjects,
        Func<Deal, Deal> assign,
        PlanningRound round,
        CancellationToken cancellation
    )
    {
        var result = TransactionBuilder.Build(plan, round.Parameters, round.Slots, evaluator);
        if (result is BuildResult.Failed failed)
        {
            return Failure(failed.Reason);
        }

        var transaction = ((BuildResult.Built)result).Transaction;
        if (Check(transaction, plan, source, round) is { } refusal)
        {
            logger.LogError("A transaction we built does not pass our own ledger rules: {Refusal}", refusal);
            return new CommitFailure(ErrorType.Unknown, refusal);
        }

        var attempt = new Attempt
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
        if (!await store.InsertAttemptAsync(attempt, assign, cancellation))
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
        await broadcaster.SubmitAsync(attempt, first: true, round.Tip, cancellation);
        return null;
    }

    /// <summary>What a wallet can spend now.</summary>
    public async Task<ImmutableArray<Utxo>> CoinsAsync(HotWallet wallet, CancellationToken cancellation) =>
        await _coins.OfAsync(wallet, await store.ListLiveAttemptsAsync(cancellation), cancellation);

    /// <summary>A plan that a wallet pays for and signs.</summary>
    public TransactionPlan PlanFor(HotWallet wallet, ImmutableArray<Utxo> coins) =>
        new()
        {
            Available = coins,
            ChangeAddress = wallet.Address,
            Signers = [keys.Open(wallet).Payment],
        };

    /// <summary>How to do anew what earlier transactions for the same subjects were to do and, as far as we see, did not.</summary>
    /// <param name="wallet">The wallet that made them.</param>
    /// <param name="subjects">Deals or registrations.</param>
    /// <param name="action">What was to be done for them.</param>
    /// <param name="coins">What the wallet can spend now.</param>
    /// <param name="round">The round.</param>
    /// <param name="cancellation">Ends waiting.</param>
    public async Task<Replacement> ReplaceAsync(
        HotWallet wallet,
        IEnumerable<string> subjects,
        string action,
        IReadOnlyList<Utxo> coins,
        PlanningRound round,
        CancellationToken cancellation
    )
    {
        var attempts = new Dictionary<string, Attempt>(StringComparer.Ordinal);
        foreach (var subject in subjects)
        {
            foreach (var attempt in await store.ListAttemptsAsync(subject, cancellation))
            {
                if (attempt.State is AttemptState.Expired or AttemptState.Conflicted && attempt.Subjects.Any(s => s.SubjectId == subject && s.Action == action))
                {
                    attempts[attempt.Id] = attempt;
                }
            }
        }

        if (attempts.Count == 0)
        {
            return new Replacement.Spending([]);
        }

        var standing = await store.ListStandingAttemptsAsync(wallet.Id, attempts.Values.Min(a => a.CreatedAt), cancellation);
        return Replacement.Of(attempts.Values, standing, coins, round.Tip.Slot, StabilityWindow);
    }

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

    private static CommitFailure Failure(BuildFailure failure) =>
        new(failure is BuildFailure.InsufficientFunds or BuildFailure.NoCollateral ? ErrorType.InsufficientFunds : ErrorType.Unknown, Describe(failure));

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
