using System.CommandLine;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Masumi.Node.Market;
using Masumi.Node.Typed;

namespace Masumi.Node.Verbs;

/// <summary><c>masumi advance 2h</c>: moves the clock of the market that runs here, and waits until its nodes have seen it.</summary>
internal static class AdvanceVerb
{
    private const int Failed = 1;
    private const int Unusable = 2;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    public static Command Create()
    {
        var duration = new Argument<string>("DURATION") { Description = "For example 30d, 12h, 15m, 90s, or 1d12h." };
        var url = new Option<string?>("--url") { Description = "The market's devnet, when several markets run or it runs elsewhere." };
        var command = new Command("advance", "Moves the clock of the market that 'masumi up' runs; everything of it follows.") { duration, url };
        command.SetAction(
            async (parsed, cancellation) =>
            {
                try
                {
                    var by = Duration.Seconds(parsed.GetValue(duration)!);
                    return await RunAsync(TargetOf(parsed.GetValue(url)), by, cancellation);
                }
                catch (FormatException e)
                {
                    return Say(e.Message, Unusable);
                }
                catch (JsonException)
                {
                    return Say("no devnet answers there", Unusable);
                }
                catch (HttpRequestException e)
                {
                    return Say($"the market does not answer: {e.Message}", Unusable);
                }
                catch (TimeoutException e)
                {
                    return Say(e.Message, Unusable);
                }
                catch (InvalidOperationException e)
                {
                    return Say(e.Message, Failed);
                }
            }
        );
        return command;
    }

    private static MarketPointer.Target TargetOf(string? url)
    {
        var running = MarketPointer.Find();
        if (url is not null)
        {
            return !Uri.TryCreate(url, UriKind.Absolute, out var parsed) || parsed.Scheme is not ("http" or "https")
                ? throw new FormatException($"--url: not a URL: '{url}'")
                : running.FirstOrDefault(t => t.Devnet.Authority == parsed.Authority) ?? new MarketPointer.Target(parsed, []);
        }

        return running switch
        {
            [var only] => only,
            [] => throw new FormatException("no market runs here; start one with 'masumi up', or name its devnet with --url"),
            _ => throw new FormatException(
                $"several markets run here; --url with one of {string.Join(", ", running.Select(t => MarketText.Plain(t.Devnet)))} is needed"
            ),
        };
    }

    private static async Task<int> RunAsync(MarketPointer.Target target, long seconds, CancellationToken cancellation)
    {
        var answer = await DevnetControl.PostAsync(new Uri(target.Devnet, "/devnet/advance"), new JsonObject { ["seconds"] = seconds }, cancellation);
        var time = Time(answer["time"]) ?? throw new JsonException("a devnet tells its time");
        using var http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        using var limit = new CancellationTokenSource(Patience, TimeProvider.System);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            foreach (var service in target.Services)
            {
                while (await TimeOfAsync(http, service, both.Token) < time)
                {
                    await Task.Delay(Look, TimeProvider.System, both.Token);
                }
            }
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            // The clock has moved, whoever follows.
            throw new InvalidOperationException($"the clock has moved, but not every node has been seen to follow: {e.Message}", e);
        }

        Console.WriteLine($"It is {time.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC in the market{(target.Services.Count > 0 ? ", and its nodes know" : "")}.");
        return 0;
    }

    private static async Task<DateTimeOffset> TimeOfAsync(HttpClient http, Uri service, CancellationToken cancellation)
    {
        var health = await http.GetFromJsonAsync<JsonNode>(new Uri(service, "/api/v1/health"), cancellation);
        return health is JsonObject answer && answer["data"] is JsonObject data && Time(data["chainTime"]) is { } time
            ? time
            : throw new JsonException($"{service} does not tell its time");
    }

    private static DateTimeOffset? Time(JsonNode? node) =>
        node?.GetValueKind() == JsonValueKind.String && DateTimeOffset.TryParse((string)node!, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            ? time
            : null;

    private static int Say(string message, int code)
    {
        Console.Error.WriteLine($"masumi advance: {message}");
        return code;
    }
}
