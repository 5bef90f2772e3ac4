using System.Globalization;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Building;
using Masumi.Cardano.Transactions;
using Masumi.Chain;
using Masumi.Contracts.Escrow;
using Masumi.Contracts.Escrow.Common;
using Masumi.Settlement.Engine;
using Masumi.Settlement.Sources;

namespace Masumi.Settlement.Operating;

/// <summary>What became of building a lock for a wallet elsewhere.</summary>
public abstract record UnsignedLockOutcome
{
    private UnsignedLockOutcome() { }

    /// <summary>It is built.</summary>
    /// <param name="Transaction">Without a signature.</param>
    /// <param name="CollateralReturn">ADA beside the price, which comes back.</param>
    public sealed record Built(Transaction Transaction, Lovelace CollateralReturn) : UnsignedLockOutcome;

    /// <summary>The wallet has too little.</summary>
    /// <param name="Missing">Amounts with their units.</param>
    public sealed record Short(string Missing) : UnsignedLockOutcome;

    /// <summary>There is no time left for it.</summary>
    public sealed record TooLate : UnsignedLockOutcome;

    /// <summary>Nobody should send it: it would cost more than locks may.</summary>
    public sealed record Refused : UnsignedLockOutcome;
}

/// <summary>
/// Builds the lock of a payment that a wallet elsewhere signs and sends, as the engine builds its own. Nothing is stored, signed or sent.
/// </summary>
public sealed class UnsignedLocks(IChain chain, ChainClock clock, IScriptEvaluator evaluator)
{
    /// <summary>Builds one. Throws <see cref="ChainUnavailableException"/>.</summary>
    /// <param name="payment">What is to be locked for.</param>
    /// <param name="source">Its contract.</param>
    /// <param name="buyer">The address whose coins pay.</param>
    /// <param name="cancellation">Ends waiting.</param>
    public async Task<UnsignedLockOutcome> BuildAsync(Deals.Deal payment, PaymentSource source, Address buyer, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(payment);
        ArgumentNullException.ThrowIfNull(source);
        var parameters = await chain.GetParametersAsync(cancellation);
        var slots = await chain.GetSlotConfigAsync(cancellation);
        var coins = await chain.GetUtxosAsync(buyer, cancellation);
        var size = LockSizing.Of(payment.Terms.ToEscrow(), source.ContractAddress, buyer, null, parameters);
        if (size.CollateralReturn > LockSizing.MostCollateral(payment.Terms.Funds))
        {
            return new UnsignedLockOutcome.Refused();
        }

        var transactions = new EscrowTransactions(ScriptCatalog.ContractOf(source), null, parameters, slots);
        if (transactions.Lock([size], clock.GetUtcNow(), out _) is not { } pieces)
        {
            return new UnsignedLockOutcome.TooLate();
        }

        // What carries a datum or a script is meant for something else.
        var plan = new TransactionPlan { Available = [.. coins.Where(c => c.Output is { Datum: null, ReferenceScript: null })], ChangeAddress = buyer };
        return TransactionBuilder.Build(pieces.AddTo(plan), parameters, slots, evaluator) switch
        {
            BuildResult.Built { Transaction: var built } when built.Body.Fee <= Commits.MostFee => new UnsignedLockOutcome.Built(built, size.CollateralReturn),
            BuildResult.Failed { Reason: BuildFailure.InsufficientFunds { Missing: var missing } } => new UnsignedLockOutcome.Short(Words(missing)),
            _ => new UnsignedLockOutcome.Refused(),
        };
    }

    private static string Words(Value missing) =>
        string.Join(
            ", ",
            missing
                .Assets.Select(a => string.Create(CultureInfo.InvariantCulture, $"{a.Value} {a.Key}"))
                .Prepend(string.Create(CultureInfo.InvariantCulture, $"{missing.Coin.Amount} lovelace"))
        );
}
