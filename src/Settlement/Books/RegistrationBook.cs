using System.Collections.Immutable;
using Masumi.Protocol;
using Masumi.Settlement.Attempts;
using Masumi.Settlement.Engine;
using Masumi.Settlement.Registrations;
using Masumi.Settlement.Stores;

namespace Masumi.Settlement.Books;

/// <summary>This node's registrations as services work with them.</summary>
public sealed class RegistrationBook(SettlementStore store, ChainClock clock, TimeProvider time, ISettlementSignal signal)
{
    /// <summary>Asks for an agent to be registered.</summary>
    public async Task<Registration> EnterAsync(Registration registration, CancellationToken cancellation)
    {
        var stored = await store.Registrations.InsertAsync(registration, time.GetUtcNow(), cancellation);
        signal.Wake();
        return stored;
    }

    /// <summary>Asks for an agent to be deregistered.</summary>
    /// <returns>Whether its state allowed it, and the registration after; null when there is none with this id.</returns>
    public async Task<(bool Asked, Registration After)?> RetireAsync(string id, CancellationToken cancellation)
    {
        Registration? stood = null;
        var changed = await store.Registrations.ChangeAsync(
            id,
            r =>
            {
                stood = r;
                var after = RegistrationMachine.Apply(r, new RegistrationEvent.DeregistrationAsked(), clock.GetUtcNow());
                return after == r ? null : after;
            },
            time.GetUtcNow(),
            cancellation
        );
        if (changed is not null)
        {
            signal.Wake();
            return (true, changed);
        }

        return stood is null ? null : (false, stood);
    }

    /// <summary>The registration of an agent.</summary>
    public Task<Registration?> FindAsync(AgentIdentifier agent, CancellationToken cancellation) => store.Registrations.FindAsync(agent, cancellation);

    /// <summary>All, newest first.</summary>
    public Task<ImmutableArray<Registration>> ListAsync(CancellationToken cancellation) => store.Registrations.ListAsync(cancellation);

    /// <summary>The transactions made for one, newest first.</summary>
    public Task<ImmutableArray<Attempt>> ListAttemptsAsync(Registration registration, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(registration);
        return store.Attempts.ListForAsync(registration.Id, cancellation);
    }
}
