using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Keys;
using Masumi.Contracts.Common;
using Masumi.Node.Settings;
using Masumi.Settlement.Sources;

namespace Masumi.Node.Setup;

/// <summary>One wallet of a node to be.</summary>
internal sealed record SetupWallet(EscrowFamily Family, WalletRole Role, string Mnemonic)
{
    /// <summary>Where it is funded.</summary>
    public string AddressOn(NodeNetwork network) => WalletKeys.FromMnemonic(Mnemonic).BaseAddress(network.ToNetworkId()).ToString();

    /// <summary>Without the words.</summary>
    public override string ToString() => $"{Role} wallet of {Family}";
}

/// <summary>What <c>masumi node init</c> was told, and what it made.</summary>
internal sealed record SetupAnswers
{
    public required NodeNetwork Network { get; init; }

    public required ContractChoice Contract { get; init; }

    /// <summary>The generations of contracts it serves.</summary>
    public required ImmutableArray<EscrowFamily> Families { get; init; }

    /// <summary>Who settles disputes at a contract of one's own.</summary>
    public ImmutableArray<KeyHash> Admins { get; init; } = [];

    /// <summary>How many of them it takes.</summary>
    public int RequiredAdmins { get; init; }

    public required Uri ChainUrl { get; init; }

    public string? ChainKey { get; init; }

    public required ImmutableArray<SetupWallet> Wallets { get; init; }

    public required string Listen { get; init; }

    /// <summary>Whether a registry runs in the same process.</summary>
    public required bool HasRegistry { get; init; }

    public required string DatabaseFile { get; init; }

    public required string Secret { get; init; }

    public required string AdminKey { get; init; }

    public required string RegistryKey { get; init; }

    /// <summary>Without secrets.</summary>
    public override string ToString() => $"a node on {Network}";
}
