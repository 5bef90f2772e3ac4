using System.Text.Json.Nodes;
using Masumi.Cardano.Scripts;
using Masumi.Contracts.Registry.Common;
using Masumi.OnChain.Blueprints;
using Masumi.OnChain.Language;
using Masumi.Plutus.FlatFormat;
using static Masumi.OnChain.Blueprints.Schema;

namespace Masumi.Contracts.Registry.V1;

/// <summary>The CIP-57 blueprint of our V1 registry policy, before its parameter.</summary>
internal static class RegistryV1Blueprint
{
    /// <summary>Name and version.</summary>
    public const string Title = "registry-v1/1";

    public static string Write() =>
        Blueprint.Write(
            Title,
            "Minting policy of agent tokens (V1 rules)",
            new JsonObject
            {
                ["title"] = "registry.v1.mint",
                ["redeemer"] = Blueprint.Argument("action", "mint", Reference("Action")),
                ["parameters"] = new JsonArray(
                    Blueprint.Parameter("payment_contract_address", Bytes(description: "The escrow's bech32 address as UTF-8 text"))
                ),
            },
            Compiler.Compile(RegistryV1Policy.Policy).ToScript(ScriptLanguage.PlutusV3),
            new JsonObject { ["Action"] = RegistryRedeemer.V1.Definition() }
        );
}
