using System.Text.Json.Nodes;
using Masumi.Contracts.OnChain;
using static Masumi.Contracts.Blueprints.Schema;

namespace Masumi.Contracts.Blueprints;

/// <summary>What goes into the escrows: datums, redeemers and what they are made of.</summary>
internal static class EscrowSchemas
{
    public static JsonObject V2() =>
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
            ["Address"] = Address(),
            ["AdminSignature"] = Constructor(0, "AdminSignature", Bytes("verification_key"), Bytes("protected_headers"), Bytes("signature")),
            ["AdminSignatures"] = List(Reference("AdminSignature")),
            ["AssetValue"] = Map(Bytes("policy"), Reference("Tokens")),
            ["Credential"] = Credential(),
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
            ["OptionalStake"] = OptionalStake(),
            ["StakeCredential"] = StakeCredential(),
            ["State"] = State(
                nameof(EscrowStates.FundsLocked),
                nameof(EscrowStates.ResultSubmitted),
                nameof(EscrowStates.RefundRequested),
                nameof(EscrowStates.Disputed),
                nameof(EscrowStates.WithdrawAuthorized),
                nameof(EscrowStates.RefundAuthorized)
            ),
            ["Tokens"] = Map(Bytes("name"), Integer("quantity")),
        };

    public static JsonObject V1() =>
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
            ["Address"] = Address(),
            ["Credential"] = Credential(),
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
            ["OptionalStake"] = OptionalStake(),
            ["StakeCredential"] = StakeCredential(),
            ["State"] = State(
                nameof(EscrowStates.FundsLocked),
                nameof(EscrowStates.ResultSubmitted),
                nameof(EscrowStates.RefundRequested),
                nameof(EscrowStates.Disputed)
            ),
        };

    private static JsonObject Address() =>
        Constructor(0, "Address", Reference("Credential", "payment_credential"), Reference("OptionalStake", "stake_credential"));

    private static JsonObject Credential() => Union("Credential", Constructor(0, "VerificationKey", Bytes("hash")), Constructor(1, "Script", Bytes("hash")));

    private static JsonObject OptionalStake() => Union("Optional", Constructor(0, "Some", Reference("StakeCredential")), Constructor(1, "None"));

    private static JsonObject StakeCredential() =>
        Union(
            "StakeCredential",
            Constructor(0, "Inline", Reference("Credential")),
            Constructor(1, "Pointer", Integer("slot_number"), Integer("transaction_index"), Integer("certificate_index"))
        );

    // States count from 0 in their order.
    private static JsonObject State(params string[] names) => Union("State", [.. names.Select((name, index) => Constructor(index, name))]);
}
