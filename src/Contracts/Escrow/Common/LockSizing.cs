using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Parameters;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Common;

namespace Masumi.Contracts.Escrow.Common;

/// <summary>What a lock holds.</summary>
/// <param name="Datum">The lock's datum, with the collateral in it.</param>
/// <param name="Value">Price plus what the ledger's minimum makes necessary.</param>
public sealed record LockSize(EscrowDatum Datum, Value Value)
{
    /// <summary>ADA the buyer gets back in any case.</summary>
    public Lovelace CollateralReturn => Datum.CollateralReturn;
}

/// <summary>
/// How much ADA an escrow output carries (spec escrow.md 5.4). The estimate has a reserve for the larger datum of a later result, so that a seller
/// need not add ADA of its own to answer.
/// </summary>
public static class LockSizing
{
    /// <summary>Less collateral than this is refused by the seller's node, unless it is none.</summary>
    public static Lovelace LeastCollateral { get; } = new(1_435_230);

    /// <summary>
    /// More is neither put up nor taken beside a price (decision 5, P4): ten ADA, or as much ADA as the price where that is more. A V1 contract takes its fee of the
    /// whole output, so without a bound a buyer's own ADA would cost the seller more than the price.
    /// </summary>
    public static Lovelace MostCollateral(Value price)
    {
        ArgumentNullException.ThrowIfNull(price);
        return Lovelace.Max(Lovelace.FromAda(10), price.Coin);
    }

    private const int EntryBytes = 160;
    private const int OutputBytes = 50 + 15;
    private const int BytesPerToken = 50;
    private const int Reserve = 100;

    private static readonly ByteString DummyResult = ByteString.FromHex("d4735e3a265e16eee03f59718b9b5d03019c07d8b6c51f90da3a666eec13ab35");

    /// <summary>The reference's estimate for a datum of this length and this many native assets.</summary>
    public static Lovelace Estimate(long coinsPerUtxoByte, int datumBytes, int tokens) =>
        new(checked(coinsPerUtxoByte * (datumBytes + EntryBytes + OutputBytes + (BytesPerToken * tokens) + Reserve)));

    /// <summary>Price and collateral of a lock.</summary>
    /// <param name="terms">What was agreed.</param>
    /// <param name="escrow">The contract's address.</param>
    /// <param name="buyer">The wallet that locks.</param>
    /// <param name="buyerReturn">V2: where refunds go.</param>
    /// <param name="parameters">For the price of a byte.</param>
    public static LockSize Of(EscrowTerms terms, Address escrow, Address buyer, Address? buyerReturn, ProtocolParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(terms);
        ArgumentNullException.ThrowIfNull(escrow);
        ArgumentNullException.ThrowIfNull(parameters);
        var price = terms.Price;
        var requested = price.Coin;
        var need = Need(Lovelace.Zero);
        if (terms.Identifier.Family == EscrowFamily.V2)
        {
            // The collateral's own bytes make the datum longer; V1 never counted them.
            need = Lovelace.Max(need, Need(Lovelace.Max(Lovelace.Zero, need - requested)));
        }

        var collateral = Lovelace.Zero;
        var locked = requested;
        if (requested == Lovelace.Zero)
        {
            collateral = locked = need;
        }
        else if (requested < need)
        {
            collateral = Lovelace.Max(need - requested, LeastCollateral);
            locked = requested + collateral;
        }

        return new LockSize(terms.LockDatum(buyer, buyerReturn, collateral), price.WithCoin(locked));

        Lovelace Need(Lovelace collateralReturn)
        {
            var later = terms.LockDatum(buyer, buyerReturn, collateralReturn) with { State = EscrowState.ResultSubmitted, ResultHash = DummyResult };
            if (terms.Identifier.Family == EscrowFamily.V2)
            {
                return Least(later, price, escrow, parameters);
            }

            // V1 nodes measure with the seller in the buyer's place.
            var measured = (later with { Buyer = later.Seller }).ToData().ToCbor().Length;
            return Lovelace.Max(Estimate(parameters.CoinsPerUtxoByte, measured, price.Assets.Count), LedgerMinimum(later, price, escrow, parameters));
        }
    }

    /// <summary>The least ADA an escrow output with this datum should hold: the estimate, or the ledger's own minimum should that be more.</summary>
    /// <param name="datum">The datum.</param>
    /// <param name="value">Its value; only the assets count.</param>
    /// <param name="escrow">The contract's address.</param>
    /// <param name="parameters">For the price of a byte.</param>
    public static Lovelace Least(EscrowDatum datum, Value value, Address escrow, ProtocolParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(datum);
        ArgumentNullException.ThrowIfNull(value);
        ArgumentNullException.ThrowIfNull(parameters);
        var estimate = Estimate(parameters.CoinsPerUtxoByte, datum.ToData().ToCbor().Length, value.Assets.Count);
        return Lovelace.Max(estimate, LedgerMinimum(datum, value, escrow, parameters));
    }

    // With an amount of nine bytes, the most any takes, so that the minimum cannot grow with the amount.
    private static Lovelace LedgerMinimum(EscrowDatum datum, Value value, Address escrow, ProtocolParameters parameters) =>
        Fees.MinUtxo(parameters, new TxOutput(escrow, value.WithCoin(Lovelace.MaxSupply), datum.ToInline()));
}
