using System.Collections.Immutable;
using Masumi.Protocol.Wire;

namespace Masumi.Protocol.PaymentService.Registry;

/// <summary>How the operations about registrations say no (spec payment-service-api.md 6.6, since-0.28.md 6).</summary>
public static class RegistryRefusals
{
    private const string LookAtState = "GET /registry shows the state; wait until it is one that allows this.";

    /// <summary>No payment source of this node fits.</summary>
    public static RefusalKind UnsupportedSource { get; } =
        new(
            404,
            "payment_source_not_found",
            "Network and Address combination not supported",
            "GET /payment-source and GET /wallet/list show the sources and selling wallets of this node."
        );

    /// <summary>It is there, but not for this key.</summary>
    public static RefusalKind OutOfScope { get; } =
        new(404, "not_in_wallet_scope", "Not found", "Use a key whose wallet scope has the wallet that holds the token.");

    /// <summary>The recipient is no wallet of the source.</summary>
    public static RefusalKind RecipientNotFound { get; } =
        new(
            404,
            "recipient_wallet_not_found",
            "Recipient wallet not found on the same payment source",
            "Name a wallet of that source, or leave recipientWalletAddress out."
        );

    /// <summary>Money beside the token, from a key that may not send any.</summary>
    public static RefusalKind FundingNotAllowed { get; } =
        new(400, "funding_not_allowed", "sendFundingLovelace: only an admin key may send funds along", "Leave it out, or use an admin key.");

    /// <summary>A V1 price on a V2 entry.</summary>
    public static RefusalKind PricingOnV2 { get; } =
        new(400, "pricing_on_v2", "V2 registrations must not set AgentPricing; put pricing inside each supportedPaymentSources[].pricing field");

    /// <summary>A V2 entry without a way to pay.</summary>
    public static RefusalKind SourcesMissingOnV2 { get; } =
        new(400, "payment_sources_missing", "V2 registrations require supportedPaymentSources with source-local pricing");

    /// <summary>Ways of paying on a V1 entry.</summary>
    public static RefusalKind SourcesOnV1 { get; } =
        new(400, "payment_sources_on_v1", "V1 registrations must not set supportedPaymentSources; use the top-level AgentPricing field");

    /// <summary>A V1 entry without a price.</summary>
    public static RefusalKind PricingMissingOnV1 { get; } = new(400, "pricing_missing", "V1 registrations require the top-level AgentPricing field");

    /// <summary>Claims of identity on a V1 entry, which has no place for them on chain.</summary>
    public static RefusalKind VerificationsOnV1 { get; } =
        new(400, "verifications_on_v1", "V1 registrations must not set verifications; only V2 metadata carries them");

    /// <summary>The same way of paying twice.</summary>
    public static RefusalKind DuplicateSource { get; } =
        new(400, "payment_source_duplicate", "supportedPaymentSources[{index}] duplicates an earlier payment option", "Leave one of the two out.");

    /// <summary>A way of paying on another network.</summary>
    public static RefusalKind SourceOnOtherNetwork { get; } =
        new(400, "payment_source_network", "Supported payment source network must match the registry network");

    /// <summary>A way of paying into a V1 contract on a V2 entry.</summary>
    public static RefusalKind SourceNotV2 { get; } =
        new(
            400,
            "payment_source_not_v2",
            "V2 registry entries may only advertise V2 payment sources.",
            "Register with a V1 source for payments into its contract."
        );

    /// <summary>A way of paying at something that is no address.</summary>
    public static RefusalKind SourceAddressInvalid { get; } =
        new(
            400,
            "payment_source_address",
            "supportedPaymentSources[{index}].address is not a valid Cardano address for the registry network",
            "GET /payment-source shows the contract addresses that this node follows."
        );

    /// <summary>A chain that the key may not use.</summary>
    public static RefusalKind ChainNotAllowed { get; } =
        new(
            400,
            "x402_network_not_allowed",
            "Not authorized to advertise x402 payment sources on this network",
            "An admin can add the chain to the key's ChainIdLimit."
        );

    /// <summary>A chain on which this node settles nothing.</summary>
    public static RefusalKind ChainNotAvailable { get; } =
        new(
            400,
            "x402_network_not_available",
            "x402 network is not available for settlement: {networks}",
            "Leave these ways of paying out, or have an admin enable the networks with a facilitator."
        );

    /// <summary>A price in what the chain does not know.</summary>
    public static RefusalKind InvalidAssets { get; } =
        new(
            400,
            "pricing_asset_not_found",
            "Invalid assets in pricing: {unit} (asset not found on-chain)",
            "A unit is policy id and asset name in hex, or empty for ADA."
        );

    /// <summary>The URL that the type of entry needs is missing.</summary>
    public static RefusalKind UrlMissing { get; } = new(400, "agent_url_missing", "{type} agents require {field}");

    /// <summary>A URL that another type of entry has.</summary>
    public static RefusalKind UrlOfOtherType { get; } = new(400, "agent_url_of_other_type", "{field} is not valid for a {type} agent; use {needed}");

    /// <summary>A text whose bytes no reader of the chain would take.</summary>
    public static RefusalKind TextTooLong { get; } =
        new(
            400,
            "metadata_text_too_long",
            "{field} takes {bytes} bytes on chain, at most {limit} are read",
            "Shorten it: letters beyond ASCII take two to four bytes."
        );

    /// <summary>An entry that no transaction can carry.</summary>
    public static RefusalKind MetadataTooLarge { get; } =
        new(
            400,
            "metadata_too_large",
            "Agent metadata is too large to mint within the transaction size limit",
            "Use fewer example outputs, ways of paying or verifications, or shorter texts."
        );

    /// <summary>Only Standard entries can be updated.</summary>
    public static RefusalKind TypeNotUpdatable { get; } =
        new(400, "agent_type_not_updatable", "Updating OpenApi/X402 agents is not yet supported", "Deregister the agent and register it anew.");

    /// <summary>Only V2 entries can be updated.</summary>
    public static RefusalKind UpdateNeedsV2 { get; } =
        new(
            400,
            "update_needs_v2",
            "Update agent identifier is only supported for Web3CardanoV2 payment sources",
            "Deregister the agent and register it anew: V1 has no update."
        );

    /// <summary>The identifier belongs to another registry than the source named.</summary>
    public static RefusalKind OtherPolicy { get; } =
        new(
            409,
            "agent_of_other_source",
            "agentIdentifier policy does not match this payment source",
            "Leave smartContractAddress out, or name the source that the agent was registered with."
        );

    /// <summary>This node did not register it.</summary>
    public static RefusalKind RegistrationNotFound { get; } =
        new(
            404,
            "registration_not_found",
            "Registration not found",
            "Ask the node that registered the agent. An identifier changes with each update: GET /registry shows today's."
        );

    /// <summary>The chain has no such token.</summary>
    public static RefusalKind AssetNotFound { get; } =
        new(404, "asset_not_found", "Asset not found", "An identifier changes with each update: GET /registry shows today's.");

    /// <summary>The token is with somebody else.</summary>
    public static RefusalKind HeldElsewhere { get; } =
        new(
            409,
            "asset_held_elsewhere",
            "Registered asset is not currently held by a managed wallet",
            "Send the token back to a wallet of this node: who holds it is the agent's seller."
        );

    /// <summary>Another key registered it.</summary>
    public static RefusalKind NotYoursToUpdate { get; } =
        new(403, "not_the_creator", "You are not authorized to update this agent", "Use the key that registered the agent, or an admin key.");

    /// <summary>Another key registered it.</summary>
    public static RefusalKind NotYoursToDeregister { get; } =
        new(403, "not_the_creator", "You are not authorized to deregister this agent", "Use the key that registered the agent, or an admin key.");

    /// <summary>Its state does not allow an update.</summary>
    public static RefusalKind NotUpdatableNow { get; } =
        new(400, "registration_state", "Agent registration cannot be updated in its current state: {state}", LookAtState);

    /// <summary>Its state does not allow an update any more: another request came first.</summary>
    public static RefusalKind NotUpdatableAnyMore { get; } =
        new(409, "registration_state_changed", "Agent registration cannot be updated in its current state: {state}", LookAtState);

    /// <summary>Another request came first.</summary>
    public static RefusalKind StateChanged { get; } = new(409, "registration_state_changed", "Agent registration state changed concurrently; please retry");

    /// <summary>Its state does not allow the burn.</summary>
    public static RefusalKind NotDeregisterableNow { get; } =
        new(409, "registration_state", "Agent registration cannot be deregistered in its current state: {state}", LookAtState);

    /// <summary>No such row.</summary>
    public static RefusalKind RowNotFound { get; } =
        new(404, "registration_not_found", "Agent Registration not found", "The id is that of a row of GET /registry, not an agent identifier.");

    /// <summary>Its state does not allow that it is forgotten.</summary>
    public static RefusalKind NotDeletableNow { get; } =
        new(
            400,
            "registration_state",
            "Agent registration cannot be deleted in its current state: {state}",
            "Only RegistrationFailed and DeregistrationConfirmed can be deleted: deregister the agent first."
        );

    /// <summary>This node has no such wallet.</summary>
    public static RefusalKind WalletNotFound { get; } = new(404, "wallet_not_found", "Wallet not found", "GET /wallet/list shows the wallets and their vkeys.");

    /// <summary>The wallet's address has no stake part, and the chain shows nothing at it.</summary>
    public static RefusalKind StakeAddressNotFound { get; } =
        new(404, "stake_address_not_found", "Stake address not found", "The chain knows nothing of this wallet yet: it was never used.");

    /// <summary>The wallet holds no token at all.</summary>
    public static RefusalKind WalletWithoutAssets { get; } =
        new(404, "asset_not_found", "Asset not found", "The wallet holds no token, so that it has no agent.");

    /// <summary>No hex.</summary>
    public static RefusalKind IdentifierNotHex { get; } =
        new(400, "agent_identifier_not_hex", "Agent identifier is not a valid hex string", "It has 120 hex digits: policy id and asset name.");

    /// <summary>No payment source of this node has this policy.</summary>
    public static RefusalKind UnsupportedPolicy { get; } =
        new(
            404,
            "policy_not_supported",
            "Network and policyId combination not supported",
            "The first 56 digits name the registry; this node has no payment source with it on this network."
        );

    /// <summary>It is there, but not for this key.</summary>
    public static RefusalKind AgentOutOfScope { get; } =
        new(404, "agent_not_in_wallet_scope", "Agent not found", "A key with a wallet scope sees its own agents alone.");

    /// <summary>The chain has no such token.</summary>
    public static RefusalKind AgentNotFound { get; } =
        new(404, "agent_not_found", "Agent identifier not found", "An identifier changes with each update: ask a registry service for the agent's newest.");

    /// <summary>The chain did not answer.</summary>
    public static RefusalKind ChainFailed { get; } =
        new(500, "chain_failed", "Error fetching asset metadata from blockchain", "Try again: nothing was changed.");

    /// <summary>The token was made without a description.</summary>
    public static RefusalKind MetadataNotFound { get; } =
        new(404, "agent_metadata_not_found", "Agent registry metadata not found", "The token says nothing about an agent.");

    /// <summary>The token's description is not in the network's form.</summary>
    public static RefusalKind MetadataInvalid { get; } =
        new(422, "agent_metadata_invalid", "Agent metadata is invalid or malformed", "Whoever registered the agent has to do so again.");

    /// <summary>The token's description has no price.</summary>
    public static RefusalKind MetadataWithoutPricing { get; } =
        new(422, "agent_metadata_without_pricing", "Agent metadata does not advertise any pricing", "Whoever registered the agent has to do so again.");

    internal static ImmutableArray<RefusalKind> OfDetails { get; } =
    [
        FundingNotAllowed,
        RecipientNotFound,
        PricingOnV2,
        DuplicateSource,
        SourceOnOtherNetwork,
        SourceNotV2,
        SourceAddressInvalid,
        ChainNotAllowed,
        ChainNotAvailable,
        InvalidAssets,
        UrlMissing,
        UrlOfOtherType,
        TextTooLong,
        MetadataTooLarge,
    ];

    internal static ImmutableArray<RefusalKind> OfHolder { get; } =
    [UnsupportedSource, OtherPolicy, AssetNotFound, HeldElsewhere, OutOfScope, RegistrationNotFound, StateChanged];
}
