using System.Collections.Immutable;
using Masumi.Payments.Keys;

namespace Masumi.Payments.Registry;

/// <summary>What a key may do with wallets and chains.</summary>
internal static class KeyRights
{
    public static ImmutableArray<string>? Wallets(this ApiKey key) => null;

    public static bool MayUse(this ApiKey key, string walletId) => key.Wallets() is not { } wallets || wallets.Contains(walletId);

    public static async Task<Masumi.Protocol.Wire.Refusal?> RefuseNetworkAsync(
        this Deals.PaymentsContext context,
        ApiKey key,
        Masumi.Protocol.Network network,
        CancellationToken cancellation
    ) =>
        key.Allows(network)
            ? null
            : new Masumi.Protocol.Wire.RefusalKind(401, "network_not_allowed", (await context.Authentication.RefuseNetworkAsync(cancellation)).Message!).With();

    public static bool MayAdvertise(this ApiKey key, string chainId) => key.CanAdmin;
}
