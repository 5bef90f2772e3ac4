using Masumi.Cardano;
using Masumi.Contracts.Registry.V2;
using Masumi.Protocol;

namespace Masumi.Settlement.Registrations;

/// <summary>
/// Something that happened to a registration. What becomes of a transaction is told with what that one does, <see cref="RegistrationMachine.Register"/>,
/// <see cref="RegistrationMachine.Update"/> or <see cref="RegistrationMachine.Deregister"/>: a mint may be noted anew when the burn is wanted already.
/// </summary>
public abstract record RegistrationEvent
{
    private RegistrationEvent() { }

    /// <summary>The agent that the transaction mints: another one for each mint, of which a fork may bring back any. Null for one that mints none.</summary>
    public AgentIdentifier? Agent { get; init; }

    /// <summary>What the transaction says of that agent: CBOR in hex.</summary>
    public string? Entry { get; init; }

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

    /// <summary>The agent is to say something else on chain.</summary>
    /// <param name="Wanted">What it is to say: CBOR in hex.</param>
    /// <param name="HolderWalletId">The wallet that holds the token.</param>
    /// <param name="RecipientWalletId">The wallet that is to hold the new one; null: the same.</param>
    /// <param name="Funding">ADA beside it, when more than the default.</param>
    public sealed record UpdateAsked(string Wanted, string HolderWalletId, string? RecipientWalletId, Lovelace? Funding) : RegistrationEvent;

    /// <summary>The agent's token is to be burned.</summary>
    /// <param name="HolderWalletId">The wallet that holds it; null where nobody looked.</param>
    public sealed record DeregistrationAsked(string? HolderWalletId = null) : RegistrationEvent;
}

/// <summary>
/// What becomes of a registration: (registration, event, now) -> registration. Pure and total; what makes no sense in a state changes nothing. Once the burn is
/// asked for nothing that becomes of the mint changes that: the burn waits until the token is there. What failed in a block failed only as long as that block
/// stands; what the chain shows stands, whatever failed before, or was asked for elsewhere alone: another copy of this node may have burned, or updated, what this
/// one still has. Its agent is the one of the mint that is on its way or in a block, and what becomes of an earlier mint says nothing of a later one.
/// </summary>
public static class RegistrationMachine
{
    /// <summary>What a transaction does for a registration that mints.</summary>
    public const string Register = "Register";

    /// <summary>What a transaction does for a registration whose agent is to say something else: it burns the token and mints the next one.</summary>
    public const string Update = "Update";

    /// <summary>What a transaction does for a registration that burns.</summary>
    public const string Deregister = "Deregister";

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(10);

    /// <summary>The action a registration waits for; null when it waits for none.</summary>
    public static string? Wanted(Registration registration)
    {
        ArgumentNullException.ThrowIfNull(registration);
        return registration.State switch
        {
            RegistrationState.RegistrationRequested => Register,
            RegistrationState.UpdateRequested => Update,
            RegistrationState.DeregistrationRequested => Deregister,
            _ => null,
        };
    }

    /// <summary>Whether the token of a registration in this state can be burned.</summary>
    public static bool CanDeregister(RegistrationState state) =>
        state
            is RegistrationState.RegistrationConfirmed
                or RegistrationState.UpdateConfirmed
                or RegistrationState.UpdateFailed
                or RegistrationState.DeregistrationFailed;

    /// <summary>Whether a registration in this state can say something else.</summary>
    public static bool CanUpdate(RegistrationState state) =>
        state is RegistrationState.RegistrationConfirmed or RegistrationState.UpdateConfirmed or RegistrationState.UpdateFailed;

    /// <summary>The registration after an event.</summary>
    public static Registration Apply(Registration registration, RegistrationEvent happened, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(registration);
        ArgumentNullException.ThrowIfNull(happened);
        var after = Named(IsPassed(happened, registration) ? registration : Change(registration, happened, now), happened);
        return after with { NextAt = Wanted(after) is null ? null : after.NextAt ?? now };
    }

    // What is in a block has named it; else what is on its way does, be it another one than before. An update that does not come has named nothing.
    private static Registration Named(Registration r, RegistrationEvent happened) =>
        (happened, r.State) switch
        {
            (RegistrationEvent.Confirmed { Action: Register or Update, Agent: { } agent }, _) when !IsPassed(happened, r) => r with { AgentIdentifier = agent },
            (RegistrationEvent.Taken { Action: Register, Agent: { } agent }, RegistrationState.RegistrationInitiated) => r with { AgentIdentifier = agent },
            (RegistrationEvent.Taken { Action: Update, Agent: { } agent }, RegistrationState.UpdateInitiated) => r with { AgentIdentifier = agent },
            (RegistrationEvent.Freed { Action: Update } or RegistrationEvent.FailedInBlock { Action: Update }, _)
                when happened.Agent is { } agent && agent == r.AgentIdentifier => r with
            {
                AgentIdentifier = AgentVersions.Previous(agent) ?? agent,
            },
            _ => r,
        };

    // A mint upon whose token an update stands already, told once more.
    private static bool IsPassed(RegistrationEvent happened, Registration r) =>
        happened is RegistrationEvent.Confirmed or RegistrationEvent.TakenBack
        && happened.Agent is { } agent
        && r.AgentIdentifier is { } ours
        && AgentVersions.IsLater(ours, agent);

    private static bool IsOfAnother(RegistrationEvent happened, Registration r) =>
        happened.Agent is { } agent && r.AgentIdentifier is { } ours && agent != ours;

    // It says something else than what is wanted here.
    private static bool IsStale(RegistrationEvent happened, Registration r) => happened.Entry is { } entry && entry != r.Entry;

    private static Registration Change(Registration r, RegistrationEvent happened, DateTimeOffset now) =>
        happened switch
        {
            RegistrationEvent.Taken e => WhenTaken(r, e),
            RegistrationEvent.Confirmed e => WhenConfirmed(r, e),
            RegistrationEvent.TakenBack e => WhenTakenBack(r, e),
            RegistrationEvent.Freed e => WhenFreed(r, e),
            RegistrationEvent.FailedInBlock e => WhenFailed(r, e),
            RegistrationEvent.Hindered e when Wanted(r) is not null => r with { Error = e.Note, Tries = r.Tries + 1, NextAt = now + Pause(r.Tries) },
            RegistrationEvent.DeregistrationAsked e when CanDeregister(r.State) => To(r, RegistrationState.DeregistrationRequested) with
            {
                HolderWalletId = e.HolderWalletId ?? r.HolderWalletId,
            },
            RegistrationEvent.UpdateAsked e when CanUpdate(r.State) => To(r.Saying(e.Wanted), RegistrationState.UpdateRequested) with
            {
                HolderWalletId = e.HolderWalletId,
                RecipientWalletId = (e.RecipientWalletId ?? e.HolderWalletId) is var next && next == r.WalletId ? null : next,
                Funding = e.Funding,
            },
            _ => r,
        };

    private static Registration WhenTaken(Registration r, RegistrationEvent.Taken e) =>
        (e.Action, r.State) switch
        {
            (Register, RegistrationState.RegistrationRequested) => To(r, RegistrationState.RegistrationInitiated),
            (Update, RegistrationState.UpdateRequested) => To(r, RegistrationState.UpdateInitiated),
            (Deregister, RegistrationState.DeregistrationRequested) => To(r, RegistrationState.DeregistrationInitiated),
            _ => r,
        };

    private static Registration WhenConfirmed(Registration r, RegistrationEvent.Confirmed e) =>
        (e.Action, r.State) switch
        {
            (Register, RegistrationState.RegistrationRequested or RegistrationState.RegistrationInitiated or RegistrationState.RegistrationFailed) => To(
                r,
                RegistrationState.RegistrationConfirmed
            ),
            // A fork brought back an earlier mint, which was never updated.
            (Register, RegistrationState.UpdateConfirmed) when IsOfAnother(e, r) => To(r, RegistrationState.UpdateRequested),
            // Another copy of this node updated it.
            (Update, RegistrationState.RegistrationConfirmed or RegistrationState.UpdateConfirmed) when e.Agent != r.AgentIdentifier => Updated(
                e.Entry is { } entry ? r.Saying(entry) : r
            ),
            // Told once more while the next one is wanted.
            (Update, RegistrationState.UpdateRequested or RegistrationState.UpdateFailed) when e.Agent == r.AgentIdentifier => r,
            (Update, RegistrationState.UpdateRequested or RegistrationState.UpdateFailed) => IsStale(e, r) ? r : Updated(r),
            (Update, RegistrationState.UpdateInitiated) => IsStale(e, r) ? To(r, RegistrationState.UpdateRequested) : Updated(r),
            (Deregister, not (RegistrationState.RegistrationRequested or RegistrationState.RegistrationInitiated or RegistrationState.RegistrationFailed)) =>
                r.State == RegistrationState.DeregistrationConfirmed ? r : To(r, RegistrationState.DeregistrationConfirmed),
            _ => r,
        };

    private static Registration WhenTakenBack(Registration r, RegistrationEvent.TakenBack e) =>
        (e.Action, r.State) switch
        {
            (Register, RegistrationState.RegistrationConfirmed or RegistrationState.RegistrationFailed) when !IsOfAnother(e, r) => To(
                r,
                RegistrationState.RegistrationInitiated
            ),
            (Update, RegistrationState.UpdateConfirmed) => To(r, RegistrationState.UpdateInitiated),
            (Update, RegistrationState.UpdateFailed) when !IsStale(e, r) => To(r, RegistrationState.UpdateInitiated),
            (Deregister, RegistrationState.DeregistrationConfirmed or RegistrationState.DeregistrationFailed) => To(
                r,
                RegistrationState.DeregistrationInitiated
            ),
            _ => r,
        };

    private static Registration WhenFreed(Registration r, RegistrationEvent.Freed e) =>
        (e.Action, r.State) switch
        {
            (Register, RegistrationState.RegistrationInitiated) => To(r, RegistrationState.RegistrationRequested),
            (Update, RegistrationState.UpdateInitiated) => To(r, RegistrationState.UpdateRequested),
            (Deregister, RegistrationState.DeregistrationInitiated) => To(r, RegistrationState.DeregistrationRequested),
            _ => r,
        };

    private static Registration WhenFailed(Registration r, RegistrationEvent.FailedInBlock e) =>
        (e.Action, r.State) switch
        {
            _ when e.Action != Deregister && IsOfAnother(e, r) => r,
            (Register, RegistrationState.RegistrationInitiated) => To(r, RegistrationState.RegistrationFailed) with { Error = e.Note },
            (Update, RegistrationState.UpdateInitiated) => To(r, RegistrationState.UpdateFailed) with { Error = e.Note },
            (Deregister, RegistrationState.DeregistrationInitiated) => To(r, RegistrationState.DeregistrationFailed) with { Error = e.Note },
            _ => r,
        };

    // The new token is where it was to go.
    private static Registration Updated(Registration r) => To(r, RegistrationState.UpdateConfirmed) with { HolderWalletId = null };

    private static Registration To(Registration r, RegistrationState state) => r with { State = state, Error = null, Tries = 0, NextAt = null };

    private static TimeSpan Pause(int tries)
    {
        var pause = FirstPause * Math.Pow(2, Math.Min(tries, 8));
        return pause < LongestPause ? pause : LongestPause;
    }
}
