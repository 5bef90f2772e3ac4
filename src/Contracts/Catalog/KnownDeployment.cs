using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow.Common;
using Masumi.Protocol;

namespace Masumi.Contracts.Catalog;

/// <summary>A contract instance on a public network that existing agents use.</summary>
/// <param name="Network">The network.</param>
/// <param name="Family">Which generation of rules.</param>
/// <param name="EscrowScriptHash">Hash of the escrow script with its parameters.</param>
/// <param name="RegistryPolicy">Policy id of the registry that belongs to it.</param>
/// <param name="RequiredAdmins">How many admins settle a dispute.</param>
/// <param name="Admins">Payment key hashes of the admins, in parameter order.</param>
/// <param name="Cooldown">Between two actions of one party.</param>
/// <param name="FeePermille">The protocol's share of a payout; 0 where there is none.</param>
/// <param name="FeePaymentKey">Payment key hash of the fee wallet, where there is a fee.</param>
/// <param name="FeeStakeKey">Stake key hash of the fee wallet, where there is a fee.</param>
/// <param name="EscrowCheck">What else is known of the escrow script's bytes.</param>
public sealed record KnownDeployment(
    Network Network,
    EscrowFamily Family,
    ScriptHash EscrowScriptHash,
    PolicyId RegistryPolicy,
    int RequiredAdmins,
    ImmutableArray<KeyHash> Admins,
    TimeSpan Cooldown,
    int FeePermille,
    KeyHash? FeePaymentKey,
    KeyHash? FeeStakeKey,
    ScriptCheck EscrowCheck
)
{
    /// <summary>The network id of its addresses.</summary>
    public NetworkId NetworkId => Network.ToNetworkId();

    /// <summary>The escrow's enterprise address.</summary>
    public Address EscrowAddress => Address.Create(NetworkId, Credential.Script(EscrowScriptHash));

    /// <summary>The escrow as a contract instance.</summary>
    public EscrowContract Contract => new(Parameters, EscrowAddress);

    /// <summary>What the escrow's script was made with.</summary>
    public EscrowParameters Parameters =>
        new()
        {
            Family = Family,
            RequiredAdmins = RequiredAdmins,
            Admins = Admins,
            Cooldown = Cooldown,
            FeePermille = FeePermille,
            FeeAddress = FeePaymentKey is { } payment
                ? Address.Create(NetworkId, Credential.Key(payment), FeeStakeKey is { } stake ? Credential.Key(stake) : null)
                : null,
        };
}
