using Masumi.Cardano;
using Masumi.Contracts.OnChain;
using Masumi.Contracts.OnChain.Language;
using Masumi.Plutus;

namespace Masumi.Contracts;

/// <summary>Our escrow contract: the V2 rules, compiled from C# to Plutus V3.</summary>
public static class EscrowScript
{
    /// <summary>The longest admin list a payment source may have.</summary>
    public const int MostAdmins = 50;

    private static readonly Lazy<UplcProgram> Compiled = new(() => Program(CompilerOptions.Release));
    private static readonly Lazy<Script> Default = new(() =>
        V2(KnownDeployments.DefaultRequiredAdmins, KnownDeployments.DefaultAdmins, KnownDeployments.DefaultCooldown)
    );

    /// <summary>With the parameters of the deployed instances: two of three admins, seven minutes (spec escrow.md 1.2, 1.3).</summary>
    public static Script V2Default => Default.Value;

    /// <summary>The script with its parameters applied.</summary>
    /// <param name="requiredAdmins">How many places of the admin list must sign a settlement; 1 to the length of the list.</param>
    /// <param name="adminKeyHashes">1 to 50 hashes of Ed25519 keys. Order matters for the hash; an entry may repeat, which gives it more votes.</param>
    /// <param name="cooldown">How long a party must wait between two actions; whole milliseconds, not negative.</param>
    public static Script V2(int requiredAdmins, IReadOnlyList<Hash28> adminKeyHashes, TimeSpan cooldown) =>
        Apply(Compiled.Value, requiredAdmins, adminKeyHashes, cooldown).ToScript(ScriptLanguage.PlutusV3);

    /// <summary>The enterprise address of a script on a network.</summary>
    public static Address AddressOf(Script script, NetworkId network)
    {
        ArgumentNullException.ThrowIfNull(script);
        return Address.Create(network, Credential.Script(script.Hash));
    }

    /// <summary>The program before its parameters.</summary>
    internal static UplcProgram Program(CompilerOptions options) => Compiler.Compile(EscrowValidator.Validator, options);

    internal static UplcProgram Apply(UplcProgram program, int requiredAdmins, IReadOnlyList<Hash28> adminKeyHashes, TimeSpan cooldown)
    {
        ArgumentNullException.ThrowIfNull(adminKeyHashes);
        if (adminKeyHashes.Count is 0 or > MostAdmins)
        {
            throw new ArgumentException($"1 to {MostAdmins} admins are needed, got {adminKeyHashes.Count}.", nameof(adminKeyHashes));
        }

        if (requiredAdmins < 1 || requiredAdmins > adminKeyHashes.Count)
        {
            throw new ArgumentOutOfRangeException(nameof(requiredAdmins), requiredAdmins, $"Must be 1 to the {adminKeyHashes.Count} admins there are.");
        }

        if (cooldown < TimeSpan.Zero || cooldown.Ticks % TimeSpan.TicksPerMillisecond != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(cooldown), cooldown, "Must be whole milliseconds and not negative.");
        }

        return program.ApplyParameters(
            PlutusData.I(requiredAdmins),
            PlutusData.L([.. adminKeyHashes.Select(hash => PlutusData.B(hash.ToArray()))]),
            PlutusData.I(cooldown.Ticks / TimeSpan.TicksPerMillisecond)
        );
    }
}
