using System.Text.Json.Nodes;
using Masumi.Cardano.Scripts;
using Masumi.Contracts.Escrow.Common;
using Masumi.OnChain.Blueprints;
using Masumi.OnChain.Language;
using Masumi.Plutus.FlatFormat;
using static Masumi.OnChain.Blueprints.Schema;

namespace Masumi.Contracts.Escrow.V1;

/// <summary>The CIP-57 blueprint of our V1 escrow, before its parameters.</summary>
internal static class EscrowV1Blueprint
{
    /// <summary>Name and version.</summary>
    public const string Title = "escrow-v1/2";

    public static string Write() =>
        Blueprint.Write(
            Title,
            "Escrow between a buyer and a selling agent (V1 rules)",
            EscrowSchemas.Validator(
                "escrow.v1.spend",
                EscrowSchemas.RequiredAdmins(),
                EscrowSchemas.Admins(),
                Blueprint.Parameter("fee_address", Reference("Address")),
                Blueprint.Parameter("fee_permille", Integer(description: "The fee in thousandths of every asset")),
                EscrowSchemas.Cooldown()
            ),
            Compiler.Compile(EscrowV1Validator.Validator).ToScript(ScriptLanguage.PlutusV3),
            Definitions()
        );

    private static JsonObject Definitions() =>
        new()
        {
            ["Action"] = Union(
                "Action",
                Constructor(0, "Withdraw"),
                Constructor(1, "SetRefundRequested"),
                Constructor(2, "UnSetRefundRequested"),
                Constructor(3, "WithdrawRefund"),
                Constructor(4, "WithdrawDisputed"),
                Constructor(5, "SubmitResult"),
                Constructor(6, "AuthorizeRefund")
            ),
            ["Address"] = EscrowSchemas.Address(),
            ["Credential"] = EscrowSchemas.Credential(),
            ["Datum"] = Constructor(
                0,
                "Datum",
                Reference("Address", "buyer"),
                Reference("Address", "seller"),
                Bytes("reference_key"),
                Bytes("reference_signature"),
                Bytes("seller_nonce", "32 bytes of nonce, then the agent identifier"),
                Bytes("buyer_nonce"),
                Integer("collateral_return_lovelace"),
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
            ["OptionalStake"] = EscrowSchemas.OptionalStake(),
            ["StakeCredential"] = EscrowSchemas.StakeCredential(),
            ["State"] = EscrowSchemas.State(EscrowState.Disputed),
        };
}
