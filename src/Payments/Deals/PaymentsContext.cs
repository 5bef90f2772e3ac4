using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Masumi.Api;
using Masumi.Payments.Keys;
using Masumi.Payments.Registry;
using Masumi.Protocol;
using Masumi.Settlement;

namespace Masumi.Payments.Deals;

/// <summary>What the endpoints work with.</summary>
internal sealed record PaymentsContext(
    SettlementStore Store,
    ApiKeyStore Keys,
    KeyAuthentication Authentication,
    AgentDirectory Agents,
    Keyring Wallets,
    ChainClock Clock,
    IdSource Ids,
    ISettlementSignal Signal
)
{
    /// <summary>The active sources of a network.</summary>
    public async Task<ImmutableArray<PaymentSource>> SourcesAsync(Network network, CancellationToken cancellation) =>
        [.. (await Store.ListSourcesAsync(cancellation)).Where(s => s.Network == network)];

    /// <summary>The 401 for a key that may not use the network, or null.</summary>
    public async Task<ApiResult?> CheckNetworkAsync(ApiRequest<ApiKey> request, Network network) =>
        request.Caller.Allows(network) ? null : await Authentication.RefuseNetworkAsync(request.Cancellation);

    /// <summary>A deal as the API shows it.</summary>
    public async Task<JsonObject> RowAsync(DealView view, bool includeHistory, CancellationToken cancellation)
    {
        var sources = await Store.ListSourcesAsync(cancellation);
        var wallets = await Store.ListWalletsAsync(cancellation);
        var attempts = await Store.ListAttemptsAsync(view.Deal.Id, cancellation);
        var history = includeHistory ? (IReadOnlyList<ActionHistoryEntry>)await Store.ListHistoryAsync(view.Deal.Id, cancellation) : null;
        return DealJson.Row(
            view,
            sources.Single(s => s.Id == view.Deal.SourceId),
            wallets.FirstOrDefault(w => w.Id == view.Deal.WalletId),
            attempts,
            history,
            Clock.Tip?.Height
        );
    }
}
