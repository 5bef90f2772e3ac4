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
    /// <summary>The redeemer; throws <see cref="ArgumentException"/> for a V1 update.</summary>
    public static PlutusData Of(RegistryAction action, EscrowFamily family) =>
        (action, family) switch
        {
            (RegistryAction.Mint, _) => PlutusData.C(0),
            (RegistryAction.Burn, EscrowFamily.V1) => PlutusData.C(1),
            (RegistryAction.Update, EscrowFamily.V2) => PlutusData.C(1),
            (RegistryAction.Burn, EscrowFamily.V2) => PlutusData.C(2),
            _ => throw new ArgumentException($"{family} has no {action}.", nameof(action)),
        };

    /// <summary>The word in the transaction's metadata message.</summary>
    public static string Label(RegistryAction action) =>
        action switch
        {
            RegistryAction.Mint => "RegisterAgent",
            RegistryAction.Update => "UpdateAgent",
            _ => "DeregisterAgent",
        };
}
