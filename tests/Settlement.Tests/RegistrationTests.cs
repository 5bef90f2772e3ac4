using Masumi.Protocol;
using Masumi.Settlement.Registrations;

namespace Masumi.Settlement.Tests;

/// <summary>What becomes of a registration.</summary>
public sealed class RegistrationTests
{
    private const string Register = RegistrationMachine.Register;
    private const string Deregister = RegistrationMachine.Deregister;
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddYears(60);
    private static readonly string[] Actions = [Register, Deregister, "RegisterAgent", ""];

    // All that leads anywhere; everything else changes nothing.
    private static readonly (Type Happened, string? Action, RegistrationState From, RegistrationState To)[] Ways =
    [
        (typeof(RegistrationEvent.Taken), Register, RegistrationState.RegistrationRequested, RegistrationState.RegistrationInitiated),
        (typeof(RegistrationEvent.Taken), Deregister, RegistrationState.DeregistrationRequested, RegistrationState.DeregistrationInitiated),
        (typeof(RegistrationEvent.Confirmed), Register, RegistrationState.RegistrationRequested, RegistrationState.RegistrationConfirmed),
        (typeof(RegistrationEvent.Confirmed), Register, RegistrationState.RegistrationInitiated, RegistrationState.RegistrationConfirmed),
        (typeof(RegistrationEvent.Confirmed), Register, RegistrationState.RegistrationFailed, RegistrationState.RegistrationConfirmed),
        (typeof(RegistrationEvent.Confirmed), Deregister, RegistrationState.RegistrationConfirmed, RegistrationState.DeregistrationConfirmed),
        (typeof(RegistrationEvent.Confirmed), Deregister, RegistrationState.DeregistrationRequested, RegistrationState.DeregistrationConfirmed),
        (typeof(RegistrationEvent.Confirmed), Deregister, RegistrationState.DeregistrationInitiated, RegistrationState.DeregistrationConfirmed),
        (typeof(RegistrationEvent.Confirmed), Deregister, RegistrationState.DeregistrationFailed, RegistrationState.DeregistrationConfirmed),
        (typeof(RegistrationEvent.TakenBack), Register, RegistrationState.RegistrationConfirmed, RegistrationState.RegistrationInitiated),
        (typeof(RegistrationEvent.TakenBack), Register, RegistrationState.RegistrationFailed, RegistrationState.RegistrationInitiated),
        (typeof(RegistrationEvent.TakenBack), Deregister, RegistrationState.DeregistrationConfirmed, RegistrationState.DeregistrationInitiated),
        (typeof(RegistrationEvent.TakenBack), Deregister, RegistrationState.DeregistrationFailed, RegistrationState.DeregistrationInitiated),
        (typeof(RegistrationEvent.Freed), Register, RegistrationState.RegistrationInitiated, RegistrationState.RegistrationRequested),
        (typeof(RegistrationEvent.Freed), Deregister, RegistrationState.DeregistrationInitiated, RegistrationState.DeregistrationRequested),
        (typeof(RegistrationEvent.FailedInBlock), Register, RegistrationState.RegistrationInitiated, RegistrationState.RegistrationFailed),
        (typeof(RegistrationEvent.FailedInBlock), Deregister, RegistrationState.DeregistrationInitiated, RegistrationState.DeregistrationFailed),
        (typeof(RegistrationEvent.DeregistrationAsked), null, RegistrationState.RegistrationConfirmed, RegistrationState.DeregistrationRequested),
        (typeof(RegistrationEvent.DeregistrationAsked), null, RegistrationState.DeregistrationFailed, RegistrationState.DeregistrationRequested),
    ];

    public static TheoryData<RegistrationState> States => [.. Enum.GetValues<RegistrationState>()];

    [Theory, MemberData(nameof(States))]
    public void Whatever_happens_in_a_state_leads_where_the_table_says_or_nowhere(RegistrationState state)
    {
        var before = New(state);
        foreach (var (happened, action) in Events())
        {
            var after = RegistrationMachine.Apply(before, happened, Now);
            var to = Ways.Where(w => w.Happened == happened.GetType() && w.Action == action && w.From == state).Select(w => (RegistrationState?)w.To);
            var expected = to.SingleOrDefault() ?? state;
            Assert.True(after.State == expected, $"{happened} in {state} led to {after.State}; expected: {expected}");

            // It is due exactly when something is wanted, and an old error goes with its state.
            Assert.Equal(RegistrationMachine.Wanted(after) is not null, after.NextAt is not null);
            if (after.State != state)
            {
                Assert.Equal(happened is RegistrationEvent.FailedInBlock ? "failed" : null, after.Error);
                Assert.Equal(0, after.Tries);
            }
            else if (happened is not RegistrationEvent.Hindered)
            {
                Assert.Equal(before, after);
            }
        }
    }

    [Fact]
    public void Only_what_waits_for_its_transaction_can_be_hindered_and_waits_ever_longer_up_to_ten_minutes()
    {
        foreach (var state in Enum.GetValues<RegistrationState>())
        {
            var one = RegistrationMachine.Apply(New(state), new RegistrationEvent.Hindered("no"), Now);
            var isWaiting = state is RegistrationState.RegistrationRequested or RegistrationState.DeregistrationRequested;
            Assert.Equal((isWaiting ? "no" : "before", isWaiting ? 4 : 3), (one.Error, one.Tries));
            var next = one;
            for (var i = 0; i < 20 && isWaiting; i++)
            {
                var later = RegistrationMachine.Apply(next, new RegistrationEvent.Hindered("no"), Now);
                Assert.InRange(later.NextAt!.Value, next.NextAt!.Value, Now.AddMinutes(10));
                next = later;
            }
        }
    }

    [Fact]
    public void What_becomes_of_an_earlier_mint_says_nothing_of_a_later_one()
    {
        var (earlier, later) = (AgentIdentifier.Parse(new string('a', 120)), AgentIdentifier.Parse(new string('b', 120)));
        var r = RegistrationMachine.Apply(New(RegistrationState.RegistrationRequested), new RegistrationEvent.Taken(Register) { Agent = earlier }, Now);
        Assert.Equal((RegistrationState.RegistrationInitiated, earlier), (r.State, r.AgentIdentifier));
        r = RegistrationMachine.Apply(r, new RegistrationEvent.Freed(Register) { Agent = earlier }, Now);
        r = RegistrationMachine.Apply(r, new RegistrationEvent.Taken(Register) { Agent = later }, Now);
        Assert.Equal((RegistrationState.RegistrationInitiated, later), (r.State, r.AgentIdentifier));
        Assert.Equal(r, RegistrationMachine.Apply(r, new RegistrationEvent.FailedInBlock(Register, "failed") { Agent = earlier }, Now));

        // In a block is in a block.
        var found = RegistrationMachine.Apply(r, new RegistrationEvent.Confirmed(Register) { Agent = earlier }, Now);
        Assert.Equal((RegistrationState.RegistrationConfirmed, earlier), (found.State, found.AgentIdentifier));
        Assert.Equal(found, RegistrationMachine.Apply(found, new RegistrationEvent.TakenBack(Register) { Agent = later }, Now));
        Assert.Equal(found, RegistrationMachine.Apply(found, new RegistrationEvent.Taken(Register) { Agent = later }, Now));
        var back = RegistrationMachine.Apply(found, new RegistrationEvent.TakenBack(Register) { Agent = earlier }, Now);
        back = RegistrationMachine.Apply(back, new RegistrationEvent.Taken(Register) { Agent = later }, Now);
        Assert.Equal((RegistrationState.RegistrationInitiated, later), (back.State, back.AgentIdentifier));
        var failed = RegistrationMachine.Apply(back, new RegistrationEvent.FailedInBlock(Register, "failed") { Agent = later }, Now);
        Assert.Equal(RegistrationState.RegistrationFailed, failed.State);
    }

    private static IEnumerable<(RegistrationEvent Happened, string? Action)> Events() =>
        Actions
            .SelectMany(a =>
                new (RegistrationEvent, string?)[]
                {
                    (new RegistrationEvent.Taken(a), a),
                    (new RegistrationEvent.Confirmed(a), a),
                    (new RegistrationEvent.TakenBack(a), a),
                    (new RegistrationEvent.Freed(a), a),
                    (new RegistrationEvent.FailedInBlock(a, "failed"), a),
                }
            )
            .Concat([(new RegistrationEvent.Hindered("no"), null), (new RegistrationEvent.DeregistrationAsked(), null)]);

    private static Registration New(RegistrationState state)
    {
        var registration = new Registration
        {
            Id = "agent",
            SourceId = "source",
            WalletId = "wallet",
            State = state,
            Name = "An agent",
            Entry = "a0",
            Error = "before",
            Tries = 3,
        };
        return RegistrationMachine.Wanted(registration) is null ? registration : registration with { NextAt = Now };
    }
}
