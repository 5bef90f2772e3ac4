using System.Text.Json.Nodes;
using Masumi.Cardano.Scripts;
using Masumi.Contracts.Registry.Common;
using Masumi.OnChain.Blueprints;
using Masumi.OnChain.Language;
using Masumi.Plutus.FlatFormat;
using static Masumi.OnChain.Blueprints.Schema;

namespace Masumi.Contracts.Registry.V2;

/// <summary>The CIP-57 blueprint of our V2 registry policy.</summary>
internal static class RegistryV2Blueprint
{
    /// <summary>Name and version.</summary>
    public const string Title = "registry-v2/1";

    public static string Write() =>
        Blueprint.Write(
            Title,
            "Minting policy of agent tokens (V2 rules)",
            new JsonObject { ["title"] = "registry.v2.mint", ["redeemer"] = Blueprint.Argument("action", "mint", Reference("Action")) },
            Compiler.Compile(RegistryV2Policy.Policy).ToScript(ScriptLanguage.PlutusV3),
            new JsonObject { ["Action"] = RegistryRedeemer.V2.Definition() }
        );
}
