using Masumi.Api;
using Masumi.Contracts.Common;
using Masumi.Payments.Keys;
using Masumi.Protocol;
using Masumi.Settlement.Deals;

namespace Masumi.Payments.Deals;

/// <summary>
/// The calls by which a deal's owner decides something. Each is allowed in some states only, and only by the key that made the row (or an
/// admin); the state is judged and the decision stored in one transaction.
/// </summary>
internal sealed class DealActions(PaymentsContext context)
{
    public Task<ApiResult> SubmitResultAsync(ApiRequest<ApiKey> http)
    {
        var text = http.Input.Text("submitResultHash");
        ResultHash? hash = null;
        if (http.Input.Has("submitResultHash") && !ResultHash.TryParse(text, out hash))
        {
            http.Input.Issue("submitResultHash", "submitResultHash must be a 64-char hex sha256 digest");
        }

        return ActAsync(
            http,
            DealSide.Payment,
            "Payment not found or in invalid state",
            "You are not authorized to submit results for this payment",
            deal => deal.OnChainState is OnChainState.FundsLocked or OnChainState.RefundRequested or OnChainState.Disputed,
            () => new DealEvent.ResultGiven(hash!),
            deal => context.Clock.GetUtcNow() >= deal.Terms.Deadlines.SubmitResult ? "Submit result time has passed" : null
        );
    }

    public Task<ApiResult> AuthorizeRefundAsync(ApiRequest<ApiKey> http) =>
        ActAsync(
            http,
            DealSide.Payment,
            "Payment not found or in invalid state",
            "You are not authorized to authorize a refund for this payment",
            deal => deal.OnChainState is OnChainState.Disputed or OnChainState.RefundRequested,
            () => new DealEvent.RefundAgreed(),
            deal =>
                deal.Family == EscrowFamily.V1 && deal.OnChainState != OnChainState.Disputed
                    ? "Authorize refund is only available for disputed V1 payments"
                    : null
        );

    public Task<ApiResult> RequestRefundAsync(ApiRequest<ApiKey> http) =>
        ActAsync(
            http,
            DealSide.Purchase,
            "Purchase not found or not in valid state",
            "You are not authorized to request a refund for this purchase",
            deal => deal.OnChainState is OnChainState.FundsLocked or OnChainState.ResultSubmitted,
            () => new DealEvent.RefundWished(RefundWish.Asked),
            deal => context.Clock.GetUtcNow() >= deal.Terms.Deadlines.Unlock ? "Unlock time has passed" : null
        );

    /// <summary>On a V1 source this takes the request back; on a V2 source it releases the disputed escrow to the seller, for good.</summary>
    public Task<ApiResult> CancelRefundRequestAsync(ApiRequest<ApiKey> http)
    {
        var wish = RefundWish.None;
        return ActAsync(
            http,
            DealSide.Purchase,
            "Purchase not found or in invalid state",
            "You are not authorized to cancel a refund request for this purchase",
            deal =>
            {
                wish = deal.Family == EscrowFamily.V1 ? RefundWish.TakenBack : RefundWish.Released;
                return deal.OnChainState is OnChainState.RefundRequested or OnChainState.Disputed;
            },
            () => new DealEvent.RefundWished(wish),
            deal =>
                deal.Family == EscrowFamily.V2 && deal.OnChainState != OnChainState.Disputed
                    ? "Authorize withdrawal is only available for disputed V2 purchases"
                    : null
        );
    }

    private async Task<ApiResult> ActAsync(
        ApiRequest<ApiKey> http,
        DealSide side,
        string notFound,
        string notCreator,
        Func<Deal, bool> isPossible,
        Func<DealEvent> decide,
        Func<Deal, string?> never
    )
    {
        var network = DealInput.ReadNetwork(http.Input);
        var identifier = http.Input.Text("blockchainIdentifier", 1, BlockchainIdentifier.MaxLength);
        if (http.Input.Refusal is { } invalid)
        {
            return invalid;
        }

        if (await context.CheckNetworkAsync(http, network) is { } refusedNetwork)
        {
            return refusedNetwork;
        }

        var sources = await context.SourcesAsync(network, http.Cancellation);
        var found = await context.Store.Deals.FindAsync(side, [.. sources.Select(s => s.Id)], identifier, http.Cancellation);
        if (found is null)
        {
            return ApiResult.NotFound(notFound);
        }

        // State before creator, as the reference: a stranger learns nothing about rows that cannot be acted on anyway.
        ApiResult? refusal = ApiResult.NotFound(notFound);
        var changed = await context.Store.Deals.ChangeAsync(
            found.Id,
            deal =>
            {
                if (deal.NextAction != RequestedAction.WaitingForExternalAction || !isPossible(deal))
                {
                    return null;
                }

                if (!http.Caller.CanAdmin && deal.RequestedBy != http.Caller.Id)
                {
                    refusal = ApiResult.Refuse(403, notCreator);
                    return null;
                }

                // What the contract will never grant is refused to the caller, not put off (spec payment-service-api.md 10.2).
                if (never(deal) is { } message)
                {
                    refusal = ApiResult.BadRequest(message);
                    return null;
                }

                return context.Apply(deal, decide());
            },
            context.Time.GetUtcNow(),
            http.Cancellation
        );
        if (changed is null)
        {
            return refusal;
        }

        context.Signal.Wake();
        return ApiResult.Ok(await context.RowAsync(changed, includeHistory: false, http.Cancellation));
    }
}
