using Masumi.Cardano.Scripts;
using Masumi.Contracts.Tests.Scenarios;
using static Masumi.Cardano.Scripts.PlutusData;

namespace Masumi.Contracts.Tests.Escrow.V2;

/// <summary>The actions that end the escrow with one party's signature: Withdraw and WithdrawRefund.</summary>
public class EscrowEndingTests
{
    private static readonly PlutusData Vault = Ledger.KeyAddress(0x50, 0x51);
    private static readonly PlutusData OtherStake = Ledger.KeyAddress(0x50, 0x52);

    [Fact]
    public void Collecting_before_the_unlock_time_is_rejected()
    {
        const string rule = "Withdraw: authorized, or a result after the unlock time";
        Contract.Accepts(Honest.Withdraw().Between(Clock.Unlock, Clock.Unlock + 1));
        Contract.Rejects(rule, Honest.Withdraw().Between(Clock.Unlock - 1, Clock.Unlock + 1));
        Contract.Rejects(rule, Honest.Withdraw().Between(null, Clock.Unlock + 1));
    }

    [Fact]
    public void An_authorized_withdrawal_does_not_wait() => Contract.Accepts(Honest.Withdraw(4).Between(null, Clock.Start));

    [Fact]
    public void A_stranger_cannot_collect()
    {
        Contract.Rejects("Withdraw: the seller signs", Honest.Withdraw().SignedBy(0x77));
        Contract.Rejects("Withdraw: the seller signs", Honest.Withdraw().SignedBy(Parties.Buyer));
        Contract.Rejects("WithdrawRefund: the buyer signs", Honest.WithdrawRefund().SignedBy(Parties.Seller));
    }

    [Fact]
    public void The_cooldown_does_not_delay_an_ending()
    {
        var withdraw = Honest.Withdraw();
        Contract.Accepts(withdraw with { Datum = withdraw.Datum with { SellerCooldown = long.MaxValue } });
        var refund = Honest.WithdrawRefund();
        Contract.Accepts(refund with { Datum = refund.Datum with { BuyerCooldown = long.MaxValue } });
    }

    [Fact]
    public void Nothing_is_collected_without_a_result()
    {
        var scenario = Honest.Withdraw(4);
        Contract.Rejects("Withdraw: there is a result", scenario with { Datum = scenario.Datum with { Result = B(default) } });
    }

    [Fact]
    public void Nothing_is_refunded_after_a_result()
    {
        foreach (var state in (int[])[0, 2, 5])
        {
            var scenario = Honest.WithdrawRefund(state);
            Contract.Rejects("WithdrawRefund: there is no result", scenario with { Datum = scenario.Datum with { Result = Parties.Result } });
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void A_refund_waits_for_the_submit_time(int state)
    {
        const string rule = "WithdrawRefund: authorized, or no result by the submit time";
        Contract.Rejects(rule, Honest.WithdrawRefund(state).Between(Clock.Submit - 1, Clock.Submit + 1));
        Contract.Rejects(rule, Honest.WithdrawRefund(state).Between(null, Clock.Submit + 1));
    }

    [Fact]
    public void An_authorized_refund_does_not_wait() => Contract.Accepts(Honest.WithdrawRefund(5).Between(null, Clock.Start));

    [Fact]
    public void The_escrow_must_end()
    {
        var withdraw = Honest.Withdraw();
        Contract.Rejects(
            "Withdraw: the escrow ends",
            withdraw with
            {
                Outputs = [.. withdraw.Outputs, Ledger.Output(Parties.Escrow, new Amount(2_000_000), withdraw.DatumData)],
            }
        );
        var refund = Honest.WithdrawRefund();
        Contract.Rejects(
            "WithdrawRefund: the escrow ends",
            refund with
            {
                Outputs = [.. refund.Outputs, Ledger.Output(Parties.Escrow, new Amount(2_000_000), refund.DatumData)],
            }
        );
    }

    [Fact]
    public void The_collateral_cannot_be_stolen()
    {
        const string rule = "Withdraw: the buyer's side gets the collateral";
        var scenario = Honest.Withdraw();
        Contract.Rejects(rule, scenario with { Outputs = [EscrowScenario.Change] });
        Contract.Rejects(rule, Paying(scenario.Payout(Parties.BuyerAddress, new Amount(1_435_229))));
        Contract.Rejects(rule, Paying(scenario.Payout(Parties.SellerAddress, new Amount(1_435_230))));
        Contract.Rejects(rule, Paying(scenario.Payout(Ledger.KeyAddress(Parties.Buyer), new Amount(1_435_230))));
        Contract.Rejects(rule, Paying(scenario.Payout(Ledger.KeyAddress(Parties.Buyer, 0xb1), new Amount(1_435_230))));

        EscrowScenario Paying(PlutusData output) => scenario with { Outputs = [output] };
    }

    [Fact]
    public void A_payout_without_its_tag_does_not_count()
    {
        const string rule = "Withdraw: the buyer's side gets the collateral";
        var scenario = Honest.Withdraw();
        var address = Parties.BuyerAddress;
        var value = new Amount(1_435_230);
        Contract.Rejects(rule, scenario with { Outputs = [Ledger.Output(address, value)] });
        Contract.Rejects(rule, scenario with { Outputs = [Ledger.Output(address, value, Ledger.Reference(0x11, 1))] });
        Contract.Rejects(rule, scenario with { Outputs = [Ledger.Output(address, value, Ledger.Reference(0x12))] });
        Contract.Rejects(rule, scenario with { Outputs = [C(0, address, value.ToData(), C(1, Ledger.Bytes(0x11, 32)), Ledger.None)] });
    }

    [Fact]
    public void Several_tagged_payouts_add_up()
    {
        var scenario = Honest.Withdraw();
        Contract.Accepts(
            scenario with
            {
                Outputs =
                [
                    scenario.Payout(Parties.BuyerAddress, new Amount(1_000_000)),
                    EscrowScenario.Change,
                    scenario.Payout(Parties.BuyerAddress, new Amount(435_230, (0x01, "extra", 1))),
                ],
            }
        );
    }

    [Fact]
    public void Without_collateral_no_payout_to_the_buyer_is_needed()
    {
        var scenario = Honest.Withdraw();
        Contract.Accepts(scenario with { Datum = scenario.Datum with { Collateral = 0 }, Outputs = [EscrowScenario.Change] });
    }

    [Fact]
    public void An_escrow_that_does_not_hold_the_collateral_cannot_be_collected()
    {
        var scenario = Honest.Withdraw();
        Contract.Rejects(
            "Withdraw: the escrow holds the collateral",
            scenario with
            {
                Datum = scenario.Datum with { Collateral = 5_000_001 },
                Outputs = [scenario.Payout(Parties.BuyerAddress, new Amount(9_000_000))],
            }
        );
    }

    [Fact]
    public void The_buyers_return_address_takes_the_place_of_the_buyers_address()
    {
        var scenario = Honest.Withdraw();
        scenario = scenario with { Datum = scenario.Datum with { BuyerReturn = Ledger.Some(Vault) } };
        Contract.Rejects("Withdraw: the buyer's side gets the collateral", scenario);
        Contract.Accepts(scenario with { Outputs = [scenario.Payout(Vault, new Amount(1_435_230))] });
    }

    [Fact]
    public void The_sellers_return_address_gets_everything_but_the_collateral()
    {
        const string rule = "Withdraw: the seller's return address gets the rest";
        var scenario = Honest.Withdraw();
        scenario = scenario with
        {
            Datum = scenario.Datum with { SellerReturn = Ledger.Some(Vault) },
            Value = new Amount(5_000_000, (0x77, "a", 5), (0x77, "b", 7), (0x78, "c", 9)),
        };
        Contract.Accepts(Paying(Vault, new Amount(3_564_770, (0x77, "a", 5), (0x77, "b", 7), (0x78, "c", 9))));
        Contract.Accepts(Paying(Vault, new Amount(3_564_771, (0x70, "x", 1), (0x77, "a", 6), (0x77, "b", 7), (0x78, "c", 9))));
        Contract.Rejects(rule, Paying(Vault, new Amount(3_564_769, (0x77, "a", 5), (0x77, "b", 7), (0x78, "c", 9))));
        Contract.Rejects(rule, Paying(Vault, new Amount(3_564_770, (0x77, "a", 5), (0x77, "b", 6), (0x78, "c", 9))));
        Contract.Rejects(rule, Paying(Vault, new Amount(3_564_770, (0x77, "a", 5), (0x78, "c", 9))));
        Contract.Rejects(rule, Paying(Vault, new Amount(3_564_770, (0x77, "a", 5), (0x77, "b", 7))));
        Contract.Rejects(rule, Paying(OtherStake, new Amount(3_564_770, (0x77, "a", 5), (0x77, "b", 7), (0x78, "c", 9))));

        EscrowScenario Paying(PlutusData address, Amount amount) =>
            scenario with
            {
                Outputs = [scenario.Payout(Parties.BuyerAddress, new Amount(1_435_230)), scenario.Payout(address, amount)],
            };
    }

    [Fact]
    public void The_buyers_return_address_gets_the_whole_refund()
    {
        const string rule = "WithdrawRefund: the buyer's return address gets everything";
        var scenario = Honest.WithdrawRefund();
        scenario = scenario with { Datum = scenario.Datum with { BuyerReturn = Ledger.Some(Vault) } };
        Contract.Rejects(rule, scenario);
        Contract.Rejects(rule, scenario with { Outputs = [scenario.Payout(Vault, new Amount(5_000_000, (0x77, "tok", 99)))] });
        Contract.Rejects(rule, scenario with { Outputs = [scenario.Payout(Vault, new Amount(4_999_999, (0x77, "tok", 100)))] });
        Contract.Rejects(rule, scenario with { Outputs = [Ledger.Output(Vault, scenario.Value)] });
        Contract.Accepts(scenario with { Outputs = [scenario.Payout(Vault, scenario.Value)] });
    }

    [Fact]
    public void One_payout_cannot_serve_two_escrows_of_a_batch()
    {
        var scenario = Honest.Withdraw();
        var other = scenario with { OwnReference = Ledger.Reference(0x44), Datum = scenario.Datum with { Signature = Ledger.Bytes(0xb6, 217) } };
        var batch = scenario with { OtherInputs = [other.OwnInput] };
        Contract.Accepts(batch);
        Contract.Rejects("Withdraw: the buyer's side gets the collateral", other with { OtherInputs = [scenario.OwnInput], Outputs = batch.Outputs });
    }
}
