using System.CommandLine;
using System.Text.Json.Nodes;

namespace Masumi.Node.Verbs;

/// <summary><c>masumi attempts</c>: the transactions that a node made, and whether one can still take effect.</summary>
internal static class AttemptsVerb
{
    public static Command Create() => new("attempts", "The transactions that a node made (docs/node.md).") { List(), ProveDead() };

    private static Command List()
    {
        var desk = new DeskOptions("attempts list");
        var all = new Option<bool>("--all") { Description = "Also those that are final or passed for dead." };
        var limit = new Option<int?>("--limit") { Description = "At most so many; 50 by default, 500 at most." };
        var command = desk.AddTo(new Command("list", "Lists those that may still take effect, newest first.") { all, limit });
        command.SetAction(
            (parsed, cancellation) =>
                desk.AskAsync(
                    parsed,
                    new JsonObject
                    {
                        ["ask"] = "attempts.list",
                        ["all"] = parsed.GetValue(all),
                        ["limit"] = parsed.GetValue(limit),
                    },
                    answer => answer["attempts"]!.AsArray() is { Count: > 0 } rows ? rows.Select(a => DealText.AttemptRow(a!)) : ["none"],
                    null,
                    cancellation
                )
        );
        return command;
    }

    private static Command ProveDead()
    {
        var desk = new DeskOptions("attempts prove-dead");
        var tx = new Argument<string>("TX") { Description = "The transaction's id." };
        var command = desk.AddTo(
            new Command(
                "prove-dead",
                "Looks whether a transaction can still take effect: at every provider, and who spent its inputs. Changes nothing. Ends with 0 when it is dead, else with 1."
            )
            {
                tx,
            }
        );
        command.SetAction(
            (parsed, cancellation) =>
                desk.AskAsync(
                    parsed,
                    new JsonObject { ["ask"] = "attempts.prove-dead", ["tx"] = parsed.GetValue(tx) },
                    DealText.Verdict,
                    answer => (string?)answer["verdict"] == "dead" ? 0 : 1,
                    cancellation
                )
        );
        return command;
    }
}
