using Masumi.Contracts.Tests.Scenarios;
using static Masumi.Cardano.Scripts.PlutusData;

namespace Masumi.Contracts.Tests.Escrow.V2;

/// <summary>The actions that keep the escrow: SubmitResult, SetRefundRequested, AuthorizeWithdrawal, AuthorizeRefund.</summary>
public class EscrowContinuingTests
{
    internal static readonly (string Name, Func<int, EscrowScenario> Honest, Func<EscrowScenario, TestDatum> Next, int State, byte Signer)[] Actions =
    [
        ("SubmitResult", Honest.SubmitResult, Honest.SubmitResultNext, 0, Parties.Seller),
        ("SetRefundRequested", Honest.SetRefundRequested, Honest.SetRefundRequestedNext, 0, Parties.Buyer),
        ("AuthorizeWithdrawal", Honest.AuthorizeWithdrawal, Honest.AuthorizeWithdrawalNext, 3, Parties.Buyer),
        ("AuthorizeRefund", Honest.AuthorizeRefund, Honest.AuthorizeRefundNext, 0, Parties.Seller),
    ];

    public static TheoryData<int> EveryAction() => [0, 1, 2, 3];

    private static string SellerOrBuyer(int action) => Actions[action].Signer == Parties.Seller ? "seller" : "buyer";

    private static EscrowScenario Scenario(int action) => Actions[action].Honest(Actions[action].State);

    /// <summary>The scenario with a changed old datum and the honest continuation of it.</summary>
    private static EscrowScenario With(int action, Func<TestDatum, TestDatum> change)
    {
        var scenario = Scenario(action);
        scenario = scenario with { Datum = change(scenario.Datum) };
        return scenario.Continuing(Actions[action].Next(scenario));
    }

    /// <summary>The scenario with a spoilt continuing datum.</summary>
    private static EscrowScenario Spoil(int action, Func<TestDatum, TestDatum> change)
    {
        var scenario = Scenario(action);
        return scenario.Continuing(change(Actions[action].Next(scenario)));
    }

    [Theory]
    [MemberData(nameof(EveryAction))]
    public void The_party_that_acts_must_sign(int action)
    {
        var rule = $"{Actions[action].Name}: the {SellerOrBuyer(action)} signs";
        Contract.Rejects(rule, Scenario(action).SignedBy());
        Contract.Rejects(rule, Scenario(action).SignedBy(0x77));
        Contract.Rejects(rule, Scenario(action).SignedBy(Actions[action].Signer == Parties.Seller ? Parties.Buyer : Parties.Seller));
        Contract.Accepts(Scenario(action).SignedBy(0x01, Actions[action].Signer, 0x77));
    }

    [Theory]
    [MemberData(nameof(EveryAction))]
    public void A_key_is_asked_only_of_the_party_that_signs(int action)
    {
        var (name, _, _, _, signer) = Actions[action];
        var isSellers = signer == Parties.Seller;
        var (byBuyer, bySeller) = (
            With(action, d => d with { Buyer = Ledger.ScriptAddress(Parties.Buyer) }),
            With(action, d => d with { Seller = Ledger.ScriptAddress(Parties.Seller) })
        );
        Contract.Rejects($"{name}: the {(isSellers ? "seller" : "buyer")} signs", isSellers ? bySeller : byBuyer);
        Contract.Accepts(isSellers ? byBuyer : bySeller);
    }

    [Theory]
    [MemberData(nameof(EveryAction))]
    public void The_escrow_must_go_on(int action) => Contract.Rejects("the escrow goes on", Scenario(action) with { Outputs = [EscrowScenario.Change] });

    [Theory]
    [MemberData(nameof(EveryAction))]
    public void The_escrow_must_go_on_at_the_same_address(int action)
    {
        var scenario = Scenario(action);
        var staked = C(0, C(1, Ledger.Bytes(0xe5)), Ledger.Some(C(0, C(0, Ledger.Bytes(Parties.Seller)))));
        Contract.Rejects(
            "the escrow stays at its address",
            scenario with
            {
                Outputs = [Ledger.Output(staked, scenario.Value, Actions[action].Next(scenario).ToData())],
            }
        );
    }

    [Theory]
    [MemberData(nameof(EveryAction))]
    public void The_order_of_outputs_does_not_matter(int action)
    {
        var scenario = Scenario(action);
        Contract.Accepts(scenario with { Outputs = [.. scenario.Outputs.Reverse()] });
    }

    [Theory]
    [MemberData(nameof(EveryAction))]
    public void Nothing_else_in_the_datum_may_change(int action)
    {
        const string rule = "nothing else in the datum changes";
        Contract.Rejects(rule, Spoil(action, d => d with { Buyer = Parties.SellerAddress }));
        Contract.Rejects(rule, Spoil(action, d => d with { BuyerReturn = Ledger.Some(Parties.SellerAddress) }));
        Contract.Rejects(rule, Spoil(action, d => d with { Seller = Parties.BuyerAddress }));
        Contract.Rejects(rule, Spoil(action, d => d with { SellerReturn = Ledger.Some(Parties.BuyerAddress) }));
        Contract.Rejects(rule, Spoil(action, d => d with { Agent = Ledger.Bytes(1, 60) }));
        Contract.Rejects(rule, Spoil(action, d => d with { Collateral = d.Collateral - 1 }));
        Contract.Rejects(rule, Spoil(action, d => d with { PayBy = d.PayBy + 1 }));
        Contract.Rejects(rule, Spoil(action, d => d with { Submit = d.Submit + 1 }));
        Contract.Rejects(rule, Spoil(action, d => d with { Unlock = d.Unlock - 1 }));
        Contract.Rejects(rule, Spoil(action, d => d with { Dispute = d.Dispute + 1 }));
        Contract.Rejects(rule, Spoil(action, d => d with { State = d.State == 1 ? 3 : 1 }));
        Contract.Rejects("the escrow goes on", Spoil(action, d => d with { Signature = Ledger.Bytes(0xb6, 217) }));
    }

    [Theory]
    [MemberData(nameof(EveryAction))]
    public void The_result_changes_only_as_the_action_says(int action)
    {
        if (Actions[action].Name == "SubmitResult")
        {
            Contract.Accepts(Spoil(action, d => d with { Result = Ledger.Bytes(1, 32) }));
            Assert.All(
                (int[])[0, 1, 31, 33, 64, 11_000],
                length => Contract.Rejects("SubmitResult: the result is a hash of 32 bytes", Spoil(action, d => d with { Result = Ledger.Bytes(1, length) }))
            );
        }
        else
        {
            Contract.Rejects("nothing else in the datum changes", Spoil(action, d => d with { Result = Ledger.Bytes(1, 1) }));
        }
    }

    [Theory]
    [MemberData(nameof(EveryAction))]
    public void The_new_cooldown_is_long_enough_and_the_others_is_zero(int action)
    {
        var seller = Actions[action].Signer == Parties.Seller;
        Contract.Rejects("the new cooldown is long enough", Spoil(action, d => Own(d, -1)));
        Contract.Accepts(Spoil(action, d => Own(d, 1_000_000)));
        Contract.Rejects("nothing else in the datum changes", Spoil(action, d => seller ? d with { BuyerCooldown = 1 } : d with { SellerCooldown = 1 }));
        Contract.Accepts(With(action, d => seller ? d with { BuyerCooldown = long.MaxValue } : d with { SellerCooldown = long.MaxValue }));

        TestDatum Own(TestDatum d, long more) =>
            seller ? d with { SellerCooldown = d.SellerCooldown + more } : d with { BuyerCooldown = d.BuyerCooldown + more };
    }

    [Theory]
    [MemberData(nameof(EveryAction))]
    public void A_skipped_cooldown_is_rejected(int action)
    {
        var rule = $"{Actions[action].Name}: after the {SellerOrBuyer(action)}'s cooldown";
        Contract.Accepts(With(action, d => Cooling(d, Clock.Start)));
        Contract.Rejects(rule, With(action, d => Cooling(d, Clock.Start + 1)));
        Contract.Rejects(rule, Scenario(action) with { Lower = null });

        TestDatum Cooling(TestDatum d, long until) =>
            Actions[action].Signer == Parties.Seller ? d with { SellerCooldown = until } : d with { BuyerCooldown = until };
    }

    [Theory]
    [MemberData(nameof(EveryAction))]
    public void The_value_is_preserved(int action)
    {
        Contract.Accepts(Valued(new Amount(5_000_001, (0x77, "tok", 100))));
        Contract.Rejects("no ADA is taken out", Valued(new Amount(4_999_999, (0x77, "tok", 100))));
        Contract.Rejects("no token is taken out or put in", Valued(new Amount(5_000_000, (0x77, "tok", 99))));
        Contract.Rejects("no token is taken out or put in", Valued(new Amount(5_000_000)));
        Contract.Rejects("no token is taken out or put in", Valued(new Amount(5_000_000, (0x77, "tok", 101))));
        Contract.Rejects("no token is taken out or put in", Valued(new Amount(5_000_000, (0x76, "bloat", 1), (0x77, "tok", 100))));
        Contract.Rejects("no token is taken out or put in", Valued(new Amount(5_000_000, (0x77, "tok", 100), (0x78, "bloat", 1))));

        EscrowScenario Valued(Amount value)
        {
            var scenario = Scenario(action);
            return scenario.Continuing(Actions[action].Next(scenario), value);
        }
    }

    [Theory]
    [InlineData(0, Clock.Submit)]
    [InlineData(2, Clock.Submit)]
    [InlineData(1, Clock.Dispute)]
    [InlineData(3, Clock.Dispute)]
    public void A_result_is_accepted_until_its_deadline_and_a_correction_until_the_dispute_unlock(int state, long deadline)
    {
        Contract.Accepts(Ending(deadline - 1));
        Contract.Rejects("SubmitResult: before the submit time, or a correction before the dispute unlock time", Ending(deadline));

        EscrowScenario Ending(long upper)
        {
            var scenario = Honest.SubmitResult(state).Between(Clock.Start, upper);
            return scenario.Continuing(Honest.SubmitResultNext(scenario));
        }
    }

    [Fact]
    public void A_result_needs_an_escrow_that_holds_the_collateral()
    {
        Contract.Accepts(With(0, d => d with { Collateral = 5_000_000 }));
        Contract.Rejects("SubmitResult: the escrow holds the collateral", With(0, d => d with { Collateral = 5_000_001 }));
    }

    [Fact]
    public void A_refund_can_be_requested_until_the_unlock_time()
    {
        Contract.Accepts(Ending(Clock.Unlock - 1));
        Contract.Rejects("SetRefundRequested: before the unlock time", Ending(Clock.Unlock));

        static EscrowScenario Ending(long upper)
        {
            var scenario = Honest.SetRefundRequested(1).Between(Clock.Start, upper);
            return scenario.Continuing(Honest.SetRefundRequestedNext(scenario));
        }
    }

    [Fact]
    public void A_withdrawal_cannot_be_authorized_without_a_result() =>
        Contract.Rejects("AuthorizeWithdrawal: there is a result", With(2, d => d with { Result = B(default) }));

    [Fact]
    public void A_refund_can_be_authorized_at_any_time()
    {
        var scenario = Honest.AuthorizeRefund(3).Between(Clock.Dispute + Clock.Hour, Clock.Dispute + 2 * Clock.Hour);
        Contract.Accepts(scenario.Continuing(Honest.AuthorizeRefundNext(scenario)));
    }
}
