using Masumi.Cardano.Scripts;
using Masumi.Contracts.Common;
using Masumi.Contracts.Tests.Escrow.V1;
using Masumi.Contracts.Tests.Escrow.V2;
using Masumi.Contracts.Tests.Registry.V1;
using Masumi.Contracts.Tests.Registry.V2;
using Masumi.Contracts.Tests.Scenarios;
using static Masumi.Cardano.Scripts.PlutusData;

namespace Masumi.Contracts.Tests.Weakened;

/// <summary>Contexts that are wrong in one thing only, where elsewhere several rules reject: each is rejected by its rule, and would be accepted without it.</summary>
public class SingleRuleTests
{
    private static readonly PlutusData Key = C(0, Ledger.Bytes(Parties.Seller));

    public static TheoryData<string, PlutusData> MalformedAddresses() =>
        new()
        {
            { "address: constructor 0", C(1, Key, Ledger.None) },
            { "address: two fields", C(0, Key, Ledger.None, I(0)) },
            { "credential: key or script", C(0, C(2, Ledger.Bytes(5)), Ledger.None) },
            { "credential: one field", C(0, C(0, Ledger.Bytes(5), I(0)), Ledger.None) },
            { "option: constructor 1", C(0, Key, C(2)) },
            { "none: no field", C(0, Key, C(1, I(0))) },
            { "option: one field", C(0, Key, C(0, C(0, Key), I(0))) },
            { "stake credential: one field", C(0, Key, C(0, C(0, Key, I(0)))) },
            { "stake pointer: constructor 1", C(0, Key, C(0, C(2, I(1), I(2), I(3)))) },
            { "stake pointer: three fields", C(0, Key, C(0, C(1, I(1), I(2), I(3), I(4)))) },
        };

    [Theory]
    [MemberData(nameof(MalformedAddresses))]
    public void An_address_of_another_shape_is_refused_for_that_alone(string rule, PlutusData seller)
    {
        Contract.Rejects(rule, HonestV1.WithdrawRefund() with { RawDatum = (HonestV1.AtState(0) with { Seller = seller }).ToData() });
        Contract.Rejects(rule, Honest.WithdrawRefund() with { RawDatum = (Honest.AtState(0) with { Seller = seller }).ToData() });
    }

    [Fact]
    public void Every_address_of_a_datum_is_looked_at()
    {
        var (key, odd) = (C(0, Ledger.Bytes(Parties.Buyer)), Ledger.Some(C(0, Key, Ledger.None, I(0))));
        var buyer = C(0, key, Ledger.None, I(0));
        Contract.Rejects("address: two fields", HonestV1.WithdrawRefund() with { RawDatum = (HonestV1.AtState(0) with { Buyer = buyer }).ToData() });
        Contract.Rejects("address: two fields", Honest.WithdrawRefund() with { RawDatum = (Honest.AtState(0) with { Buyer = buyer }).ToData() });
        var withdraw = Honest.Withdraw();
        Contract.Rejects("address: two fields", Honest.WithdrawRefund() with { RawDatum = (Honest.AtState(0) with { SellerReturn = odd }).ToData() });
        Contract.Rejects("address: two fields", withdraw with { RawDatum = (withdraw.Datum with { Collateral = 0, BuyerReturn = odd }).ToData() });
    }

    public static TheoryData<string, PlutusData> MalformedOptions() =>
        new()
        {
            { "option: constructor 1", C(2) },
            { "none: no field", C(1, I(0)) },
            { "option: one field", C(0, Parties.BuyerAddress, I(0)) },
        };

    [Theory]
    [MemberData(nameof(MalformedOptions))]
    public void A_return_address_of_another_shape_is_refused_for_that_alone(string rule, PlutusData option)
    {
        var (refund, withdraw) = (Honest.WithdrawRefund(), Honest.Withdraw());
        Contract.Rejects(rule, refund with { RawDatum = (refund.Datum with { SellerReturn = option }).ToData() });
        Contract.Rejects(rule, withdraw with { RawDatum = (withdraw.Datum with { BuyerReturn = option }).ToData() });
    }

    [Fact]
    public void A_part_of_another_kind_is_refused_for_that_alone()
    {
        PlutusData[] sellers =
        [
            C(0, C(0, I(7)), Ledger.None),
            C(0, Key, C(0, C(1, Ledger.Bytes(1), I(2), I(3)))),
            C(0, Key, C(0, C(1, I(1), Ledger.Bytes(2), I(3)))),
            C(0, Key, C(0, C(1, I(1), I(2), Ledger.Bytes(3)))),
        ];
        foreach (var seller in sellers)
        {
            Contract.Rejects("", HonestV1.WithdrawRefund() with { RawDatum = (HonestV1.AtState(0) with { Seller = seller }).ToData() });
            Contract.Rejects("", Honest.WithdrawRefund() with { RawDatum = (Honest.AtState(0) with { Seller = seller }).ToData() });
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    public void A_refund_asks_for_the_state_even_where_there_is_no_result(int state)
    {
        var scenario = Honest.WithdrawRefund();
        Contract.Rejects("WithdrawRefund: authorized, or no result by the submit time", scenario with { Datum = scenario.Datum with { State = state } });
    }

    [Fact]
    public void An_escrow_that_holds_the_collateral_and_no_more_can_be_collected()
    {
        var scenario = Honest.Withdraw();
        Contract.Accepts(
            scenario with
            {
                Datum = scenario.Datum with { Collateral = 5_000_000 },
                Outputs = [scenario.Payout(Parties.BuyerAddress, new Amount(5_000_000))],
            }
        );
    }

    [Fact]
    public void Addresses_of_every_good_shape_are_taken()
    {
        foreach (var stake in (PlutusData[])[Ledger.None, Ledger.Some(C(0, C(1, Ledger.Bytes(2)))), Ledger.Some(C(1, I(1), I(2), I(3)))])
        {
            var seller = C(0, Key, stake);
            Contract.Accepts(HonestV1.WithdrawRefund() with { RawDatum = (HonestV1.AtState(0) with { Seller = seller }).ToData() });
            Contract.Accepts(Honest.WithdrawRefund() with { RawDatum = (Honest.AtState(0) with { Seller = seller }).ToData() });
        }
    }

    [Fact]
    public void A_state_with_a_field_is_refused_for_that_alone()
    {
        var (v1, v2) = (HonestV1.AtState(0).Fields(), Honest.AtState(0).Fields());
        Contract.Rejects("datum: state without fields", HonestV1.WithdrawRefund() with { RawDatum = C(0, [.. v1[..^1], C(0, I(0))]) });
        Contract.Rejects("datum: state without fields", Honest.WithdrawRefund() with { RawDatum = C(0, [.. v2[..^1], C(0, I(0))]) });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_first_generation_refund_asks_for_the_state_even_where_there_is_no_result(int state)
    {
        var scenario = HonestV1.WithdrawRefund();
        Contract.Rejects("WithdrawRefund: funds locked or refund requested", scenario with { Datum = scenario.Datum with { State = state } });
    }

    [Fact]
    public void An_unknown_action_is_not_taken_for_the_last_of_the_known_ones()
    {
        Contract.Rejects("known action", HonestV1.AuthorizeRefund() with { Redeemer = C(7) });
        Contract.Rejects("known action", Honest.AuthorizeRefund() with { Redeemer = C(7) });
        Contract.RegistryRejects("known action", RegistryV1PolicyTests.Burning(C(2)), EscrowFamily.V1);
    }

    // No ledger makes these: its other purposes have other fields.
    [Fact]
    public void Another_purpose_is_refused_even_with_the_fields_of_the_right_one()
    {
        var (v1, v2) = (HonestV1.WithdrawRefund(), Honest.WithdrawRefund());
        foreach (var tag in (ulong[])[0, 2, 3, 4, 5])
        {
            Contract.Rejects("this script only guards outputs", v1 with { Info = C(tag, v1.OwnReference, Ledger.Some(v1.DatumData)) });
            Contract.Rejects("this script only guards outputs", v2 with { Info = C(tag, v2.OwnReference, Ledger.Some(v2.DatumData)) });
            if (tag > 0)
            {
                Contract.RegistryRejects("this script only guards a mint", RegistryV1PolicyTests.Burning(C(1), tag), EscrowFamily.V1);
                Contract.RegistryRejects("this script only guards a mint", RegistryV2PolicyTests.Burning(tag));
            }
        }
    }

    [Fact]
    public void A_short_reference_signature_cannot_even_end() =>
        Contract.Rejects(
            "the reference signature is long enough",
            Honest.WithdrawRefund() with
            {
                Datum = Honest.AtState(0) with { Signature = Ledger.Bytes(0xb5, 15) },
            }
        );

    [Fact]
    public void A_malformed_signature_of_a_stranger_is_refused_beside_enough_good_ones()
    {
        Contract.Rejects("signature: a signature has 64 bytes", EscrowDisputeTests.SettledBeside(3, 63), admins: EscrowDisputeTests.Admins);
        Contract.Rejects("signature: at most 256 bytes of headers", EscrowDisputeTests.SettledBeside(257, 64), admins: EscrowDisputeTests.Admins);
        Contract.Accepts(EscrowDisputeTests.SettledBeside(256, 64), admins: EscrowDisputeTests.Admins);
    }

    [Fact]
    public void An_update_does_not_burn_two_of_one_token_for_two_others() =>
        Contract.RegistryRejects("Update: only one minted or one burned of each", RegistryV2PolicyTests.Updating(("10", 0, -2), ("10", 1, 1), ("11", 0, 1)));

    [Fact]
    public void What_is_judged_must_be_in_the_transaction()
    {
        var v1 = HonestV1.WithdrawRefund();
        Contract.Rejects("the spent output is an input", v1 with { Info = C(1, Ledger.Reference(0x12), Ledger.Some(v1.DatumData)) });
        Contract.RegistryRejects("the policy is in the mint", RegistryV1PolicyTests.Burning(C(1), policy: 0x78), EscrowFamily.V1);
        Contract.RegistryRejects("the policy is in the mint", RegistryV2PolicyTests.Burning(0, policy: 0x78));
    }

    [Fact]
    public void The_fee_is_due_on_every_name_of_a_policy()
    {
        var scenario = HonestV1.Withdraw() with { Value = new Amount(5_000_000, (0x77, "a", 100), (0x77, "b", 100)) };
        Contract.Accepts(Paying((0x77, "a", 5), (0x77, "b", 5)));
        Contract.Rejects("Withdraw: the fee address gets its part of every asset", Paying((0x77, "a", 5), (0x77, "b", 4)));

        EscrowScenario Paying(params (byte, string, long)[] tokens) =>
            scenario with
            {
                Outputs = [scenario.Payout(Parties.FeeAddress, new Amount(250_000, tokens)), scenario.Payout(Parties.BuyerAddress, new Amount(1_435_230))],
            };
    }

    [Fact]
    public void Signatures_of_escrows_further_apart_are_compared_too()
    {
        var scenario = Honest.SubmitResult();
        var (one, other) = (scenario.Datum with { Signature = Ledger.Bytes(0xb6, 217) }, scenario.Datum with { Signature = Ledger.Bytes(0xb7, 217) });
        PlutusData[] created = [Created(one), Created(other), Created(one with { PayBy = 1 })];
        Contract.Rejects("escrows created together differ in their reference signatures", scenario with { Outputs = [.. scenario.Outputs, .. created] });
        PlutusData[] spent = [Spent(0x44, one), Spent(0x45, other), Spent(0x46, one with { PayBy = 1 })];
        Contract.Rejects("escrows spent together differ in their reference signatures", scenario with { OtherInputs = [.. spent] });

        static PlutusData Created(TestDatum datum) => Ledger.Output(Parties.Escrow, new Amount(2_000_000), datum.ToData());

        static PlutusData Spent(byte transaction, TestDatum datum) => Ledger.Input(Ledger.Reference(transaction), Created(datum));
    }

    [Fact]
    public void Every_token_of_an_update_is_looked_at()
    {
        const string successor = "Update: every burned token has its successor";
        Contract.RegistryRejects(successor, RegistryV2PolicyTests.Updating(("10", 0, -1), ("10", 1, 1), ("11", 0, -1), ("12", 0, 1)));
        Contract.RegistryRejects(successor, RegistryV2PolicyTests.Updating(("10", 0, -1), ("10", 1, -1), ("10", 2, 1), ("11", 0, 1)));
        Contract.RegistryRejects(
            "Update: only one minted or one burned of each",
            RegistryV2PolicyTests.Updating(("10", 0, -1), ("10", 1, 1), ("11", 0, -2), ("11", 1, 1), ("12", 0, 1))
        );
    }
}
