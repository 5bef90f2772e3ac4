using Masumi.Protocol.Wire;

namespace Masumi.Protocol.PaymentService;

/// <summary>How the service says that a key may not do something: each is 401 (spec payment-service-api.md 1.2).</summary>
public static class AccessRefusals
{
    /// <summary>There is no key.</summary>
    public static RefusalKind NoToken { get; } =
        new(401, "no_token", "Unauthorized, no authentication token provided", "Send the API key in the header token.");

    /// <summary>There is no such key.</summary>
    public static RefusalKind UnknownToken { get; } = new(401, "unknown_token", "Unauthorized, invalid authentication token provided", "Check the API key.");

    /// <summary>The key is not taken any more.</summary>
    public static RefusalKind Revoked { get; } = new(401, "key_revoked", "Unauthorized, API key is revoked", "Ask the operator for another key.");

    /// <summary>The key may do less than this needs.</summary>
    public static RefusalKind NotGranted { get; } =
        new(401, "not_granted", "Unauthorized, {permission} access required", "GET /api-key-status shows what the key may do.");

    /// <summary>The key is for other networks.</summary>
    public static RefusalKind NetworkNotAllowed { get; } =
        new(401, "network_not_allowed", "Unauthorized, network not allowed", "GET /api-key-status shows the key's networks.");

    /// <summary>The chain is needed, and does not answer.</summary>
    public static RefusalKind ChainUnavailable { get; } =
        new(503, "chain_unavailable", "The chain is not available", "Ask again later: nothing was changed. GET /health tells when the chain is there.");

    /// <summary>The database is needed, and cannot be used.</summary>
    public static RefusalKind StorageUnavailable { get; } =
        new(503, "storage_unavailable", "The database cannot be used now", "Look at what stands before asking again: a change may have been made.");

    /// <summary>An operation of the network's other services that this one does not have.</summary>
    public static RefusalKind NotServed { get; } = new(501, "not_served", "This node does not serve {group}", "See /docs for what it serves.");
}
