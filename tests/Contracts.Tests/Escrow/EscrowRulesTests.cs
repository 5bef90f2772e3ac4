using System.Collections.Immutable;
using System.Numerics;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Keys;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow;
using Masumi.Contracts.Escrow.Common;
using Masumi.Contracts.Escrow.V1;
using Masumi.Contracts.Escrow.V2;

namespace Masumi.Contracts.Tests.Escrow;

public sealed class EscrowRulesTests
{
    private static readonly long SubmitBy = Vectors.Deadlines.SubmitResult.ToUnixTimeMilliseconds();
    private static readonly long Unlock = Vectors.Deadlines.Unlock.ToUnixTimeMilliseconds();
    private static readonly long Dispute = Vectors.Deadlines.ExternalDisputeUnlock.ToUnixTimeMilliseconds();
    private static readonly Value Ten = Value.Of(Lovelace.FromAda(10));

    // "state action -> state" of the tables in spec escrow.md 4.5; everything not listed is refused.
    private static readonly Dictionary<(EscrowState, EscrowAction), EscrowState?> V2 = new()
    {
        [(EscrowState.FundsLocked, EscrowAction.SetRefundRequested)] = EscrowState.RefundRequested,
        [(EscrowState.FundsLocked, EscrowAction.SubmitResult)] = EscrowState.ResultSubmitted,
        [(EscrowState.FundsLocked, EscrowAction.AuthorizeRefund)] = EscrowState.RefundAuthorized,
        [(EscrowState.FundsLocked, EscrowAction.WithdrawRefund)] = null,
        [(EscrowState.ResultSubmitted, EscrowAction.SetRefundRequested)] = EscrowState.Disputed,
        [(EscrowState.ResultSubmitted, EscrowAction.SubmitResult)] = EscrowState.ResultSubmitted,
        [(EscrowState.ResultSubmitted, EscrowAction.AuthorizeRefund)] = EscrowState.RefundAuthorized,
        [(EscrowState.ResultSubmitted, EscrowAction.Withdraw)] = null,
        [(EscrowState.RefundRequested, EscrowAction.SubmitResult)] = EscrowState.Disputed,
        [(EscrowState.RefundRequested, EscrowAction.AuthorizeRefund)] = EscrowState.RefundAuthorized,
        [(EscrowState.RefundRequested, EscrowAction.WithdrawRefund)] = null,
        [(EscrowState.Disputed, EscrowAction.SetRefundRequested)] = EscrowState.Disputed,
        [(EscrowState.Disputed, EscrowAction.AuthorizeWithdrawal)] = EscrowState.WithdrawAuthorized,
        [(EscrowState.Disputed, EscrowAction.SubmitResult)] = EscrowState.Disputed,
        [(EscrowState.Disputed, EscrowAction.AuthorizeRefund)] = EscrowState.RefundAuthorized,
        [(EscrowState.WithdrawAuthorized, EscrowAction.Withdraw)] = null,
        [(EscrowState.RefundAuthorized, EscrowAction.WithdrawRefund)] = null,
    };

    private static readonly Dictionary<(EscrowState, EscrowAction), EscrowState?> V1 = new()
    {
        [(EscrowState.FundsLocked, EscrowAction.SetRefundRequested)] = EscrowState.RefundRequested,
        [(EscrowState.FundsLocked, EscrowAction.SubmitResult)] = EscrowState.ResultSubmitted,
        [(EscrowState.FundsLocked, EscrowAction.WithdrawRefund)] = null,
        [(EscrowState.ResultSubmitted, EscrowAction.SetRefundRequested)] = EscrowState.Disputed,
        [(EscrowState.ResultSubmitted, EscrowAction.SubmitResult)] = EscrowState.ResultSubmitted,
        [(EscrowState.ResultSubmitted, EscrowAction.Withdraw)] = null,
        [(EscrowState.RefundRequested, EscrowAction.UnSetRefundRequested)] = EscrowState.FundsLocked,
        [(EscrowState.RefundRequested, EscrowAction.SubmitResult)] = EscrowState.Disputed,
        [(EscrowState.RefundRequested, EscrowAction.WithdrawRefund)] = null,
        [(EscrowState.Disputed, EscrowAction.SetRefundRequested)] = EscrowState.Disputed,
        [(EscrowState.Disputed, EscrowAction.UnSetRefundRequested)] = EscrowState.ResultSubmitted,
        [(EscrowState.Disputed, EscrowAction.SubmitResult)] = EscrowState.Disputed,
        [(EscrowState.Disputed, EscrowAction.AuthorizeRefund)] = EscrowState.RefundRequested,
        [(EscrowState.Disputed, EscrowAction.WithdrawDisputed)] = null,
    };

    private static EscrowSpend Spend(EscrowFamily family, EscrowAction action)
    {
        // Late enough for what must wait, early enough for what must hurry.
        var (lower, upper) = action switch
        {
            EscrowAction.SetRefundRequested => (Unlock - 1000, Unlock - 1),
            EscrowAction.SubmitResult => (SubmitBy - 1000, SubmitBy - 1),
            EscrowAction.WithdrawRefund => (SubmitBy, SubmitBy + 1000),
            EscrowAction.Withdraw => (Unlock, Unlock + 1000),
            _ => (Dispute, Dispute + 1000),
        };
        var contract = Scenes.Contract(family);
        return new EscrowSpend
        {
            Contract = contract,
            Escrow = Scenes.At,
            Value = Ten,
            Lower = lower,
            Upper = upper,
            Signers = ImmutableHashSet.Create(Vectors.Buyer.Payment!.Value.AsKey!.Value, Vectors.SellerKeyHash, contract.Admins[0], contract.Admins[2]),
            NewResultHash = Scenes.Result,
        };
    }

    [Theory]
    [InlineData(EscrowFamily.V1)]
    [InlineData(EscrowFamily.V2)]
    public void Every_state_and_action_is_as_the_table_says(EscrowFamily family)
    {
        var table = family == EscrowFamily.V2 ? V2 : V1;
        foreach (var state in Enum.GetValues<EscrowState>())
        {
            foreach (var action in Enum.GetValues<EscrowAction>())
            {
                var datum = Scenes.Datum(family, state);
                var verdict = EscrowRules.Check(action, datum, Spend(family, action));
                var cell = $"{family} {state} {action}";
                if (!table.TryGetValue((state, action), out var next))
                {
                    Assert.True(verdict is EscrowVerdict.Refused, cell);
                }
                else if (next is { } expected)
                {
                    Assert.True(verdict is EscrowVerdict.Continues continues && continues.Datum.State == expected, $"{cell}: {verdict}");
                }
                else
                {
                    Assert.True(verdict is EscrowVerdict.Closes, $"{cell}: {verdict}");
                }
            }
        }
    }

    private static EscrowRule[] Rules(EscrowVerdict verdict) => verdict is EscrowVerdict.Refused refused ? [.. refused.Refusals.Select(r => r.Rule)] : [];

    [Fact]
    public void Starting_at_a_deadline_is_allowed_and_ending_at_one_is_not()
    {
        var answered = Scenes.Datum(EscrowFamily.V2, EscrowState.ResultSubmitted);
        var withdraw = Spend(EscrowFamily.V2, EscrowAction.Withdraw);
        Assert.Empty(Rules(EscrowRules.Check(EscrowAction.Withdraw, answered, withdraw with { Lower = Unlock })));
        Assert.Equal([EscrowRule.StartAfter], Rules(EscrowRules.Check(EscrowAction.Withdraw, answered, withdraw with { Lower = Unlock - 1 })));
        Assert.Equal([EscrowRule.StartAfter], Rules(EscrowRules.Check(EscrowAction.Withdraw, answered, withdraw with { Lower = null })));

        var request = Spend(EscrowFamily.V2, EscrowAction.SetRefundRequested);
        Assert.Empty(Rules(EscrowRules.Check(EscrowAction.SetRefundRequested, answered, request with { Upper = Unlock - 1 })));
        Assert.Equal([EscrowRule.EndBefore], Rules(EscrowRules.Check(EscrowAction.SetRefundRequested, answered, request with { Upper = Unlock })));
        Assert.Equal(
            [EscrowRule.FiniteUpper, EscrowRule.EndBefore],
            Rules(EscrowRules.Check(EscrowAction.SetRefundRequested, answered, request with { Upper = null }))
        );
    }

    [Fact]
    public void A_second_result_has_time_until_the_dispute_unlock()
    {
        var spend = Spend(EscrowFamily.V2, EscrowAction.SubmitResult) with { Upper = Dispute - 1 };
        Assert.Empty(Rules(EscrowRules.Check(EscrowAction.SubmitResult, Scenes.Datum(EscrowFamily.V2, EscrowState.Disputed), spend)));
        Assert.Equal(
            [EscrowRule.EndBefore],
            Rules(EscrowRules.Check(EscrowAction.SubmitResult, Scenes.Datum(EscrowFamily.V2, EscrowState.FundsLocked), spend))
        );
        Assert.Equal(
            [EscrowRule.EndBefore],
            Rules(EscrowRules.Check(EscrowAction.SubmitResult, Scenes.Datum(EscrowFamily.V2, EscrowState.Disputed), spend with { Upper = Dispute }))
        );
    }

    [Fact]
    public void The_acting_party_waits_and_the_other_is_free()
    {
        var spend = Spend(EscrowFamily.V2, EscrowAction.SubmitResult);
        var datum = Scenes.Datum(EscrowFamily.V2, EscrowState.FundsLocked) with { BuyerCooldown = BigInteger.Pow(2, 70), SellerCooldown = spend.Lower!.Value };
        var next = Assert.IsType<EscrowVerdict.Continues>(EscrowRules.Check(EscrowAction.SubmitResult, datum, spend)).Datum;
        Assert.Equal(spend.Upper!.Value + 420_000, next.SellerCooldown);
        Assert.Equal(BigInteger.Zero, next.BuyerCooldown);
        Assert.Equal(
            [EscrowRule.StartAfter],
            Rules(EscrowRules.Check(EscrowAction.SubmitResult, datum with { SellerCooldown = spend.Lower!.Value + 1 }, spend))
        );
    }

    [Theory]
    [InlineData(EscrowAction.SubmitResult)]
    [InlineData(EscrowAction.SetRefundRequested)]
    [InlineData(EscrowAction.AuthorizeRefund)]
    public void Only_the_acting_party_may_act(EscrowAction action)
    {
        var other = action.Actor() == EscrowParty.Buyer ? Vectors.SellerKeyHash : Vectors.Buyer.Payment!.Value.AsKey!.Value;
        var spend = Spend(EscrowFamily.V2, action) with { Signers = ImmutableHashSet.Create(other) };
        Assert.Equal([EscrowRule.Signer], Rules(EscrowRules.Check(action, Scenes.Datum(EscrowFamily.V2, EscrowState.FundsLocked), spend)));
    }

    [Fact]
    public void An_empty_result_and_uncovered_collateral_are_refused()
    {
        var spend = Spend(EscrowFamily.V2, EscrowAction.SubmitResult) with { NewResultHash = ByteString.Empty, Value = Value.Of(new Lovelace(1)) };
        Assert.Equal(
            [EscrowRule.NewResult, EscrowRule.CollateralCovered],
            Rules(EscrowRules.Check(EscrowAction.SubmitResult, Scenes.Datum(EscrowFamily.V2, EscrowState.FundsLocked), spend))
        );
    }

    [Fact]
    public void Collecting_owes_the_collateral_and_what_the_sellers_return_address_is_due()
    {
        var datum = Scenes.Datum(EscrowFamily.V2, EscrowState.ResultSubmitted);
        var spend = Spend(EscrowFamily.V2, EscrowAction.Withdraw);
        Assert.Equal(
            [new RequiredPayout(Vectors.Buyer, Value.Of(datum.CollateralReturn))],
            Assert.IsType<EscrowVerdict.Closes>(EscrowRules.Check(EscrowAction.Withdraw, datum, spend)).Payouts.ToArray()
        );
        var enterprise = Address.Parse(Vectors.AbandonEnterprise);
        var directed = datum with { BuyerReturn = enterprise, SellerReturn = Vectors.Seller, CollateralReturn = Lovelace.Zero };
        Assert.Equal(
            [new RequiredPayout(Vectors.Seller, Ten)],
            Assert.IsType<EscrowVerdict.Closes>(EscrowRules.Check(EscrowAction.Withdraw, directed, spend)).Payouts.ToArray()
        );
    }

    [Fact]
    public void The_v1_fee_is_a_floor_per_asset()
    {
        var contract = Scenes.Contract(EscrowFamily.V1);
        Assert.Equal(Value.Of(new Lovelace(500_000), Scenes.Usdm, 9), EscrowV1Rules.ProtocolFee(contract, Value.Of(Lovelace.FromAda(10), Scenes.Usdm, 199)));
        Assert.Equal(long.MaxValue / 20, EscrowV1Rules.ProtocolFee(contract, Value.Of(Lovelace.Zero, Scenes.Usdm, long.MaxValue))[Scenes.Usdm]);
    }

    [Fact]
    public void A_v1_dispute_needs_two_of_three_admins_to_sign()
    {
        var datum = Scenes.Datum(EscrowFamily.V1, EscrowState.Disputed);
        var spend = Spend(EscrowFamily.V1, EscrowAction.WithdrawDisputed);
        Assert.IsType<EscrowVerdict.Closes>(EscrowRules.Check(EscrowAction.WithdrawDisputed, datum, spend));
        Assert.Equal(
            [EscrowRule.AdminVotes],
            Rules(EscrowRules.Check(EscrowAction.WithdrawDisputed, datum, spend with { Signers = ImmutableHashSet.Create(spend.Contract.Admins[0]) }))
        );
    }

    [Fact]
    public void A_v2_dispute_needs_signatures_over_this_very_escrow()
    {
        var key = Vectors.SellerKeys.Payment;
        var contract = Scenes.Contract(EscrowFamily.V2) with { Admins = [key.KeyHash, key.KeyHash, Vectors.Buyer.Payment!.Value.AsKey!.Value] };
        var settlement = new DisputeSettlement(Scenes.At, Value.Of(Lovelace.FromAda(4)), Value.Of(Lovelace.FromAda(5)));
        var signature = AdminSignature.From(CoseSign1.Sign(key, Vectors.Seller, settlement.Intent().ToArray()), key.PublicKey.Span);
        var datum = Scenes.Datum(EscrowFamily.V2, EscrowState.Disputed);
        var spend = new SettlingSpend(Spend(EscrowFamily.V2, EscrowAction.WithdrawDisputed) with { Contract = contract })
        {
            Settlement = settlement,
            Signatures = [signature],
        };
        Assert.Equal(
            [new RequiredPayout(Vectors.Buyer, Value.Of(Lovelace.FromAda(4))), new RequiredPayout(Vectors.Seller, Value.Of(Lovelace.FromAda(5)))],
            Assert.IsType<EscrowVerdict.Closes>(EscrowRules.Check(EscrowAction.WithdrawDisputed, datum, spend)).Payouts.ToArray()
        );
        Assert.Equal(
            [EscrowRule.AdminVotes],
            Rules(EscrowRules.Check(EscrowAction.WithdrawDisputed, datum, spend with { Escrow = new TxInput(Scenes.SomeId, 1) }))
        );
        Assert.Equal([EscrowRule.StartAfter], Rules(EscrowRules.Check(EscrowAction.WithdrawDisputed, datum, spend with { Lower = Dispute - 1 })));
        Assert.Equal(
            [EscrowRule.AdminVotes],
            Rules(EscrowRules.Check(EscrowAction.WithdrawDisputed, datum, spend with { Settlement = settlement with { BuyerValue = Ten } }))
        );
    }
}
