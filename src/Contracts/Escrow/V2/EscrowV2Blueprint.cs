using System.Text.Json.Nodes;
using Masumi.Cardano.Scripts;
using Masumi.Contracts.Escrow.Common;
using Masumi.OnChain.Blueprints;
using Masumi.OnChain.Language;
using Masumi.Plutus.FlatFormat;
using static Masumi.OnChain.Blueprints.Schema;

namespace Masumi.Contracts.Escrow.V2;

/// <summary>The CIP-57 blueprint of our V2 escrow, before its parameters.</summary>
internal static class EscrowV2Blueprint
{
    /// <summary>Name and version.</summary>
    public const string Title = "escrow-v2/2";

    public static string Write() =>
        Blueprint.Write(
            Title,
            "Escrow between a buyer and a selling agent (V2 rules)",
            EscrowSchemas.Validator("escrow.v2.spend", EscrowSchemas.RequiredAdmins(), EscrowSchemas.Admins(), EscrowSchemas.Cooldown()),
            Compiler.Compile(EscrowV2Validator.Validator).ToScript(ScriptLanguage.PlutusV3),
            Definitions()
        );

    private static JsonObject Definitions() =>
        new()
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
            ["Address"] = EscrowSchemas.Address(),
            ["AdminSignature"] = Constructor(0, "AdminSignature", Bytes("verification_key"), Bytes("protected_headers"), Bytes("signature")),
            ["AdminSignatures"] = List(Reference("AdminSignature")),
            ["AssetValue"] = Map(Bytes("policy"), Reference("Tokens")),
            ["Credential"] = EscrowSchemas.Credential(),
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
            ["OptionalStake"] = EscrowSchemas.OptionalStake(),
            ["StakeCredential"] = EscrowSchemas.StakeCredential(),
            ["State"] = EscrowSchemas.State(EscrowState.RefundAuthorized),
            ["Tokens"] = Map(Bytes("name"), Integer("quantity")),
        };
}
