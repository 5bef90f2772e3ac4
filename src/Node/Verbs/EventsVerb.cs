using System.CommandLine;
using System.Text.Json.Nodes;
using Masumi.Node.Control;

namespace Masumi.Node.Verbs;

/// <summary><c>masumi events [--follow] [--from SEQ]</c>: what a node tells others, one line an event.</summary>
internal static class EventsVerb
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    public static Command Create()
    {
        var desk = new DeskOptions("events");
        var follow = new Option<bool>("--follow") { Description = "Go on with those to come, until stopped." };
        var from = new Option<long?>("--from") { Description = "Begin with this number; the newest 200 by default." };
        var command = desk.AddTo(new Command("events", "Prints a node's events, oldest first; with --json one document a line.") { follow, from });
        command.SetAction(
            (parsed, cancellation) =>
                desk.TalkAsync(
                    parsed,
                    async (opened, isJson) =>
                    {
                        long? after = parsed.GetValue(from) is { } first ? Math.Max(0, first - 1) : null;
                        while (true)
                        {
                            var answer = await opened.AskAsync(new JsonObject { ["ask"] = "events", ["after"] = after }, cancellation);
                            foreach (var happened in answer["events"]!.AsArray())
                            {
                                Console.WriteLine(isJson ? happened!.ToJsonString() : DealText.Event(happened!));
                            }

                            after = (long)answer["next"]!;
                            if (!(bool)answer["more"]!)
                            {
                                if (!parsed.GetValue(follow))
                                {
                                    return 0;
                                }

                                // Where no engine runs nothing happens any more.
                                if (answer["engine"] is { } note)
                                {
                                    throw new DeskRefusal((string)note!);
                                }

                                await Task.Delay(Pause, TimeProvider.System, cancellation);
                            }
                        }
                    },
                    cancellation
                )
        );
        return command;
    }
}
