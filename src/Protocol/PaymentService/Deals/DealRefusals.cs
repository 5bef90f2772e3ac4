using System.Collections.Immutable;
using System.Globalization;
using Masumi.Protocol.Wire;

namespace Masumi.Protocol.PaymentService.Deals;

/// <summary>How payments and purchases say no alike (spec payment-service-api.md 6.1, 6.2).</summary>
public static class DealRefusals
{
    /// <summary>The deal's wallet is not among those of the key.</summary>
    public static RefusalKind OutOfScope { get; } =
        new(404, "out_of_scope", "Not found", "The key is limited to some wallets, and this deal's is none of them: use another key.");

    /// <summary>The hash of the input is no hex.</summary>
    public static RefusalKind InputHashNotHex { get; } =
        new(400, "input_hash_not_hex", "Input hash is not a valid hex string", "Send the SHA-256 hash of the input as 64 hex digits (MIP-004).");

    /// <summary>The buyer's nonce is no hex.</summary>
    public static RefusalKind PurchaserNotHex { get; } =
        new(400, "purchaser_not_hex", "Purchaser identifier is not a valid hex string", "Send 14 to 26 hex digits, an even number of them.");

    /// <summary>Nobody holds the agent's token.</summary>
    public static RefusalKind AgentNotFound { get; } =
        new(404, "agent_not_found", "Agent identifier not found", "Wait until the registration is confirmed, or look the agent up in the registry.");

    /// <summary>The agent names fewer sources.</summary>
    public static RefusalKind IndexNotAdvertised { get; } =
        new(
            400,
            "source_index_not_advertised",
            "supportedPaymentSourceIndex {index} is not advertised by this agent",
            "Take the index of one of the agent's supported payment sources."
        );

    /// <summary>The source is on another chain.</summary>
    public static RefusalKind IndexNotCardano { get; } =
        new(
            400,
            "source_index_not_cardano",
            "supportedPaymentSourceIndex {index} does not select a Cardano payment source",
            "Take the index of a source whose chain is Cardano."
        );

    /// <summary>The source is on another network.</summary>
    public static RefusalKind SourceOfAnotherNetwork { get; } =
        new(
            400,
            "source_of_another_network",
            "Selected Cardano payment source network does not match the request network",
            "Take a source of the network that the request names."
        );

    /// <summary>A text that is no address of the network.</summary>
    public static RefusalKind AddressInvalid { get; } =
        new(
            400,
            "address_invalid",
            "{field}: {field} is not a valid Cardano address for the configured network",
            "Send a bech32 address of the request's network."
        );

    /// <summary>An address that nobody could sign for.</summary>
    public static RefusalKind ReturnAddressWithoutKey { get; } =
        new(
            400,
            "return_address_without_key",
            "{field} must be a Cardano base or enterprise address with a payment key credential",
            "Send the address of a wallet, not of a script."
        );

    /// <summary>An address that this key may not send money to.</summary>
    public static RefusalKind ReturnAddressNotAllowed { get; } =
        new(
            400,
            "return_address_not_allowed",
            "{field}: this key may not choose where money goes",
            "Leave it out, use an admin key, or have an admin put the address on the node's list of allowed ones."
        );

    /// <summary>Terms that would make an escrow which the other party could not move (docs/contracts.md).</summary>
    public static RefusalKind OutOfBounds { get; } =
        new(400, "terms_out_of_bounds", "{field}: {sentence}", "Both parties must be able to send the next transaction, which carries the terms again.");

    /// <summary>There is no Hydra head here.</summary>
    public static RefusalKind LayerUnavailable { get; } =
        new(
            400,
            "layer_unavailable",
            "{field}=\"Hydra\" is not available: this node has no Hydra head",
            "Leave it out or send L1, or use a node that has a head with the other party."
        );

    /// <summary>Somebody knows no such zone.</summary>
    public static RefusalKind TimeZoneUnknown { get; } =
        new(400, "time_zone_unknown", "timeZone: Invalid time zone {timeZone}", "Send an IANA name such as Europe/Berlin.");

    /// <summary>A time that ends before it begins.</summary>
    public static RefusalKind PeriodBackwards { get; } = new(400, "period_backwards", "Start date must be before end date.");

    /// <summary>Deadlines that one of the parties would refuse: of each rule one, in the order of checks.</summary>
    public static ImmutableArray<RefusalKind> Deadlines { get; } =
    [
        Deadline(DeadlineRule.PayByBeforeSubmitResult, "Pay by time must be before submit result time (min. 5 minutes)"),
        Deadline(DeadlineRule.PayByNotPast, "Pay by time must be in the future (max. 5 minutes)"),
        Deadline(DeadlineRule.DisputeAfterUnlock, "External dispute unlock time must be after unlock time (min. 15 minutes difference)"),
        Deadline(DeadlineRule.SubmitResultInFuture, "Submit result time must be in the future (min. 15 minutes)"),
        Deadline(DeadlineRule.SubmitResultBeforeUnlock, "Submit result time must be before unlock time with at least 15 minutes difference"),
        Deadline(DeadlineRule.PayByWithin, "Pay by time must be within {limit}"),
        Deadline(DeadlineRule.SubmitResultWithin, "Submit result time must be within {limit}"),
        Deadline(DeadlineRule.UnlockWithin, "Unlock time must be within {limit} after submit result time"),
        Deadline(DeadlineRule.DisputeWithin, "External dispute unlock time must be within {limit}"),
    ];

    /// <summary>The refusal of deadlines, with both times.</summary>
    /// <param name="refusal">The rule that is broken.</param>
    public static Refusal Of(DeadlineRefusal refusal)
    {
        ArgumentNullException.ThrowIfNull(refusal);
        return new Refusal(Deadlines[(int)refusal.Rule], refusal.Message, [("supplied", Time(refusal.Supplied)), ("required", Time(refusal.Required))]);
    }

    private static RefusalKind Deadline(DeadlineRule rule, string message) =>
        new(
            400,
            rule switch
            {
                DeadlineRule.PayByBeforeSubmitResult => "pay_by_too_near_result",
                DeadlineRule.PayByNotPast => "pay_by_past",
                DeadlineRule.DisputeAfterUnlock => "dispute_too_near_unlock",
                DeadlineRule.SubmitResultInFuture => "submit_result_too_soon",
                DeadlineRule.SubmitResultBeforeUnlock => "unlock_too_near_result",
                DeadlineRule.PayByWithin => "pay_by_too_late",
                DeadlineRule.SubmitResultWithin => "submit_result_too_late",
                DeadlineRule.UnlockWithin => "unlock_too_late",
                _ => "dispute_too_late",
            },
            message
        );

    private static string Time(DateTimeOffset time) => time.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
}
