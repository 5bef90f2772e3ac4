using Masumi.Protocol.Wire;

namespace Masumi.Protocol.PaymentService.Keys;

/// <summary>How the operations about API keys say no.</summary>
public static class KeyRefusals
{
    /// <summary>No key has this id.</summary>
    public static RefusalKind NotFound { get; } = new(404, "api_key_not_found", "API key not found", "GET /api-key lists the keys with their ids.");

    /// <summary>Credits would be less than nothing.</summary>
    public static RefusalKind InvalidAmount { get; } =
        new(400, "invalid_amount", "Invalid amount", "Credits cannot fall below zero, and a unit that the key has no credit of can only be added to.");

    /// <summary>An admin key sees all wallets.</summary>
    public static RefusalKind AdminWithScope { get; } =
        new(400, "admin_key_with_scope", "Admin API keys cannot have wallet scope enabled", "Leave walletScopeEnabled out, or make a key that is no admin.");

    /// <summary>An admin key spends without limit.</summary>
    public static RefusalKind AdminWithLimit { get; } =
        new(400, "admin_key_with_limit", "Admin API keys cannot have usage limits", "Send usageLimited false, or make a key that is no admin.");

    /// <summary>A wallet of the scope is none of this node.</summary>
    public static RefusalKind UnknownWallet { get; } =
        new(404, "wallet_not_found", "Wallet {id} not found", "GET /wallet/list lists the wallets with their ids.");

    /// <summary>Two keys would be one.</summary>
    public static RefusalKind TokenTaken { get; } = new(409, "token_taken", "Another API key has this token", "Choose another token.");
}
