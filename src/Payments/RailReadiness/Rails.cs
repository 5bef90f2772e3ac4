using System.Collections.Immutable;
using System.Globalization;
using Masumi.Contracts.Catalog;
using Masumi.Contracts.Common;
using Masumi.Http;
using Masumi.Payments.Deals;
using Masumi.Payments.Keys;
using Masumi.Protocol.PaymentService.RailReadiness;
using Masumi.Settlement.Sources;
using static Masumi.Protocol.PaymentService.RailReadiness.RailChecks;

namespace Masumi.Payments.RailReadiness;

/// <summary>Which ways of moving money are set up (since-0.28.md 1). The chain is not asked: what is set up does not hang on a moment.</summary>
internal sealed class Rails(PaymentsContext context)
{
    public async Task<Reply<RailReadinessRow>> GetAsync(GetRailReadiness request, ApiKey caller, CancellationToken cancellation)
    {
        if (await context.RefuseNetworkAsync(caller, request.Network, cancellation) is { } refused)
        {
            return refused;
        }

        var sources = (await context.SourcesAsync(request.Network, cancellation)).Where(s => s is { Family: EscrowFamily.V2, RemovedAt: null }).ToList();
        var wallets = (await context.Holdings.ListWalletsAsync(cancellation)).Where(w => w.DeletedAt is null).ToLookup(w => w.SourceId, StringComparer.Ordinal);
        var checks = sources.ConvertAll(s => Checks(s, wallets[s.Id]));

        // The source that is nearest to being ready, the first of several.
        var best =
            checks.Count > 0
                ? checks.MaxBy(all => all.Count(c => c.IsComplete))
                : [RailChecks.PaymentSource.Incomplete(), .. OfSource.Skip(1).Select(c => c.Complete(NeedsSource) with { IsComplete = false })];
        return new RailReadinessRow(
            request.Network,
            [
                new(Rail.CardanoV2, best.All(c => c.IsComplete), best, [.. sources.Zip(checks, Purchases)]),
                new(Rail.X402, false, [.. OfX402.Select(c => c.Incomplete())], null),
            ]
        );
    }

    private static PurchaseSourceRow Purchases(Settlement.Sources.PaymentSource source, ImmutableArray<RailCheckRow> checks)
    {
        var needed = checks.Where(c => c.Id != SellingWallet.Id).ToImmutableArray();
        return new(source.PolicyId.ToString(), source.ContractAddress.ToString(), needed.All(c => c.IsComplete), needed);
    }

    // A source is there only of contracts that this node settles, and a node does not start without a provider of the chain.
    private static ImmutableArray<RailCheckRow> Checks(Settlement.Sources.PaymentSource source, IEnumerable<HotWallet> wallets)
    {
        var isKnown = KnownDeployments.All.Any(d => d.EscrowAddress == source.ContractAddress);
        var required = Math.Max(1, source.RequiredAdmins);
        var roles = wallets.Select(w => w.Role).ToHashSet();
        return
        [
            RailChecks.PaymentSource.Complete(SourceFound),
            ContractCurrent.Complete(isKnown ? null : CustomContract),
            RpcProvider.Complete(),
            source.Admins.Length >= required
                ? AdminSignatures.Complete()
                : AdminSignatures.Incomplete(("wallets", Text(source.Admins.Length)), ("required", Text(required))),
            roles.Contains(WalletRole.Selling) ? SellingWallet.Complete() : SellingWallet.Incomplete(),
            roles.Contains(WalletRole.Purchasing) ? PurchasingWallet.Complete() : PurchasingWallet.Incomplete(),
            source.DisabledAt is null ? PaymentsEnabled.Complete() : PaymentsEnabled.Incomplete(),
        ];
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
