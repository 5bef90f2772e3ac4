using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Masumi.Cardano;
using Masumi.Contracts.OnChain;
using Masumi.Contracts.OnChain.Language;
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

    /// <summary>The escrow, before its parameters.</summary>
    public static string Escrow() =>
        Write(
            "masumi/escrow",
            "Escrow between a buyer and a selling agent (V2 rules)",
            new JsonObject
            {
                ["title"] = "escrow.v2.spend",
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
                ["parameters"] = new JsonArray(
                    Parameter("required_admins_multi_sig", Integer(description: "How many entries of the admin list must sign a settlement")),
                    Parameter("admin_vks", Reference("KeyHashes")),
                    Parameter("cooldown_period", Integer(description: "Milliseconds between two actions of one party"))
                ),
            },
            EscrowScript.Program(CompilerOptions.Release).ToScript(ScriptLanguage.PlutusV3),
            new JsonObject
            {
                ["Action"] = Union(
                    "Action",
                    Constructor(0, "Withdraw"),
                    Constructor(1, "SetRefundRequested"),
                    Constructor(2, "AuthorizeWithdrawal"),
                    Constructor(3, "WithdrawRefund"),
                    Constructor(
                        4,
                        "WithdrawDisputed",
                        Reference("AssetValue", "buyer_value"),
                        Reference("AssetValue", "seller_value"),
                        Reference("AdminSignatures", "admin_signatures")
                    ),
                    Constructor(5, "SubmitResult"),
                    Constructor(6, "AuthorizeRefund")
                ),
                ["Address"] = Constructor(0, "Address", Reference("Credential", "payment_credential"), Reference("OptionalStake", "stake_credential")),
                ["AdminSignature"] = Constructor(0, "AdminSignature", Bytes("verification_key"), Bytes("protected_headers"), Bytes("signature")),
                ["AdminSignatures"] = List(Reference("AdminSignature")),
                ["AssetValue"] = Map(Bytes("policy"), Reference("Tokens")),
                ["Credential"] = Union("Credential", Constructor(0, "VerificationKey", Bytes("hash")), Constructor(1, "Script", Bytes("hash"))),
                ["Datum"] = Constructor(
                    0,
                    "Datum",
                    Reference("Address", "buyer"),
                    Reference("OptionalAddress", "buyer_return_address"),
                    Reference("Address", "seller"),
                    Reference("OptionalAddress", "seller_return_address"),
                    Bytes("reference_key"),
                    Bytes("reference_signature", "At least 16 bytes"),
                    Bytes("seller_nonce"),
                    Bytes("buyer_nonce"),
                    Bytes("agent_identifier"),
                    Integer("collateral_return_lovelace", "Not negative"),
                    Bytes("input_hash"),
                    Bytes("result_hash"),
                    Integer("pay_by_time"),
                    Integer("submit_result_time"),
                    Integer("unlock_time"),
                    Integer("external_dispute_unlock_time"),
                    Integer("seller_cooldown_time"),
                    Integer("buyer_cooldown_time"),
                    Reference("State", "state")
                ),
                ["KeyHashes"] = List(Bytes()),
                ["OptionalAddress"] = Union("Optional", Constructor(0, "Some", Reference("Address")), Constructor(1, "None")),
                ["OptionalStake"] = Union("Optional", Constructor(0, "Some", Reference("StakeCredential")), Constructor(1, "None")),
                ["StakeCredential"] = Union(
                    "StakeCredential",
                    Constructor(0, "Inline", Reference("Credential")),
                    Constructor(1, "Pointer", Integer("slot_number"), Integer("transaction_index"), Integer("certificate_index"))
                ),
                ["State"] = Union(
                    "State",
                    Constructor(EscrowStates.FundsLocked, nameof(EscrowStates.FundsLocked)),
                    Constructor(EscrowStates.ResultSubmitted, nameof(EscrowStates.ResultSubmitted)),
                    Constructor(EscrowStates.RefundRequested, nameof(EscrowStates.RefundRequested)),
                    Constructor(EscrowStates.Disputed, nameof(EscrowStates.Disputed)),
                    Constructor(EscrowStates.WithdrawAuthorized, nameof(EscrowStates.WithdrawAuthorized)),
                    Constructor(EscrowStates.RefundAuthorized, nameof(EscrowStates.RefundAuthorized))
                ),
                ["Tokens"] = Map(Bytes("name"), Integer("quantity")),
            }
        );

    /// <summary>The registry policy.</summary>
    public static string Registry() =>
        Write(
            "masumi/registry",
            "Minting policy of agent tokens (V2 rules)",
            new JsonObject
            {
                ["title"] = "registry.v2.mint",
                ["redeemer"] = new JsonObject
                {
                    ["title"] = "action",
                    ["purpose"] = "mint",
                    ["schema"] = Reference("Action"),
                },
            },
            RegistryScript.V2,
            new JsonObject { ["Action"] = Union("Action", Constructor(0, "Mint"), Constructor(1, "Update"), Constructor(2, "Burn")) }
        );

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
