using Masumi.Protocol.Wire;

namespace Masumi.Protocol.PaymentService.Purchases;

/// <summary>How the operations about purchases say no (spec payment-service-api.md 6.2).</summary>
public static class PurchaseRefusals
{
    private const string OtherTerms = "Send every value as the seller gave it, and leave out what the seller left out.";

    /// <summary>No such row, or none that this key may see.</summary>
    public static RefusalKind NotFound { get; } =
        new(
            404,
            "purchase_not_found",
            "Purchase not found",
            "Check identifier and network; a key that is limited to some wallets sees theirs alone, and a new purchase has none yet."
        );

    /// <summary>There is one with this identifier: money is locked once.</summary>
    public static RefusalKind Exists { get; } =
        new(409, "purchase_exists", "Purchase exists", "Nothing is paid twice: go on with the row beside this, or with resolve-blockchain-identifier.")
        {
            Row = PurchaseRow.Brief,
        };

    /// <summary>An identifier that cannot be read.</summary>
    public static RefusalKind IdentifierFormat { get; } =
        new(400, "identifier_format", "Invalid blockchain identifier, format invalid", "Send it as the seller gave it, in lower case and complete.");

    /// <summary>An identifier of the other generation.</summary>
    public static RefusalKind SourceTypeMismatch { get; } =
        new(
            400,
            "source_type_mismatch",
            "Payment source type does not match the blockchain identifier",
            "Leave paymentSourceType out: the identifier says it."
        );

    /// <summary>V1 with a source.</summary>
    public static RefusalKind IndexForbidden { get; } =
        new(
            400,
            "source_index_forbidden",
            "V1 Cardano purchases must not set supportedPaymentSourceIndex; pricing comes from AgentPricing",
            "Leave supportedPaymentSourceIndex out."
        );

    /// <summary>Another contract than the seller signed for.</summary>
    public static RefusalKind ContractMismatch { get; } =
        new(
            400,
            "contract_mismatch",
            "Invalid blockchain identifier, smartContractAddress mismatch",
            "Leave smartContractAddress out: the identifier names the contract."
        );

    /// <summary>No source for the agent's registry.</summary>
    public static RefusalKind SourceNotFoundV1 { get; } =
        new(
            404,
            "source_not_configured",
            "No payment source found for agent identifiers policy id",
            "Add a payment source for the agent's registry, or buy through another node."
        );

    /// <summary>No source for the contract.</summary>
    public static RefusalKind SourceNotFoundV2 { get; } =
        new(
            404,
            "source_not_configured",
            "No configured V2 payment source found for smartContractAddress",
            "Add a payment source with this contract, or buy through another node."
        );

    /// <summary>Nobody could pay.</summary>
    public static RefusalKind NoPurchasingWallet { get; } =
        new(404, "purchasing_wallet_not_found", "No valid purchasing wallets found", "Add a purchasing wallet to the payment source.");

    /// <summary>The key is limited to no wallet at all, so that nobody could ever pay.</summary>
    public static RefusalKind ScopeEmpty { get; } =
        new(400, "scope_empty", "The wallet scope of this API key is empty: no wallet may pay", "Have an admin put a purchasing wallet into the key's scope.");

    /// <summary>Another holds the agent's token.</summary>
    public static RefusalKind SellerVkeyInvalid { get; } =
        new(
            400,
            "seller_vkey_invalid",
            "Invalid seller vkey",
            "The agent's token is held by another key: do not pay, unless you can tell why its seller changed."
        );

    /// <summary>The agent's metadata cannot be read.</summary>
    public static RefusalKind MetadataInvalid { get; } =
        new(404, "agent_metadata_invalid", "Agent identifier metadata invalid or unsupported", "The agent must be registered again by its owner.");

    /// <summary>The agent is not paid on Cardano.</summary>
    public static RefusalKind NoCardanoSource { get; } =
        new(400, "source_missing", "Agent metadata does not advertise a Cardano payment source", "This agent cannot be paid through this service.");

    /// <summary>The agent names another contract than the seller signed for.</summary>
    public static RefusalKind SettlementMismatch { get; } =
        new(
            400,
            "source_settlement_mismatch",
            "Selected Cardano payment source settlement does not match the signed smartContractAddress",
            "Send the index that the seller signed for; when it was that, do not pay."
        );

    /// <summary>The agent names no price.</summary>
    public static RefusalKind PricingMissing { get; } =
        new(400, "pricing_missing", "Agent metadata does not advertise any pricing", "The agent must be registered again by its owner, with a price.");

    /// <summary>An agent that works for nothing.</summary>
    public static RefusalKind PricingFree { get; } =
        new(400, "pricing_free", "Agent identifier pricing type not supported", "A free agent needs no purchase: start the job.");

    /// <summary>Another price than the registry's.</summary>
    public static RefusalKind PriceMismatch { get; } =
        new(
            400,
            "price_mismatch",
            "Provided Amounts do not match the fixed pricing of the agent",
            "The price has changed, or you expected another: look it up, and leave Amounts out to pay whatever it is."
        );

    /// <summary>No price where the registry has none.</summary>
    public static RefusalKind AmountsRequired { get; } = new(400, "amounts_required", "For dynamic pricing, Amounts must be provided");

    /// <summary>A price of nothing or less.</summary>
    public static RefusalKind AmountsNotPositive { get; } = new(400, "amounts_not_positive", "Amounts must be positive");

    /// <summary>A price beyond what the chain can hold.</summary>
    public static RefusalKind AmountsTooLarge { get; } =
        new(400, "amounts_too_large", "Amounts are too large", "Of one unit at most 9223372036854775807 can be paid, all amounts together.");

    /// <summary>Signed for another buyer.</summary>
    public static RefusalKind PurchaserMismatch { get; } =
        new(
            400,
            "purchaser_mismatch",
            "Invalid blockchain identifier, purchaser id mismatch",
            "Send the nonce that you gave the agent; when you did, do not pay."
        );

    /// <summary>The seller's nonce is no hex.</summary>
    public static RefusalKind SellerNotHex { get; } = new(400, "seller_not_hex", "Seller identifier is not a valid hex string", OtherTerms);

    /// <summary>Signed for another agent.</summary>
    public static RefusalKind AgentMismatch { get; } =
        new(400, "agent_mismatch", "Invalid blockchain identifier, agent identifier mismatch", "The offer is of another agent: do not pay.");

    /// <summary>No key to check the signature with.</summary>
    public static RefusalKind KeyNotFound { get; } = new(400, "key_not_found", "Invalid blockchain identifier, key not found", OtherTerms);

    /// <summary>Signed by another.</summary>
    public static RefusalKind KeyMismatch { get; } =
        new(400, "key_mismatch", "Invalid blockchain identifier, key does not match", "Another than the agent's seller signed: do not pay.");

    /// <summary>V2 without a contract.</summary>
    public static RefusalKind ContractMissing { get; } =
        new(400, "contract_missing", "Invalid blockchain identifier, V2 must carry smartContractAddress", OtherTerms);

    /// <summary>Signed were other terms.</summary>
    public static RefusalKind SignatureInvalid { get; } =
        new(400, "signature_invalid", "Invalid blockchain identifier, signature invalid", $"The seller signed other terms. {OtherTerms}");

    /// <summary>A seller that could never collect.</summary>
    public static RefusalKind SellerWithoutKey { get; } =
        new(
            400,
            "seller_without_key",
            "Seller principal address (resolved from agent NFT holder) must be a Cardano base or enterprise address with a verification-key payment credential.",
            "A script holds the agent's token and could never collect: do not pay."
        );

    /// <summary>Hydra on V1.</summary>
    public static RefusalKind LayerNeedsV2 { get; } =
        new(400, "layer_needs_v2", "paymentForceLayer=\"Hydra\" is supported only for Web3CardanoV2 purchases", "Leave it out.");

    /// <summary>Both insist, on different layers.</summary>
    public static RefusalKind LayerConflict { get; } =
        new(400, "layer_conflict", "forceLayer conflicts with the seller-signed paymentForceLayer", "Leave forceLayer out, or ask the seller for other terms.");

    /// <summary>The key has not enough credit for the price.</summary>
    public static RefusalKind CreditsExhausted { get; } =
        new(400, "credits_exhausted", "Insufficient funds", "The key's credit is too small: have an admin raise it, then send the same request again.");

    /// <summary>The key has not enough allowance for what goes beside the price.</summary>
    public static RefusalKind OverheadExhausted { get; } =
        new(
            400,
            "overhead_exhausted",
            "Insufficient funds",
            "The key's allowance for fees and for ADA beside prices is used up: wait for escrows to end, or have an admin raise it."
        );

    /// <summary>No row that could be acted upon.</summary>
    public static RefusalKind InvalidStateForRefund { get; } =
        new(404, "purchase_in_invalid_state", "Purchase not found or not in valid state", "See GET /purchase/{id}/explain for what is possible now.");

    /// <summary>No row that could be acted upon.</summary>
    public static RefusalKind InvalidStateForCancel { get; } =
        new(404, "purchase_in_invalid_state", "Purchase not found or in invalid state", "See GET /purchase/{id}/explain for what is possible now.");

    /// <summary>Another key made the row.</summary>
    public static RefusalKind NotCreatorOfRefund { get; } =
        new(403, "not_creator", "You are not authorized to request a refund for this purchase", "Use the key that made the purchase, or an admin key.");

    /// <summary>Another key made the row.</summary>
    public static RefusalKind NotCreatorOfCancel { get; } =
        new(403, "not_creator", "You are not authorized to cancel a refund request for this purchase", "Use the key that made the purchase, or an admin key.");

    /// <summary>Another key made the row.</summary>
    public static RefusalKind NotCreatorOfRecovery { get; } =
        new(403, "not_creator", "You are not authorized to recover this purchase request", "Use the key that made the purchase, or an admin key.");

    /// <summary>Somebody else was faster.</summary>
    public static RefusalKind ChangedConcurrently { get; } = new(409, "purchase_changed", "Purchase state changed concurrently; retry against the new state");

    /// <summary>The contract takes no dispute any more.</summary>
    public static RefusalKind RefundTooLate { get; } =
        new(400, "refund_too_late", "Unlock time has passed", "The contract takes no request for a refund any more: the seller may collect.");

    /// <summary>V2 releases disputed money alone.</summary>
    public static RefusalKind WithdrawalNeedsDispute { get; } =
        new(
            400,
            "withdrawal_needs_dispute",
            "Authorize withdrawal is only available for disputed V2 purchases",
            "Without a result there is nothing to pay for: the money comes back after submitResultTime."
        );

    /// <summary>No such row as the caller has seen.</summary>
    public static RefusalKind RecoveryNotFound { get; } =
        new(
            404,
            "recovery_not_found",
            "Purchase request not found with the provided blockchain identifier or it was changed",
            "Read the row again and send its updatedAt as it stands there."
        );

    /// <summary>Nothing is on chain yet.</summary>
    public static RefusalKind RecoveryInitial { get; } =
        new(
            400,
            "recovery_initial",
            "Purchase request is in its initial on-chain state. Only a failed funds-locking action can be retried.",
            "Send retryPreviousAction true when locking has failed."
        );

    /// <summary>It does not wait for anybody.</summary>
    public static RefusalKind RecoveryNotWaiting { get; } =
        new(
            400,
            "recovery_not_waiting",
            "Purchase request is not in WaitingForManualAction state. Current state: {action}",
            "It goes on by itself: nothing needs to be recovered."
        );

    /// <summary>It has no error.</summary>
    public static RefusalKind RecoveryNoError { get; } = new(400, "recovery_no_error", "Purchase request is not in an error state. No error to clear.");

    /// <summary>What came before cannot be done again.</summary>
    public static RefusalKind RecoveryNotRetryable { get; } =
        new(
            400,
            "recovery_not_retryable",
            "The immediately preceding purchase action is not retryable.",
            "Send retryPreviousAction false to forget the error alone."
        );

    /// <summary>The money has gone.</summary>
    public static RefusalKind RecoveryCompleted { get; } =
        new(400, "recovery_completed", "The purchase is already completed and its previous action cannot be retried.");
}
