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
