using System.Collections.Concurrent;
using Masumi.Cardano.Scripts;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow;
using Masumi.Contracts.Escrow.Common;
using Masumi.Contracts.Escrow.V1;
using Masumi.Contracts.Escrow.V2;
using Masumi.Contracts.Registry;
using Masumi.Contracts.Registry.V1;
using Masumi.Contracts.Registry.V2;
using Masumi.OnChain.Language;
using Masumi.Plutus.FlatFormat;
using Masumi.Plutus.Syntax;

namespace Masumi.Contracts.Catalog;

/// <summary>What a contract guards.</summary>
public enum ContractKind
{
    /// <summary>Outputs with money in them.</summary>
    Escrow,

    /// <summary>The minting of agents' tokens.</summary>
    Registry,
}

/// <summary>One of our contracts.</summary>
/// <param name="Name">How tools name it.</param>
/// <param name="Family">Which generation of rules.</param>
/// <param name="Kind">What it guards.</param>
public sealed record OwnContract(string Name, EscrowFamily Family, ContractKind Kind)
{
    // Compiling takes some ten milliseconds, and whoever explains transactions asks often.
    private static readonly ConcurrentDictionary<(ContractKind, EscrowFamily, ContractBuild), UplcProgram> Programs = new();

    /// <summary>Its CIP-57 blueprint, before parameters.</summary>
    public string Blueprint =>
        (Kind, Family) switch
        {
            (ContractKind.Escrow, EscrowFamily.V1) => EscrowV1Blueprint.Write(),
            (ContractKind.Escrow, _) => EscrowV2Blueprint.Write(),
            (_, EscrowFamily.V1) => RegistryV1Blueprint.Write(),
            _ => RegistryV2Blueprint.Write(),
        };

    /// <summary>The program before its parameters.</summary>
    public UplcProgram Program => ProgramOf(ContractBuild.Release);

    /// <summary>Its name and version, as its blueprint has them: another version for every change of its bytes.</summary>
    public string Title =>
        (Kind, Family) switch
        {
            (ContractKind.Escrow, EscrowFamily.V1) => EscrowV1Blueprint.Title,
            (ContractKind.Escrow, _) => EscrowV2Blueprint.Title,
            (_, EscrowFamily.V1) => RegistryV1Blueprint.Title,
            _ => RegistryV2Blueprint.Title,
        };

    /// <summary>The program before its parameters, in any build.</summary>
    public UplcProgram ProgramOf(ContractBuild build) =>
        Programs.GetOrAdd(
            (Kind, Family, build),
            _ => Kind == ContractKind.Escrow ? EscrowScript.Program(Family, Options(build)) : RegistryScript.Program(Family, Options(build))
        );

    /// <summary>The program before its parameters as a text with the names and rules of its source, of which it hides nothing (docs/contracts.md).</summary>
    public string Listing(ContractBuild build) => OnChain.Language.Listing.Of(Named(Options(build)));

    /// <summary>The texts of all its rules, each once.</summary>
    internal IReadOnlyCollection<string> RuleTexts()
    {
        var texts = new SortedSet<string>(StringComparer.Ordinal);
        Collect(Named(CompilerOptions.Release));
        return texts;

        Expr Collect(Expr expr)
        {
            if (expr is Expr.Fail(var rule))
            {
                texts.Add(rule);
            }

            return Optimiser.MapChildren(expr, Collect);
        }
    }

    /// <summary>The script for an instance; throws <see cref="ArgumentException"/> for senseless parameters.</summary>
    public Script Script(EscrowContract instance) => Script(instance, ContractBuild.Release);

    /// <summary>The script for an instance, in any build; throws <see cref="ArgumentException"/> for senseless parameters.</summary>
    public Script Script(EscrowContract instance, ContractBuild build)
    {
        ArgumentNullException.ThrowIfNull(instance);
        if (build == ContractBuild.Release)
        {
            return Kind == ContractKind.Escrow ? EscrowScript.Of(instance) : RegistryScript.Of(Family, instance.Address);
        }

        var program = ProgramOf(build);
        var applied =
            Kind == ContractKind.Escrow ? EscrowScript.Apply(program, instance)
            : Family == EscrowFamily.V1 ? RegistryScript.Apply(program, instance.Address)
            : program;
        return applied.ToScript(ScriptLanguage.PlutusV3);
    }

    private Expr Named(CompilerOptions options) => Kind == ContractKind.Escrow ? EscrowScript.Named(Family, options) : RegistryScript.Named(Family, options);

    private static CompilerOptions Options(ContractBuild build) =>
        new(Optimise: build is ContractBuild.Release or ContractBuild.Traced, Traces: build is ContractBuild.Traced or ContractBuild.WrittenTraced);
}
