using Masumi.Cardano.Scripts;
using Masumi.Contracts.Common;
using Masumi.Contracts.Tests.Escrow.V1;
using Masumi.Contracts.Tests.Escrow.V2;
using Masumi.Contracts.Tests.Scenarios;

namespace Masumi.Contracts.Tests.Escrow;

/// <summary>
/// Every time rule of both generations (spec escrow.md 4.1, 4.3, 4.4) one slot before, at and one slot after its time: "start after" holds from the time on,
/// "end before" until the slot before it. Generated: each action from each state it is possible from.
/// </summary>
public class EscrowTimeTests
{
    private const long Slot = 1_000;

    private static readonly bool[] FromThen = [false, true, true];
    private static readonly bool[] UntilThen = [true, false, false];
    private static readonly bool[] Always = [true, true, true];

    // Redeemers (spec 3.1) that keep the escrow, and whose cooldown they obey.
    private static readonly (int Action, bool IsSeller, int[] V1, int[] V2)[] Continuing =
    [
        (1, false, [0, 1, 3], [0, 1, 3]),
        (2, false, [2, 3], [3]),
        (5, true, [0, 1, 2, 3], [0, 1, 2, 3]),
        (6, true, [3], [0, 1, 2, 3]),
    ];

    private sealed record TimeRule(string Name, long Time, bool[] Accepted, Func<long, EscrowScenario> At);

    public static TheoryData<string> EveryRule() => [.. Rules().Select(r => r.Name)];

    [Theory]
    [MemberData(nameof(EveryRule))]
    public void A_time_rule_turns_exactly_at_its_time(string name)
    {
        var rule = Rules().Single(r => r.Name == name);
        for (var i = 0; i < 3; i++)
        {
            var scenario = rule.At(rule.Time + (i - 1) * Slot);
            if (rule.Accepted[i])
            {
                Contract.Accepts(scenario, admins: EscrowDisputeTests.AdminsOf(scenario));
            }
            else
            {
                Contract.RejectsAnyhow(scenario, EscrowDisputeTests.AdminsOf(scenario));
            }
        }
    }

    private static IEnumerable<TimeRule> Rules()
    {
        foreach (var family in Enum.GetValues<EscrowFamily>())
        {
            foreach (var (action, isSeller, v1, v2) in Continuing)
            {
                foreach (var state in family == EscrowFamily.V1 ? v1 : v2)
                {
                    var of = $"{family} action {action} from state {state}";
                    yield return new($"{of}: after the own cooldown", Clock.Start, FromThen, t => Begins(t, d => Cooling(d, Clock.Start)));
                    yield return new($"{of}: not after the other's cooldown", Clock.Start, Always, t => Begins(t, d => CoolingOther(d, Clock.Start)));
                    yield return new($"{of}: the next cooldown", Clock.Start + 300_000 + Clock.Cooldown, FromThen, NextCooldown);
                    if (action == 1)
                    {
                        yield return new($"{of}: before the unlock time", Clock.Unlock, UntilThen, Ends);
                    }
                    else if (action == 5)
                    {
                        // A correction of a result is possible until the dispute unlock time.
                        var hasResult = state is 1 or 3;
                        yield return new($"{of}: before the submit time", Clock.Submit, hasResult ? Always : UntilThen, Ends);
                        yield return new($"{of}: before the dispute unlock time", Clock.Dispute, hasResult ? UntilThen : [false, false, false], Ends);
                    }

                    EscrowScenario Begins(long lower, Func<TestDatum, TestDatum> change)
                    {
                        var scenario = Of(family, action, state);
                        return Goes(scenario with { Datum = change(scenario.Datum), Lower = lower, Upper = lower + 300_000 });
                    }

                    EscrowScenario Ends(long upper) => Goes(Of(family, action, state) with { Lower = upper - 300_000, Upper = upper });

                    EscrowScenario NextCooldown(long until)
                    {
                        var scenario = Of(family, action, state);
                        return scenario.Continuing(Cooling(Next(scenario), until));
                    }

                    EscrowScenario Goes(EscrowScenario scenario) => scenario.Continuing(Next(scenario));

                    TestDatum Cooling(TestDatum d, long until) => isSeller ? d with { SellerCooldown = until } : d with { BuyerCooldown = until };

                    TestDatum CoolingOther(TestDatum d, long until) => isSeller ? d with { BuyerCooldown = until } : d with { SellerCooldown = until };

                    TestDatum Next(EscrowScenario scenario) => NextOf(family, action, scenario);
                }
            }

            foreach (var (action, state, time, waits) in Endings(family))
            {
                yield return new(
                    $"{family} action {action} from state {state}: {(waits ? "waits" : "does not wait")}",
                    time,
                    waits ? FromThen : Always,
                    lower => Of(family, action, state) with { Lower = lower, Upper = lower + 300_000 }
                );
            }
        }
    }

    private static IEnumerable<(int Action, int State, long Time, bool Waits)> Endings(EscrowFamily family)
    {
        yield return (0, 1, Clock.Unlock, true);
        yield return (3, 0, Clock.Submit, true);
        yield return (3, 2, Clock.Submit, true);
        yield return (4, 3, Clock.Dispute, true);
        if (family == EscrowFamily.V2)
        {
            yield return (0, 4, Clock.Unlock, false);
            yield return (3, 5, Clock.Submit, false);
        }
    }

    private static EscrowScenario Of(EscrowFamily family, int action, int state) =>
        (family, action) switch
        {
            (EscrowFamily.V1, _) => HonestV1.Of(action, state),
            (_, 0) => Honest.Withdraw(state),
            (_, 1) => Honest.SetRefundRequested(state),
            (_, 2) => Honest.AuthorizeWithdrawal(state),
            (_, 3) => Honest.WithdrawRefund(state),
            (_, 4) => EscrowDisputeTests.Honestly,
            (_, 5) => Honest.SubmitResult(state),
            _ => Honest.AuthorizeRefund(state),
        };

    private static TestDatum NextOf(EscrowFamily family, int action, EscrowScenario scenario) =>
        (family, action) switch
        {
            (EscrowFamily.V1, 1) => HonestV1.BuyerActed(scenario, HasResult(scenario) ? 3 : 2),
            (EscrowFamily.V1, 2) => HonestV1.BuyerActed(scenario, HasResult(scenario) ? 1 : 0),
            (EscrowFamily.V1, 5) => HonestV1.SellerActed(scenario, scenario.Datum.State <= 1 ? 1 : 3, Ledger.Bytes(0x23, 32)),
            (EscrowFamily.V1, _) => HonestV1.SellerActed(scenario, 2, PlutusData.B(default)),
            (_, 1) => Honest.SetRefundRequestedNext(scenario),
            (_, 2) => Honest.AuthorizeWithdrawalNext(scenario),
            (_, 5) => Honest.SubmitResultNext(scenario),
            _ => Honest.AuthorizeRefundNext(scenario),
        };

    private static bool HasResult(EscrowScenario scenario) => scenario.Datum.Result is PlutusData.Bytes { Value.IsEmpty: false };
}
