using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Scripts;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow.Common;
using Masumi.Contracts.Escrow.V1;
using Masumi.Contracts.Escrow.V2;
using Masumi.OnChain.Language;
using Masumi.Plutus.FlatFormat;
using Masumi.Plutus.Syntax;

namespace Masumi.Contracts.Escrow;

/// <summary>Our escrow contracts, the rules of both generations, compiled from C# to Plutus V3.</summary>
public static class EscrowScript
{
    private static readonly Lazy<UplcProgram> CompiledV1 = new(() => Program(EscrowFamily.V1, CompilerOptions.Release));
    private static readonly Lazy<UplcProgram> CompiledV2 = new(() => Program(EscrowFamily.V2, CompilerOptions.Release));

    /// <summary>The V1 script with its parameters applied.</summary>
    /// <param name="requiredAdmins">How many places of the admin list must sign a settlement; 1 to the length of the list.</param>
    /// <param name="adminKeyHashes">1 to 50 hashes of Ed25519 keys. Order matters for the hash; an entry may repeat, which gives it more votes.</param>
    /// <param name="feeAddress">Who receives the fee; the network does not matter.</param>
    /// <param name="feePermille">The fee in thousandths of every asset; 0 to 1000.</param>
    /// <param name="cooldown">How long a party must wait between two actions; whole milliseconds, at most a year.</param>
    public static Script V1(int requiredAdmins, IReadOnlyList<KeyHash> adminKeyHashes, Address feeAddress, int feePermille, TimeSpan cooldown)
    {
        ArgumentNullException.ThrowIfNull(adminKeyHashes);
        ArgumentNullException.ThrowIfNull(feeAddress);
        return Of(
            new EscrowParameters
            {
                Family = EscrowFamily.V1,
                RequiredAdmins = requiredAdmins,
                Admins = [.. adminKeyHashes],
                Cooldown = cooldown,
                FeeAddress = feeAddress,
                FeePermille = feePermille,
            }
        );
    }

    /// <summary>The V2 script with its parameters applied.</summary>
    /// <param name="requiredAdmins">How many places of the admin list must sign a settlement; 1 to the length of the list.</param>
    /// <param name="adminKeyHashes">1 to 50 hashes of Ed25519 keys. Order matters for the hash; an entry may repeat, which gives it more votes.</param>
    /// <param name="cooldown">How long a party must wait between two actions; whole milliseconds, at most a year.</param>
    public static Script V2(int requiredAdmins, IReadOnlyList<KeyHash> adminKeyHashes, TimeSpan cooldown)
    {
        ArgumentNullException.ThrowIfNull(adminKeyHashes);
        return Of(
            new EscrowParameters
            {
                Family = EscrowFamily.V2,
                RequiredAdmins = requiredAdmins,
                Admins = [.. adminKeyHashes],
                Cooldown = cooldown,
            }
        );
    }

    /// <summary>Our script with these parameters. Throws <see cref="ArgumentException"/> for senseless ones.</summary>
    public static Script Of(EscrowParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return Apply(parameters.Family == EscrowFamily.V1 ? CompiledV1.Value : CompiledV2.Value, parameters).ToScript(ScriptLanguage.PlutusV3);
    }

    /// <summary>The enterprise address of a script on a network.</summary>
    public static Address AddressOf(Script script, NetworkId network)
    {
        ArgumentNullException.ThrowIfNull(script);
        return Address.Create(network, Credential.Script(script.Hash));
    }

    /// <summary>The program before its parameters.</summary>
    internal static UplcProgram Program(EscrowFamily family, CompilerOptions options) =>
        family == EscrowFamily.V1 ? Compiler.Compile(EscrowV1Validator.Validator, options) : Compiler.Compile(EscrowV2Validator.Validator, options);

    /// <summary>The same with names.</summary>
    internal static Expr Named(EscrowFamily family, CompilerOptions options) =>
        family == EscrowFamily.V1 ? Compiler.Named(EscrowV1Validator.Validator, options) : Compiler.Named(EscrowV2Validator.Validator, options);

    internal static UplcProgram Apply(UplcProgram program, EscrowParameters parameters) => program.ApplyParameters(parameters.Parameters().AsSpan());
}
