using System.Collections.Immutable;
using Masumi.Api;
using Masumi.Contracts.Common;
using Masumi.Payments.Keys;
using Masumi.Protocol;
using Masumi.Settlement;

namespace Masumi.Payments.Deals;

/// <summary>
/// The calls that make a node want something of an escrow. Each is allowed in some states only, and only by the key that made the row (or an
/// admin); the state is judged and the intent stored in one transaction.
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
            deal =>
                deal.Projection.State is OnChainState.FundsLocked or OnChainState.RefundRequested or OnChainState.Disputed
                    ? deal with
                    {
                        Intent = Intent.SubmitResult,
                        IntentResultHash = hash,
                        Problem = null,
                    }
                    : null,
            deal => context.Clock.GetUtcNow() >= deal.Terms.Deadlines.SubmitResult ? "Submit result time has passed" : null
        );
    }

    public async Task<ApiResult> AuthorizeRefundAsync(ApiRequest<ApiKey> http)
    {
        var sources = await context.Store.ListSourcesAsync(http.Cancellation);
        return await ActAsync(
            http,
            DealSide.Payment,
            "Payment not found or in invalid state",
            "You are not authorized to authorize a refund for this payment",
            deal =>
                deal.Projection.State is OnChainState.Disputed or OnChainState.RefundRequested
                    ? deal with
                    {
                        Intent = Intent.AuthorizeRefund,
                        IntentResultHash = null,
                        Problem = null,
                    }
                    : null,
            deal => IsV1(sources, deal) && deal.Projection.State != OnChainState.Disputed ? "Authorize refund is only available for disputed V1 payments" : null
        );
    }

    public Task<ApiResult> RequestRefundAsync(ApiRequest<ApiKey> http) =>
        ActAsync(
            http,
            DealSide.Purchase,
            "Purchase not found or not in valid state",
            "You are not authorized to request a refund for this purchase",
            deal =>
                deal.Projection.State is OnChainState.FundsLocked or OnChainState.ResultSubmitted
                    ? deal with
                    {
                        Intent = Intent.RequestRefund,
                        Problem = null,
                    }
                    : null,
            deal => context.Clock.GetUtcNow() >= deal.Terms.Deadlines.Unlock ? "Unlock time has passed" : null
        );

    private static bool IsV1(ImmutableArray<PaymentSource> sources, Deal deal) => sources.Single(s => s.Id == deal.SourceId).Family == EscrowFamily.V1;

    /// <summary>On a V1 source this takes the request back; on a V2 source it releases the disputed escrow to the seller, for good.</summary>
    public async Task<ApiResult> CancelRefundRequestAsync(ApiRequest<ApiKey> http)
    {
        var sources = await context.Store.ListSourcesAsync(http.Cancellation);
        return await ActAsync(
            http,
            DealSide.Purchase,
            "Purchase not found or in invalid state",
            "You are not authorized to cancel a refund request for this purchase",
            deal =>
                deal.Projection.State is OnChainState.RefundRequested or OnChainState.Disputed
                    ? deal with
                    {
                        Intent = IsV1(sources, deal) ? Intent.CancelRefundRequest : Intent.AuthorizeWithdrawal,
                        Problem = null,
                    }
                    : null,
            deal =>
                !IsV1(sources, deal) && deal.Projection.State != OnChainState.Disputed
                    ? "Authorize withdrawal is only available for disputed V2 purchases"
                    : null
        );
    }

    private async Task<ApiResult> ActAsync(
        ApiRequest<ApiKey> http,
        DealSide side,
        string notFound,
        string notCreator,
        Func<Deal, Deal?> change,
        Func<Deal, string?>? never = null
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
        var found = await context.Store.FindDealAsync(side, [.. sources.Select(s => s.Id)], identifier, http.Cancellation);
        if (found is null)
        {
            return ApiResult.NotFound(notFound);
        }

        // State before creator, as the reference: a stranger learns nothing about rows that cannot be acted on anyway.
        ApiResult? refusal = ApiResult.NotFound(notFound);
        var changed = await context.Store.ChangeDealAsync(
            found.Deal.Id,
            view =>
            {
                if (view.NextAction != RequestedAction.WaitingForExternalAction || change(view.Deal) is not { } after)
                {
                    return null;
                }

                if (!http.Caller.CanAdmin && view.Deal.RequestedBy != http.Caller.Id)
                {
                    refusal = ApiResult.Refuse(403, notCreator);
                    return null;
                }

                // An intent the contract will never grant would stand in the way of collecting (spec payment-service-api.md 10.2).
                if (never?.Invoke(view.Deal) is { } message)
                {
                    refusal = ApiResult.BadRequest(message);
                    return null;
                }

                return after;
            },
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
