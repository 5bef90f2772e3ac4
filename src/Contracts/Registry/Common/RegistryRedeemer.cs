using Masumi.Cardano.Scripts;
using Masumi.Contracts.Common;

namespace Masumi.Contracts.Registry.Common;

/// <summary>What a minting transaction asks of the registry policy.</summary>
public enum RegistryAction
{
    /// <summary>New agents.</summary>
    Mint,

    /// <summary>V2: the next version of agents; burns the old token.</summary>
    Update,

    /// <summary>Retires agents.</summary>
    Burn,
}

/// <summary>Redeemers of the registry policies (spec registry.md 3). V1 burns with the bytes V2 updates with.</summary>
public static class RegistryRedeemer
{
    internal static RedeemerActions<RegistryAction> V1 { get; } = new(EscrowFamily.V1, RegistryAction.Mint, RegistryAction.Burn);

    internal static RedeemerActions<RegistryAction> V2 { get; } = new(EscrowFamily.V2, RegistryAction.Mint, RegistryAction.Update, RegistryAction.Burn);

    /// <summary>The redeemer; throws <see cref="ArgumentException"/> for a V1 update.</summary>
    public static PlutusData Of(RegistryAction action, EscrowFamily family) => PlutusData.C((ulong)Of(family).IndexOf(action));

    /// <summary>The action a redeemer asks for; null for anything that is none. Only the constructor counts.</summary>
    public static RegistryAction? Read(PlutusData redeemer, EscrowFamily family) => redeemer is PlutusData.Constr constr ? Of(family).At(constr.Tag) : null;

    /// <summary>The word in the transaction's metadata message.</summary>
    public static string Label(RegistryAction action) =>
        action switch
        {
            RegistryAction.Mint => "RegisterAgent",
            RegistryAction.Update => "UpdateAgent",
            _ => "DeregisterAgent",
        };

    private static RedeemerActions<RegistryAction> Of(EscrowFamily family) => family == EscrowFamily.V1 ? V1 : V2;
}
