using System.Collections.Immutable;
using Masumi.Simulation.Scheduling;

namespace Masumi.Simulation;

/// <summary>A kind of fault, and how one is drawn.</summary>
/// <param name="Name">Its word on the command line and in scenarios.</param>
/// <param name="About">What it does, and what amount and rate mean.</param>
/// <param name="Seconds">How long, from and to.</param>
/// <param name="Amount">How much, from and to.</param>
/// <param name="Rate">How often, from and to; 1 for always.</param>
/// <param name="IsOfTheWorld">True when it is no single node's.</param>
internal sealed record FaultKind(
    string Name,
    string About,
    (double From, double To) Seconds,
    (int From, int To) Amount,
    (double From, double To) Rate,
    bool IsOfTheWorld = false
);

/// <summary>Everything that can go wrong.</summary>
internal static class Faults
{
    public const string ListBehind = "list-behind";
    public const string UnspentBehind = "unspent-behind";
    public const string TransactionsBehind = "txs-behind";
    public const string TipBehind = "tip-behind";
    public const string Behind = "behind";
    public const string Blind = "blind";
    public const string Half = "half";
    public const string Fork = "fork";
    public const string ShortFork = "fork-shorter";
    public const string Refused = "refused";
    public const string RequestLost = "request-lost";
    public const string AnswerLost = "answer-lost";
    public const string Swallowed = "swallowed";
    public const string Delayed = "delayed";
    public const string Limited = "429";
    public const string Unpaid = "402";
    public const string Hang = "hang";
    public const string Down = "down";
    public const string Time = "time";
    public const string Parameters = "parameters";
    public const string Forged = "forged";
    public const string Crash = "crash";
    public const string CommitCrashBefore = "commit-crash-before";
    public const string CommitCrashAfter = "commit-crash-after";
    public const string CommitLost = "commit-answer-lost";
    public const string CommitNot = "commit-lost";
    public const string Twice = "commit-twice";
    public const string Restore = "restore";
    public const string Clock = "clock";
    public const string Deposit = "deposit";
    public const string Ahead = "ahead";
    public const string Forgets = "forgets";
    public const string ParameterChange = "parameter-change";
    public const string Phase2 = "phase-2";
    public const string Stall = "stall";
    public const string RestoreWaiting = "restore-waiting";

    /// <summary>The process that makes the so-manieth call of its node dies while it waits for the answer. Never drawn: <c>--kill-every</c> makes them.</summary>
    public const string KillAt = "kill-at";

    /// <summary>The kinds.</summary>
    public static readonly ImmutableArray<FaultKind> All =
    [
        new(ListBehind, "address lists are so many blocks behind everything else", (30, 600), (1, 5), (0.15, 1)),
        new(UnspentBehind, "unspent outputs are so many blocks behind", (30, 600), (1, 5), (0.15, 1)),
        new(TransactionsBehind, "single transactions are so many blocks behind", (30, 600), (1, 5), (0.15, 1)),
        new(TipBehind, "the tip is so many blocks behind the lists", (30, 600), (1, 4), (0.15, 1)),
        new(Behind, "a replica so many blocks behind answers this part of all calls", (60, 900), (1, 5), (0.1, 0.5)),
        new(Blind, "lists and outputs stand still, the tip goes on; then everything is there again", (120, 1800), (0, 0), (1, 1)),
        new(Half, "this part of the rows is missing from lists", (60, 900), (0, 0), (0.2, 0.6)),
        new(Fork, "so many blocks are replaced by one more", (0, 0), (1, 20), (0, 1), IsOfTheWorld: true),
        new(ShortFork, "so many blocks are replaced by fewer, and by one more when it is over", (5, 120), (1, 20), (0, 1), IsOfTheWorld: true),
        new(Refused, "this part of the submissions is answered with a refusal and arrives minutes later", (60, 900), (30, 300), (0.3, 1)),
        new(RequestLost, "this part of the submissions never arrives, and nobody says so", (60, 900), (0, 0), (0.2, 0.8)),
        new(AnswerLost, "this part of the submissions arrives, and nobody says so", (60, 900), (0, 0), (0.2, 0.8)),
        new(Swallowed, "this part of the submissions is accepted and never seen again", (60, 600), (0, 0), (0.2, 0.8)),
        new(Delayed, "this part of the submissions is accepted and arrives so many seconds later", (60, 900), (30, 400), (0.3, 1)),
        new(Limited, "this part of the calls is turned away: too many", (30, 300), (30, 30), (0.3, 1)),
        new(Unpaid, "this part of the calls is turned away: the plan is used up", (60, 900), (0, 0), (1, 1)),
        new(Hang, "this part of the calls gets no answer", (30, 600), (10, 10), (0.2, 1)),
        new(Down, "nothing is reached", (30, 1200), (0, 0), (1, 1)),
        new(Time, "the tip is so many minutes ahead of itself", (3, 120), (10, 1440), (1, 1)),
        new(Parameters, "the fee's base is so many times too high", (30, 600), (10, 2000), (1, 1)),
        new(Forged, "a lock is listed that was never on chain, its signature zeroed", (120, 3000), (0, 0), (1, 1)),
        new(Crash, "a process is killed and starts again when it is over", (2, 90), (0, 0), (1, 1)),
        new(CommitCrashBefore, "a process dies with this part of its commits, before", (20, 300), (5, 60), (0.02, 0.3)),
        new(CommitCrashAfter, "a process dies with this part of its commits, after", (20, 300), (5, 60), (0.02, 0.3)),
        new(CommitLost, "this part of the commits holds, and its answer is lost", (20, 300), (0, 0), (0.05, 0.5)),
        new(CommitNot, "this part of the commits is lost with its answer", (20, 300), (0, 0), (0.05, 0.5)),
        new(Twice, "this part of the transactions is run twice", (20, 900), (0, 0), (0.2, 1)),
        new(Restore, "a copy of the database is taken, and is the database when it is over", (5, 900), (0, 0), (1, 1)),
        new(Clock, "the local clock is so many seconds ahead", (60, 1800), (30, 180), (1, 1)),
        new(Deposit, "somebody pays so much ADA to a purchasing wallet of the node of each family", (0, 0), (5, 3000), (1, 1)),
        new(Ahead, "the node's provider shows so many blocks that nobody else has; when it is over they hold, or another branch wins", (5, 90), (1, 4), (0, 1)),
        new(Forgets, "this part of the transactions is not found by its hash, though lists name it", (60, 900), (0, 0), (0.2, 0.8)),
        new(ParameterChange, "fees, prices and deposits per byte change to this part of what they were", (0, 0), (0, 0), (0.6, 1.7), IsOfTheWorld: true),
        new(Stall, "a process stands still before it writes down what it read, and goes on when it is over", (10, 150), (0, 0), (1, 1)),
        new(RestoreWaiting, "as restore, and what is sent meanwhile waits in a mempool until so many seconds after it", (10, 150), (20, 240), (1, 1)),
        new(Phase2, "the next transaction with scripts fails in its block", (0, 0), (0, 0), (1, 1), IsOfTheWorld: true),
    ];

    /// <summary>Groups under one word on the command line.</summary>
    public static readonly ImmutableDictionary<string, ImmutableArray<string>> Groups = ImmutableDictionary.CreateRange<string, ImmutableArray<string>>([
        new("all", [.. All.Select(k => k.Name)]),
        new("views", [ListBehind, UnspentBehind, TransactionsBehind, TipBehind, Behind, Blind, Half, Ahead, Forgets]),
        new("ledger", [ParameterChange, Phase2]),
        new("submit", [Refused, RequestLost, AnswerLost, Swallowed, Delayed]),
        new("forks", [Fork, ShortFork]),
        new("http", [Limited, Unpaid, Hang, Down]),
        new("lies", [Time, Parameters, Forged]),
        new("stores", [Crash, CommitCrashBefore, CommitCrashAfter, CommitLost, CommitNot, Twice, Restore, RestoreWaiting, Stall]),
        new("none", []),
    ]);

    /// <summary>Draws one of a kind. <paramref name="id"/> names its dice.</summary>
    public static Fault Draw(FaultKind kind, Dice dice, int id, int nodes, double from, double to)
    {
        var actor = new Actor(dice, $"fault {id}");
        double Between(string label, double least, double most) => Math.Round(least + ((most - least) * actor.Fraction(label)), 2);
        return new Fault(
            id,
            kind.Name,
            Between("at", from, to),
            Between("for", kind.Seconds.From, kind.Seconds.To),
            kind.IsOfTheWorld ? -1 : actor.Whole("who", 0, nodes - 1),
            // Small ones are the likelier ones, and the shortest histories.
            kind.Amount.From + (int)((kind.Amount.To - kind.Amount.From + 0.999) * Math.Pow(actor.Fraction("amount"), 2)),
            Between("rate", kind.Rate.From, kind.Rate.To)
        );
    }
}
