using Masumi.Payments.Keys;
using Masumi.Protocol.PaymentService.Deals;
using Masumi.Protocol.Wire;

namespace Masumi.Payments.Deals;

/// <summary>A time, and what was earned or spent in it.</summary>
internal sealed record DealPeriod(DateTimeOffset Start, DateTimeOffset End, DealTotals Totals);

/// <summary>What was earned or spent in a time, judged by when deals were to be paid.</summary>
internal static class DealPeriods
{
    private static readonly DateTimeOffset First = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Adds it up, or says why not.</summary>
    public static async Task<(DealPeriod? Period, Refusal? Refusal)> SumAsync<TRow>(
        PaymentsContext context,
        DealDesk<TRow> desk,
        Settlement.Deals.DealSide side,
        TotalsRequest request,
        ApiKey caller,
        CancellationToken cancellation
    )
        where TRow : class
    {
        if (await context.RefuseNetworkAsync(caller, request.Network, cancellation) is { } refused)
        {
            return (null, refused);
        }

        var start = request.StartDate ?? First;
        var end = request.EndDate ?? context.Clock.GetUtcNow();
        if (start > end)
        {
            return (null, DealRefusals.PeriodBackwards.With());
        }

        if (!TimeZoneInfo.TryFindSystemTimeZoneById(request.TimeZone, out var zone))
        {
            return (null, DealRefusals.TimeZoneUnknown.With(("timeZone", request.TimeZone)));
        }

        var totals = new DealTotals(side, zone);
        var (query, _) = await desk.QueriesAsync(
            request.Network,
            request.FilterPaymentSourceType,
            contract: null,
            hasDefault: true,
            caller,
            q => q with { Agent = request.AgentIdentifier, PayFrom = start, PayUntil = end },
            cancellation
        );
        await context.Deals.TellSettledAsync(query, totals.Add, cancellation);
        return (new DealPeriod(start, end, totals), null);
    }
}
