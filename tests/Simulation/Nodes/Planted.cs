using Masumi.Chain;
using Masumi.Settlement.Attempts;
using Masumi.Settlement.Deals;
using Masumi.Settlement.Engine;

namespace Masumi.Simulation.Nodes;

/// <summary>
/// Which decisions each plant takes out. Where two layers protect the same thing, the plant with a bare name takes out both, and those with a letter one each:
/// with one gone nothing must happen.
/// </summary>
internal static class Planted
{
    private static readonly Func<
        IEnumerable<Attempt>,
        IReadOnlyList<Attempt>,
        IReadOnlyList<Cardano.Transactions.Utxo>,
        Cardano.Slot,
        long,
        Exclusion
    > Nothing = (_, _, _, _, _) => new Exclusion.Spending([], []);

    /// <summary>The engine's decisions under a plant.</summary>
    public static Safety Engine(string? plant) =>
        plant switch
        {
            null => Safety.Right,
            "P1" => Unexcluded(Safety.Right) with { HoldsWhatItFound = () => false },
            "P1a" => Safety.Right with { HoldsWhatItFound = () => false },
            "P1b" => Unexcluded(Safety.Right),
            "P2" => Safety.Right with { LooksAgain = (_, _, _) => false },
            "P3" => Safety.Right with { IsCertain = (_, tip, at) => tip.Time >= at },
            "P5" => Safety.Right with { IsSignedByBuyer = (_, _) => true },
            "P6" => Unexcluded(Safety.Right) with { AfterAnswer = EndByRefusal },
            "P6a" => Safety.Right with { AfterAnswer = EndByRefusal },
            "P11" => Safety.Right with { MayAppend = (_, _) => true },
            "P12" => Unexcluded(Safety.Right) with { ConcludesFromBehind = () => true, HoldsWhatItFound = () => false },
            "P12a" => Safety.Right with { ConcludesFromBehind = () => true },
            "P13" => Unexcluded(Safety.Right) with { StillHolds = (_, _) => true, HoldsWhatItFound = () => false },
            "P13a" => Safety.Right with { StillHolds = (_, _) => true },
            "H2" => Safety.Right with { IgnoresStrangeOutputs = () => false },
            "H3" => Safety.Right with { Next = Overtaken },
            "O1" => Safety.Right with { AdoptsOwnLocks = () => false },
            "RESTORE" => Safety.Right with { MayBeAnOldCopy = (_, _) => false },
            "O3" => Safety.Right with { Order = (deals, affordable) => deals.OrderBy(d => d.CreatedAt).TakeWhile(affordable) },
            _ => throw new ArgumentOutOfRangeException(nameof(plant), plant, "No such plant."),
        };

    /// <summary>What is believed of providers under a plant.</summary>
    public static ProvidedChainOptions Chain(string? plant, ProvidedChainOptions options) => plant == "P3" ? options with { IsDevnet = true } : options;

    private static Safety Unexcluded(Safety safety) => safety with { Exclude = Nothing, DemandsExclusion = () => false };

    private static AttemptState EndByRefusal(Attempt attempt, SubmitResult answer) =>
        answer is SubmitResult.Refused && attempt.State == AttemptState.Stored ? AttemptState.Conflicted : Safety.Right.AfterAnswer(attempt, answer);

    // Whoever is second waits for a person: a wish that the state does not grant stands in the way of everything else.
    private static DealStep Overtaken(Deal deal, DateTimeOffset now, DealRules rules)
    {
        var step = DealMachine.Next(deal, now, rules);
        var wanted = deal.Side == DealSide.Payment && (deal.Wishes.AgreesToRefund || deal.Wishes.Result is not null);
        var asked = deal.Side == DealSide.Purchase && deal.Wishes.Refund is not RefundWish.None;
        return
            step is DealStep.Act { IsAsked: false }
            && deal.Projection.State is Protocol.OnChainState.WithdrawAuthorized or Protocol.OnChainState.RefundAuthorized
            && (wanted || asked)
            ? new DealStep.Rest()
            : step;
    }
}
