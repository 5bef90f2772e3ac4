using Masumi.Cardano.Scripts;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow;
using Masumi.Contracts.Escrow.Common;
using Masumi.Contracts.Escrow.V1;
using Masumi.Contracts.Escrow.V2;
using Masumi.Contracts.Registry;
using Masumi.Contracts.Registry.V1;
using Masumi.Contracts.Registry.V2;
using Masumi.OnChain.Language;
using Masumi.Plutus.Syntax;

namespace Masumi.Contracts.Catalog;

/// <summary>What a contract guards.</summary>
public enum ContractKind
{
    /// <summary>Outputs with money in them.</summary>
    Escrow,

    /// <summary>The minting of agents' tokens.</summary>
    Registry,
}

/// <summary>One of our contracts.</summary>
/// <param name="Name">How tools name it.</param>
/// <param name="Family">Which generation of rules.</param>
/// <param name="Kind">What it guards.</param>
public sealed record OwnContract(string Name, EscrowFamily Family, ContractKind Kind)
{
    /// <summary>Its CIP-57 blueprint, before parameters.</summary>
    public string Blueprint =>
        (Kind, Family) switch
        {
            (ContractKind.Escrow, EscrowFamily.V1) => EscrowV1Blueprint.Write(),
            (ContractKind.Escrow, _) => EscrowV2Blueprint.Write(),
            (_, EscrowFamily.V1) => RegistryV1Blueprint.Write(),
            _ => RegistryV2Blueprint.Write(),
        };

    /// <summary>The program before its parameters.</summary>
    public UplcProgram Program =>
        Kind == ContractKind.Escrow ? EscrowScript.Program(Family, CompilerOptions.Release) : RegistryScript.Program(Family, CompilerOptions.Release);

    /// <summary>The script for an instance; throws <see cref="ArgumentException"/> for senseless parameters.</summary>
    public Script Script(EscrowContract instance)
    {
        ArgumentNullException.ThrowIfNull(instance);
        return Kind == ContractKind.Escrow ? EscrowScript.Of(instance) : RegistryScript.Of(Family, instance.Address);
    }
}
