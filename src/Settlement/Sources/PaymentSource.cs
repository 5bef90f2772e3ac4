using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow.Common;
using Masumi.Protocol;

namespace Masumi.Settlement.Sources;

/// <summary>One contract instance this node serves.</summary>
/// <param name="Id">Our id.</param>
/// <param name="Network">The network (a devnet counts as Preprod).</param>
/// <param name="Family">Generation of the rules.</param>
/// <param name="ContractAddress">The escrow's script address; unique per network.</param>
/// <param name="PolicyId">The registry policy whose agents are paid here.</param>
/// <param name="RequiredAdmins">Votes a dispute takes.</param>
/// <param name="Admins">The dispute admins' key hashes, in contract order, duplicates meaning weight.</param>
/// <param name="Cooldown">The contract's cooldown.</param>
/// <param name="CreatedAt">When it was configured.</param>
/// <param name="DisabledAt">Since when no new work is taken; open escrows are still followed and collected.</param>
/// <param name="FeeAddress">V1: who receives the protocol fee.</param>
/// <param name="FeePermille">V1: the protocol fee in thousandths of every asset.</param>
public sealed record PaymentSource(
    string Id,
    Network Network,
    EscrowFamily Family,
    Address ContractAddress,
    PolicyId PolicyId,
    int RequiredAdmins,
    ImmutableArray<KeyHash> Admins,
    TimeSpan Cooldown,
    DateTimeOffset CreatedAt,
    DateTimeOffset? DisabledAt = null,
    Address? FeeAddress = null,
    int FeePermille = 0
)
{
    /// <summary>A source for a contract.</summary>
    public static PaymentSource Of(string id, Network network, EscrowContract contract, PolicyId policyId, DateTimeOffset createdAt)
    {
        ArgumentNullException.ThrowIfNull(contract);
        return new(
            id,
            network,
            contract.Family,
            contract.Address,
            policyId,
            contract.RequiredAdmins,
            contract.Admins,
            contract.Cooldown,
            createdAt,
            FeeAddress: contract.FeeAddress,
            FeePermille: contract.FeePermille
        );
    }

    /// <summary>The height up to which the contract's list was looked at a second time; -1: never.</summary>
    public long CoveredHeight { get; init; } = -1;

    /// <summary>Since when it is no longer shown; disabled since then too. What is open of it is followed to its end.</summary>
    public DateTimeOffset? RemovedAt { get; init; }

    /// <summary>The key of a provider that its owner left here, sealed; null where the node's settings have all there are.</summary>
    public string? SealedProviderKey { get; init; }

    /// <summary>What its owner noted as looked at last; means nothing here.</summary>
    public string? LastIdentifierChecked { get; init; }

    /// <summary>The network id of addresses here.</summary>
    public NetworkId NetworkId => ContractAddress.Network;
}

/// <summary>What a hot wallet signs.</summary>
public enum WalletRole
{
    /// <summary>Collects payments, holds agent NFTs, submits results.</summary>
    Selling,

    /// <summary>Locks funds and collects refunds.</summary>
    Purchasing,

    /// <summary>Tops up the other two of its source.</summary>
    Funding,
}

/// <summary>Keys the node signs with. The mnemonic stays sealed; only the keyring opens it.</summary>
/// <param name="Id">Our id.</param>
/// <param name="SourceId">The source it works for.</param>
/// <param name="Role">What it signs.</param>
/// <param name="KeyHash">Payment key hash ("vkey" in the APIs).</param>
/// <param name="Address">Its base address.</param>
/// <param name="CollectionAddress">Where collected money goes instead of <paramref name="Address"/>.</param>
/// <param name="Note">The operator's words.</param>
/// <param name="SealedMnemonic">The mnemonic, sealed.</param>
/// <param name="CreatedAt">When it was added.</param>
/// <param name="DeletedAt">When it was removed; in-flight work still finishes.</param>
public sealed record HotWallet(
    string Id,
    string SourceId,
    WalletRole Role,
    KeyHash KeyHash,
    Address Address,
    Address? CollectionAddress,
    string? Note,
    string SealedMnemonic,
    DateTimeOffset CreatedAt,
    DateTimeOffset? DeletedAt = null
)
{
    /// <summary>The height up to which its address's history was looked at; null: never.</summary>
    public long? CoveredHeight { get; init; }

    /// <summary>Its address without a stake key: where the change of its shortest transactions goes.</summary>
    public Address EnterpriseAddress => Address.Create(Address.Network, Credential.Key(KeyHash));

    /// <summary>Whether what an address holds is this wallet's to spend.</summary>
    public bool Owns(Address address) => address == Address || address == EnterpriseAddress;

    /// <summary>Where money this wallet collects should go when the terms name no other place.</summary>
    public Address PayoutAddress => CollectionAddress ?? Address;

    /// <summary>Without the sealed secret.</summary>
    public override string ToString() => $"{Role} wallet {Id} {Address}";
}
