using System.Collections.Immutable;
using System.Text;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Scripts;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow;
using Masumi.Contracts.Escrow.Common;

namespace Masumi.Contracts.Catalog;

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

    private static readonly Lazy<Script> EscrowV1 = new(() => EscrowScript.Of(KnownDeployments.PreprodV1.Parameters));
    private static readonly Lazy<Script> EscrowV2 = new(() => EscrowScript.Of(KnownDeployments.PreprodV2.Parameters));

    /// <summary>
    /// Our escrow script with the parameters of the deployed instances (spec escrow.md 1.2, 1.3): two of three admins, seven minutes and, in V1, 5 % for the fee
    /// wallet.
    /// </summary>
    public static Script DefaultEscrow(EscrowFamily family) => family == EscrowFamily.V1 ? EscrowV1.Value : EscrowV2.Value;

    /// <summary>Our escrow with the parameters of the deployed instances.</summary>
    public static EscrowContract DefaultInstance(EscrowFamily family, NetworkId network) =>
        OwnInstance(KnownDeployments.All.Single(d => d.Family == family && d.NetworkId == network).Parameters, network);

    /// <summary>Our own script with these parameters, at its address.</summary>
    public static EscrowContract OwnInstance(EscrowParameters parameters, NetworkId network) =>
        new(parameters, EscrowScript.AddressOf(EscrowScript.Of(parameters), network)) { Rules = EscrowRuleSet.Ours };

    /// <summary>The same contract, known for ours when its script is.</summary>
    public static EscrowContract Recognise(EscrowContract contract)
    {
        ArgumentNullException.ThrowIfNull(contract);
        return contract with { Rules = EscrowScript.Of(contract).Hash == contract.ScriptHash ? EscrowRuleSet.Ours : EscrowRuleSet.Deployed };
    }

    /// <summary>Whether a contract's address follows from its parameters: our script with them is there, or a deployed instance that has them.</summary>
    public static bool Follows(EscrowContract contract)
    {
        ArgumentNullException.ThrowIfNull(contract);
        return EscrowScript.Of(contract).Hash == contract.ScriptHash
            || KnownDeployments
                .All.Select(d => d.Contract)
                .Any(d =>
                    d.Address == contract.Address
                    && d.Admins.SequenceEqual(contract.Admins)
                    && d.RequiredAdmins == contract.RequiredAdmins
                    && d.Cooldown == contract.Cooldown
                );
    }

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
