using System.Collections.Immutable;
using Masumi.Cardano.Building;
using Masumi.Settlement.Rails;

namespace Masumi.Settlement.Futures;

/// <summary>
/// What can still happen to an escrow, played on a fork of it in this process: every step is a real transaction that the real script and our ledger rules took.
/// The parties of the fork have keys of ours in the place of their own and coins to pay fees with; everything else is the escrow's. Pure.
/// </summary>
public static class FutureTree
{
    private static readonly Intent[] Endings = [Intent.Withdraw, Intent.WithdrawRefund];

    private static readonly Intent[] Choices =
    [
        Intent.SubmitResult,
        Intent.RequestRefund,
        Intent.CancelRefundRequest,
        Intent.AuthorizeRefund,
        Intent.AuthorizeWithdrawal,
    ];

    /// <summary>Plays it. Throws <see cref="ArgumentException"/> when the output is no escrow of the contract.</summary>
    public static Future Grow(FutureStart start, IScriptEvaluator evaluator, FutureLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(start);
        ArgumentNullException.ThrowIfNull(evaluator);
        var growth = new Growth(new FutureFork(start, evaluator), limits ?? FutureLimits.Default);
        return growth.Begin(start.Now);
    }

    private sealed class Growth(FutureFork fork, FutureLimits limits)
    {
        private int _moves;

        public Future Begin(DateTimeOffset now)
        {
            var point = fork.Start(now);
            return new Future(null, point.Datum.State, fork.Holdings(point.State), null, After(point, [], limits.Depth));
        }

        private ImmutableArray<Future> After(ForkPoint point, ImmutableHashSet<Intent> done, int depth)
        {
            var endings = Endings.Select(i => fork.Look(point, i)).OfType<ForkChance.Open>().OrderBy(o => o.At).ToList();
            var next = ImmutableArray.CreateBuilder<Future>();
            next.Add(OfItself(point, endings));
            if (depth == 0)
            {
                return next.ToImmutable();
            }

            // Admins decide by hand, and as they see fit: until they have, what the parties may choose stands.
            var admins = fork.AdminsFrom(point);

            // What was done before is not done again: a request for a refund can be made and taken back for ever.
            var choices = Choices.Where(i => !done.Contains(i)).Select(i => fork.Look(point, i)).OfType<ForkChance.Open>().Where(o => !IsAnother(point, o));
            foreach (var chance in choices.OrderBy(o => o.At).ThenBy(o => o.Action))
            {
                var before = Earliest(chance.Before, endings.Where(e => e.By != chance.By).Select(e => (DateTimeOffset?)e.At));
                if (before is null || chance.At < before)
                {
                    next.Add(Play(point, chance with { Before = before, AdminsFrom = admins }, done.Add(chance.Action), depth - 1));
                }
            }

            return next.ToImmutable();
        }

        // Nobody chooses anything: whoever may collect first does, or it is the admins' turn.
        private Future OfItself(ForkPoint point, List<ForkChance.Open> endings)
        {
            if (endings is [var first, ..])
            {
                return Play(point, first, [], 0);
            }

            var end = fork.AdminsFrom(point) is { } from
                ? new FutureEnd.Admins(from, fork.Votes)
                : (FutureEnd)new FutureEnd.Nobody(string.Join("; ", Endings.Select(i => fork.Look(point, i)).OfType<ForkChance.Never>().Select(n => n.Why)));
            return new Future(null, point.Datum.State, fork.Holdings(point.State), end, []);
        }

        private Future Play(ForkPoint point, ForkChance.Open chance, ImmutableHashSet<Intent> done, int depth)
        {
            if (++_moves > limits.MostMoves)
            {
                return new Future(null, point.Datum.State, fork.Holdings(point.State), new FutureEnd.Cut(), []);
            }

            return fork.Play(point, chance) switch
            {
                ForkStep.Goes step => new Future(step.Move, step.Point.Datum.State, fork.Holdings(step.Point.State), null, After(step.Point, done, depth)),
                ForkStep.Ends step => new Future(step.Move, null, fork.Holdings(step.State), new FutureEnd.Paid(step.Move.At), []),
                ForkStep.Refused step => new Future(step.Move, point.Datum.State, fork.Holdings(point.State), new FutureEnd.Nobody(step.Why), []),
                var other => throw new InvalidOperationException($"A step without a rule: {other}."),
            };
        }

        // A second result changes nothing about who gets the money.
        private static bool IsAnother(ForkPoint point, ForkChance.Open chance) => chance.Action == Intent.SubmitResult && !point.Datum.ResultHash.IsEmpty;

        private static DateTimeOffset? Earliest(DateTimeOffset? one, IEnumerable<DateTimeOffset?> others) =>
            others.Append(one).Where(t => t is not null).OrderBy(t => t).FirstOrDefault();
    }
}
