using Masumi.Protocol.Wire;

namespace Masumi.Protocol.PaymentService.Wallets;

/// <summary>How the operations about funding wallets say no.</summary>
public static class FundRefusals
{
    /// <summary>No source has this id.</summary>
    public static RefusalKind SourceNotFound { get; } =
        new(404, "payment_source_not_found", "Payment source not found", "GET /payment-source lists the sources with their ids.");

    /// <summary>The source went away meanwhile.</summary>
    public static RefusalKind SourceInactive { get; } =
        new(409, "payment_source_inactive", "Payment source is not active any more", "Name another source: GET /payment-source lists them.");

    /// <summary>No funding wallet has this id.</summary>
    public static RefusalKind NotFound { get; } =
        new(404, "fund_wallet_not_found", "Fund wallet not found", "GET /fund-wallet with paymentSourceId lists the funding wallets of a source.");

    /// <summary>A change that changes nothing.</summary>
    public static RefusalKind NoChange { get; } =
        new(400, "no_change_requested", "No fund wallet changes requested", "Send at least one of enabled and batchWindowMs.");

    /// <summary>Its money is on its way.</summary>
    public static RefusalKind InFlight { get; } =
        new(
            409,
            "distribution_in_flight",
            "Fund wallet has a distribution in flight",
            "Wait until the distribution is Confirmed or Failed; force does not help."
        );

    /// <summary>There is still something in it.</summary>
    public static RefusalKind NotEmpty { get; } =
        new(
            409,
            "fund_wallet_not_empty",
            "Fund wallet still holds funds",
            "Send them elsewhere first; or send force, and keep the mnemonic: this API shows it no more."
        );

    /// <summary>Whether there is still something in it cannot be told.</summary>
    public static RefusalKind BalanceUnknown { get; } =
        new(
            503,
            "balance_unknown",
            "The fund wallet's balance is not known now",
            "Try again; or send force, and keep the mnemonic: this API shows it no more."
        );
}
