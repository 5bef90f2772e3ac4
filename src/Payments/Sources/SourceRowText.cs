using System.Collections.Immutable;
using Masumi.Cardano.Addresses;
using Masumi.Contracts.Catalog;
using Masumi.Contracts.Common;
using Masumi.Payments.Wallets;
using Masumi.Protocol.PaymentService.Sources;
using Masumi.Settlement.Sources;

namespace Masumi.Payments.Sources;

/// <summary>Payment sources as rows.</summary>
internal static class SourceRowText
{
    public static PaymentSourceRow Row(PaymentSource source, DateTimeOffset? lookedAt) =>
        new(
            source.Id,
            source.CreatedAt,
            source.DisabledAt ?? source.CreatedAt,
            source.Network,
            source.Family.ToSourceType(),
            RequiredAdmins(source),
            source.PolicyId.ToString(),
            source.ContractAddress.ToString(),
            source.LastIdentifierChecked,
            lookedAt,
            Admins(source),
            Fee(source),
            FeePermille(source)
        );

    public static ExtendedSourceRow Extended(PaymentSource source, MoneyContext context, ImmutableArray<HotWallet> wallets) =>
        new(
            source.Id,
            source.CreatedAt,
            source.DisabledAt ?? source.CreatedAt,
            source.Network,
            source.Family.ToSourceType(),
            RequiredAdmins(source),
            source.PolicyId.ToString(),
            source.ContractAddress.ToString(),
            Sync(source),
            new RpcConfig(context.Keyring.RevealProviderKey(source), RpcProvider.Blockfrost),
            source.LastIdentifierChecked,
            SyncInProgress: false,
            context.Clock.Tip?.Time,
            Admins(source),
            wallets.Count(w => w.SourceId == source.Id && w.Role == WalletRole.Purchasing),
            wallets.Count(w => w.SourceId == source.Id && w.Role == WalletRole.Selling),
            Fee(source),
            FeePermille(source)
        );

    private static ContractSyncStatus Sync(PaymentSource source)
    {
        var known = KnownDeployments.All.Single(d => d.Network == source.Network && d.Family == source.Family);
        return source.Family == EscrowFamily.V1 || source.ContractAddress == known.EscrowAddress ? ContractSyncStatus.InSync
            : source.PolicyId == known.RegistryPolicy ? ContractSyncStatus.CustomAddress
            // A contract of our own has a registry of its own, which is as new as this program.
            : source.PolicyId == SourceContract.OwnPolicy(source) ? ContractSyncStatus.CustomAddress
            : ContractSyncStatus.OutdatedContract;
    }

    private static long? RequiredAdmins(PaymentSource source) => source.Family == EscrowFamily.V2 ? source.RequiredAdmins : null;

    private static ImmutableArray<AdminWalletRow> Admins(PaymentSource source) =>
        [.. source.Admins.Select((a, i) => new AdminWalletRow(Address.Create(source.NetworkId, Credential.Key(a)).ToString(), i + 1))];

    // Contracts of the second generation take no fee, whatever their source was set up with.
    private static FeeReceiver? Fee(PaymentSource source) =>
        source is { Family: EscrowFamily.V1, FeeAddress: { } receiver } ? new FeeReceiver(receiver.ToString()) : null;

    private static int FeePermille(PaymentSource source) => source.Family == EscrowFamily.V1 ? source.FeePermille : 0;
}
