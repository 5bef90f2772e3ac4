using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Masumi.Api;
using Masumi.Payments.Keys;
using Masumi.Payments.Registry;
using Masumi.Protocol;
using Masumi.Settlement.Deals;
using Masumi.Settlement.Engine;
using Masumi.Settlement.Sources;
using Masumi.Settlement.Stores;
using Masumi.Settlement.Wallets;

namespace Masumi.Payments.Deals;

/// <summary>What the endpoints work with.</summary>
internal sealed record PaymentsContext(
    SettlementStore Store,
    ApiKeyStore Keys,
    KeyAuthentication Authentication,
    AgentDirectory Agents,
    Keyring Wallets,
    ChainClock Clock,
    TimeProvider Time,
    IdSource Ids,
    SettlementOptions Settlement,
    ISettlementSignal Signal
)
{
    /// <summary>What becomes of a deal when its owner decides something.</summary>
    public DealChange Apply(Deal deal, DealEvent happened) => DealMachine.Apply(deal, happened, Clock.GetUtcNow(), Settlement.Rules);

    /// <summary>A new deal, with what follows from its terms.</summary>
    public Deal Begin(Deal deal) => DealMachine.Begin(deal, Clock.GetUtcNow(), Settlement.Rules);

    /// <summary>The active sources of a network.</summary>
    public async Task<ImmutableArray<PaymentSource>> SourcesAsync(Network network, CancellationToken cancellation) =>
        [.. (await Store.Sources.ListAsync(cancellation)).Where(s => s.Network == network)];

    /// <summary>The 401 for a key that may not use the network, or null.</summary>
    public async Task<ApiResult?> CheckNetworkAsync(ApiRequest<ApiKey> request, Network network) =>
        request.Caller.Allows(network) ? null : await Authentication.RefuseNetworkAsync(request.Cancellation);

    /// <summary>A deal as the API shows it.</summary>
    public async Task<JsonObject> RowAsync(Deal deal, bool includeHistory, CancellationToken cancellation)
    {
        var sources = await Store.Sources.ListAsync(cancellation);
        var wallets = await Store.Wallets.ListAsync(cancellation);
        var attempts = await Store.Attempts.ListForAsync(deal.Id, cancellation);
        var history = includeHistory ? (IReadOnlyList<ActionHistoryEntry>)await Store.Deals.ListHistoryAsync(deal.Id, cancellation) : null;
        return DealJson.Row(
            deal,
            sources.Single(s => s.Id == deal.SourceId),
            wallets.FirstOrDefault(w => w.Id == deal.WalletId),
            attempts,
            history,
            Clock.Tip?.Height
        );
    }
}
