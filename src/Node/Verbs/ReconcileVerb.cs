using System.CommandLine;
using System.Text.Json.Nodes;

namespace Masumi.Node.Verbs;

/// <summary><c>masumi reconcile [SOURCE]</c>: has the engine look again at what it has looked at.</summary>
internal static class ReconcileVerb
{
    public static Command Create()
    {
        var desk = new DeskOptions("reconcile");
        var source = new Argument<string?>("SOURCE")
        {
            Description = "A payment source by id or contract address; all by default.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = desk.AddTo(
            new Command(
                "reconcile",
                "Has the engine look again: its own transactions by hash, the contract's list, its wallets' histories; waits, and says what was found."
            )
            {
                source,
            }
        );
        command.SetAction(
            (parsed, cancellation) =>
                desk.AskAsync(
                    parsed,
                    new JsonObject { ["ask"] = "reconcile", ["source"] = parsed.GetValue(source) },
                    answer =>
                        answer["sources"]!
                            .AsArray()
                            .Select(s => $"looked again at {s!["id"]} ({s["family"]}, {s["address"]})")
                            .Append(DealText.Looked(answer["looked"]!)),
                    null,
                    cancellation
                )
        );
        return command;
    }
}
