using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Contracts.Common;
using Masumi.Protocol;

namespace Masumi.Contracts.Catalog;

/// <summary>The deployed default instances (spec escrow.md 1.3 and 1.4).</summary>
public static class KnownDeployments
{
    /// <summary>How many admins settle a dispute by default.</summary>
    public static int DefaultRequiredAdmins => 2;

    /// <summary>The default admins' payment key hashes, in parameter order.</summary>
    public static ImmutableArray<KeyHash> DefaultAdmins { get; } =
    [
        KeyHash.Parse("fc16a1fcf309aed03ec18bb2176f5ea29acea70bb79145ebaffa8e75"),
        KeyHash.Parse("7f78161369549d8e2b138fee724c9fa606d6107a66720bdb4c48ada6"),
        KeyHash.Parse("89eef9ea84e0ee7fe4921fa93eb2873ff6e34473f751d5d52cb75aa6"),
    ];

    /// <summary>The default time between two actions of one party.</summary>
    public static TimeSpan DefaultCooldown { get; } = TimeSpan.FromMinutes(7);

    /// <summary>The V1 fee.</summary>
    public static int V1FeePermille => 50;

    private static readonly ScriptHash V1Escrow = ScriptHash.Parse("bd2adb685621e224aae7571cb6bd8f0beb0fdd31875eb3a27feee6c0");
    private static readonly ScriptHash V2Escrow = ScriptHash.Parse("a15ce9d82d2f67645fc624e2edac03c6f1c106d0ad1af5815a3b14ad");
    private static readonly PolicyId V2Registry = PolicyId.Parse("67ab0c92c4ac1610895a1c965ee50aba41a8f1513b15240723b3bd0b");

    private static readonly ScriptCheck V1Check = new(6320, 6323, 6326, "09e39233dd78ee46f8bed95d4be301908264da032f70ff1464f69994c5c551ff");
    private static readonly ScriptCheck V2Check = new(10000, 10003, 10006, "59973446bcb1335dadf5a6247f551e700baf2abca62b469fcdb4fa9bef65b216");

    /// <summary>V1 on Preprod.</summary>
    public static KnownDeployment PreprodV1 { get; } = V1(Network.Preprod, PolicyId.Parse("7e8bdaf2b2b919a3a4b94002cafb50086c0c845fe535d07a77ab7f77"));

    /// <summary>V2 on Preprod.</summary>
    public static KnownDeployment PreprodV2 { get; } = V2(Network.Preprod);

    /// <summary>V1 on Mainnet.</summary>
    public static KnownDeployment MainnetV1 { get; } = V1(Network.Mainnet, PolicyId.Parse("ad6424e3ce9e47bbd8364984bd731b41de591f1d11f6d7d43d0da9b9"));

    /// <summary>V2 on Mainnet.</summary>
    public static KnownDeployment MainnetV2 { get; } = V2(Network.Mainnet);

    /// <summary>All of them.</summary>
    public static ImmutableArray<KnownDeployment> All { get; } = [PreprodV1, PreprodV2, MainnetV1, MainnetV2];

    private static KnownDeployment V1(Network network, PolicyId registry) =>
        new(
            network,
            EscrowFamily.V1,
            V1Escrow,
            registry,
            DefaultRequiredAdmins,
            DefaultAdmins,
            DefaultCooldown,
            V1FeePermille,
            KeyHash.Parse("13cedc5388c33ff6eac2f0d919a9fd5517910de8def01b11523995e4"),
            KeyHash.Parse("c447a7c9eae8438a852033e904952a1680dfd035166e1800e1505b96"),
            V1Check
        );

    private static KnownDeployment V2(Network network) =>
        new(network, EscrowFamily.V2, V2Escrow, V2Registry, DefaultRequiredAdmins, DefaultAdmins, DefaultCooldown, 0, null, null, V2Check);
}
