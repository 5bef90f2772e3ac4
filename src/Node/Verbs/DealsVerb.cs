using System.CommandLine;
using System.Text.Json.Nodes;

namespace Masumi.Node.Verbs;

/// <summary><c>masumi deals</c>: how a node's deals stand, why, and what can be done about one that stands still.</summary>
internal static class DealsVerb
{
    public static Command Create() =>
        new("deals", "A node's purchases and payments: how they stand, why, and what can be done (docs/node.md).") { List(), Show(), Why(), Recover() };

    /// <summary>Which deal.</summary>
    private static Argument<string> Deal() => new("DEAL") { Description = "Its id, or its blockchain identifier." };

    private static Command List()
    {
        var desk = new DeskOptions("deals list");
        var side = new Option<string?>("--side") { Description = "Of one side only." };
        side.AcceptOnlyFromAmong("purchase", "payment");
        var stuck = new Option<bool>("--stuck") { Description = "Only those in whose way something stands, or stood when they ended within the last week." };
        var lost = new Option<bool>("--lost")
        {
            Description = "Only those that ended with a problem: never locked, or the other side's although you had decided otherwise.",
        };
        var state = new Option<string?>("--state") { Description = "Only in this on-chain state, such as FundsLocked." };
        var limit = new Option<int?>("--limit") { Description = "At most so many; 20 by default, 500 at most." };
        var command = desk.AddTo(new Command("list", "Lists deals, newest first.") { side, stuck, lost, state, limit });
        command.SetAction(
            (parsed, cancellation) =>
                desk.AskAsync(
                    parsed,
                    new JsonObject
                    {
                        ["ask"] = "deals.list",
                        ["side"] = parsed.GetValue(side),
                        ["stuck"] = parsed.GetValue(stuck),
                        ["lost"] = parsed.GetValue(lost),
                        ["state"] = parsed.GetValue(state),
                        ["limit"] = parsed.GetValue(limit),
                    },
                    DealText.List,
                    null,
                    cancellation
                )
        );
        return command;
    }

    private static Command Show()
    {
        var (desk, deal) = (new DeskOptions("deals show"), Deal());
        var command = desk.AddTo(new Command("show", "Shows everything about a deal: terms, wishes, what the chain says, transactions, history.") { deal });
        command.SetAction(
            (parsed, cancellation) =>
                desk.AskAsync(parsed, new JsonObject { ["ask"] = "deals.show", ["deal"] = parsed.GetValue(deal) }, DealText.Show, null, cancellation)
        );
        return command;
    }

    private static Command Why()
    {
        var (desk, deal) = (new DeskOptions("deals why"), Deal());
        var futures = new Option<bool>("--futures")
        {
            Description = "Play what can still happen with the real contract: who has the money when, what it cost, until when each choice is to be had.",
        };
        var command = desk.AddTo(
            new Command("why", "Says why a deal stands where it stands: the next step and its time, what it waits for, and what a person can do.")
            {
                deal,
                futures,
            }
        );
        command.SetAction(
            (parsed, cancellation) =>
                desk.AskAsync(
                    parsed,
                    new JsonObject
                    {
                        ["ask"] = "deals.why",
                        ["deal"] = parsed.GetValue(deal),
                        ["futures"] = parsed.GetValue(futures),
                    },
                    DealText.Why,
                    null,
                    cancellation
                )
        );
        return command;
    }

    private static Command Recover()
    {
        var (desk, deal) = (new DeskOptions("deals recover"), Deal());
        var command = desk.AddTo(
            new Command("recover", "Looks at everything of a deal's contract and wallets again, and tries at once what is hindered. Never pays twice.") { deal }
        );
        command.SetAction(
            (parsed, cancellation) =>
                desk.AskAsync(parsed, new JsonObject { ["ask"] = "deals.recover", ["deal"] = parsed.GetValue(deal) }, DealText.Recovered, null, cancellation)
        );
        return command;
    }
}
