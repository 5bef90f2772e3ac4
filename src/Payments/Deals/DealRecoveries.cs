using Masumi.Chain;
using Masumi.Http;
using Masumi.Payments.Keys;
using Masumi.Protocol;
using Masumi.Protocol.PaymentService.Deals;
using Masumi.Protocol.Wire;
using Masumi.Settlement.Deals;
using Masumi.Settlement.Rails;

namespace Masumi.Payments.Deals;

/// <summary>How recovering one side's deals is refused.</summary>
internal sealed record RecoveryRefusals(
    RefusalKind NotFound,
    RefusalKind NotCreator,
    RefusalKind Initial,
    RefusalKind NotWaiting,
    RefusalKind NoError,
    RefusalKind NotRetryable,
    RefusalKind Completed,
    RefusalKind Changed
);

/// <summary>
/// Takes the error of a deal away (spec payment-service-api.md 6.1). An error here is derived and goes with its cause: what can be taken away is what hindered the next try, and
/// then the engine looks at everything of the source again and tries at once, under its own rules, so that nothing is paid twice (as <c>masumi deals recover</c>).
/// </summary>
/// <param name="context">What it works with.</param>
/// <param name="desk">The rows.</param>
/// <param name="refusals">How it is refused.</param>
internal sealed class DealRecoveries<TRow>(PaymentsContext context, DealDesk<TRow> desk, RecoveryRefusals refusals)
    where TRow : class
{
    public async Task<Reply<TRow>> RecoverAsync(RecoveryRequest request, ApiKey caller, CancellationToken cancellation)
    {
        if (await context.RefuseNetworkAsync(caller, request.Network, cancellation) is { } refused)
        {
            return refused;
        }

        // Whoever has seen an older row does not know what he would take away.
        var found = await desk.FindAsync(request.Network, null, request.BlockchainIdentifier, cancellation);
        if (found is null || !IsAsSeen(found, request))
        {
            return refusals.NotFound;
        }

        if (Judge(found, request, caller) is { } refusal)
        {
            return refusal;
        }

        Refusal? late = null;
        if (found.Trouble is not null)
        {
            var changed = await context.Deals.DecideAsync(
                found.Id,
                deal =>
                {
                    late = IsAsSeen(deal, request) ? Judge(deal, request, caller) : refusals.Changed.With();
                    return late is null ? new DealEvent.Unhindered() : null;
                },
                cancellation
            );
            if (changed is null)
            {
                return late ?? refusals.Changed.With();
            }
        }

        await LookAgainAsync(found, cancellation);
        return await context.Deals.GetAsync(found.Id, cancellation) is { } now ? await desk.RowAsync(now, withHistory: false, cancellation) : refusals.NotFound;
    }

    private static bool IsAsSeen(Deal deal, RecoveryRequest request) => deal.UpdatedAt.ToUnixTimeMilliseconds() == request.UpdatedAt.ToUnixTimeMilliseconds();

    private Refusal? Judge(Deal deal, RecoveryRequest request, ApiKey caller)
    {
        var retries = request.RetryPreviousAction == true;
        if (!DealDesk<TRow>.CanSee(caller, deal))
        {
            return DealRefusals.OutOfScope.With();
        }

        if (!caller.CanAdmin && deal.RequestedBy != caller.Id)
        {
            return refusals.NotCreator.With();
        }

        // An error without a wait for a person is one all the same (spec 10.2).
        var (isPayment, isInitial) = (deal.Side == DealSide.Payment, deal.OnChainState is null);
        return isPayment && isInitial ? refusals.Initial.With()
            : deal.Problem?.Type is null && deal.NextAction != RequestedAction.WaitingForManualAction
                ? refusals.NotWaiting.With(("action", Word.Text(deal.NextAction)))
            : deal.Problem?.Type is null ? refusals.NoError.With()
            : retries && deal.IsFinal ? refusals.Completed.With()
            : retries && !CanRetry(deal) ? refusals.NotRetryable.With()
            : isInitial && !(retries && Wanted(deal) == Intent.Lock) ? refusals.Initial.With()
            : null;
    }

    // What the contract would not grant any more is not tried again.
    private static bool CanRetry(Deal deal) => !deal.IsExpired && Wanted(deal) != Intent.Nothing;

    private static Intent Wanted(Deal deal) => deal.UnderWay?.Action ?? deal.Intent;

    // That the chain does not answer takes nothing back: what hindered it is gone, and the engine tries again as soon as it can.
    private async Task LookAgainAsync(Deal deal, CancellationToken cancellation)
    {
        try
        {
            var sources = await context.Engine.SourcesAsync(deal.SourceId, cancellation);
            await context.Agents.WithinAsync("the deal's source", stop => context.Engine.LookAsync(sources, stop), cancellation);
        }
        catch (ChainUnavailableException) { }
    }
}
