using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Masumi.Cardano.Scripts;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow;
using Masumi.OnChain.Language;
using Masumi.Plutus.FlatFormat;
using Masumi.Plutus.Syntax;

namespace Masumi.Payments.Tests;

/// <summary>A world of the present generation, whose node has a source of the first generation too.</summary>
public sealed class MixedWorld : PaymentWorld
{
    private protected override ImmutableArray<EscrowFamily> Besides => [EscrowFamily.V1];
}

/// <summary>A world with contracts of the first generation: a fee of five per cent, and prices in the agent's own entry.</summary>
public sealed class FirstGenerationWorld() : PaymentWorld(EscrowFamily.V1);

/// <summary>
/// A world with a contract of another's, given as a file: the V2 rules compiled differently, with other admins and another cooldown, so that its bytes, hash and
/// address are unknown to us.
/// </summary>
public sealed class ForeignContractWorld : PaymentWorld
{
    /// <summary>What is in the file: the blueprint's <c>compiledCode</c>, without parameters.</summary>
    internal static UplcProgram Program { get; } = EscrowScript.Program(EscrowFamily.V2, new CompilerOptions(Optimise: false));

    private protected override JsonObject SourceSetup(string folder)
    {
        var file = Path.Combine(folder, "escrow.cbor");
        File.WriteAllText(file, Convert.ToHexStringLower(Program.ToScript(ScriptLanguage.PlutusV3).Bytes.Span));
        return new JsonObject
        {
            ["contract"] = "own",
            ["scriptFile"] = file,
            ["requiredAdmins"] = 1,
            ["admins"] = new JsonArray(new string('1', 56)),
            ["cooldownMilliseconds"] = 60_000L,
        };
    }
}

/// <summary>
/// A world on a deployed contract, whose bytes are nobody's to commit: <c>MASUMI_DEPLOYED_ESCROW_V1</c> and <c>MASUMI_DEPLOYED_ESCROW_V2</c> name the public blueprints.
/// Without them it runs on ours, and its tests are skipped.
/// </summary>
public abstract class DeployedWorld : PaymentWorld
{
    private readonly EscrowFamily _family;

    private protected DeployedWorld(EscrowFamily family)
        : base(family) => _family = family;

    /// <summary>Null when the bytes are at hand.</summary>
    internal string? Missing => File is null ? $"{Variable} names no file with the deployed script." : null;

    private string Variable => $"MASUMI_DEPLOYED_ESCROW_{_family}".ToUpperInvariant();

    private string? File => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } file ? file : null;

    private protected override JsonObject SourceSetup(string folder)
    {
        var setup = base.SourceSetup(folder);
        if (File is { } file)
        {
            setup["scriptFile"] = file;
        }

        return setup;
    }
}

/// <summary>A world on the deployed contract of the first generation.</summary>
public sealed class DeployedV1World() : DeployedWorld(EscrowFamily.V1);

/// <summary>A world on the deployed contract of the second generation.</summary>
public sealed class DeployedV2World() : DeployedWorld(EscrowFamily.V2);
