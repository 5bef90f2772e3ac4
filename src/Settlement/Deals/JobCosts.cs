using System.Collections.Immutable;
using Masumi.Cardano;

namespace Masumi.Settlement.Deals;

/// <summary>What of a price is left to a seller.</summary>
/// <param name="Price">The price in lovelace.</param>
/// <param name="ProtocolFee">What the contract takes of it.</param>
/// <param name="Transactions">What the seller's two transactions cost.</param>
public sealed record JobProceeds(Lovelace Price, Lovelace ProtocolFee, Lovelace Transactions)
{
    /// <summary>What a job brings; negative where it costs more than it brings.</summary>
    public long Left => Price.Amount - ProtocolFee.Amount - Transactions.Amount;

    /// <summary>The least price in lovelace that brings something.</summary>
    /// <param name="permille">What the contract takes, in thousandths.</param>
    public long LeastPrice(int permille) => ((Transactions.Amount * 1000) / (1000 - permille)) + 1;
}

/// <summary>
/// What a job costs its seller: a transaction for the result and one to collect, each alone and with the contract's script in a reference input
/// (<c>bench/results/batches.md</c>: 306,831 and 279,138 lovelace). Batches cost less, scripts that travel along more.
/// </summary>
public static class JobCosts
{
    /// <summary>Both together, rounded.</summary>
    public static Lovelace SellersTransactions { get; } = new(590_000);

    /// <summary>What a price of ADA alone leaves to the seller; null where something else is paid too, which we cannot weigh against fees.</summary>
    /// <param name="amounts">The price: units (empty for ADA) and amounts, all of them together.</param>
    /// <param name="permille">What the contract takes of each, in thousandths.</param>
    public static JobProceeds? OfPrice(ImmutableArray<(bool IsAda, long Amount)> amounts, int permille)
    {
        if (amounts.IsEmpty || amounts.Any(a => !a.IsAda))
        {
            return null;
        }

        var price = (long)Int128.Min(amounts.Aggregate((Int128)0, (sum, a) => sum + a.Amount), long.MaxValue);
        return new(new Lovelace(price), new Lovelace((long)((Int128)price * permille / 1000)), SellersTransactions);
    }
}
