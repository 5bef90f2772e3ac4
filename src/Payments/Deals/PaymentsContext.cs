using System.Collections.Immutable;
using Masumi.Cardano.Addresses;
using Masumi.Payments.Keys;
using Masumi.Protocol;
using Masumi.Protocol.Wire;
using Masumi.Settlement.Books;
using Masumi.Settlement.Engine;
using Masumi.Settlement.Operating;
using Masumi.Settlement.Sources;
using Masumi.Settlement.Wallets;

namespace Masumi.Payments.Deals;

/// <summary>What the endpoints work with.</summary>
internal sealed record PaymentsContext(
    DealBook Deals,
    RegistrationBook Registrations,
    Holdings Holdings,
    KeyAuthentication Authentication,
    KeyBook Keys,
    AgentDirectory Agents,
    Keyring Wallets,
    ChainClock Clock,
    IdSource Ids,
    SettlementOptions Settlement,
    Reconciliation Engine,
    ImmutableHashSet<Address> Payees
)
{
    /// <summary>The active sources of a network.</summary>
    public async Task<ImmutableArray<PaymentSource>> SourcesAsync(Network network, CancellationToken cancellation) =>
        [.. (await Holdings.ListSourcesAsync(cancellation)).Where(s => s.Network == network)];

    /// <summary>The refusal of a key that may not use the network, or null.</summary>
    public ValueTask<Refusal?> RefuseNetworkAsync(ApiKey key, Network network, CancellationToken cancellation) =>
        Authentication.RefuseNetworkAsync(key, network, cancellation);
}
