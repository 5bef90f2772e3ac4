using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Transactions;

namespace Masumi.Contracts.Escrow.Common;

/// <summary>
/// What each party has of an escrow that ended (spec escrow.md 4, 5): without what wallets added, and whatever else the same transaction moved. Where the contract
/// gives one party all that the other does not have, that is what it has, wherever it sent it.
/// </summary>
/// <param name="ToBuyer">The buyer.</param>
/// <param name="ToSeller">The seller.</param>
public sealed record EscrowPayout(Value ToBuyer, Value ToSeller)
{
    /// <summary>Nobody has anything of it.</summary>
    public static EscrowPayout Nothing { get; } = new(Value.Zero, Value.Zero);

    /// <summary>What they have.</summary>
    /// <param name="closed">How it ended.</param>
    /// <param name="transaction">The transaction that ended it.</param>
    /// <param name="feeAddress">V1: who has the protocol's fee.</param>
    public static EscrowPayout Of(EscrowEvent.Closed closed, Transaction transaction, Address? feeAddress)
    {
        ArgumentNullException.ThrowIfNull(closed);
        ArgumentNullException.ThrowIfNull(transaction);
        switch (closed.Action)
        {
            case EscrowAction.WithdrawRefund:
                return new(closed.OldValue, Value.Zero);

            case EscrowAction.Withdraw:
                var collateral = Value.Of(Lovelace.Min(closed.Old.CollateralReturn, closed.OldValue.Coin));
                var fee = feeAddress is null ? Value.Zero : Tagged(closed.Spent, transaction, feeAddress);
                return new(collateral, Positive(closed.OldValue - collateral - fee));

            // The admins said who has what. V2 wants the mark of this escrow on each of it; V1, which ends one escrow a transaction, wants their signatures alone.
            default:
                var (buyer, seller) = (closed.Old.BuyerReturn ?? closed.Old.Buyer, closed.Old.SellerReturn ?? closed.Old.Seller);
                return feeAddress is null
                    ? new(Tagged(closed.Spent, transaction, buyer), Tagged(closed.Spent, transaction, seller))
                    : new(AtMost(closed.ToBuyer, closed.OldValue), AtMost(closed.ToSeller, closed.OldValue));
        }
    }

    private static Value Tagged(TxInput escrow, Transaction transaction, Address address) =>
        transaction
            .Body.Outputs.Where(o => o.Address == address && o.Datum is TxDatum.Inline tag && OutputReferenceData.Decode(tag.Datum.Data) == escrow)
            .Aggregate(Value.Zero, (sum, o) => sum + o.Value);

    // What a party's own coins came to besides is not the escrow's.
    private static Value AtMost(Value gained, Value held) =>
        Value.Of(
            new Lovelace(Math.Clamp(gained.Coin.Amount, 0, held.Coin.Amount)),
            gained.Assets.Select(a => KeyValuePair.Create(a.Key, Int128.Clamp(a.Value, 0, held[a.Key])))
        );

    private static Value Positive(Value value) => Value.Of(Lovelace.Max(value.Coin, Lovelace.Zero), value.Assets.Where(a => a.Value > 0).ToImmutableArray());
}
