using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Keys;
using Masumi.Cardano.Scripts;
using Masumi.Contracts.Catalog;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow;
using Masumi.Contracts.Escrow.Common;
using Masumi.Plutus;
using Masumi.Simulation.Scheduling;

namespace Masumi.Simulation.Nodes;

/// <summary>What is dear to make and the same in every world: keys, contracts and their scripts. Made once in a process.</summary>
internal static class Materials
{
    private static readonly ConcurrentDictionary<string, WalletKeys> Keys = new(StringComparer.Ordinal);

    /// <summary>When every world begins.</summary>
    public static DateTimeOffset Start { get; } = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Runs scripts; it has no state that anybody sees.</summary>
    public static PlutusEvaluator Evaluator { get; } = new();

    /// <summary>The V2 contract.</summary>
    public static EscrowContract V2 { get; } =
        new()
        {
            Family = EscrowFamily.V2,
            Address = EscrowScript.AddressOf(ContractCatalog.DefaultEscrow(EscrowFamily.V2), NetworkId.Testnet),
            RequiredAdmins = KnownDeployments.DefaultRequiredAdmins,
            Admins = KnownDeployments.DefaultAdmins,
            Cooldown = KnownDeployments.DefaultCooldown,
        };

    /// <summary>The V1 contract, with a fee wallet nobody here has.</summary>
    public static EscrowContract V1 { get; } =
        KnownDeployments.PreprodV1.Contract with
        {
            Address = EscrowScript.AddressOf(ContractCatalog.DefaultEscrow(EscrowFamily.V1), NetworkId.Testnet),
        };

    /// <summary>The contract scripts.</summary>
    public static IReadOnlyDictionary<EscrowFamily, Script> Scripts { get; } =
        new Dictionary<EscrowFamily, Script> { [EscrowFamily.V1] = EscrowScript.Of(V1), [EscrowFamily.V2] = EscrowScript.Of(V2) };

    /// <summary>A contract.</summary>
    public static EscrowContract Contract(EscrowFamily family) => family == EscrowFamily.V1 ? V1 : V2;

    /// <summary>A mnemonic of a name.</summary>
    public static string MnemonicOf(string name) => Mnemonic.FromEntropy(SHA256.HashData(Encoding.UTF8.GetBytes(name)));

    /// <summary>The keys of a name.</summary>
    public static WalletKeys KeysOf(string name) => Keys.GetOrAdd(name, n => WalletKeys.FromMnemonic(MnemonicOf(n)));

    /// <summary>Where the money of a name is.</summary>
    public static Address AddressOf(string name) => KeysOf(name).BaseAddress(NetworkId.Testnet);

    /// <summary>The name of a node's wallet.</summary>
    public static string WalletName(int node, EscrowFamily family, bool sells, int index) =>
        string.Create(CultureInfo.InvariantCulture, $"n{node}-{family}-{(sells ? "selling" : "purchasing")}-{index}");
}

/// <summary>Bytes that only look random: an actor's own.</summary>
internal sealed class DiceRandom(Actor actor) : RandomNumberGenerator
{
    public override void GetBytes(byte[] data) => Fill(data.AsSpan(), actor);

    public override void GetBytes(Span<byte> data) => Fill(data, actor);

    private static void Fill(Span<byte> data, Actor actor)
    {
        for (var i = 0; i < data.Length; i++)
        {
            data[i] = (byte)actor.Number("random bytes");
        }
    }
}
