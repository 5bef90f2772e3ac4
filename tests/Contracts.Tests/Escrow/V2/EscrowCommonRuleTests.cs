using System.Collections.Immutable;
using Masumi.Cardano.Scripts;
using Masumi.Contracts.Tests.Scenarios;
using static Masumi.Cardano.Scripts.PlutusData;

namespace Masumi.Contracts.Tests.Escrow.V2;

/// <summary>What every spend must obey (spec escrow.md 4.2).</summary>
public class EscrowCommonRuleTests
{
    private static readonly TestDatum OtherDatum = new() { Signature = Ledger.Bytes(0xb6, 217) };

    public static TheoryData<string, PlutusData> MalformedDatums()
    {
        // Another signature than the scenario's own, so that only the shape can be at fault.
        var good = OtherDatum.Fields();
        var data = new TheoryData<string, PlutusData>
        {
            { "a field too many", C(0, [.. good, I(0)]) },
            { "a field too few", C(0, [.. good[..18]]) },
            { "another constructor", C(1, good) },
            { "no constructor", L(good) },
            { "state of constructor 6", With(18, C(6)) },
            { "state with a field", With(18, C(0, I(0))) },
            { "state that is a number", With(18, I(0)) },
            { "buyer that is bytes", With(0, B(default)) },
            { "buyer of constructor 1", With(0, C(1, C(0, Ledger.Bytes(0x0b)), Ledger.None)) },
            { "buyer without stake field", With(0, C(0, C(0, Ledger.Bytes(0x0b)))) },
            { "buyer with a third field", With(0, C(0, C(0, Ledger.Bytes(0x0b)), Ledger.None, I(0))) },
            { "credential of constructor 2", With(0, C(0, C(2, Ledger.Bytes(0x0b)), Ledger.None)) },
            { "credential of a number", With(0, C(0, C(0, I(7)), Ledger.None)) },
            { "credential of two fields", With(0, C(0, C(0, Ledger.Bytes(0x0b), I(0)), Ledger.None)) },
            { "credential of no field", With(0, C(0, C(0), Ledger.None)) },
            { "stake of constructor 2", With(2, C(0, C(0, Ledger.Bytes(5)), C(2))) },
            { "none with a field", With(2, C(0, C(0, Ledger.Bytes(5)), C(1, I(0)))) },
            { "stake without a field", With(2, C(0, C(0, Ledger.Bytes(5)), C(0))) },
            { "stake with two fields", With(2, C(0, C(0, Ledger.Bytes(5)), C(0, C(0, C(0, Ledger.Bytes(5))), I(0)))) },
            { "stake credential of two fields", With(2, C(0, C(0, Ledger.Bytes(5)), C(0, C(0, C(0, Ledger.Bytes(5)), I(0))))) },
            { "stake reference of constructor 2", With(2, C(0, C(0, Ledger.Bytes(5)), C(0, C(2, I(0), I(0), I(0))))) },
            { "pointer of two numbers", With(2, C(0, C(0, Ledger.Bytes(5)), C(0, C(1, I(0), I(0))))) },
            { "pointer of four numbers", With(2, C(0, C(0, Ledger.Bytes(5)), C(0, C(1, I(0), I(0), I(0), I(0))))) },
            { "pointer of bytes", With(2, C(0, C(0, Ledger.Bytes(5)), C(0, C(1, I(0), I(0), B(default))))) },
            { "return address that is no option", With(1, Parties.BuyerAddress is Constr a ? C(2, [.. a.Fields]) : I(0)) },
            { "return address none with a field", With(1, C(1, Parties.BuyerAddress)) },
            { "return address with two fields", With(3, C(0, Parties.BuyerAddress, I(0))) },
            { "return address malformed", With(3, C(0, C(0, I(0), Ledger.None))) },
        };
        foreach (var index in (int[])[4, 5, 6, 7, 8, 10, 11])
        {
            data.Add($"field {index} that is a number", With(index, I(1)));
        }

        foreach (var index in (int[])[9, 12, 13, 14, 15, 16, 17])
        {
            data.Add($"field {index} that is bytes", With(index, Ledger.Bytes(1)));
        }

        return data;

        PlutusData With(int index, PlutusData value) => C(0, [.. good[..index], value, .. good[(index + 1)..]]);
    }

    [Theory]
    [MemberData(nameof(MalformedDatums))]
    public void A_malformed_datum_cannot_be_spent(string what, PlutusData datum)
    {
        Assert.NotEmpty(what);
        Contract.RejectsAnyhow(Honest.WithdrawRefund() with { RawDatum = datum });
    }

    [Theory]
    [MemberData(nameof(MalformedDatums))]
    public void A_malformed_datum_cannot_be_created_beside_a_spend(string what, PlutusData datum)
    {
        Assert.NotEmpty(what);
        var scenario = Honest.SubmitResult();
        Contract.RejectsAnyhow(scenario with { Outputs = [.. scenario.Outputs, Ledger.Output(Parties.Escrow, new Amount(2_000_000), datum)] });
    }

    [Fact]
    public void Every_kind_of_address_can_be_a_return_address()
    {
        var scenario = Honest.SubmitResult() with
        {
            Datum = new TestDatum
            {
                BuyerReturn = Ledger.Some(C(0, C(1, Ledger.Bytes(1)), Ledger.Some(C(0, C(1, Ledger.Bytes(2)))))),
                SellerReturn = Ledger.Some(C(0, C(0, Ledger.Bytes(1)), Ledger.Some(C(1, I(1), I(2), I(3))))),
            },
        };
        Contract.Accepts(scenario.Continuing(Honest.SubmitResultNext(scenario)));
    }

    [Fact]
    public void A_spend_without_datum_is_rejected() => Contract.Rejects("", Honest.SubmitResult() with { Info = C(1, Ledger.Reference(0x11), Ledger.None) });

    [Fact]
    public void The_script_serves_no_other_purpose() =>
        Contract.Rejects("this script only guards outputs", Honest.SubmitResult() with { Info = C(0, Ledger.Bytes(0xe5)) });

    [Fact]
    public void A_negative_collateral_return_locks_the_funds()
    {
        var scenario = Honest.SubmitResult() with { Datum = new TestDatum { Collateral = -1 } };
        Contract.Rejects("the collateral return is not negative", scenario.Continuing(Honest.SubmitResultNext(scenario)));
    }

    [Theory]
    [InlineData(15, false)]
    [InlineData(16, true)]
    public void A_reference_signature_needs_sixteen_bytes(int length, bool accepted)
    {
        var scenario = Honest.SubmitResult() with { Datum = new TestDatum { Signature = Ledger.Bytes(0xb5, length) } };
        scenario = scenario.Continuing(Honest.SubmitResultNext(scenario));
        if (accepted)
        {
            Contract.Accepts(scenario);
        }
        else
        {
            Contract.Rejects("the reference signature is long enough", scenario);
        }
    }

    [Fact]
    public void A_created_escrow_needs_a_long_enough_reference_signature() =>
        Contract.Rejects(
            "created escrow: the reference signature is long enough",
            Beside(Ledger.Output(Parties.Escrow, new Amount(2_000_000), (OtherDatum with { Signature = Ledger.Bytes(1, 15) }).ToData()))
        );

    [Fact]
    public void An_infinite_upper_bound_is_rejected() => Contract.Rejects("the validity range has an end", Honest.AuthorizeRefund() with { Upper = null });

    [Fact]
    public void A_spent_output_that_is_no_input_is_rejected() =>
        Contract.Rejects(
            "the spent output is an input",
            Honest.SubmitResult() with
            {
                Info = C(1, Ledger.Reference(0x12), Ledger.Some(new TestDatum().ToData())),
            }
        );

    [Fact]
    public void A_reference_script_on_the_continuing_output_is_rejected()
    {
        var scenario = Honest.SubmitResult();
        Contract.Rejects(
            "created escrow: no reference script",
            scenario with
            {
                Outputs = [Ledger.Output(Parties.Escrow, scenario.Value, Honest.SubmitResultNext(scenario).ToData(), referenceScript: true)],
            }
        );
    }

    [Fact]
    public void A_reference_script_on_another_output_is_nobodys_business() =>
        Contract.Accepts(Beside(Ledger.Output(Parties.SellerAddress, new Amount(2_000_000), referenceScript: true)));

    [Fact]
    public void A_created_escrow_without_datum_is_rejected() =>
        Contract.Rejects("created escrow: inline datum", Beside(Ledger.Output(Parties.Escrow, new Amount(2_000_000))));

    [Fact]
    public void A_stake_part_does_not_hide_a_created_escrow()
    {
        var staked = C(0, C(1, Ledger.Bytes(0xe5)), Ledger.Some(C(0, C(0, Ledger.Bytes(Parties.Seller)))));
        Contract.Rejects("created escrow: inline datum", Beside(Ledger.Output(staked, new Amount(2_000_000))));
    }

    [Fact]
    public void A_created_escrow_with_a_datum_hash_is_rejected() =>
        Contract.Rejects("created escrow: inline datum", Beside(C(0, Parties.Escrow, new Amount(2_000_000).ToData(), C(1, Ledger.Bytes(1, 32)), Ledger.None)));

    [Fact]
    public void Another_escrow_can_be_created_in_the_same_transaction() =>
        Contract.Accepts(Beside(Ledger.Output(Parties.Escrow, new Amount(2_000_000), OtherDatum.ToData())));

    [Fact]
    public void Two_created_escrows_with_one_reference_signature_are_rejected() =>
        Contract.Rejects(
            "escrows created together differ in their reference signatures",
            Beside(
                Ledger.Output(Parties.Escrow, new Amount(2_000_000), OtherDatum.ToData()),
                Ledger.Output(Parties.Escrow, new Amount(3_000_000), (OtherDatum with { PayBy = 1 }).ToData())
            )
        );

    [Fact]
    public void A_batch_of_escrows_with_their_own_continuing_outputs_is_accepted()
    {
        var scenario = Batch(OtherDatum, out var otherNext);
        Contract.Accepts(scenario with { Outputs = [otherNext, .. scenario.Outputs] });
    }

    [Fact]
    public void Two_spent_escrows_with_one_reference_signature_are_rejected()
    {
        var scenario = Batch(new TestDatum { PayBy = 1 }, out _);
        Contract.Rejects("escrows spent together differ in their reference signatures", scenario);
    }

    [Fact]
    public void A_batch_with_a_datum_hash_is_rejected()
    {
        var scenario = Honest.SubmitResult();
        var hashed = C(0, Parties.Escrow, new Amount(2_000_000).ToData(), C(1, Ledger.Bytes(1, 32)), Ledger.None);
        Contract.Rejects(
            "escrows spent together have inline datums",
            scenario with
            {
                OtherInputs = [Ledger.Input(Ledger.Reference(0x44), hashed), .. scenario.OtherInputs],
            }
        );
    }

    [Fact]
    public void An_escrow_locked_with_a_datum_hash_can_be_spent_alone()
    {
        var scenario = Honest.WithdrawRefund();
        var hashed = C(0, Parties.Escrow, scenario.Value.ToData(), C(1, Ledger.Bytes(1, 32)), Ledger.None);
        Contract.Accepts(scenario with { RawInput = Ledger.Input(scenario.OwnReference, hashed) });
    }

    private static EscrowScenario Beside(params ReadOnlySpan<PlutusData> outputs)
    {
        var scenario = Honest.SubmitResult();
        return scenario with { Outputs = [.. scenario.Outputs, .. outputs] };
    }

    private static EscrowScenario Batch(TestDatum otherDatum, out PlutusData otherNext)
    {
        var scenario = Honest.SubmitResult();
        var other = scenario with { OwnReference = Ledger.Reference(0x44), Datum = otherDatum };
        otherNext = Ledger.Output(Parties.Escrow, other.Value, Honest.SubmitResultNext(other).ToData());
        return scenario with { OtherInputs = [.. ImmutableArray.Create(other.OwnInput), .. scenario.OtherInputs] };
    }
}
