using System.CommandLine;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Masumi.Devnet;
using Masumi.Devnet.Views;
using Masumi.Node.Typed;
using Masumi.Protocol;
using Masumi.Protocol.Tokens;

namespace Masumi.Node.Verbs;

/// <summary><c>masumi devnet fund | mine | advance ...</c>: what a running devnet is told to do, over its HTTP API.</summary>
internal static class DevnetControl
{
    private const int Done = 0;
    private const int Refused = 1;
    private const int Unusable = 2;

    // A command answers at once; only a rollback through thousands of blocks takes a while.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static IEnumerable<Command> All() =>
        [
            Fund(),
            Counting("mine", "Makes blocks now.", "N", "How many.", "blocks", 1),
            Advance(),
            SetTime(),
            Plain("pause", "Stops block production and the clock."),
            Plain("resume", "Lets block production and the clock go on."),
            Snapshot(),
            Naming("revert", "Goes back to a snapshot: chain, mempool and time.", "NAME", "As 'snapshot' printed it.", "name"),
            Rollback(),
            Naming("drop", "Takes a transaction, and all that need it, out of the mempool.", "TX", "Its id.", "tx"),
            FailNextSubmit(),
            Fail(),
            Parameters(),
            View(),
            Plain("reset", "Begins again with the first block."),
        ];

    private static Command Fund()
    {
        var address = new Argument<string>("ADDRESS") { Description = "Who is paid." };
        var amounts = new Argument<string[]>("AMOUNT")
        {
            Description =
                $"{TypedAmounts.Forms}. A number alone is lovelace. Under its own policy the faucet mints any asset; with tokens alone goes the ADA they need.",
            Arity = ArgumentArity.OneOrMore,
        };
        return Verb(
            new Command("fund", "Pays from the faucet.") { address, amounts },
            parsed => new JsonObject
            {
                ["address"] = parsed.GetValue(address),
                ["amounts"] = new JsonArray([.. TypedAmounts.Join(parsed.GetValue(amounts)!).Select(a => (JsonNode)Amount(a))]),
            },
            answer => $"paid in {answer["tx_hash"]}#{answer["output_index"]}"
        );
    }

    private static Command Advance()
    {
        var duration = new Argument<string>("DURATION") { Description = "For example 30d, 12h, 15m, 90s, or 1d12h." };
        return Verb(
            new Command("advance", "Moves the clock forward and makes a block there.") { duration },
            parsed => new JsonObject { ["seconds"] = Duration.Seconds(parsed.GetValue(duration)!) },
            Clock
        );
    }

    private static Command SetTime()
    {
        var time = new Argument<string>("TIME") { Description = "ISO 8601, such as 2030-01-31T12:00:00Z, or POSIX milliseconds. Not in the chain's past." };
        return Verb(
            new Command("set-time", "Moves the clock forward to a time and makes a block there.") { time },
            parsed => new JsonObject { ["time"] = parsed.GetValue(time) },
            Clock
        );
    }

    private static Command Snapshot()
    {
        var name = new Argument<string?>("NAME") { Description = "Default: a number.", Arity = ArgumentArity.ZeroOrOne };
        return Verb(
            new Command("snapshot", "Remembers chain, mempool and time; prints the name to 'revert' to.") { name },
            parsed => parsed.GetValue(name) is { } given ? new JsonObject { ["name"] = given } : [],
            answer => $"{answer["name"]}"
        );
    }

    private static Command Rollback()
    {
        var count = new Argument<int>("N") { Description = "How many blocks." };
        var drop = new Option<bool>("--drop") { Description = "Drop their transactions instead of letting them wait again." };
        var make = new Option<int>("--make") { Description = "Make so many others in the same step: nobody sees a shorter chain." };
        return Verb(
            new Command("rollback", "Takes the newest blocks back.") { count, drop, make },
            parsed => new JsonObject
            {
                ["blocks"] = parsed.GetValue(count),
                ["drop"] = parsed.GetValue(drop),
                ["make"] = parsed.GetValue(make),
            },
            Tip
        );
    }

    private static Command FailNextSubmit()
    {
        var mode = new Argument<string>("MODE")
        {
            Description =
                "accepted: it is accepted, and the connection cut; lost: it is not, and the connection cut; rejected: it is refused; none: nothing after all.",
        };
        mode.AcceptOnlyFromAmong("accepted", "rejected", "lost", "none");
        return Verb(
            new Command("fail-next-submit", "Lets the next submission fail.") { mode },
            parsed => new JsonObject { ["mode"] = parsed.GetValue(mode) },
            answer => $"the next submission: {answer["mode"]}"
        );
    }

    private static Command Fail()
    {
        var tx = new Argument<string?>("TX") { Description = "Its id; it waits in the mempool.", Arity = ArgumentArity.ZeroOrOne };
        var next = new Option<bool>("--next") { Description = "The next one with scripts and collateral." };
        return Verb(
            new Command("fail", "Lets the block that takes a transaction take it as failed in phase 2: its collateral is lost.") { tx, next },
            parsed =>
                parsed.GetValue(next) == (parsed.GetValue(tx) is not null) ? throw new FormatException("either TX or --next")
                : parsed.GetValue(tx) is { } id ? new JsonObject { ["tx"] = id }
                : new JsonObject { ["next"] = true },
            answer => $"fails in its block: {answer["failing"]}"
        );
    }

    private static Command Parameters()
    {
        var values = new Argument<string[]>("NAME=VALUE")
        {
            Description = $"As in epochs/latest/parameters: {string.Join(", ", ParameterNames.All)}.",
            Arity = ArgumentArity.OneOrMore,
        };
        var epoch = new Option<long?>("--at-epoch") { Description = "From this epoch on; otherwise at once." };
        return Verb(
            new Command("parameters", "Changes protocol parameters of the running chain.") { values, epoch },
            parsed =>
            {
                var set = new JsonObject();
                foreach (var (name, value) in parsed.GetValue(values)!.Select(ParameterNames.Read))
                {
                    set[name] = value;
                }

                return parsed.GetValue(epoch) is { } at ? new JsonObject { ["set"] = set, ["at_epoch"] = at } : new JsonObject { ["set"] = set };
            },
            answer => string.Join('\n', [$"epoch {answer["epoch"]}", .. answer["dropped"]!.AsArray().Select(d => $"dropped {d}")])
        );
    }

    private static Command View()
    {
        var key = new Argument<string>("KEY") { Description = "The project_id that is shown it." };
        var specs = new Argument<string[]>("SPEC")
        {
            Description = $"{DevnetViews.Words}. Several apply together, each with a share of its own.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var clear = new Option<bool>("--clear") { Description = "Show the truth again." };
        return Verb(
            new Command("view", "Shows who sends an API key something else than the truth.") { key, specs, clear },
            parsed =>
            {
                var given = parsed.GetValue(specs)!;
                Array.ForEach(given, spec => DevnetViews.Check(parsed.GetValue(key)!, spec));
                return parsed.GetValue(clear) == given.Length > 0 ? throw new FormatException("either SPEC or --clear")
                    : given.Length == 0 ? new JsonObject { ["key"] = parsed.GetValue(key), ["clear"] = true }
                    : new JsonObject { ["key"] = parsed.GetValue(key), ["specs"] = new JsonArray([.. given.Select(g => JsonValue.Create(g))]) };
            },
            answer =>
                answer["specs"] is JsonArray { Count: > 0 } shown
                    ? $"{answer["key"]} is shown {string.Join(" and ", shown)} (seed {answer["seed"]})"
                    : $"{answer["key"]} is shown the truth"
        );
    }

    private static Command Plain(string name, string description) => Verb(new Command(name, description), _ => [], name == "reset" ? Tip : Clock);

    private static Command Counting(string name, string description, string argument, string meaning, string field, int otherwise)
    {
        var count = new Argument<int>(argument) { Description = meaning, DefaultValueFactory = _ => otherwise };
        return Verb(new Command(name, description) { count }, parsed => new JsonObject { [field] = parsed.GetValue(count) }, Tip);
    }

    private static Command Naming(string name, string description, string argument, string meaning, string field)
    {
        var text = new Argument<string>(argument) { Description = meaning };
        return Verb(
            new Command(name, description) { text },
            parsed => new JsonObject { [field] = parsed.GetValue(text) },
            answer => answer["dropped"] is JsonArray dropped ? string.Join('\n', dropped.Select(d => $"dropped {d}")) : Tip(answer)
        );
    }

    private static string Clock(JsonNode answer) => $"slot {answer["slot"]}, {answer["time"]}{((bool)answer["paused"]! ? ", paused" : "")}";

    private static string Tip(JsonNode answer) => $"block {answer["height"]} {answer["hash"]} in slot {answer["slot"]}, {answer["mempool"]} waiting";

    private static Command Verb(Command command, Func<ParseResult, JsonObject> body, Func<JsonNode, string> show)
    {
        var url = new Option<string>("--url") { Description = "The devnet.", DefaultValueFactory = _ => "http://127.0.0.1:3003" };
        var json = new Option<bool>("--json") { Description = "Print the devnet's answer as it is." };
        command.Add(url);
        command.Add(json);
        command.SetAction(
            async (parsed, cancellation) =>
            {
                try
                {
                    var answer = await PostAsync(Target(parsed.GetValue(url)!, command.Name), body(parsed), cancellation);
                    Console.WriteLine(parsed.GetValue(json) ? answer.ToJsonString() : show(answer));
                    return Done;
                }
                catch (FormatException e)
                {
                    return Say(e.Message, Unusable);
                }
                catch (Exception e) when (e is HttpRequestException or JsonException)
                {
                    return Say($"no devnet answers at {parsed.GetValue(url)}: {e.Message}", Unusable);
                }
                catch (TimeoutException e)
                {
                    return Say(e.Message, Unusable);
                }
                catch (InvalidOperationException e)
                {
                    return Say(e.Message, Refused);
                }
            }
        );
        return command;

        int Say(string message, int code)
        {
            Console.Error.WriteLine($"masumi devnet {command.Name}: {message}");
            return code;
        }
    }

    /// <summary>Posts to the devnet; throws <see cref="InvalidOperationException"/> with what it says when it refuses.</summary>
    internal static async Task<JsonNode> PostAsync(Uri target, JsonObject body, CancellationToken cancellation)
    {
        using var http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        using var limit = new CancellationTokenSource(Patience, TimeProvider.System);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            using var response = await http.PostAsJsonAsync(target, body, both.Token);
            var answer = await response.Content.ReadFromJsonAsync<JsonNode>(both.Token);
            return response.StatusCode == HttpStatusCode.OK && answer is JsonObject
                ? answer
                : throw new InvalidOperationException(
                    answer is JsonObject error && error["message"] is { } message ? $"{message}" : $"the answer was {(int)response.StatusCode}"
                );
        }
        catch (OperationCanceledException e) when (limit.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"no answer from {target} within {Patience.TotalSeconds} seconds; it may be done nevertheless", e);
        }
    }

    private static Uri Target(string url, string verb) =>
        Uri.TryCreate(url, UriKind.Absolute, out var parsed) && parsed.Scheme is "http" or "https"
            ? new Uri(parsed, $"/devnet/{verb}")
            : throw new FormatException($"--url: not a URL: '{url}'");

    // Read here already, so that what cannot be read is said before anything is asked.
    private static string Amount(string text)
    {
        try
        {
            var amount = TypedAmounts.Parse(text.Length > 0 && text.All(char.IsAsciiDigit) ? text + " lovelace" : text, Network.Preprod);
            return AmountText.Format(amount, Network.Preprod);
        }
        catch (FormatException e)
        {
            throw new FormatException($"AMOUNT: {e.Message}", e);
        }
    }
}
