using Masumi.Cardano;
using Masumi.Contracts.OnChain;
using Masumi.Contracts.OnChain.Language;
using Masumi.Plutus;

namespace Masumi.Contracts;

/// <summary>Our registry policy: the V2 rules, compiled from C# to Plutus V3. It has no parameters; its hash is the policy id.</summary>
public static class RegistryScript
{
    private static readonly Lazy<Script> Compiled = new(() => Program(CompilerOptions.Release).ToScript(ScriptLanguage.PlutusV3));

    /// <summary>The minting policy.</summary>
    public static Script V2 => Compiled.Value;

    internal static UplcProgram Program(CompilerOptions options) => Compiler.Compile(RegistryPolicy.Policy, options);
}
