using System.Collections.Immutable;
using System.Text;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Scripts;
using Masumi.Contracts.Escrow;
using Masumi.Contracts.OnChain.Language;
using Masumi.Plutus.Syntax;

namespace Masumi.Contracts.Blueprints;

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
    public string Blueprint => Kind == ContractKind.Escrow ? Blueprints.Blueprint.Escrow(Family) : Blueprints.Blueprint.Registry(Family);

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

/// <summary>Our contracts, and the parameters any contract of a family takes.</summary>
public static class ContractCatalog
{
    /// <summary>All of ours.</summary>
    public static ImmutableArray<OwnContract> Own { get; } =
    [
        new("escrow-v2", EscrowFamily.V2, ContractKind.Escrow),
        new("registry-v2", EscrowFamily.V2, ContractKind.Registry),
        new("escrow-v1", EscrowFamily.V1, ContractKind.Escrow),
        new("registry-v1", EscrowFamily.V1, ContractKind.Registry),
    ];

    /// <summary>Our escrow with the parameters of the deployed instances.</summary>
    public static EscrowContract DefaultInstance(EscrowFamily family, NetworkId network) =>
        OwnInstance(EscrowContract.Of(KnownDeployments.All.Single(d => d.Family == family && d.Network == network)), network);

    /// <summary>The same parameters on our own script: the address is that script's.</summary>
    public static EscrowContract OwnInstance(EscrowContract parameters, NetworkId network) =>
        parameters with
        {
            Address = EscrowScript.AddressOf(EscrowScript.Of(parameters), network),
        };

    /// <summary>The parameters of a contract with their names, in the order they are applied (spec escrow.md 1.2, registry.md 2).</summary>
    public static ImmutableArray<KeyValuePair<string, PlutusData>> Parameters(ContractKind kind, EscrowContract instance)
    {
        ArgumentNullException.ThrowIfNull(instance);
        string[] names = (kind, instance.Family) switch
        {
            (ContractKind.Registry, EscrowFamily.V2) => [],
            (ContractKind.Registry, _) => ["payment_contract_address"],
            (_, EscrowFamily.V2) => ["required_admins_multi_sig", "admin_vks", "cooldown_period"],
            _ => ["required_admins_multi_sig", "admin_vks", "fee_address", "fee_permille", "cooldown_period"],
        };
        ImmutableArray<PlutusData> values =
            kind == ContractKind.Escrow ? instance.Parameters()
            : instance.Family == EscrowFamily.V1 ? [PlutusData.B(Encoding.UTF8.GetBytes(instance.Address.ToString()))]
            : [];
        return [.. names.Zip(values, KeyValuePair.Create)];
    }
}
