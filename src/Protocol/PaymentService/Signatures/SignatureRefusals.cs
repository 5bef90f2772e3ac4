using Masumi.Protocol.Wire;

namespace Masumi.Protocol.PaymentService.Signatures;

/// <summary>How the operations about signatures say no (spec payment-service-api.md 6.9).</summary>
public static class SignatureRefusals
{
    private const string ValidFor = "Sign again, with a validUntil of at most two hours from now.";

    /// <summary>No payment here has the identifier.</summary>
    public static RefusalKind PaymentNotFound { get; } =
        new(404, "payment_not_found", "Payment not found", "Ask the seller's node: only it has the data of a payment.");

    /// <summary>It is there, but not for this key.</summary>
    public static RefusalKind OutOfScope { get; } =
        new(404, "not_in_wallet_scope", "Not found", "Use a key whose wallet scope has the payment's selling wallet.");

    /// <summary>The payment is on a network that the key may not use.</summary>
    public static RefusalKind NetworkNotAllowed { get; } =
        new(403, "network_not_allowed", "Network not allowed", "Use a key whose NetworkLimit has the payment's network.");

    /// <summary>Nobody asked for a refund of a delivered job.</summary>
    public static RefusalKind NotDisputed { get; } =
        new(400, "payment_not_disputed", "Payment is not disputed state", "Only the data of a payment whose onChainState is Disputed is shown.");

    /// <summary>The signer has no say in disputes.</summary>
    public static RefusalKind NotAnAdminWallet { get; } =
        new(400, "not_an_admin_wallet", "Wallet is not an admin wallet", "Sign with one of the AdminWallets of the payment's source.");

    /// <summary>Too late.</summary>
    public static RefusalKind SignatureExpired { get; } = new(400, "signature_expired", "Signature is expired", ValidFor);

    /// <summary>Valid for too long.</summary>
    public static RefusalKind SignatureTooFarAhead { get; } = new(400, "signature_too_far_ahead", "Signature is too far in the future", ValidFor);

    /// <summary>No agent of this node has the identifier, or its state is another.</summary>
    public static RefusalKind AgentNotFound { get; } =
        new(404, "registered_agent_not_found", "Registered agent not found", "GET /registry shows the agent's identifier of today, and its state.");

    /// <summary>Another key registered it.</summary>
    public static RefusalKind NotYoursToPublish { get; } =
        new(403, "not_the_creator", "You are not authorized to publish this agent", "Use the key that registered the agent, or an admin key.");
}
