using Masumi.Cardano.Scripts;
using Masumi.Contracts.Tests.Scenarios;

namespace Masumi.Contracts.Tests.Escrow.V2;

/// <summary>The state table of spec escrow.md 4.5: which action is possible in which state, at a time that suits the action.</summary>
public class EscrowStateTests
{
    public static TheoryData<int, string, bool> Table()
    {
        var table = new TheoryData<int, string, bool>();
        Row("SubmitResult", 0, 1, 2, 3);
        Row("SetRefundRequested", 0, 1, 3);
        Row("AuthorizeWithdrawal", 1, 3);
        Row("AuthorizeRefund", 0, 1, 2, 3);
        Row("Withdraw", 1, 4);
        Row("WithdrawRefund", 0, 2, 5);
        return table;

        void Row(string action, params int[] possibleIn)
        {
            for (var state = 0; state <= 5; state++)
            {
                table.Add(state, action, possibleIn.Contains(state));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Table))]
    public void An_action_is_possible_exactly_in_its_states(int state, string action, bool possible)
    {
        var (scenario, rule) = action switch
        {
            "SubmitResult" => (Honest.SubmitResult(state), "SubmitResult: nothing authorized yet"),
            "SetRefundRequested" => (Honest.SetRefundRequested(state), "SetRefundRequested: funds locked, result submitted or disputed"),
            "AuthorizeWithdrawal" => (Honest.AuthorizeWithdrawal(state), "AuthorizeWithdrawal: a result submitted, or disputed"),
            "AuthorizeRefund" => (Honest.AuthorizeRefund(state), "AuthorizeRefund: nothing authorized yet"),
            "Withdraw" => (Honest.Withdraw(state), "Withdraw: authorized, or a result after the unlock time"),
            _ => (Honest.WithdrawRefund(state), "WithdrawRefund: authorized, or no result by the submit time"),
        };
        if (possible)
        {
            Contract.Accepts(scenario);
        }
        else
        {
            Contract.Rejects(rule, scenario);
        }
    }

    [Theory]
    [InlineData(7)]
    [InlineData(8)]
    public void An_unknown_action_is_rejected(int tag) => Contract.Rejects("known action", Honest.SubmitResult() with { Redeemer = PlutusData.C((ulong)tag) });

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(6)]
    public void An_action_with_an_argument_is_rejected(int tag) =>
        Contract.Rejects("this action has no arguments", Honest.SubmitResult() with { Redeemer = PlutusData.C((ulong)tag, PlutusData.I(1)) });

    [Fact]
    public void A_redeemer_that_is_no_constructor_is_rejected() => Contract.Rejects("", Honest.SubmitResult() with { Redeemer = PlutusData.I(5) });
}
