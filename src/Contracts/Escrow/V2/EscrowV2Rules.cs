using Masumi.Cardano;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow.Common;

namespace Masumi.Contracts.Escrow.V2;

/// <summary>The transition table of the V2 rules (spec escrow.md 4.3, 4.5), written independently of the validator.</summary>
public static class EscrowV2Rules
{
    /// <summary>What the contract says to an action on this datum. A settlement is judged by a <see cref="SettlingSpend"/>; any other has no votes.</summary>
    public static EscrowVerdict Check(EscrowAction action, EscrowDatum datum, EscrowSpend spend)
    {
        ArgumentNullException.ThrowIfNull(datum);
        ArgumentNullException.ThrowIfNull(spend);
        var check = new Checker(datum, spend);
        return check.Judge(
            action switch
            {
                EscrowAction.SetRefundRequested => check.SetRefundRequested(),
                EscrowAction.AuthorizeWithdrawal => check.AuthorizeWithdrawal(),
                EscrowAction.SubmitResult => check.SubmitResult(),
                EscrowAction.AuthorizeRefund => check.AuthorizeRefund(),
                EscrowAction.Withdraw => check.Withdraw(),
                EscrowAction.WithdrawRefund => check.WithdrawRefund(),
                EscrowAction.WithdrawDisputed => check.WithdrawDisputed(spend as SettlingSpend ?? new SettlingSpend(spend)),
                _ => check.UnknownAction(action),
            }
        );
    }

    private sealed class Checker : SpendCheck
    {
        public Checker(EscrowDatum datum, EscrowSpend spend)
            : base(datum, spend)
        {
            Ends();
            Need(EscrowRule.CollateralRange, datum.CollateralReturn >= Lovelace.Zero, $"{datum.CollateralReturn}", "at least 0");
            Need(
                EscrowRule.SignatureLength,
                datum.ReferenceSignature.Length >= OfferVerification.MinSignatureBytes,
                $"{datum.ReferenceSignature.Length} bytes",
                $"at least {OfferVerification.MinSignatureBytes} bytes"
            );
        }

        public EscrowVerdict.Continues AuthorizeWithdrawal()
        {
            // Ours lets a content buyer pay at once (docs/adr/0005).
            From(Spend.Contract.Rules == EscrowRuleSet.Ours ? [EscrowState.ResultSubmitted, EscrowState.Disputed] : [EscrowState.Disputed]);
            SignedBy(Datum.Buyer);
            StartAfter(Datum.BuyerCooldown, "buyer_cooldown_time");
            ResultPresent();
            return Continues(BuyerActed with { State = EscrowState.WithdrawAuthorized });
        }

        public override EscrowVerdict.Continues SubmitResult()
        {
            var verdict = base.SubmitResult();
            CollateralCovered();
            return verdict;
        }

        public EscrowVerdict.Continues AuthorizeRefund()
        {
            From(EscrowState.FundsLocked, EscrowState.ResultSubmitted, EscrowState.RefundRequested, EscrowState.Disputed);
            SignedBy(Datum.Seller);
            StartAfter(Datum.SellerCooldown, "seller_cooldown_time");
            return Continues(SellerActed with { ResultHash = ByteString.Empty, State = EscrowState.RefundAuthorized });
        }

        public EscrowVerdict.Closes Withdraw()
        {
            From(EscrowState.ResultSubmitted, EscrowState.WithdrawAuthorized);
            CollateralCovered();
            SignedBy(Datum.Seller);
            if (Datum.State != EscrowState.WithdrawAuthorized)
            {
                StartAfter(Ms(Datum.Deadlines.Unlock), "unlock_time");
            }

            ResultPresent();
            var collateral = Value.Of(Datum.CollateralReturn);
            var buyer = new RequiredPayout(Datum.BuyerPayout, collateral);
            return Closes(Datum.SellerReturn is { } sellerReturn ? [buyer, new RequiredPayout(sellerReturn, Spend.Value - collateral)] : [buyer]);
        }

        public EscrowVerdict.Closes WithdrawRefund()
        {
            From(EscrowState.FundsLocked, EscrowState.RefundRequested, EscrowState.RefundAuthorized);
            SignedBy(Datum.Buyer);
            if (Datum.State != EscrowState.RefundAuthorized)
            {
                StartAfter(Ms(Datum.Deadlines.SubmitResult), "submit_result_time");
            }

            ResultAbsent();
            return Closes(Datum.BuyerReturn is { } buyerReturn ? [new RequiredPayout(buyerReturn, Spend.Value)] : []);
        }

        public EscrowVerdict.Closes WithdrawDisputed(SettlingSpend settling)
        {
            From(EscrowState.Disputed);
            StartAfter(Ms(Datum.Deadlines.ExternalDisputeUnlock), "external_dispute_unlock_time");
            ResultPresent();
            var contract = settling.Contract;
            var settlement = settling.Settlement ?? new DisputeSettlement(settling.Escrow, Value.Zero, Value.Zero);
            var votes = settlement.Escrow == settling.Escrow ? settlement.Votes(settling.Signatures, contract.Admins) : 0;
            Need(
                EscrowRule.SignatureCount,
                settling.Signatures.Length <= contract.Admins.Length,
                $"{settling.Signatures.Length} signatures",
                $"at most {contract.Admins.Length}"
            );
            Need(
                EscrowRule.AdminVotes,
                contract.RequiredAdmins > 0 && contract.RequiredAdmins <= contract.Admins.Length && votes >= contract.RequiredAdmins,
                $"{votes} votes",
                $"{contract.RequiredAdmins}"
            );
            return Closes([new RequiredPayout(Datum.BuyerPayout, settlement.BuyerValue), new RequiredPayout(Datum.SellerPayout, settlement.SellerValue)]);
        }

        private void CollateralCovered() =>
            Need(
                EscrowRule.CollateralCovered,
                Spend.Value.Coin >= Datum.CollateralReturn,
                $"{Spend.Value.Coin} lovelace",
                $"at least the collateral {Datum.CollateralReturn}"
            );
    }
}
