using Example = Masumi.Protocol.PaymentService.Deals.DealExamples;

namespace Masumi.Protocol.PaymentService.Purchases;

internal static class PurchaseExamples
{
    /// <summary>As it was just made.</summary>
    public static readonly PurchaseRow Made = new(
        Example.PurchaseId,
        Example.Made,
        Example.Made,
        Example.Identifier,
        Example.Agent,
        Example.AgentName,
        PricingType.Fixed,
        null,
        Example.PayBy,
        Example.SubmitResult,
        Example.Unlock,
        Example.Dispute,
        0,
        0,
        Example.Made,
        Example.Made,
        Example.Made,
        Example.KeyId,
        null,
        null,
        null,
        Example.SellerAddress,
        0,
        0,
        Example.InputHash,
        null,
        new(RequestedAction.FundsLockingRequested, null, null),
        null,
        null,
        null,
        Example.Price,
        [],
        [],
        Example.Source,
        Example.Seller,
        null,
        Example.Metadata,
        null,
        null,
        null
    );

    /// <summary>The wallets have too little.</summary>
    public static readonly PurchaseRow Stuck = Made with
    {
        NextAction = new(
            RequestedAction.FundsLockingRequested,
            ErrorType.InsufficientFunds,
            $"Not enough funds in wallets: 1.2 ADA missing at {Example.BuyerAddress}"
        ),
        Problem = new(
            "insufficient_funds",
            $"Not enough funds in wallets: 1.2 ADA missing at {Example.BuyerAddress}",
            "Send what is missing to the address; the purchase goes on by itself.",
            Example.Values(("missing", "1200000"), ("unit", ""), ("address", Example.BuyerAddress))
        ),
    };

    /// <summary>The result is on chain; with its history.</summary>
    public static readonly PurchaseRow Delivered = Made with
    {
        UpdatedAt = Example.Delivered,
        TotalBuyerCardanoFees = 0.214357m,
        TotalSellerCardanoFees = 0.341802m,
        NextActionOrOnChainStateOrResultLastChangedAt = Example.Delivered,
        NextActionLastChangedAt = Example.Locked,
        OnChainStateOrResultLastChangedAt = Example.Delivered,
        OnChainState = OnChainState.ResultSubmitted,
        CollateralReturnLovelace = "1435230",
        BuyerReturnAddress = Example.BuyerAddress,
        CooldownTimeOtherParty = Example.Delivered.AddMinutes(7).ToUnixTimeMilliseconds(),
        ResultHash = Example.ResultHash,
        NextAction = new(RequestedAction.WaitingForExternalAction, null, null),
        ActionHistory =
        [
            new("cmk3a1y5h000ppr4b8n4k6l2r", Example.Made.AddSeconds(12), Example.Locked, RequestedAction.FundsLockingInitiated, null, null),
            new("cmk3a1w2f0006pr4b3c9v7q5t", Example.Made, Example.Made.AddSeconds(12), RequestedAction.FundsLockingRequested, null, null),
        ],
        CurrentTransaction = Example.Result,
        TransactionHistory = [Example.Lock],
        SmartContractWallet = Example.PurchasingWallet,
    };

    /// <summary>The buyer wants the money back although there is a result.</summary>
    public static readonly PurchaseRow Disputing = Delivered with
    {
        NextAction = new(RequestedAction.SetRefundRequestedRequested, null, null),
        ActionHistory = null,
        TransactionHistory = null,
    };

    /// <summary>The buyer gives in.</summary>
    public static readonly PurchaseRow Releasing = Disputing with
    {
        OnChainState = OnChainState.Disputed,
        NextAction = new(RequestedAction.AuthorizeWithdrawalRequested, null, null),
    };

    public static readonly NewPurchase New = new(
        Example.Identifier,
        Network.Preprod,
        PaymentSourceType.Web3CardanoV2,
        null,
        0,
        Example.InputHash,
        Example.SellerVkey,
        Example.Agent,
        [new("2000000", "")],
        Example.Unlock,
        Example.Dispute,
        Example.SubmitResult,
        Example.PayBy,
        Example.Metadata,
        null,
        Example.SellerAddress,
        Example.Nonce,
        null,
        null
    );

    public static readonly SpendingAnswer Spending = new(
        null,
        new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero),
        new DateTimeOffset(2026, 3, 31, 0, 0, 0, TimeSpan.Zero),
        3,
        new([new("", 4000000)], 428714),
        new([new("", 2000000)], 611923),
        new([], 0),
        [new(2, 3, 2026, [new("", 4000000)], 428714)],
        [new(5, 3, 2026, [new("", 2000000)], 611923)],
        [],
        [new(3, 2026, [new("", 4000000)], 428714)],
        [new(3, 2026, [new("", 2000000)], 611923)],
        []
    );
}
