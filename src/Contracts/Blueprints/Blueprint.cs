using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Masumi.Cardano.Scripts;
using Masumi.Contracts.Escrow;
using Masumi.Contracts.OnChain.Language;
using Masumi.Plutus.FlatFormat;
using static Masumi.Contracts.Blueprints.Schema;

namespace Masumi.Contracts.Blueprints;

/// <summary>CIP-57 blueprints of our contracts: code, hash and the schemas of everything that goes in. Deterministic.</summary>
public static class Blueprint
{
    private static readonly JsonSerializerOptions Layout = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>An escrow, before its parameters.</summary>
    public static string Escrow(EscrowFamily family)
    {
        var isV1 = family == EscrowFamily.V1;
        return Write(
            isV1 ? "masumi/escrow-v1" : "masumi/escrow",
            $"Escrow between a buyer and a selling agent ({family} rules)",
            new JsonObject
            {
                ["title"] = isV1 ? "escrow.v1.spend" : "escrow.v2.spend",
                ["datum"] = new JsonObject
                {
                    ["title"] = "datum",
                    ["purpose"] = "spend",
                    ["schema"] = Reference("Datum"),
                },
                ["redeemer"] = new JsonObject
                {
                    ["title"] = "action",
                    ["purpose"] = "spend",
                    ["schema"] = Reference("Action"),
                },
                ["parameters"] = isV1
                    ? new JsonArray(
                        Parameter("required_admins_multi_sig", Integer(description: "How many entries of the admin list must sign a settlement")),
                        Parameter("admin_vks", Reference("KeyHashes")),
                        Parameter("fee_address", Reference("Address")),
                        Parameter("fee_permille", Integer(description: "The fee in thousandths of every asset")),
                        Parameter("cooldown_period", Integer(description: "Milliseconds between two actions of one party"))
                    )
                    : new JsonArray(
                        Parameter("required_admins_multi_sig", Integer(description: "How many entries of the admin list must sign a settlement")),
                        Parameter("admin_vks", Reference("KeyHashes")),
                        Parameter("cooldown_period", Integer(description: "Milliseconds between two actions of one party"))
                    ),
            },
            EscrowScript.Program(family, CompilerOptions.Release).ToScript(ScriptLanguage.PlutusV3),
            isV1 ? EscrowSchemas.V1() : EscrowSchemas.V2()
        );
    }

    /// <summary>A registry policy, before its parameters.</summary>
    public static string Registry(EscrowFamily family)
    {
        var isV1 = family == EscrowFamily.V1;
        var validator = new JsonObject
        {
            ["title"] = isV1 ? "registry.v1.mint" : "registry.v2.mint",
            ["redeemer"] = new JsonObject
            {
                ["title"] = "action",
                ["purpose"] = "mint",
                ["schema"] = Reference("Action"),
            },
        };
        if (isV1)
        {
            validator["parameters"] = new JsonArray(Parameter("payment_contract_address", Bytes(description: "The escrow's bech32 address as UTF-8 text")));
        }

        return Write(
            isV1 ? "masumi/registry-v1" : "masumi/registry",
            $"Minting policy of agent tokens ({family} rules)",
            validator,
            RegistryScript.Program(family, CompilerOptions.Release).ToScript(ScriptLanguage.PlutusV3),
            new JsonObject
            {
                ["Action"] = isV1
                    ? Union("Action", Constructor(0, "Mint"), Constructor(1, "Burn"))
                    : Union("Action", Constructor(0, "Mint"), Constructor(1, "Update"), Constructor(2, "Burn")),
            }
        );
    }

    private static JsonObject Parameter(string title, JsonNode schema) => new() { ["title"] = title, ["schema"] = schema };

    private static string Write(string title, string description, JsonObject validator, Script script, JsonObject definitions)
    {
        validator["compiledCode"] = Convert.ToHexStringLower(script.Bytes.Span);
        validator["hash"] = script.Hash.ToString();
        var document = new JsonObject
        {
            ["preamble"] = new JsonObject
            {
                ["title"] = title,
                ["description"] = description,
                ["version"] = "1.0.0",
                ["plutusVersion"] = "v3",
                ["compiler"] = new JsonObject { ["name"] = "masumi", ["version"] = "1" },
                ["license"] = "MIT",
            },
            ["validators"] = new JsonArray(validator),
            ["definitions"] = definitions,
        };
        return document.ToJsonString(Layout) + "\n";
    }
}
