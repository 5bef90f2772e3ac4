using Masumi.Cardano;
using Masumi.Cardano.Scripts;
using Masumi.Contracts.Catalog;
using Masumi.Contracts.Tests.Scenarios;
using static Masumi.Cardano.Scripts.PlutusData;

namespace Masumi.Contracts.Tests.Escrow.V1;

/// <summary>The V1 rules (spec escrow.md 4.2, 4.4, 4.5): the state table cell by cell, then every guard.</summary>
public class EscrowV1Tests
{
    // State table of spec escrow.md 4.5; rows by state, columns by redeemer.
    private static readonly bool[][] Table =
    [
        // Withdraw, SetRefund, UnSetRefund, WithdrawRefund, WithdrawDisputed, SubmitResult, AuthorizeRefund
        [false, true, false, true, false, true, false],
        [true, true, false, false, false, true, false],
        [false, false, true, true, false, true, false],
        [false, true, true, false, true, true, true],
    ];

    public static TheoryData<int, int> Cells => [.. Enumerable.Range(0, 7).SelectMany(action => Enumerable.Range(0, 4).Select(state => (action, state)))];

    private static string StateRule(int action) =>
        action switch
        {
            0 => "Withdraw: a result was submitted",
            1 => "SetRefundRequested: funds locked, result submitted or disputed",
            2 => "UnSetRefundRequested: refund requested or disputed",
            3 => "WithdrawRefund: funds locked or refund requested",
            4 => "WithdrawDisputed: disputed",
            _ => "AuthorizeRefund: disputed",
        };

    [Theory]
    [MemberData(nameof(Cells))]
    public void An_action_is_possible_from_the_states_of_the_table_only(int action, int state)
    {
        if (Table[state][action])
        {
            Contract.Accepts(HonestV1.Of(action, state));
        }
        else
        {
            Contract.Rejects(StateRule(action), HonestV1.Of(action, state));
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public void States_of_the_later_generation_do_not_decode(int state) =>
        Contract.Rejects("datum: known state", HonestV1.WithdrawRefund() with { RawDatum = (HonestV1.AtState(0) with { State = state }).ToData() });

    [Theory]
    [InlineData(0, "Withdraw: the seller signs", Parties.Buyer)]
    [InlineData(1, "SetRefundRequested: the buyer signs", Parties.Seller)]
    [InlineData(2, "UnSetRefundRequested: the buyer signs", Parties.Seller)]
    [InlineData(3, "WithdrawRefund: the buyer signs", Parties.Seller)]
    [InlineData(5, "SubmitResult: the seller signs", Parties.Buyer)]
    [InlineData(6, "AuthorizeRefund: the seller signs", Parties.Buyer)]
    public void Only_the_acting_party_may_act(int action, string rule, byte other)
    {
        var scenario = HonestV1.Of(action, FirstState(action));
        Contract.Rejects(rule, scenario.SignedBy(other));
        Contract.Rejects(rule, scenario.SignedBy());
        Contract.Accepts(scenario.SignedBy(other, other == Parties.Buyer ? Parties.Seller : Parties.Buyer));
    }

    [Theory]
    [InlineData(0, "Withdraw: after the unlock time", Clock.Unlock)]
    [InlineData(3, "WithdrawRefund: after the submit time", Clock.Submit)]
    [InlineData(4, "WithdrawDisputed: after the dispute unlock time", Clock.Dispute)]
    public void An_ending_waits_for_its_time(int action, string rule, long time)
    {
        var scenario = HonestV1.Of(action, FirstState(action));
        Contract.Accepts(scenario.Between(time, time + 1));
        Contract.Accepts(scenario.Between(time + 1000, time + 2000));
        Contract.Rejects(rule, scenario.Between(time - 1000, time + 1000));
        Contract.Rejects(rule, scenario.Between(time - 1, time + 1));
        Contract.Rejects(rule, scenario.Between(null, time + 1));
    }

    [Theory]
    [InlineData(1, "SetRefundRequested: before the unlock time", Clock.Unlock)]
    [InlineData(5, "SubmitResult: before the submit time, or a correction before the dispute unlock time", Clock.Submit)]
    public void What_has_a_deadline_must_end_before_it(int action, string rule, long time)
    {
        Contract.Accepts(Until(time - 1));
        Contract.Accepts(Until(time - 1000));
        Contract.Rejects(rule, Until(time));
        Contract.Rejects(rule, Until(time + 1000));

        EscrowScenario Until(long upper)
        {
            var scenario = HonestV1.Of(action, 0) with { Upper = upper };
            var next = action == 1 ? HonestV1.BuyerActed(scenario, 2) : HonestV1.SellerActed(scenario, 1, Ledger.Bytes(0x23, 32));
            return scenario.Continuing(next);
        }
    }

    [Fact]
    public void A_result_may_be_corrected_until_the_dispute_unlock_time()
    {
        const string rule = "SubmitResult: before the submit time, or a correction before the dispute unlock time";
        Contract.Accepts(Until(Clock.Dispute - 1, 1));
        Contract.Rejects(rule, Until(Clock.Dispute, 1));
        Contract.Accepts(Until(Clock.Dispute - 1, 3));
        Contract.Rejects(rule, Until(Clock.Submit, 0));
        Contract.Rejects(rule, Until(Clock.Submit, 2));

        static EscrowScenario Until(long upper, int state)
        {
            var scenario = HonestV1.SubmitResult(state) with { Lower = Clock.Start, Upper = upper };
            return scenario.Continuing(HonestV1.SellerActed(scenario, state <= 1 ? 1 : 3, Ledger.Bytes(0x23, 32)));
        }
    }

    [Theory]
    [InlineData(1, "SetRefundRequested: after the buyer's cooldown", 3)]
    [InlineData(2, "UnSetRefundRequested: after the buyer's cooldown", 3)]
    [InlineData(5, "SubmitResult: after the seller's cooldown", 3)]
    [InlineData(6, "AuthorizeRefund: after the seller's cooldown", 3)]
    public void The_own_cooldown_must_have_passed_and_the_others_does_not_matter(int action, string rule, int state)
    {
        var isBuyer = action is 1 or 2;
        Contract.Accepts(With(Clock.Start, long.MaxValue));
        Contract.Accepts(With(Clock.Start - 1000, 0));
        Contract.Rejects(rule, With(Clock.Start + 1, 0));
        Contract.Rejects(rule, With(Clock.Start, 0) with { Lower = null });

        EscrowScenario With(long own, long others)
        {
            var scenario = HonestV1.Of(action, state);
            scenario = scenario with { Datum = scenario.Datum with { BuyerCooldown = isBuyer ? own : others, SellerCooldown = isBuyer ? others : own } };
            return scenario;
        }
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 2)]
    [InlineData(5, 0)]
    [InlineData(6, 3)]
    public void A_new_cooldown_is_long_enough_and_the_others_is_over(int action, int state)
    {
        var scenario = HonestV1.Of(action, state);
        var isBuyer = action is 1 or 2;
        var next = action switch
        {
            1 => HonestV1.BuyerActed(scenario, 2),
            2 => HonestV1.BuyerActed(scenario, 0),
            5 => HonestV1.SellerActed(scenario, 1, Ledger.Bytes(0x23, 32)),
            _ => HonestV1.SellerActed(scenario, 2, B(default)),
        };
        Contract.Accepts(scenario.Continuing(With(scenario.NewCooldown, 0)));
        Contract.Accepts(scenario.Continuing(With(scenario.NewCooldown + 600_000, 0)));
        Contract.Rejects("the new cooldown is long enough", scenario.Continuing(With(scenario.NewCooldown - 1, 0)));
        Contract.Rejects("nothing else in the datum changes", scenario.Continuing(With(scenario.NewCooldown, 1)));

        TestDatum With(long own, long others) => next with { BuyerCooldown = isBuyer ? own : others, SellerCooldown = isBuyer ? others : own };
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 3)]
    [InlineData(5, 2)]
    [InlineData(6, 3)]
    public void Nothing_else_in_the_datum_changes(int action, int state)
    {
        var scenario = HonestV1.Of(action, state);
        var continued = ((Constr)((Constr)((Constr)scenario.Outputs[0]).Fields[2]).Fields[0]).Fields;
        for (var i = 0; i < continued.Length; i++)
        {
            PlutusData changed = continued[i] switch
            {
                Bytes bytes => B((byte[])[.. bytes.Value.Span, 1]),
                Integer number => I(number.Value + 1),
                Constr { Fields.IsEmpty: true } constr => C((constr.Tag + 1) % 4),
                _ => Ledger.KeyAddress(0x70),
            };

            // A later cooldown of one's own, or another result, is the actor's to choose.
            var isFree = (i == 13 && action is 5 or 6) || (i == 14 && action is 1 or 2) || (i == 8 && action == 5);
            if (!isFree)
            {
                var output = Ledger.Output(Parties.Escrow, scenario.Value, new Constr(0, continued.SetItem(i, changed)));
                Contract.Rejects("nothing else in the datum changes", scenario with { Outputs = [output, EscrowScenario.Change] });
            }
        }
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 2)]
    [InlineData(5, 0)]
    [InlineData(6, 3)]
    public void The_continuing_escrow_keeps_its_value(int action, int state)
    {
        var scenario = HonestV1.Of(action, state);
        var datum = ((Constr)((Constr)scenario.Outputs[0]).Fields[2]).Fields[0];
        Contract.Accepts(Holding(new Amount(5_000_001, (0x77, "tok", 100))));
        Contract.Rejects("no ADA is taken out", Holding(new Amount(4_999_999, (0x77, "tok", 100))));
        Contract.Rejects("no token is taken out or put in", Holding(new Amount(5_000_000, (0x77, "tok", 99))));
        Contract.Rejects("no token is taken out or put in", Holding(new Amount(5_000_000, (0x77, "tok", 101))));
        Contract.Rejects("no token is taken out or put in", Holding(new Amount(5_000_000)));
        Contract.Rejects("no token is taken out or put in", Holding(new Amount(5_000_000, (0x77, "tok", 100), (0x78, "x", 1))));

        EscrowScenario Holding(Amount amount) => scenario with { Outputs = [Ledger.Output(Parties.Escrow, amount, datum)] };
    }

    [Fact]
    public void The_escrow_must_go_on_at_its_address_with_an_inline_datum()
    {
        var scenario = HonestV1.SubmitResult();
        var datum = ((Constr)((Constr)scenario.Outputs[0]).Fields[2]).Fields[0];
        Contract.Rejects("the escrow goes on", scenario with { Outputs = [EscrowScenario.Change] });
        Contract.Rejects("the escrow goes on", scenario with { Outputs = [Ledger.Output(Parties.SellerAddress, scenario.Value, datum)] });
        var staked = C(0, C(1, Ledger.Bytes(0xe5)), Ledger.Some(C(0, C(0, Ledger.Bytes(0x01)))));
        Contract.Rejects("the escrow stays at its address", scenario with { Outputs = [Ledger.Output(staked, scenario.Value, datum)] });
        Contract.Rejects(
            "created escrow: inline datum",
            scenario with
            {
                Outputs = [C(0, Parties.Escrow, scenario.Value.ToData(), C(1, Ledger.Bytes(1, 32)), Ledger.None)],
            }
        );
    }

    [Fact]
    public void A_submitted_result_has_exactly_32_bytes()
    {
        var scenario = HonestV1.SubmitResult();
        foreach (var length in (int[])[0, 1, 31, 33, 64, 11_000])
        {
            Contract.Rejects("SubmitResult: the result is a hash of 32 bytes", scenario.Continuing(HonestV1.SellerActed(scenario, 1, Ledger.Bytes(1, length))));
        }

        Contract.Accepts(scenario.Continuing(HonestV1.SellerActed(scenario, 1, Ledger.Bytes(1, 32))));
    }

    [Fact]
    public void Submitting_a_result_does_not_look_at_the_collateral()
    {
        var scenario = HonestV1.SubmitResult();
        scenario = scenario with { Datum = scenario.Datum with { Collateral = 9_000_000 } };
        Contract.Accepts(scenario.Continuing(HonestV1.SellerActed(scenario, 1, Ledger.Bytes(0x23, 32))));
    }

    [Fact]
    public void One_escrow_at_a_time_is_spent_and_at_most_one_is_created()
    {
        var scenario = HonestV1.SubmitResult();
        var other = Ledger.Output(Parties.Escrow, new Amount(2_000_000), scenario.DatumData);
        Contract.Rejects("one escrow is spent", scenario with { OtherInputs = [.. scenario.OtherInputs, Ledger.Input(Ledger.Reference(0x44), other)] });
        Contract.Rejects("at most one escrow is created", scenario with { Outputs = [.. scenario.Outputs, other] });
        Contract.Accepts(HonestV1.WithdrawRefund() with { Outputs = [other] });
        Contract.Rejects("at most one escrow is created", HonestV1.WithdrawRefund() with { Outputs = [other, other] });
        Contract.Rejects(
            "created escrow: no reference script",
            HonestV1.WithdrawRefund() with
            {
                Outputs = [Ledger.Output(Parties.Escrow, new Amount(2_000_000), scenario.DatumData, referenceScript: true)],
            }
        );
    }

    [Fact]
    public void Every_spend_has_an_end() => Contract.Rejects("the validity range has an end", HonestV1.WithdrawRefund() with { Upper = null });

    [Fact]
    public void The_fee_address_gets_its_part_of_every_asset_rounded_down()
    {
        const string rule = "Withdraw: the fee address gets its part of every asset";
        var scenario = HonestV1.Withdraw() with { Value = new Amount(5_000_019, (0x77, "tok", 119), (0x78, "x", 19)) };
        Contract.Accepts(Paying(new Amount(250_000, (0x77, "tok", 5))));
        Contract.Accepts(Paying(new Amount(1_435_230, (0x70, "more", 1), (0x77, "tok", 6))));
        Contract.Rejects(rule, Paying(new Amount(249_999, (0x77, "tok", 5))));
        Contract.Rejects(rule, Paying(new Amount(250_000, (0x77, "tok", 4))));
        Contract.Rejects(rule, Paying(new Amount(250_000)));
        Contract.Rejects(rule, With(Ledger.Output(Parties.FeeAddress, HonestV1.Fee)));
        Contract.Rejects(rule, With(Ledger.Output(Parties.FeeAddress, HonestV1.Fee, Ledger.Reference(0x11, 1))));
        Contract.Rejects(rule, With(scenario.Payout(Ledger.KeyAddress(0xfe), HonestV1.Fee)));
        Contract.Rejects(rule, scenario with { Outputs = [] });

        EscrowScenario Paying(Amount fee) => With(scenario.Payout(Parties.FeeAddress, fee));

        EscrowScenario With(PlutusData output) => scenario with { Outputs = [output, scenario.Payout(Parties.BuyerAddress, new Amount(1_435_230))] };
    }

    [Fact]
    public void Several_fee_outputs_add_up_and_no_fee_needs_none()
    {
        var scenario = HonestV1.Withdraw();
        var collateral = scenario.Payout(Parties.BuyerAddress, new Amount(1_435_230));
        Contract.Accepts(
            scenario with
            {
                Outputs =
                [
                    scenario.Payout(Parties.FeeAddress, new Amount(100_000)),
                    collateral,
                    scenario.Payout(Parties.FeeAddress, new Amount(150_000, (0x77, "tok", 5))),
                ],
            }
        );
        Contract.Accepts(scenario with { Outputs = [collateral] }, feePermille: 0);
        Contract.Rejects("Withdraw: the fee address gets its part of every asset", scenario with { Outputs = [collateral] }, feePermille: 1000);
    }

    [Fact]
    public void The_buyer_gets_the_collateral()
    {
        const string rule = "Withdraw: the buyer gets the collateral";
        var scenario = HonestV1.Withdraw();
        var fee = scenario.Payout(Parties.FeeAddress, HonestV1.Fee);
        Contract.Rejects(rule, scenario with { Outputs = [fee] });
        Contract.Rejects(rule, scenario with { Outputs = [fee, scenario.Payout(Parties.BuyerAddress, new Amount(1_435_229))] });
        Contract.Rejects(rule, scenario with { Outputs = [fee, Ledger.Output(Parties.BuyerAddress, new Amount(1_435_230))] });
        Contract.Rejects(rule, scenario with { Outputs = [fee, scenario.Payout(Ledger.KeyAddress(Parties.Buyer), new Amount(1_435_230))] });
        Contract.Accepts(scenario with { Datum = scenario.Datum with { Collateral = 0 }, Outputs = [fee] });
    }

    [Fact]
    public void Nothing_is_collected_or_settled_without_a_result_and_nothing_refunded_after_one()
    {
        Contract.Rejects("Withdraw: there is a result", WithResult(HonestV1.Withdraw(), B(default)));
        Contract.Rejects("WithdrawDisputed: there is a result", WithResult(HonestV1.WithdrawDisputed(), B(default)));
        Contract.Rejects("WithdrawRefund: there is no result", WithResult(HonestV1.WithdrawRefund(), Parties.Result));
        Contract.Rejects("WithdrawRefund: there is no result", WithResult(HonestV1.WithdrawRefund(2), Parties.Result));

        static EscrowScenario WithResult(EscrowScenario scenario, PlutusData result) => scenario with { Datum = scenario.Datum with { Result = result } };
    }

    [Fact]
    public void A_refund_request_follows_from_the_result_and_so_does_taking_it_back()
    {
        var set = HonestV1.SetRefundRequested(1);
        Contract.Rejects("nothing else in the datum changes", set.Continuing(HonestV1.BuyerActed(set, 2)));
        var unset = HonestV1.UnSetRefundRequested(3);
        Contract.Rejects("nothing else in the datum changes", unset.Continuing(HonestV1.BuyerActed(unset, 0)));

        // A refund was requested, then a result came in another way: the request can be taken back to the result.
        var late = HonestV1.UnSetRefundRequested(2);
        late = late with { Datum = late.Datum with { Result = Parties.Result } };
        Contract.Accepts(late.Continuing(HonestV1.BuyerActed(late, 1)));
    }

    [Fact]
    public void A_dispute_is_not_settled_by_nobody()
    {
        KeyHash[] admins = [.. KnownDeployments.DefaultAdmins];
        Contract.RejectsWithParameters("WithdrawDisputed: someone must sign", HonestV1.WithdrawDisputed(), 0, admins);
        Contract.RejectsWithParameters("WithdrawDisputed: someone must sign", HonestV1.WithdrawDisputed(), -1, admins);
        Contract.RejectsWithParameters("WithdrawDisputed: enough admins sign", HonestV1.WithdrawDisputed(), 1, []);
    }

    [Fact]
    public void Enough_admins_must_sign_a_settlement()
    {
        const string rule = "WithdrawDisputed: enough admins sign";
        var scenario = HonestV1.WithdrawDisputed();
        var admins = KnownDeployments.DefaultAdmins;
        Contract.Accepts(Signed(admins[2], admins[0]));
        Contract.Rejects(rule, Signed(admins[1]));
        Contract.Rejects(rule, Signed());
        Contract.Rejects(rule, Signed(admins[1], admins[1]));
        Contract.Accepts(Signed(admins[1]), admins: [admins[1], admins[0], admins[1]]);
        Contract.Accepts(Signed(admins[1]), required: 1);

        EscrowScenario Signed(params KeyHash[] signers) => scenario with { Signers = [.. signers.Select(s => B(s.ToArray()))] };
    }

    [Fact]
    public void Redeemers_are_bare_constructors()
    {
        Contract.Rejects("actions have no arguments", HonestV1.SubmitResult() with { Redeemer = C(5, I(1)) });
        Contract.Rejects("known action", HonestV1.SubmitResult() with { Redeemer = C(7) });
        Contract.Rejects("actions have no arguments", HonestV1.WithdrawDisputed() with { Redeemer = C(4, M(), M(), L()) });
    }

    [Fact]
    public void The_datum_is_checked_in_depth()
    {
        var fields = HonestV1.AtState(0).Fields();
        var scenario = HonestV1.WithdrawRefund();
        Contract.Accepts(scenario with { RawDatum = C(0, fields) });
        Contract.Rejects("datum: constructor 0", scenario with { RawDatum = C(1, fields) });
        Contract.Rejects("datum: 16 fields", scenario with { RawDatum = C(0, [.. fields, I(0)]) });
        Contract.RejectsAnyhow(scenario with { RawDatum = C(0, fields.AsSpan(0, 15)) });
        for (var i = 0; i < fields.Length; i++)
        {
            Contract.RejectsAnyhow(scenario with { RawDatum = C(0, [.. fields[..i], L(), .. fields[(i + 1)..]]) });
        }
    }

    [Fact]
    public void A_key_is_asked_only_of_the_party_that_signs()
    {
        var refund = HonestV1.WithdrawRefund();
        Contract.Accepts(refund with { RawDatum = (HonestV1.AtState(0) with { Seller = Ledger.ScriptAddress(Parties.Seller) }).ToData() });
        Contract.Rejects(
            "WithdrawRefund: the buyer signs",
            refund with
            {
                RawDatum = (HonestV1.AtState(0) with { Buyer = Ledger.ScriptAddress(Parties.Buyer) }).ToData(),
            }
        );
    }

    [Fact]
    public void Other_purposes_are_refused() =>
        Contract.Rejects("this script only guards outputs", HonestV1.WithdrawRefund() with { Info = C(0, Ledger.Bytes(1)) });

    private static int FirstState(int action) =>
        action switch
        {
            0 => 1,
            2 => 2,
            4 or 6 => 3,
            _ => 0,
        };
}
