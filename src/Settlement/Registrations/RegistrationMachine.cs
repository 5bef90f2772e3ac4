using Masumi.Protocol;

namespace Masumi.Settlement.Registrations;

/// <summary>
/// Something that happened to a registration. What becomes of a transaction is told with what that one does, <see cref="RegistrationMachine.Register"/> or
/// <see cref="RegistrationMachine.Deregister"/>: a mint may be noted anew when the burn is wanted already.
/// </summary>
public abstract record RegistrationEvent
{
    private RegistrationEvent() { }

    /// <summary>The agent that the transaction mints: another one for each mint, of which a fork may bring back any. Null for one that mints none.</summary>
    public AgentIdentifier? Agent { get; init; }

    /// <summary>A transaction for it is on its way.</summary>
    public sealed record Taken(string Action) : RegistrationEvent;

    /// <summary>It is in a block.</summary>
    public sealed record Confirmed(string Action) : RegistrationEvent;

    /// <summary>The block was taken back.</summary>
    public sealed record TakenBack(string Action) : RegistrationEvent;

    /// <summary>The transaction will not come, as far as the chain shows: it is wanted again.</summary>
    public sealed record Freed(string Action) : RegistrationEvent;

    /// <summary>Its script failed in a block.</summary>
    public sealed record FailedInBlock(string Action, string Note) : RegistrationEvent;

    /// <summary>What is due could not be made.</summary>
    public sealed record Hindered(string Note) : RegistrationEvent;

    /// <summary>The agent's token is to be burned.</summary>
    public sealed record DeregistrationAsked : RegistrationEvent;
}

/// <summary>
/// What becomes of a registration: (registration, event, now) -> registration. Pure and total; what makes no sense in a state changes nothing. Once the burn is
/// asked for nothing that becomes of the mint changes that: the burn waits until the token is there. What failed in a block failed only as long as that block
/// stands; what the chain shows stands, whatever failed before, or was asked for elsewhere alone: another copy of this node may have burned what this one still has.
/// Its agent is the one of the mint that is on its way or in a block, and what becomes of an earlier mint says nothing of a later one.
/// </summary>
public static class RegistrationMachine
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(10);

    /// <summary>What a transaction does for a registration that mints.</summary>
    public const string Register = "Register";

    /// <summary>What a transaction does for a registration that burns.</summary>
    public const string Deregister = "Deregister";

    /// <summary>The action a registration waits for; null when it waits for none.</summary>
    public static string? Wanted(Registration registration)
    {
        ArgumentNullException.ThrowIfNull(registration);
        return registration.State switch
        {
            RegistrationState.RegistrationRequested => Register,
            RegistrationState.DeregistrationRequested => Deregister,
            _ => null,
        };
    }

    /// <summary>The registration after an event.</summary>
    public static Registration Apply(Registration registration, RegistrationEvent happened, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(registration);
        var after = Named(Change(registration, happened, now), happened);
        return after with { NextAt = Wanted(after) is null ? null : after.NextAt ?? now };
    }

    // What is in a block has named it; else what is on its way does, be it another one than before.
    private static Registration Named(Registration r, RegistrationEvent happened) =>
        (happened, r.State) switch
        {
            (RegistrationEvent.Confirmed { Action: Register, Agent: { } agent }, _) => r with { AgentIdentifier = agent },
            (RegistrationEvent.Taken { Action: Register, Agent: { } agent }, RegistrationState.RegistrationInitiated) => r with { AgentIdentifier = agent },
            _ => r,
        };

    private static bool IsOfAnother(RegistrationEvent happened, Registration r) =>
        happened.Agent is { } agent && r.AgentIdentifier is { } ours && agent != ours;

    private static Registration Change(Registration r, RegistrationEvent happened, DateTimeOffset now) =>
        (happened, r.State) switch
        {
            (RegistrationEvent.TakenBack { Action: Register } or RegistrationEvent.FailedInBlock { Action: Register }, _) when IsOfAnother(happened, r) => r,
            (RegistrationEvent.Taken { Action: Register }, RegistrationState.RegistrationRequested) => To(r, RegistrationState.RegistrationInitiated),
            (RegistrationEvent.Taken { Action: Deregister }, RegistrationState.DeregistrationRequested) => To(r, RegistrationState.DeregistrationInitiated),
            (
                RegistrationEvent.Confirmed { Action: Register },
                RegistrationState.RegistrationRequested
                    or RegistrationState.RegistrationInitiated
                    or RegistrationState.RegistrationFailed
            ) => To(r, RegistrationState.RegistrationConfirmed),
            (
                RegistrationEvent.Confirmed { Action: Deregister },
                RegistrationState.RegistrationConfirmed
                    or RegistrationState.DeregistrationRequested
                    or RegistrationState.DeregistrationInitiated
                    or RegistrationState.DeregistrationFailed
            ) => To(r, RegistrationState.DeregistrationConfirmed),
            (RegistrationEvent.TakenBack { Action: Register }, RegistrationState.RegistrationConfirmed or RegistrationState.RegistrationFailed) => To(
                r,
                RegistrationState.RegistrationInitiated
            ),
            (RegistrationEvent.TakenBack { Action: Deregister }, RegistrationState.DeregistrationConfirmed or RegistrationState.DeregistrationFailed) => To(
                r,
                RegistrationState.DeregistrationInitiated
            ),
            (RegistrationEvent.Freed { Action: Register }, RegistrationState.RegistrationInitiated) => To(r, RegistrationState.RegistrationRequested),
            (RegistrationEvent.Freed { Action: Deregister }, RegistrationState.DeregistrationInitiated) => To(r, RegistrationState.DeregistrationRequested),
            (RegistrationEvent.FailedInBlock { Action: Register } e, RegistrationState.RegistrationInitiated) => To(
                r,
                RegistrationState.RegistrationFailed
            ) with
            {
                Error = e.Note,
            },
            (RegistrationEvent.FailedInBlock { Action: Deregister } e, RegistrationState.DeregistrationInitiated) => To(
                r,
                RegistrationState.DeregistrationFailed
            ) with
            {
                Error = e.Note,
            },
            (RegistrationEvent.Hindered e, RegistrationState.RegistrationRequested or RegistrationState.DeregistrationRequested) => r with
            {
                Error = e.Note,
                Tries = r.Tries + 1,
                NextAt = now + Pause(r.Tries),
            },
            (RegistrationEvent.DeregistrationAsked, RegistrationState.RegistrationConfirmed or RegistrationState.DeregistrationFailed) => To(
                r,
                RegistrationState.DeregistrationRequested
            ),
            _ => r,
        };

    private static Registration To(Registration r, RegistrationState state) => r with { State = state, Error = null, Tries = 0, NextAt = null };

    private static TimeSpan Pause(int tries)
    {
        var pause = FirstPause * Math.Pow(2, Math.Min(tries, 8));
        return pause < LongestPause ? pause : LongestPause;
    }
}
