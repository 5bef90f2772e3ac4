using Masumi.Protocol.Wire;

namespace Masumi.Protocol.PaymentService.Payments;

/// <summary>How the operations about payments say no (spec payment-service-api.md 6.1).</summary>
public static class PaymentRefusals
{
    /// <summary>No such row, or none that this key may see.</summary>
    public static RefusalKind NotFound { get; } =
        new(404, "payment_not_found", "Payment not found", "Check identifier and network; a key that is limited to some wallets sees theirs alone.");

    /// <summary>No registry of this node has minted the agent.</summary>
    public static RefusalKind PolicyUnsupported { get; } =
        new(
            404,
            "policy_unsupported",
            "Network and policyId combination not supported",
            "Check the agent identifier and the network, or add a payment source for this registry."
        );

    /// <summary>The agent's registry belongs to another generation of the contract.</summary>
    public static RefusalKind SourceTypeMismatch { get; } =
        new(
            400,
            "source_type_mismatch",
            "paymentSourceType does not match the agent registry source",
            "Leave paymentSourceType out, or send the type of the agent's source."
        );

    /// <summary>Hydra on V1.</summary>
    public static RefusalKind LayerNeedsV2 { get; } =
        new(400, "layer_needs_v2", "forceLayer=\"Hydra\" is supported only for Web3CardanoV2 payment sources", "Leave forceLayer out.");

    /// <summary>The agent's token has no metadata.</summary>
    public static RefusalKind MetadataMissing { get; } =
        new(404, "agent_metadata_missing", "Agent registry metadata not found", "Register the agent again: its token says nothing about it.");

    /// <summary>The agent's metadata cannot be read.</summary>
    public static RefusalKind MetadataInvalid { get; } =
        new(404, "agent_metadata_invalid", "Agent registry metadata not valid", "Register the agent again: what its token says cannot be read.");

    /// <summary>V2 without a source.</summary>
    public static RefusalKind IndexRequired { get; } =
        new(
            400,
            "source_index_required",
            "V2 Cardano payments require supportedPaymentSourceIndex to select a priced Cardano source",
            "Send the index of one of the agent's supported payment sources."
        );

    /// <summary>V1 with a source.</summary>
    public static RefusalKind IndexForbidden { get; } =
        new(
            400,
            "source_index_forbidden",
            "V1 Cardano payments must not set supportedPaymentSourceIndex; pricing comes from AgentPricing",
            "Leave supportedPaymentSourceIndex out."
        );

    /// <summary>A source of which something is missing.</summary>
    public static RefusalKind SettlementUnsupported { get; } =
        new(
            400,
            "source_settlement_unsupported",
            "Selected Cardano payment source settlement is incomplete or unsupported",
            "Take another source, or register the agent again with one of type Web3CardanoV2 that names its contract."
        );

    /// <summary>The agent is paid through a contract that this node does not serve.</summary>
    public static RefusalKind SourceNotConfigured { get; } =
        new(
            404,
            "source_not_configured",
            "Selected Cardano payment source is not configured on this node",
            "Add a payment source with the contract that the agent names, or take another of its sources."
        );

    /// <summary>The agent names no price.</summary>
    public static RefusalKind PricingMissing { get; } =
        new(
            400,
            "pricing_missing",
            "Selected payment source does not advertise valid Cardano pricing",
            "Register the agent again with a price for this source."
        );

    /// <summary>A price where the registry has one.</summary>
    public static RefusalKind FundsForFixedPrice { get; } =
        new(400, "funds_for_fixed_price", "For fixed pricing, RequestedFunds must be null", "Leave RequestedFunds out.");

    /// <summary>No price where the registry has none.</summary>
    public static RefusalKind FundsRequired { get; } = new(400, "funds_required", "For dynamic pricing, RequestedFunds must be provided");

    /// <summary>An agent that works for nothing.</summary>
    public static RefusalKind PricingFree { get; } =
        new(400, "pricing_free", "Pricing type not supported for payments", "A free agent needs no payment: start the work.");

    /// <summary>A price of nothing or less.</summary>
    public static RefusalKind FundsNotPositive { get; } = new(400, "funds_not_positive", "RequestedFunds amounts must be positive");

    /// <summary>A price beyond what the chain can hold.</summary>
    public static RefusalKind FundsTooLarge { get; } =
        new(400, "funds_too_large", "RequestedFunds amounts are too large", "Of one unit at most 9223372036854775807 can be asked for, all amounts together.");

    /// <summary>A lock at the last moment would be trusted too late to work.</summary>
    public static RefusalKind ConfirmationsTooLate { get; } =
        new(
            400,
            "confirmations_too_late",
            "Pay by time must be before submit result time (min. {minutes} minutes: {confirmations} at this price, and 10 minutes)",
            "Leave more time between the two: a lock of this worth is trusted only under so many blocks."
        );

    /// <summary>Another node sells this agent.</summary>
    public static RefusalKind SellingWalletNotFound { get; } =
        new(
            404,
            "selling_wallet_not_found",
            "Selling wallet not found",
            "The agent's token is held by a wallet that is no selling wallet of this source: ask the node that sells the agent."
        );

    /// <summary>There is one with this identifier.</summary>
    public static RefusalKind Exists { get; } =
        new(409, "payment_exists", "Payment exists", "The row that stands in the way is beside this, where the key may see it.") { Row = PaymentRow.Brief };

    /// <summary>No row that could be acted upon.</summary>
    public static RefusalKind InvalidState { get; } =
        new(404, "payment_in_invalid_state", "Payment not found or in invalid state", "See GET /payment/{id}/explain for what is possible now.");

    /// <summary>Another key made the row.</summary>
    public static RefusalKind NotCreatorOfResult { get; } =
        new(403, "not_creator", "You are not authorized to submit results for this payment", "Use the key that made the payment, or an admin key.");

    /// <summary>Another key made the row.</summary>
    public static RefusalKind NotCreatorOfRefund { get; } =
        new(403, "not_creator", "You are not authorized to authorize a refund for this payment", "Use the key that made the payment, or an admin key.");

    /// <summary>Another key made the row.</summary>
    public static RefusalKind NotCreatorOfRecovery { get; } =
        new(403, "not_creator", "You are not authorized to recover this payment request", "Use the key that made the payment, or an admin key.");

    /// <summary>Somebody else was faster.</summary>
    public static RefusalKind ChangedConcurrently { get; } = new(409, "payment_changed", "Payment state changed concurrently; retry against the new state");

    /// <summary>The contract takes no result any more.</summary>
    public static RefusalKind ResultTooLate { get; } =
        new(400, "result_too_late", "Submit result time has passed", "The contract takes no result any more: the money goes back to the buyer.");

    /// <summary>V1 knows consent in a dispute alone.</summary>
    public static RefusalKind RefundNeedsDispute { get; } =
        new(
            400,
            "refund_needs_dispute",
            "Authorize refund is only available for disputed V1 payments",
            "Without a result the buyer takes the money back by itself: there is nothing to agree to."
        );

    /// <summary>No such row as the caller has seen.</summary>
    public static RefusalKind RecoveryNotFound { get; } =
        new(
            404,
            "recovery_not_found",
            "Payment request not found with the provided blockchain identifier or it was changed",
            "Read the row again and send its updatedAt as it stands there."
        );

    /// <summary>Nothing is on chain yet.</summary>
    public static RefusalKind RecoveryInitial { get; } =
        new(400, "recovery_initial", "Payment request is in its initial on-chain state. Can not be recovered. Please start a new payment request.");

    /// <summary>It does not wait for anybody.</summary>
    public static RefusalKind RecoveryNotWaiting { get; } =
        new(
            400,
            "recovery_not_waiting",
            "Payment request is not in WaitingForManualAction state. Current state: {action}",
            "It goes on by itself: nothing needs to be recovered."
        );

    /// <summary>It has no error.</summary>
    public static RefusalKind RecoveryNoError { get; } = new(400, "recovery_no_error", "Payment request is not in an error state. No error to clear.");

    /// <summary>What came before cannot be done again.</summary>
    public static RefusalKind RecoveryNotRetryable { get; } =
        new(
            400,
            "recovery_not_retryable",
            "The immediately preceding payment action is not retryable.",
            "Send retryPreviousAction false to forget the error alone."
        );

    /// <summary>The result is not known any more.</summary>
    public static RefusalKind RecoveryNoResult { get; } =
        new(400, "recovery_no_result", "The failed submit-result action has no result hash to retry.", "Forget the error, then submit the result again.");

    /// <summary>The money has gone.</summary>
    public static RefusalKind RecoveryCompleted { get; } =
        new(400, "recovery_completed", "The payment is already completed and its previous action cannot be retried.");

    /// <summary>Nobody may lock for it now.</summary>
    public static RefusalKind NotBuildable { get; } =
        new(404, "payment_not_buildable", "Payment not found or not in a buildable state", "Take a payment that waits for its lock.");

    /// <summary>The time to pay is over.</summary>
    public static RefusalKind Expired { get; } = new(400, "payment_expired", "Payment has expired", "Ask the seller for a new payment.");

    /// <summary>A buyer that could never take a refund.</summary>
    public static RefusalKind BuyerAddressWithoutKey { get; } =
        new(
            400,
            "buyer_address_without_key",
            "buyerAddress must be a Cardano base or enterprise address with a verification-key payment credential.",
            "Send the address of a wallet, not of a script."
        );

    /// <summary>The buyer's coins are not enough.</summary>
    public static RefusalKind BuyerFundsShort { get; } =
        new(400, "buyer_funds_short", "Not enough funds at buyerAddress: {missing} missing", "Fund the address, or name another.");

    /// <summary>A row of old that names a script to be paid.</summary>
    public static RefusalKind StoredAddressWithoutKey { get; } =
        new(
            409,
            "stored_address_without_key",
            "Stored sellerReturnAddress is not a Cardano base or enterprise address with a payment key credential",
            "Ask the seller for a new payment."
        );
}
