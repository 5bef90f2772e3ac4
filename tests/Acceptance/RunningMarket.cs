using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Masumi.Tests;

namespace Masumi.Acceptance;

/// <summary>What <c>masumi up --json</c> started: the program as its users run it, known by its one line alone.</summary>
public sealed class RunningMarket : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private Process? _process;

    public HttpClient Http { get; } = new();

    /// <summary>The line.</summary>
    public JsonNode Line { get; private set; } = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _process = ProcessRun.Start("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "masumi.dll"), "up", "--json"]);
        string? line;
        try
        {
            line = await _process.StandardOutput.ReadLineAsync(Stop).AsTask().WaitAsync(Patience, Stop);
        }
        catch (Exception)
        {
            _process.Kill(entireProcessTree: true);
            throw;
        }

        Line = JsonNode.Parse(line ?? throw new InvalidOperationException(await _process.StandardError.ReadToEndAsync(Stop)))!;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (_process is not null)
        {
            using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
            await _process.WaitForExitAsync().WaitAsync(Patience);
            _process.Dispose();
        }
    }

    /// <summary>The sample agent of a generation.</summary>
    public JsonNode Agent(string paymentSourceType) => Line["agents"]!.AsArray().Single(a => (string)a!["paymentSourceType"]! == paymentSourceType)!;

    public Uri Api(string service) => new($"{Line[service]!["url"]}/api/v1");

    public string Key(string service) => (string)Line[service]!["key"]!;

    /// <summary>One request, as a client of another's sends it; the answer's data.</summary>
    public async Task<JsonNode> CallAsync(string service, HttpMethod method, string path, JsonObject? body = null)
    {
        using var request = new HttpRequestMessage(method, $"{Api(service)}{path}");
        request.Headers.Add("token", Key(service));
        request.Content = body is null ? null : JsonContent.Create((JsonNode)body);
        using var response = await Http.SendAsync(request, Stop);
        var answer = await response.Content.ReadAsStringAsync(Stop);
        return response.IsSuccessStatusCode ? JsonNode.Parse(answer)!["data"]! : throw new InvalidOperationException($"{path}: {answer}");
    }

    /// <summary>Moves the market's clock, as a user does.</summary>
    public async Task AdvanceAsync(string by)
    {
        var (code, output, error) = await ProcessRun.RunAsync("masumi.dll", "", "advance", by, "--url", (string)Line["devnet"]!["url"]!);
        Assert.True(code == 0, output + error);
    }

    /// <summary>Waits for a row of a deal to be as wanted.</summary>
    public static async Task<JsonNode> UntilAsync(string what, Func<Task<JsonNode?>> look, Func<JsonNode, bool> isThere)
    {
        var started = Stopwatch.GetTimestamp();
        JsonNode? row = null;
        while (Stopwatch.GetElapsedTime(started) < Patience)
        {
            row = await look();
            if (row is not null && isThere(row))
            {
                return row;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), Stop);
        }

        throw new TimeoutException($"{what}: {row?.ToJsonString()}");
    }
}
