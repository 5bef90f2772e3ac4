using System.Text;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Scripts;
using Masumi.Contracts.Common;
using Masumi.Contracts.Registry.V1;
using Masumi.Contracts.Registry.V2;
using Masumi.OnChain.Language;
using Masumi.Plutus.FlatFormat;
using Masumi.Plutus.Syntax;

namespace Masumi.Contracts.Registry;

/// <summary>Our registry policies, the rules of both generations, compiled from C# to Plutus V3.</summary>
public static class RegistryScript
{
    private static readonly Lazy<UplcProgram> CompiledV1 = new(() => Program(EscrowFamily.V1, CompilerOptions.Release));
    private static readonly Lazy<Script> CompiledV2 = new(() => Program(EscrowFamily.V2, CompilerOptions.Release).ToScript(ScriptLanguage.PlutusV3));

    /// <summary>The V2 minting policy, one for all escrows: it has no parameters, its hash is the policy id.</summary>
    public static Script V2 => CompiledV2.Value;

    /// <summary>The V1 minting policy of an escrow: its parameter is the address as text, network included (spec registry.md 2).</summary>
    public static Script V1(Address escrow)
    {
        ArgumentNullException.ThrowIfNull(escrow);
        return Apply(CompiledV1.Value, escrow).ToScript(ScriptLanguage.PlutusV3);
    }

    /// <summary>The policy that belongs to an escrow.</summary>
    public static Script Of(EscrowFamily family, Address escrow) => family == EscrowFamily.V1 ? V1(escrow) : V2;

    internal static UplcProgram Program(EscrowFamily family, CompilerOptions options) =>
        family == EscrowFamily.V1 ? Compiler.Compile(RegistryV1Policy.Policy, options) : Compiler.Compile(RegistryV2Policy.Policy, options);

    /// <summary>The same with names.</summary>
    internal static Expr Named(EscrowFamily family, CompilerOptions options) =>
        family == EscrowFamily.V1 ? Compiler.Named(RegistryV1Policy.Policy, options) : Compiler.Named(RegistryV2Policy.Policy, options);

    internal static UplcProgram Apply(UplcProgram program, Address escrow) => program.ApplyParameters(PlutusData.B(Encoding.UTF8.GetBytes(escrow.ToString())));
}
