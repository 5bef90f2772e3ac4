using Example = Masumi.Protocol.PaymentService.Deals.DealExamples;

namespace Masumi.Protocol.PaymentService.Payments;

internal static class PaymentExamples
{
    /// <summary>As it was just made.</summary>
    public static readonly PaymentRow Made = new(
        Example.PaymentId,
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
        null,
        null,
        Example.SellerAddress,
        Example.Dispute,
        Example.KeyId,
        "",
        Example.Made,
        Example.Made,
        Example.Made,
        Example.InputHash,
        0,
        0,
        0,
        0,
        null,
        new(RequestedAction.WaitingForExternalAction, null, null, null),
        null,
        null,
        null,
        Example.Price,
        [],
        [],
        Example.Source,
        null,
        Example.SellingWallet,
        Example.Metadata,
        null,
        null
    );

    /// <summary>The buyer has locked, and the result's transaction is to be made.</summary>
    public static readonly PaymentRow Delivering = Made with
    {
        UpdatedAt = Example.Delivered.AddSeconds(-45),
        CollateralReturnLovelace = "1435230",
        BuyerReturnAddress = Example.BuyerAddress,
        NextActionLastChangedAt = Example.Delivered.AddSeconds(-45),
        OnChainStateOrResultLastChangedAt = Example.Locked,
        NextActionOrOnChainStateOrResultLastChangedAt = Example.Delivered.AddSeconds(-45),
        TotalBuyerCardanoFees = 0.214357m,
        OnChainState = OnChainState.FundsLocked,
        NextAction = new(RequestedAction.SubmitResultRequested, null, null, Example.ResultHash),
        CurrentTransaction = Example.Lock,
        BuyerWallet = Example.Buyer,
    };

    /// <summary>The result is on chain; with its history.</summary>
    public static readonly PaymentRow Delivered = Delivering with
    {
        UpdatedAt = Example.Delivered,
        ResultHash = Example.ResultHash,
        NextActionLastChangedAt = Example.Delivered,
        OnChainStateOrResultLastChangedAt = Example.Delivered,
        NextActionOrOnChainStateOrResultLastChangedAt = Example.Delivered,
        TotalSellerCardanoFees = 0.341802m,
        CooldownTime = Example.Delivered.AddMinutes(7).ToUnixTimeMilliseconds(),
        OnChainState = OnChainState.ResultSubmitted,
        NextAction = new(RequestedAction.WaitingForExternalAction, null, null, null),
        ActionHistory =
        [
            new(
                "cmk3a9f3h000bqz9d5x2s8u6v",
                Example.Delivered.AddSeconds(-40),
                Example.Delivered,
                Example.ResultTxHash,
                RequestedAction.SubmitResultInitiated,
                null,
                null,
                Example.ResultHash
            ),
        ],
        CurrentTransaction = Example.Result,
        TransactionHistory = [Example.Lock],
    };

    /// <summary>The buyer asked for the money back although there is a result.</summary>
    public static readonly PaymentRow Agreeing = Delivering with
    {
        ResultHash = Example.ResultHash,
        OnChainState = OnChainState.Disputed,
        NextAction = new(RequestedAction.AuthorizeRefundRequested, null, null, null),
    };

    public static readonly NewPayment New = new(
        Example.InputHash,
        Network.Preprod,
        Example.Agent,
        PaymentSourceType.Web3CardanoV2,
        0,
        null,
        Example.PayBy,
        Example.SubmitResult,
        Example.Unlock,
        Example.Dispute,
        Example.Metadata,
        null,
        Example.Nonce,
        null
    );

    public static readonly IncomeAnswer Income = new(
        Example.Agent,
        new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero),
        new DateTimeOffset(2026, 3, 31, 0, 0, 0, TimeSpan.Zero),
        3,
        new([new("", 4000000)], 1127406),
        new([new("", 2000000)], 341802),
        new([], 0),
        [new(2, 3, 2026, [new("", 4000000)], 1127406)],
        [new(5, 3, 2026, [new("", 2000000)], 341802)],
        [],
        [new(3, 2026, [new("", 4000000)], 1127406)],
        [new(3, 2026, [new("", 2000000)], 341802)],
        []
    );
}
