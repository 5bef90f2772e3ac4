using Masumi.Contracts.Escrow.Common;
using Masumi.Protocol;
using Masumi.Simulation.Parties;

namespace Masumi.Simulation.Judges;

/// <summary>When all is over: no money lies where its state and the time let one of our nodes take it, and every deal knows what comes next.</summary>
internal static class EndJudge
{
    /// <summary>Who could leave with an escrow's money at a time; null when nobody can without the other.</summary>
    public static string? WhoCanLeave(LiveEscrow escrow, DateTimeOffset now) =>
        escrow.Datum.State switch
        {
            EscrowState.WithdrawAuthorized => "the seller",
            EscrowState.RefundAuthorized => "the buyer",
            EscrowState.ResultSubmitted when now > escrow.Datum.Deadlines.Unlock => "the seller",

            // In V1 agreeing leaves the request standing and takes the result away.
            EscrowState.FundsLocked or EscrowState.RefundRequested when now > escrow.Datum.Deadlines.SubmitResult => "the buyer",
            _ => null,
        };

    /// <summary>Judges a job at a time long enough ago that everybody could act since. <paramref name="buyer"/> and <paramref name="seller"/>: how its nodes see it, null where a node lost it to a restored copy.</summary>
    public static void Judge(Agreement agreement, EscrowEntry entry, DealGlance? buyer, DealGlance? seller, DateTimeOffset now, Verdicts verdicts)
    {
        var job = agreement.Job;
        foreach (var escrow in entry.Live.Values.Where(l => l.IsOurs).OrderBy(l => l.At))
        {
            if (WhoCanLeave(escrow, now) is { } who && (who == "the buyer" ? buyer : seller) is { } deal)
            {
                verdicts.Add(
                    "End",
                    $"{escrow.At}",
                    $"job {job.Id} ({job.Behaviour}, {job.Family}): {escrow.Value.Coin} lovelace lie at {escrow.At} as {escrow.Datum.State}, and {who} could take them: {deal.Summary}",
                    job.Id
                );
            }

            if (buyer is { HasNext: false } && seller is { HasNext: false })
            {
                verdicts.Add(
                    "I5",
                    $"{job.Id}",
                    $"job {job.Id}: money is in escrow and neither side has a next step: {buyer.Summary} / {seller.Summary}",
                    job.Id
                );
            }
        }

        // What was paid and left must be known to both.
        if (entry.Live.IsEmpty && entry.OwnLocks == 1)
        {
            foreach (var (name, deal) in new[] { ("buyer", buyer), ("seller", seller) })
            {
                if (deal is not null && deal.State is not (OnChainState.Withdrawn or OnChainState.RefundWithdrawn or OnChainState.DisputedWithdrawn))
                {
                    verdicts.Add("I6", $"{job.Id} {name}", $"job {job.Id} is over on chain, and the {name} believes: {deal.Summary}", job.Id);
                }
            }
        }

        // Nor may anybody go on believing in what no chain has.
        if (entry.Locks.IsEmpty && seller is { State: OnChainState.FundsLocked or OnChainState.ResultSubmitted })
        {
            verdicts.Add("I6", $"{job.Id} phantom", $"job {job.Id} was never paid, and the seller believes: {seller.Summary}", job.Id);
        }
    }
}
