using System.Collections.Immutable;
using Masumi.Cardano;

namespace Masumi.Contracts.Escrow;

/// <summary>One instance of the escrow contract: its address and the parameters its script was made with (spec escrow.md 1.2).</summary>
public sealed record EscrowContract
{
    /// <summary>Which generation.</summary>
    public required EscrowFamily Family { get; init; }

    /// <summary>The enterprise address of the script.</summary>
    public required Address Address { get; init; }

    /// <summary>How many admin votes settle a dispute.</summary>
    public required int RequiredAdmins { get; init; }

    /// <summary>Admin key hashes in contract order; duplicates are weight.</summary>
    public required ImmutableArray<Hash28> Admins { get; init; }

    /// <summary>How long a party waits between two of its own actions.</summary>
    public required TimeSpan Cooldown { get; init; }

    /// <summary>V1: who receives the protocol fee.</summary>
    public Address? FeeAddress { get; init; }

    /// <summary>V1: the protocol fee in thousandths of every asset.</summary>
    public int FeePermille { get; init; }

    /// <summary>The script's hash.</summary>
    public Hash28 ScriptHash => Address.Payment is { IsScript: true } payment ? payment.Hash : throw new InvalidOperationException($"Not a script address: {Address}.");

    /// <summary>The cooldown as the contract counts it.</summary>
    public long CooldownMilliseconds => Cooldown.Ticks / TimeSpan.TicksPerMillisecond;

    /// <summary>The parameters the script is applied to, in order.</summary>
    public ImmutableArray<PlutusData> Parameters()
    {
        var required = PlutusData.I(RequiredAdmins);
        var admins = PlutusData.L([.. Admins.Select(a => PlutusData.B(a.ToArray()))]);
        var cooldown = PlutusData.I(CooldownMilliseconds);
        return Family == EscrowFamily.V2
            ? [required, admins, cooldown]
            : [required, admins, AddressData.Encode(FeeAddress ?? throw new InvalidOperationException("A V1 contract has a fee address.")), PlutusData.I(FeePermille), cooldown];
    }
}

/// <summary>The instances deployed on the public networks (spec escrow.md 1.3, 1.4).</summary>
public static class DeployedEscrows
{
    private static readonly ImmutableArray<Hash28> Admins =
    [
        Hash28.Parse("fc16a1fcf309aed03ec18bb2176f5ea29acea70bb79145ebaffa8e75"),
        Hash28.Parse("7f78161369549d8e2b138fee724c9fa606d6107a66720bdb4c48ada6"),
        Hash28.Parse("89eef9ea84e0ee7fe4921fa93eb2873ff6e34473f751d5d52cb75aa6"),
    ];

    private static readonly Credential FeeKey = Credential.Key(Hash28.Parse("13cedc5388c33ff6eac2f0d919a9fd5517910de8def01b11523995e4"));
    private static readonly Credential FeeStake = Credential.Key(Hash28.Parse("c447a7c9eae8438a852033e904952a1680dfd035166e1800e1505b96"));
    private static readonly Hash28 V1Script = Hash28.Parse("bd2adb685621e224aae7571cb6bd8f0beb0fdd31875eb3a27feee6c0");
    private static readonly Hash28 V2Script = Hash28.Parse("a15ce9d82d2f67645fc624e2edac03c6f1c106d0ad1af5815a3b14ad");

    /// <summary>The default instance of a family; scripts are the same on both networks, only the address header differs.</summary>
    public static EscrowContract Default(EscrowFamily family, NetworkId network) =>
        new()
        {
            Family = family,
            Address = Address.Create(network, Credential.Script(family == EscrowFamily.V2 ? V2Script : V1Script)),
            RequiredAdmins = 2,
            Admins = Admins,
            Cooldown = TimeSpan.FromMinutes(7),
            FeeAddress = family == EscrowFamily.V1 ? Address.Create(network, FeeKey, FeeStake) : null,
            FeePermille = family == EscrowFamily.V1 ? 50 : 0,
        };

    /// <summary>The registry policy whose agents are paid at the default instance.</summary>
    public static Hash28 RegistryPolicy(EscrowFamily family, NetworkId network) =>
        Hash28.Parse(
            (family, network) switch
            {
                (EscrowFamily.V2, _) => "67ab0c92c4ac1610895a1c965ee50aba41a8f1513b15240723b3bd0b",
                (_, NetworkId.Mainnet) => "ad6424e3ce9e47bbd8364984bd731b41de591f1d11f6d7d43d0da9b9",
                _ => "7e8bdaf2b2b919a3a4b94002cafb50086c0c845fe535d07a77ab7f77",
            }
        );
}
