using System.Collections.Immutable;
using Masumi.Contracts.Common;
using Masumi.Contracts.Registry;
using Masumi.Payments.Deals;
using Masumi.Payments.Keys;
using Masumi.Protocol;
using Masumi.Protocol.PaymentService.Deals;
using Masumi.Protocol.PaymentService.Registry;
using Masumi.Protocol.Wire;
using Masumi.Settlement.Registrations;
using Masumi.Settlement.Sources;
using static Masumi.Protocol.PaymentService.Registry.RegistryRefusals;

namespace Masumi.Payments.Registry;

/// <summary>A token that is held by a wallet of this node, and the registration it belongs to.</summary>
internal sealed record HeldToken(Registration Registration, AgentIdentifier Agent, PaymentSource Source, HotWallet Holder);

/// <summary>Something, or why not.</summary>
internal readonly record struct Found<T>(T? Value, Refusal? Refusal)
    where T : class
{
    public static implicit operator Found<T>(T value) => new(value, null);

    public static implicit operator Found<T>(RefusalKind kind) => new(null, kind.With());
}

/// <summary>The wallet that mints, and its source.</summary>
internal sealed record Minter(HotWallet Wallet, PaymentSource Source);

/// <summary>What registrations of agents and of inboxes have in common: who mints, who holds, and who may.</summary>
internal sealed class RegistryDesk(PaymentsContext context, AgentDirectory chain)
{
    /// <summary>Rows of registrations as everything stands now.</summary>
    public async Task<RegistryRows> RowsAsync(CancellationToken cancellation) =>
        new(await context.Holdings.ListWalletsAsync(cancellation), await context.Holdings.ListSourcesAsync(cancellation), context.Clock.Tip?.Height);

    /// <summary>The sources of a network that are shown.</summary>
    public async Task<ImmutableArray<PaymentSource>> SourcesAsync(Network network, CancellationToken cancellation) =>
        [.. (await context.Holdings.ListSourcesAsync(cancellation)).Where(s => s.Network == network && s.RemovedAt is null)];

    /// <summary>The selling wallet that is to mint, and its source. Of sources that share it, the one of the generation that the request is for.</summary>
    public async Task<Found<Minter>> MinterAsync(Network network, string vkey, EscrowFamily? meant, ApiKey caller, CancellationToken cancellation)
    {
        var sources = (await SourcesAsync(network, cancellation)).Where(s => s.DisabledAt is null).ToDictionary(s => s.Id, StringComparer.Ordinal);
        var wallets = (await context.Holdings.ListWalletsAsync(cancellation))
            .Where(w => w is { Role: WalletRole.Selling, DeletedAt: null } && sources.ContainsKey(w.SourceId))
            .Where(w => w.KeyHash.ToString().Equals(vkey, StringComparison.OrdinalIgnoreCase))
            .OrderByDescending(w => sources[w.SourceId].Family == meant)
            .ToList();
        return wallets.Count == 0 ? UnsupportedSource
            : wallets.Find(w => caller.MayUse(w.Id)) is { } wallet ? new Minter(wallet, sources[wallet.SourceId])
            : OutOfScope;
    }

    /// <summary>The wallet of the same source at an address; null where none is named.</summary>
    public async Task<(HotWallet? Recipient, Refusal? Refusal)> RecipientAsync(string? address, string sourceId, CancellationToken cancellation)
    {
        if (address is null)
        {
            return default;
        }

        var wallets = await context.Holdings.ListWalletsAsync(cancellation);
        return wallets.FirstOrDefault(w => w.SourceId == sourceId && w.DeletedAt is null && w.Address.ToString() == address) is { } recipient
            ? (recipient, null)
            : (null, RecipientNotFound.With());
    }

    /// <summary>The refusal of more ADA beside a token than there can be, or than a key that moves no money may ask for (decision 15).</summary>
    public static Refusal? OfFunding(string? lovelace, ApiKey caller) =>
        lovelace is null ? null
        : !(Amount(lovelace) <= Cardano.Lovelace.MaxSupply.Amount) ? CommonRefusals.InvalidInput.With(("issues", "sendFundingLovelace: More than there is"))
        : caller.CanAdmin || Amount(lovelace) <= RegistryTransactions.LeastFunding.Amount ? null
        : FundingNotAllowed.With();

    /// <summary>ADA beside a token: never less than wallets need.</summary>
    public static Cardano.Lovelace? Funding(string? lovelace) =>
        lovelace is null ? null : Cardano.Lovelace.Max(new Cardano.Lovelace(Amount(lovelace) ?? 0), RegistryTransactions.LeastFunding);

    /// <summary>The token that is to be updated or burned.</summary>
    /// <param name="kind">What it must be the token of.</param>
    /// <param name="identifier">The agent's identifier.</param>
    /// <param name="network">The network.</param>
    /// <param name="contract">The payment source's address, when the caller named one.</param>
    /// <param name="isUpdate">True: only V2 can, and the registration is looked for first.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="cancellation">Ends waiting.</param>
    public async Task<Found<HeldToken>> HeldAsync(
        RegistrationKind kind,
        string identifier,
        Network network,
        string? contract,
        bool isUpdate,
        ApiKey caller,
        CancellationToken cancellation
    )
    {
        var sources = await SourcesAsync(network, cancellation);
        var policy = identifier[..Math.Min(identifier.Length, 56)];
        var agent = AgentIdentifier.TryParse(identifier, out var read) ? read : null;
        var row = agent is null ? null : await context.Registrations.FindAsync(agent, cancellation);
        row = row?.Kind == kind ? row : null;

        if (SourceOf(sources, contract, policy, row) is not { } source)
        {
            return UnsupportedSource;
        }

        if (isUpdate && source.Family != EscrowFamily.V2)
        {
            return UpdateNeedsV2;
        }

        if (!IsOf(source, policy))
        {
            return OtherPolicy;
        }

        row = row?.SourceId == source.Id ? row : null;
        if (isUpdate && row is null)
        {
            return RegistrationNotFound;
        }

        if (agent is null || await chain.HolderAsync(agent, cancellation) is not { } address)
        {
            return AssetNotFound;
        }

        var wallets = await context.Holdings.ListWalletsAsync(cancellation);
        if (wallets.FirstOrDefault(w => w.SourceId == source.Id && w.DeletedAt is null && w.Owns(address)) is not { } holder)
        {
            return HeldElsewhere;
        }

        return !caller.MayUse(holder.Id) ? OutOfScope
            : row is null ? RegistrationNotFound
            : new HeldToken(row, agent, source, holder);
    }

    /// <summary>Asks for a token to be burned; the id of its registration, or why not.</summary>
    public async Task<(string? Id, Refusal? Refusal)> RetireAsync(
        RegistrationKind kind,
        string identifier,
        Network network,
        string? contract,
        ApiKey caller,
        CancellationToken cancellation
    )
    {
        var (held, notHeld) = await HeldAsync(kind, identifier, network, contract, isUpdate: false, caller, cancellation);
        if (held is null)
        {
            return (null, notHeld);
        }

        if (!caller.CanAdmin && caller.Id != held.Registration.RequestedBy)
        {
            return (null, NotYoursToDeregister.With());
        }

        return await context.Registrations.RetireAsync(held.Registration.Id, held.Holder.Id, cancellation) switch
        {
            (true, var after) => (after.Id, null),
            (false, var stood) => (null, NotDeregisterableNow.With(("state", Word.Text(stood.State)))),
            null => (null, RegistrationNotFound.With()),
        };
    }

    /// <summary>Forgets a registration that failed or is over; as it stood, or why not.</summary>
    public async Task<(RegistrationReport? Report, Refusal? Refusal)> DeleteAsync(RegistrationKind kind, string id, CancellationToken cancellation)
    {
        if (await context.Registrations.ReportAsync(id, cancellation) is not { } report || report.Registration.Kind != kind)
        {
            return (null, RowNotFound.With());
        }

        var state = report.Registration.State;
        if (state is not (RegistrationState.RegistrationFailed or RegistrationState.DeregistrationConfirmed))
        {
            return (null, NotDeletableNow.With(("state", Word.Text(state))));
        }

        // Of two who ask at once both are answered; a fork that changed it meanwhile is another matter.
        return
            await context.Registrations.DeleteAsync(id, state, cancellation)
            || await context.Registrations.ReportAsync(id, cancellation) is not { Registration.State: var now }
            ? (report, null)
            : (null, NotDeletableNow.With(("state", Word.Text(now))));
    }

    /// <summary>What a list, a count or a diff looks in (spec payment-service-api.md 6, "V1 default filter"), with the query for it and the one for what is hidden.</summary>
    public async Task<(RegistrationQuery Shown, RegistrationQuery Hidden)> QueriesAsync(
        RegistrationQuery query,
        Network network,
        PaymentSourceType? type,
        string? contract,
        bool hasDefault,
        ApiKey caller,
        CancellationToken cancellation
    )
    {
        var sources = ListedSources.Of(await SourcesAsync(network, cancellation), type, contract, hasDefault);
        var scoped = query with { Wallets = caller.Wallets };
        return (scoped with { Sources = sources.Shown }, scoped with { Sources = sources.Hidden, Cursor = null });
    }

    /// <summary>What the default filter left out; null where that is nothing.</summary>
    public async Task<HiddenRows?> HiddenAsync(RegistrationQuery hidden, CancellationToken cancellation) =>
        hidden.Sources.IsEmpty ? null
        : await context.Registrations.CountAsync(hidden, cancellation) is > 0 and var count ? new HiddenRows(PaymentSourceType.Web3CardanoV1, count)
        : null;

    /// <summary>The states that a person means by a word.</summary>
    public static ImmutableArray<RegistrationState>? StatesOf(RegistrationFilter? filter) =>
        filter switch
        {
            RegistrationFilter.Registered => [RegistrationState.RegistrationConfirmed, RegistrationState.UpdateConfirmed],
            RegistrationFilter.Deregistered => [RegistrationState.DeregistrationConfirmed],
            RegistrationFilter.Failed => [RegistrationState.RegistrationFailed, RegistrationState.UpdateFailed, RegistrationState.DeregistrationFailed],
            RegistrationFilter.Pending =>
            [
                RegistrationState.RegistrationRequested,
                RegistrationState.RegistrationInitiated,
                RegistrationState.UpdateRequested,
                RegistrationState.UpdateInitiated,
                RegistrationState.DeregistrationRequested,
                RegistrationState.DeregistrationInitiated,
            ],
            _ => null,
        };

    // All V2 sources have one policy: of those the one that it was registered with.
    private static PaymentSource? SourceOf(ImmutableArray<PaymentSource> sources, string? contract, string policy, Registration? row) =>
        contract is not null
            ? sources.FirstOrDefault(s => s.ContractAddress.ToString() == contract)
            : sources.Where(s => IsOf(s, policy)).OrderByDescending(s => s.Id == row?.SourceId).FirstOrDefault();

    private static bool IsOf(PaymentSource source, string policy) => source.PolicyId.ToString().Equals(policy, StringComparison.OrdinalIgnoreCase);

    private static long? Amount(string lovelace) => Digits.TryRead<long>(lovelace, out var amount) ? amount : null;
}
