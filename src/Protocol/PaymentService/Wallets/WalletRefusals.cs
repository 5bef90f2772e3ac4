using Masumi.Protocol.Wire;

namespace Masumi.Protocol.PaymentService.Wallets;

/// <summary>How the operations about hot wallets and addresses say no.</summary>
public static class WalletRefusals
{
    private const string Lists = "GET /wallet/list lists the wallets with their ids and types.";

    /// <summary>No wallet has this id and type.</summary>
    public static RefusalKind NoneOfType { get; } = new(404, "wallet_not_found", "{walletType} wallet not found", Lists);

    /// <summary>No wallet has this id.</summary>
    public static RefusalKind NoneWithId { get; } = new(404, "wallet_not_found", "{id} wallet not found", Lists);

    /// <summary>No wallet is the one that was named.</summary>
    public static RefusalKind NotFound { get; } = new(404, "wallet_not_found", "Wallet not found", Lists);

    /// <summary>Collected money could not go there.</summary>
    public static RefusalKind CollectionAddress { get; } =
        new(
            400,
            "invalid_address",
            "newCollectionAddress is not a valid Cardano address for this wallet network",
            "Send an address of the wallet's own network, or null for the wallet itself."
        );

    /// <summary>The words are none that a wallet is made of.</summary>
    public static RefusalKind InvalidMnemonic { get; } =
        new(400, "invalid_mnemonic", "Invalid mnemonic phrase", "Send 12 to 24 English words of a BIP-39 phrase, whose last word fits the others.");

    /// <summary>A wallet has one place in a node.</summary>
    public static RefusalKind WalletRegistered { get; } =
        new(409, "wallet_registered", "This wallet is already registered.", "Use another mnemonic, or delete the wallet that has this one.");

    /// <summary>No rule has this id.</summary>
    public static RefusalKind RuleNotFound { get; } =
        new(404, "low_balance_rule_not_found", "Low balance rule not found", "GET /wallet/low-balance lists the rules with their ids.");

    /// <summary>A wallet has one rule for an asset.</summary>
    public static RefusalKind RuleExists { get; } =
        new(
            409,
            "low_balance_rule_exists",
            "Low balance rule for this wallet and asset already exists",
            "Change the rule that exists with PATCH /wallet/low-balance."
        );

    /// <summary>A change that changes nothing.</summary>
    public static RefusalKind NoRuleChange { get; } =
        new(
            400,
            "no_change_requested",
            "No low balance rule changes requested",
            "Send at least one of thresholdAmount, enabled, topupEnabled and topupAmount."
        );

    /// <summary>What tops up is not topped up.</summary>
    public static RefusalKind TopUpOfFunding { get; } =
        new(
            400,
            "funding_wallet_topup",
            "Funding wallets cannot be configured as auto top-up targets",
            "Leave topupEnabled out, or name a Selling or Purchasing wallet."
        );

    /// <summary>How much to send is not said.</summary>
    public static RefusalKind TopUpAmountMissing { get; } = new(400, "topup_amount_missing", "topupAmount is required when topupEnabled is true");

    /// <summary>A top-up of ADA is too small to be worth its fee.</summary>
    public static RefusalKind TopUpTooSmall { get; } = new(400, "topup_amount_too_small", "ADA topupAmount must be at least 5000000 lovelace");

    /// <summary>A transfer of ADA is too small.</summary>
    public static RefusalKind TransferTooSmall { get; } = new(400, "transfer_too_small", "lovelaceAmount must be at least 2000000 (2 ADA)");

    /// <summary>Money could not go there.</summary>
    public static RefusalKind TransferAddress { get; } =
        new(400, "invalid_address", "toAddress is not a valid Cardano address for this wallet network", "Send an address of the wallet's own network.");

    /// <summary>No transfer has this id.</summary>
    public static RefusalKind TransferNotFound { get; } =
        new(404, "transfer_not_found", "Fund transfer not found", "GET /wallet/transfer-funds with hotWalletId lists a wallet's transfers.");

    /// <summary>This node has no source on the network, so no provider to ask.</summary>
    public static RefusalKind NetworkNotFound { get; } =
        new(404, "network_not_found", "Network not found", "Add a payment source of this network first: POST /payment-source-extended.");

    /// <summary>Nothing was ever sent to the address.</summary>
    public static RefusalKind AddressNotFound { get; } =
        new(404, "address_not_found", "Address not found", "Nothing was ever sent to this address: take it for empty, or check it.");

    /// <summary>No address, or one of another network.</summary>
    public static RefusalKind InvalidAddress { get; } = new(400, "invalid_address", "address is not a valid Cardano address for this network");
}
