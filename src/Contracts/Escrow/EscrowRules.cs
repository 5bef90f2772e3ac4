using System.Collections.Immutable;
using System.Numerics;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Transactions;

namespace Masumi.Contracts.Escrow;

/// <summary>
/// The escrow contract's transition table (spec escrow.md 4.3 to 4.5), written independently of the validator: the planner asks it what
/// to build, tests compare the validator with it.
/// </summary>
public static class EscrowRules
{
    /// <summary>What the contract says to an action on this datum.</summary>
    public static EscrowVerdict Check(EscrowAction action, EscrowDatum datum, EscrowSpend spend)
    {
        ArgumentNullException.ThrowIfNull(datum);
        ArgumentNullException.ThrowIfNull(spend);
        var check = new Checker(datum, spend);
        check.Common();
        EscrowVerdict verdict = (action, datum.Family) switch
        {
            (EscrowAction.SetRefundRequested, _) => check.SetRefundRequested(),
            (EscrowAction.AuthorizeWithdrawal, EscrowFamily.V2) => check.AuthorizeWithdrawal(),
            (EscrowAction.UnSetRefundRequested, EscrowFamily.V1) => check.UnSetRefundRequested(),
            (EscrowAction.SubmitResult, _) => check.SubmitResult(),
            (EscrowAction.AuthorizeRefund, _) => check.AuthorizeRefund(),
            (EscrowAction.Withdraw, _) => check.Withdraw(),
            (EscrowAction.WithdrawRefund, _) => check.WithdrawRefund(),
            (EscrowAction.WithdrawDisputed, _) => check.WithdrawDisputed(),
            _ => check.UnknownAction(action),
        };
        return check.Refusals.Count == 0 ? verdict : new EscrowVerdict.Refused(check.Refusals.ToImmutable());
    }

    /// <summary>V1: the part of every asset that goes to the fee address: floor of quantity times permille over 1000.</summary>
    public static Value ProtocolFee(EscrowContract contract, Value value)
    {
        ArgumentNullException.ThrowIfNull(contract);
        ArgumentNullException.ThrowIfNull(value);
        Int128 Part(Int128 quantity) => quantity * contract.FeePermille / 1000;
        return Value.Of(new Lovelace((long)Part(value.Coin.Amount)), value.Assets.Select(a => KeyValuePair.Create(a.Key, Part(a.Value))));
    }

    private sealed class Checker(EscrowDatum datum, EscrowSpend spend)
    {
        public ImmutableArray<RuleRefusal>.Builder Refusals { get; } = ImmutableArray.CreateBuilder<RuleRefusal>();

        private bool IsV2 => datum.Family == EscrowFamily.V2;

        private EscrowDatum BuyerActed => datum with { SellerCooldown = BigInteger.Zero, BuyerCooldown = spend.CooldownEnd };

        private EscrowDatum SellerActed => datum with { SellerCooldown = spend.CooldownEnd, BuyerCooldown = BigInteger.Zero };

        public void Common()
        {
            Need(EscrowRule.FiniteUpper, spend.Upper is not null, "no end", "a validity interval that ends");
            if (!IsV2)
            {
                return;
            }

            Need(EscrowRule.CollateralRange, datum.CollateralReturn >= Lovelace.Zero, $"{datum.CollateralReturn}", "at least 0");
            Need(
                EscrowRule.SignatureLength,
                datum.ReferenceSignature.Length >= OfferVerification.MinSignatureBytes,
                $"{datum.ReferenceSignature.Length} bytes",
                $"at least {OfferVerification.MinSignatureBytes} bytes"
            );
        }

        public EscrowVerdict.Continues SetRefundRequested()
        {
            From(EscrowState.FundsLocked, EscrowState.ResultSubmitted, EscrowState.Disputed);
            SignedBy(datum.Buyer);
            EndBefore(Ms(datum.Times.Unlock), "unlock_time");
            StartAfter(datum.BuyerCooldown, "buyer_cooldown_time");
            return Continues(BuyerActed with { State = datum.ResultHash.IsEmpty ? EscrowState.RefundRequested : EscrowState.Disputed });
        }

        public EscrowVerdict.Continues AuthorizeWithdrawal()
        {
            From(EscrowState.Disputed);
            SignedBy(datum.Buyer);
            StartAfter(datum.BuyerCooldown, "buyer_cooldown_time");
            ResultPresent();
            return Continues(BuyerActed with { State = EscrowState.WithdrawAuthorized });
        }

        public EscrowVerdict.Continues UnSetRefundRequested()
        {
            From(EscrowState.RefundRequested, EscrowState.Disputed);
            SignedBy(datum.Buyer);
            StartAfter(datum.BuyerCooldown, "buyer_cooldown_time");
            return Continues(BuyerActed with { State = datum.ResultHash.IsEmpty ? EscrowState.FundsLocked : EscrowState.ResultSubmitted });
        }

        public EscrowVerdict.Continues SubmitResult()
        {
            From(EscrowState.FundsLocked, EscrowState.ResultSubmitted, EscrowState.RefundRequested, EscrowState.Disputed);
            SignedBy(datum.Seller);
            StartAfter(datum.SellerCooldown, "seller_cooldown_time");
            if (datum.ResultHash.IsEmpty)
            {
                EndBefore(Ms(datum.Times.SubmitResultBy), "submit_result_time");
            }
            else
            {
                // A later result is welcome until the admins' turn, once there is a first one.
                EndBefore(
                    Math.Max(Ms(datum.Times.SubmitResultBy), Ms(datum.Times.ExternalDisputeUnlock)),
                    "submit_result_time or external_dispute_unlock_time"
                );
            }

            Need(EscrowRule.NewResult, !spend.NewResultHash.IsEmpty, "empty", "a result hash");
            if (IsV2)
            {
                CollateralCovered();
            }

            return Continues(
                SellerActed with
                {
                    ResultHash = spend.NewResultHash,
                    State = datum.State is EscrowState.FundsLocked or EscrowState.ResultSubmitted ? EscrowState.ResultSubmitted : EscrowState.Disputed,
                }
            );
        }

        public EscrowVerdict.Continues AuthorizeRefund()
        {
            if (IsV2)
            {
                From(EscrowState.FundsLocked, EscrowState.ResultSubmitted, EscrowState.RefundRequested, EscrowState.Disputed);
            }
            else
            {
                From(EscrowState.Disputed);
            }

            SignedBy(datum.Seller);
            StartAfter(datum.SellerCooldown, "seller_cooldown_time");
            return Continues(SellerActed with { ResultHash = ByteString.Empty, State = IsV2 ? EscrowState.RefundAuthorized : EscrowState.RefundRequested });
        }

        public EscrowVerdict.Closes Withdraw()
        {
            if (IsV2)
            {
                From(EscrowState.ResultSubmitted, EscrowState.WithdrawAuthorized);
                CollateralCovered();
            }
            else
            {
                From(EscrowState.ResultSubmitted);
            }

            SignedBy(datum.Seller);
            if (datum.State != EscrowState.WithdrawAuthorized)
            {
                StartAfter(Ms(datum.Times.Unlock), "unlock_time");
            }

            ResultPresent();
            var payouts = ImmutableArray.CreateBuilder<RequiredPayout>();
            if (!IsV2)
            {
                payouts.Add(
                    new RequiredPayout(
                        spend.Contract.FeeAddress ?? throw new InvalidOperationException("A V1 contract has a fee address."),
                        ProtocolFee(spend.Contract, spend.Value)
                    )
                );
            }

            payouts.Add(new RequiredPayout(datum.BuyerPayout, Value.Of(datum.CollateralReturn)));
            if (datum.SellerReturn is { } sellerReturn)
            {
                payouts.Add(new RequiredPayout(sellerReturn, spend.Value - Value.Of(datum.CollateralReturn)));
            }

            return Closes(payouts);
        }

        public EscrowVerdict.Closes WithdrawRefund()
        {
            if (IsV2)
            {
                From(EscrowState.FundsLocked, EscrowState.RefundRequested, EscrowState.RefundAuthorized);
            }
            else
            {
                From(EscrowState.FundsLocked, EscrowState.RefundRequested);
            }

            SignedBy(datum.Buyer);
            if (datum.State != EscrowState.RefundAuthorized)
            {
                StartAfter(Ms(datum.Times.SubmitResultBy), "submit_result_time");
            }

            Need(EscrowRule.ResultAbsent, datum.ResultHash.IsEmpty, $"{datum.ResultHash}", "no result on chain");
            return Closes(datum.BuyerReturn is { } buyerReturn ? [new RequiredPayout(buyerReturn, spend.Value)] : []);
        }

        public EscrowVerdict.Closes WithdrawDisputed()
        {
            From(EscrowState.Disputed);
            StartAfter(Ms(datum.Times.ExternalDisputeUnlock), "external_dispute_unlock_time");
            ResultPresent();
            var contract = spend.Contract;
            if (!IsV2)
            {
                var signed = contract.Admins.Count(spend.Signers.Contains);
                Need(EscrowRule.AdminVotes, signed >= contract.RequiredAdmins, $"{signed} admins sign", $"{contract.RequiredAdmins}");
                return Closes([]);
            }

            var settlement = spend.Settlement ?? new DisputeSettlement(spend.Escrow, Value.Zero, Value.Zero);
            var votes = settlement.Escrow == spend.Escrow ? settlement.Votes(spend.Signatures, contract.Admins) : 0;
            Need(
                EscrowRule.SignatureCount,
                spend.Signatures.Length <= contract.Admins.Length,
                $"{spend.Signatures.Length} signatures",
                $"at most {contract.Admins.Length}"
            );
            Need(
                EscrowRule.AdminVotes,
                contract.RequiredAdmins > 0 && contract.RequiredAdmins <= contract.Admins.Length && votes >= contract.RequiredAdmins,
                $"{votes} votes",
                $"{contract.RequiredAdmins}"
            );
            return Closes([new RequiredPayout(datum.BuyerPayout, settlement.BuyerValue), new RequiredPayout(datum.SellerPayout, settlement.SellerValue)]);
        }

        public EscrowVerdict.Closes UnknownAction(EscrowAction action)
        {
            Refusals.Add(new RuleRefusal(EscrowRule.Action, $"{action}", $"an action of {datum.Family}"));
            return Closes([]);
        }

        private EscrowVerdict.Continues Continues(EscrowDatum next) => new(next, spend.Value);

        // A payout of nothing needs no output.
        private static EscrowVerdict.Closes Closes(IEnumerable<RequiredPayout> payouts) => new([.. payouts.Where(p => !p.AtLeast.IsZero)]);

        private void From(params ReadOnlySpan<EscrowState> states) =>
            Need(EscrowRule.State, states.Contains(datum.State), $"{datum.State}", string.Join(" or ", states.ToArray()));

        private void SignedBy(Address party)
        {
            var signs = party.Payment is { IsKey: true } key && spend.Signers.Contains(key.Hash);
            Need(EscrowRule.Signer, signs, $"{spend.Signers.Count} other signers", $"{party.Payment?.Hash}");
        }

        private void StartAfter(BigInteger time, string name) =>
            Need(
                EscrowRule.StartAfter,
                spend.Lower is { } lower && time <= lower,
                spend.Lower is { } l ? $"starts {l}" : "no start",
                $"at or after {name} {time}"
            );

        private void EndBefore(long time, string name) =>
            Need(EscrowRule.EndBefore, spend.Upper is { } upper && upper < time, spend.Upper is { } u ? $"ends {u}" : "no end", $"before {name} {time}");

        private void ResultPresent() => Need(EscrowRule.ResultPresent, !datum.ResultHash.IsEmpty, "no result", "a result on chain");

        private void CollateralCovered() =>
            Need(
                EscrowRule.CollateralCovered,
                spend.Value.Coin >= datum.CollateralReturn,
                $"{spend.Value.Coin} lovelace",
                $"at least the collateral {datum.CollateralReturn}"
            );

        private void Need(EscrowRule rule, bool holds, string supplied, string required)
        {
            if (!holds)
            {
                Refusals.Add(new RuleRefusal(rule, supplied, required));
            }
        }

        private static long Ms(DateTimeOffset time) => time.ToUnixTimeMilliseconds();
    }
}
