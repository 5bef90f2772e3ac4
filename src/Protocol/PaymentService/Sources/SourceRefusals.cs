using Masumi.Protocol.PaymentService.Wallets;
using Masumi.Protocol.Wire;

namespace Masumi.Protocol.PaymentService.Sources;

/// <summary>How the operations about payment sources say no.</summary>
public static class SourceRefusals
{
    /// <summary>No source has this id.</summary>
    public static RefusalKind NotFound { get; } = FundRefusals.SourceNotFound;

    /// <summary>The same parameters make the same contract.</summary>
    public static RefusalKind Exists { get; } =
        new(
            409,
            "payment_source_exists",
            "A payment source with this smart contract address exists already",
            "Use the one that exists, or change the admin wallets, their signatures, the fee or the cooldown time."
        );

    /// <summary>No address, or one of another network.</summary>
    public static RefusalKind InvalidAddress { get; } =
        new(400, "invalid_address", "{member} is not a valid Cardano address for this network", "Send an address of the source's network.");

    /// <summary>No contract has these parameters.</summary>
    public static RefusalKind InvalidParameters { get; } = new(400, "invalid_parameters", "{member}: {reason}");

    /// <summary>A source that goes leaves deals behind.</summary>
    public static RefusalKind InUse { get; } =
        new(
            409,
            "payment_source_in_use",
            "Cannot remove a payment source that has open payments or purchases",
            "Wait until they are finished; or send force: then nothing new is taken, and what is open is followed to its end."
        );

    /// <summary>Funding wallets are removed elsewhere.</summary>
    public static RefusalKind FundingWallet { get; } =
        new(400, "funding_wallet", "Fund wallets cannot be removed via the payment source. Use the fund wallet DELETE endpoint.");

    /// <summary>Money is on its way to the wallet.</summary>
    public static RefusalKind DistributionInFlight { get; } =
        new(
            409,
            "distribution_in_flight",
            "Cannot remove a wallet while a fund distribution is in flight",
            "Wait until the distribution is Confirmed or Failed: GET /fund-distribution."
        );

    /// <summary>A wallet that goes leaves deals behind that only it can end.</summary>
    public static RefusalKind WalletInUse { get; } =
        new(
            409,
            "wallet_in_use",
            "Cannot remove a wallet that has open payments or purchases",
            "Wait until they are finished; or send force, and end them with the wallet's mnemonic by other means."
        );

    /// <summary>The chain could not be asked.</summary>
    public static RefusalKind ChainUnavailable { get; } =
        new(503, "chain_unavailable", "Unable to verify smart contract status. Please check your Blockfrost API key and try again.");
}
