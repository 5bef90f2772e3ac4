using Masumi.Cardano;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow.Common;

namespace Masumi.Contracts.Escrow.V1;

/// <summary>The transition table of the V1 rules (spec escrow.md 4.4, 4.5), written independently of the validator.</summary>
public static class EscrowV1Rules
{
    /// <summary>What the contract says to an action on this datum.</summary>
    public static EscrowVerdict Check(EscrowAction action, EscrowDatum datum, EscrowSpend spend)
    {
        ArgumentNullException.ThrowIfNull(datum);
        ArgumentNullException.ThrowIfNull(spend);
        var check = new Checker(datum, spend);
        return check.Judge(
            action switch
            {
                EscrowAction.SetRefundRequested => check.SetRefundRequested(),
                EscrowAction.UnSetRefundRequested => check.UnSetRefundRequested(),
                EscrowAction.SubmitResult => check.SubmitResult(),
                EscrowAction.AuthorizeRefund => check.AuthorizeRefund(),
                EscrowAction.Withdraw => check.Withdraw(),
                EscrowAction.WithdrawRefund => check.WithdrawRefund(),
                EscrowAction.WithdrawDisputed => check.WithdrawDisputed(),
                _ => check.UnknownAction(action),
            }
        );
    }

    /// <summary>The part of every asset that goes to the fee address: floor of quantity times permille over 1000.</summary>
    public static Value ProtocolFee(EscrowContract contract, Value value)
    {
        ArgumentNullException.ThrowIfNull(contract);
        ArgumentNullException.ThrowIfNull(value);
        Int128 Part(Int128 quantity) => quantity * contract.FeePermille / 1000;
        return Value.Of(new Lovelace((long)Part(value.Coin.Amount)), value.Assets.Select(a => KeyValuePair.Create(a.Key, Part(a.Value))));
    }

    private sealed class Checker : SpendCheck
    {
        public Checker(EscrowDatum datum, EscrowSpend spend)
            : base(datum, spend) => Ends();

        public EscrowVerdict.Continues UnSetRefundRequested()
        {
            From(EscrowState.RefundRequested, EscrowState.Disputed);
            SignedBy(Datum.Buyer);
            StartAfter(Datum.BuyerCooldown, "buyer_cooldown_time");
            return Continues(BuyerActed with { State = Datum.ResultHash.IsEmpty ? EscrowState.FundsLocked : EscrowState.ResultSubmitted });
        }

        public EscrowVerdict.Continues AuthorizeRefund()
        {
            From(EscrowState.Disputed);
            SignedBy(Datum.Seller);
            StartAfter(Datum.SellerCooldown, "seller_cooldown_time");
            return Continues(SellerActed with { ResultHash = ByteString.Empty, State = EscrowState.RefundRequested });
        }

        public EscrowVerdict.Closes Withdraw()
        {
            From(EscrowState.ResultSubmitted);
            SignedBy(Datum.Seller);
            StartAfter(Ms(Datum.Deadlines.Unlock), "unlock_time");
            ResultPresent();
            var feeAddress = Spend.Contract.FeeAddress ?? throw new InvalidOperationException("A V1 contract has a fee address.");
            return Closes([
                new RequiredPayout(feeAddress, ProtocolFee(Spend.Contract, Spend.Value)),
                new RequiredPayout(Datum.Buyer, Value.Of(Datum.CollateralReturn)),
            ]);
        }

        public EscrowVerdict.Closes WithdrawRefund()
        {
            From(EscrowState.FundsLocked, EscrowState.RefundRequested);
            SignedBy(Datum.Buyer);
            StartAfter(Ms(Datum.Deadlines.SubmitResult), "submit_result_time");
            ResultAbsent();
            return Closes([]);
        }

        public EscrowVerdict.Closes WithdrawDisputed()
        {
            From(EscrowState.Disputed);
            StartAfter(Ms(Datum.Deadlines.ExternalDisputeUnlock), "external_dispute_unlock_time");
            ResultPresent();
            var contract = Spend.Contract;
            var signed = contract.Admins.Count(Spend.Signers.Contains);
            Need(
                EscrowRule.AdminVotes,
                contract.RequiredAdmins > 0 && signed >= contract.RequiredAdmins,
                $"{signed} admins sign",
                $"{contract.RequiredAdmins}"
            );
            return Closes([]);
        }
    }
}
