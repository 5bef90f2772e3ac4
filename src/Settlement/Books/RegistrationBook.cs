using System.Collections.Immutable;
using Masumi.Protocol;
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

    /// <summary>Asks for the agent to be deregistered.</summary>
    /// <param name="id">Our id of the registration.</param>
    /// <param name="holderWalletId">The wallet that holds its token.</param>
    /// <param name="cancellation">Ends waiting.</param>
    /// <returns>Whether its state allowed it, and the registration after; null when there is none with this id.</returns>
    public Task<(bool Asked, Registration After)?> RetireAsync(string id, string? holderWalletId, CancellationToken cancellation) =>
        AskAsync(id, r => RegistrationMachine.CanDeregister(r.State), new RegistrationEvent.DeregistrationAsked(holderWalletId), cancellation);

    /// <summary>Asks for the agent to say something else on chain.</summary>
    /// <param name="id">Our id of the registration.</param>
    /// <param name="agent">The identifier that the caller saw: another update that came first has changed it.</param>
    /// <param name="asked">What, and who is to hold the token.</param>
    /// <param name="cancellation">Ends waiting.</param>
    /// <returns>Whether its state allowed it, and the registration after; null when there is none with this id.</returns>
    public Task<(bool Asked, Registration After)?> UpdateAsync(
        string id,
        AgentIdentifier agent,
        RegistrationEvent.UpdateAsked asked,
        CancellationToken cancellation
    ) => AskAsync(id, r => r.AgentIdentifier == agent && RegistrationMachine.CanUpdate(r.State), asked, cancellation);

    /// <summary>Forgets a registration that is in this state; whether it did.</summary>
    public Task<bool> DeleteAsync(string id, RegistrationState state, CancellationToken cancellation) =>
        store.Registrations.DeleteAsync(id, state, time.GetUtcNow(), cancellation);

    /// <summary>The registration of an agent.</summary>
    public Task<Registration?> FindAsync(AgentIdentifier agent, CancellationToken cancellation) => store.Registrations.FindAsync(agent, cancellation);

    /// <summary>One with its newest transaction.</summary>
    public Task<RegistrationReport?> ReportAsync(string id, CancellationToken cancellation) => store.Registrations.ReportAsync(id, cancellation);

    /// <summary>A page: newest first, or oldest change first for a diff; each with its newest transaction.</summary>
    public Task<ImmutableArray<RegistrationReport>> ReportAsync(RegistrationQuery query, CancellationToken cancellation) =>
        store.Registrations.ReportAsync(query, cancellation);

    /// <summary>How many match, whatever the page.</summary>
    public Task<long> CountAsync(RegistrationQuery query, CancellationToken cancellation) => store.Registrations.CountAsync(query, cancellation);

    private async Task<(bool Asked, Registration After)?> AskAsync(
        string id,
        Func<Registration, bool> allowed,
        RegistrationEvent asked,
        CancellationToken cancellation
    )
    {
        Registration? stood = null;
        var changed = await store.Registrations.ChangeAsync(
            id,
            r =>
            {
                stood = r;
                return allowed(r) ? RegistrationMachine.Apply(r, asked, clock.GetUtcNow()) : null;
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
}
