using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Contracts.Catalog;
using Masumi.Contracts.Common;
using Masumi.Contracts.Registry;
using Masumi.Node.Settings;

namespace Masumi.Node.Hosting;

/// <summary>Our contracts with somebody's own admins, on a development chain.</summary>
internal static class OwnContract
{
    /// <summary>An escrow and the registry that goes with it.</summary>
    /// <param name="family">Which generation of the rules.</param>
    /// <param name="admins">Who settles disputes.</param>
    /// <param name="requiredAdmins">How many of them it takes.</param>
    /// <param name="feeAddress">V1: who receives the fee.</param>
    public static ContractSetup Of(EscrowFamily family, ImmutableArray<KeyHash> admins, int requiredAdmins, Address? feeAddress = null)
    {
        var parameters = KnownDeployments.All.Single(d => d.Family == family && d.NetworkId == NetworkId.Testnet).Parameters with
        {
            Admins = admins,
            RequiredAdmins = requiredAdmins,
            FeeAddress = feeAddress,
        };
        var contract = ContractCatalog.OwnInstance(parameters, NetworkId.Testnet);
        return new ContractSetup(contract, RegistryScript.Of(family, contract.Address).Hash.ToPolicyId(), []);
    }
}
