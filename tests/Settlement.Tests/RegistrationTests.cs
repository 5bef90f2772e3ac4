using Masumi.Protocol;
using Masumi.Settlement.Registrations;

namespace Masumi.Settlement.Tests;

/// <summary>What becomes of a registration.</summary>
public sealed class RegistrationTests
{
    private const string Register = RegistrationMachine.Register;
    private const string Deregister = RegistrationMachine.Deregister;
    private const string Update = RegistrationMachine.Update;
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddYears(60);
    private static readonly string[] Actions = [Register, Update, Deregister, "RegisterAgent", ""];

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
        (typeof(RegistrationEvent.Confirmed), Deregister, RegistrationState.UpdateRequested, RegistrationState.DeregistrationConfirmed),
        (typeof(RegistrationEvent.Confirmed), Deregister, RegistrationState.UpdateInitiated, RegistrationState.DeregistrationConfirmed),
        (typeof(RegistrationEvent.Confirmed), Deregister, RegistrationState.UpdateConfirmed, RegistrationState.DeregistrationConfirmed),
        (typeof(RegistrationEvent.Confirmed), Deregister, RegistrationState.UpdateFailed, RegistrationState.DeregistrationConfirmed),
        (typeof(RegistrationEvent.Taken), Update, RegistrationState.UpdateRequested, RegistrationState.UpdateInitiated),
        (typeof(RegistrationEvent.Confirmed), Update, RegistrationState.UpdateInitiated, RegistrationState.UpdateConfirmed),
        (typeof(RegistrationEvent.TakenBack), Update, RegistrationState.UpdateConfirmed, RegistrationState.UpdateInitiated),
        (typeof(RegistrationEvent.TakenBack), Update, RegistrationState.UpdateFailed, RegistrationState.UpdateInitiated),
        (typeof(RegistrationEvent.Freed), Update, RegistrationState.UpdateInitiated, RegistrationState.UpdateRequested),
        (typeof(RegistrationEvent.FailedInBlock), Update, RegistrationState.UpdateInitiated, RegistrationState.UpdateFailed),
        (typeof(RegistrationEvent.UpdateAsked), null, RegistrationState.RegistrationConfirmed, RegistrationState.UpdateRequested),
        (typeof(RegistrationEvent.UpdateAsked), null, RegistrationState.UpdateConfirmed, RegistrationState.UpdateRequested),
        (typeof(RegistrationEvent.UpdateAsked), null, RegistrationState.UpdateFailed, RegistrationState.UpdateRequested),
        (typeof(RegistrationEvent.DeregistrationAsked), null, RegistrationState.UpdateConfirmed, RegistrationState.DeregistrationRequested),
        (typeof(RegistrationEvent.DeregistrationAsked), null, RegistrationState.UpdateFailed, RegistrationState.DeregistrationRequested),
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
            var isWaiting = state is RegistrationState.RegistrationRequested or RegistrationState.UpdateRequested or RegistrationState.DeregistrationRequested;
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

    [Fact]
    public void An_update_that_does_not_come_gives_the_agent_its_identifier_back()
    {
        var (first, second) = (Version(0), Version(1));
        var r = New(RegistrationState.RegistrationConfirmed) with { AgentIdentifier = first };
        r = RegistrationMachine.Apply(r, Asked("a1616101"), Now);
        Assert.Equal((RegistrationState.UpdateRequested, first, "a1616101"), (r.State, r.AgentIdentifier, r.Entry));
        r = RegistrationMachine.Apply(r, new RegistrationEvent.Taken(Update) { Agent = second, Entry = r.Entry }, Now);
        Assert.Equal((RegistrationState.UpdateInitiated, second), (r.State, r.AgentIdentifier));
        var freed = RegistrationMachine.Apply(r, new RegistrationEvent.Freed(Update) { Agent = second, Entry = r.Entry }, Now);
        Assert.Equal((RegistrationState.UpdateRequested, first), (freed.State, freed.AgentIdentifier));
        var failed = RegistrationMachine.Apply(r, new RegistrationEvent.FailedInBlock(Update, "failed") { Agent = second, Entry = r.Entry }, Now);
        Assert.Equal((RegistrationState.UpdateFailed, first, "failed"), (failed.State, failed.AgentIdentifier, failed.Error));

        // What the chain shows stands, whatever failed before.
        var came = RegistrationMachine.Apply(failed, new RegistrationEvent.Confirmed(Update) { Agent = second, Entry = r.Entry }, Now);
        Assert.Equal((RegistrationState.UpdateConfirmed, second), (came.State, came.AgentIdentifier));
    }

    [Fact]
    public void A_mint_or_an_update_upon_which_another_stands_says_nothing_when_it_is_told_once_more()
    {
        var r = New(RegistrationState.UpdateConfirmed) with { AgentIdentifier = Version(2), Entry = "a1616102" };
        foreach (var (action, version, entry) in new[] { (Register, 0, "a1616100"), (Update, 1, "a1616101"), (Update, 2, "a1616102") })
        {
            Assert.Equal(r, RegistrationMachine.Apply(r, new RegistrationEvent.Confirmed(action) { Agent = Version(version), Entry = entry }, Now));
        }

        var asked = RegistrationMachine.Apply(r, Asked("a1616102"), Now);
        Assert.Equal(asked, RegistrationMachine.Apply(asked, new RegistrationEvent.Confirmed(Update) { Agent = Version(2), Entry = "a1616102" }, Now));
        Assert.Equal(r, RegistrationMachine.Apply(r, new RegistrationEvent.TakenBack(Update) { Agent = Version(1), Entry = "a1616101" }, Now));
    }

    // A rollback took two updates; the first came again, the second not: what was asked for last is wanted again.
    [Fact]
    public void An_update_that_a_rollback_took_is_wanted_again_upon_the_one_before_it()
    {
        var r = New(RegistrationState.UpdateConfirmed) with { AgentIdentifier = Version(2), Entry = "a1616102" };
        r = RegistrationMachine.Apply(r, new RegistrationEvent.TakenBack(Update) { Agent = Version(2), Entry = "a1616102" }, Now);
        r = RegistrationMachine.Apply(r, new RegistrationEvent.Taken(Update) { Agent = Version(1), Entry = "a1616101" }, Now);
        Assert.Equal((RegistrationState.UpdateInitiated, Version(1)), (r.State, r.AgentIdentifier));
        r = RegistrationMachine.Apply(r, new RegistrationEvent.Confirmed(Update) { Agent = Version(1), Entry = "a1616101" }, Now);
        Assert.Equal((RegistrationState.UpdateRequested, Version(1), "a1616102"), (r.State, r.AgentIdentifier, r.Entry));
    }

    [Fact]
    public void What_another_copy_of_the_node_updated_is_what_the_agent_says()
    {
        var r = New(RegistrationState.RegistrationConfirmed) with { AgentIdentifier = Version(0) };
        var theirs = new RegistrationEvent.Confirmed(Update) { Agent = Version(1), Entry = "a1616109" };
        var after = RegistrationMachine.Apply(r, theirs, Now);
        Assert.Equal((RegistrationState.UpdateConfirmed, Version(1), "a1616109"), (after.State, after.AgentIdentifier, after.Entry));

        // Unless something else is wanted here: that comes upon it.
        var asked = RegistrationMachine.Apply(RegistrationMachine.Apply(r, Asked("a1616101"), Now), theirs, Now);
        Assert.Equal((RegistrationState.UpdateRequested, Version(1), "a1616101"), (asked.State, asked.AgentIdentifier, asked.Entry));
    }

    [Fact]
    public void An_updated_agent_whose_mint_a_fork_replaces_is_updated_anew()
    {
        var other = AgentIdentifier.Parse(new string('a', 56) + "10" + new string('c', 56) + "000000");
        var r = New(RegistrationState.UpdateConfirmed) with { AgentIdentifier = Version(1) };
        var after = RegistrationMachine.Apply(r, new RegistrationEvent.Confirmed(Register) { Agent = other, Entry = "a1616100" }, Now);
        Assert.Equal((RegistrationState.UpdateRequested, other), (after.State, after.AgentIdentifier));
    }

    private static AgentIdentifier Version(int version) => AgentIdentifier.Parse(new string('a', 56) + "10" + new string('b', 56) + $"{version:x6}");

    private static RegistrationEvent.UpdateAsked Asked(string entry) => new(entry, "wallet", null, null);

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
            .Concat([
                (new RegistrationEvent.Hindered("no"), null),
                (new RegistrationEvent.UpdateAsked("a1616101", "wallet", null, null), null),
                (new RegistrationEvent.DeregistrationAsked(), null),
            ]);

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
