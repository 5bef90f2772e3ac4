using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Masumi.Tests;

namespace Masumi.Acceptance;

/// <summary>An answer of a node.</summary>
public sealed record NodeAnswer(int Status, JsonNode? Body)
{
    /// <summary>What was asked for. Throws when it was refused.</summary>
    public JsonNode Data => Status == 200 ? Body!["data"]! : throw new InvalidOperationException($"{Status}: {Body}");
}

/// <summary><c>masumi node</c> as a process of its own, that can be stopped or killed and started again on the same settings.</summary>
public sealed class TradingNode : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private readonly JsonObject _settings;
    private readonly HttpClient _http = new() { Timeout = Patience };
    private Process? _process;
    private Task<string> _errors = Task.FromResult("");

    private TradingNode(JsonObject settings) => _settings = settings;

    public Uri BaseUrl { get; private set; } = null!;

    public string Database => (string)_settings["database"]!;

    /// <summary>What it, and those before it on these settings, said on standard error.</summary>
    public string Log => Path.ChangeExtension(Database, ".log");

    /// <summary>False when it was ended, or ended by itself.</summary>
    public bool IsRunning => _process is { HasExited: false };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<TradingNode> StartAsync(JsonObject settings)
    {
        var node = new TradingNode(settings);
        await node.StartAsync();
        return node;
    }

    /// <summary>Starts it, again.</summary>
    public async Task StartAsync()
    {
        var process = _process = ProcessRun.Start("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "masumi.dll"), "node", "--config", "-"]);
        await process.StandardInput.WriteAsync(_settings.ToJsonString());
        process.StandardInput.Close();
        _errors = LoggedAsync(process.StandardError);
        while (await process.StandardOutput.ReadLineAsync(Stop).AsTask().WaitAsync(Patience, Stop) is { } line)
        {
            if (line.StartsWith("ready ", StringComparison.Ordinal))
            {
                _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
                BaseUrl = new Uri(line["ready ".Length..]);
                return;
            }
        }

        throw new InvalidOperationException(await _errors);
    }

    public async Task<NodeAnswer> CallAsync(HttpMethod method, string path, JsonObject? body = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(BaseUrl, "/api/v1/" + path));
        request.Headers.Add("token", (string)_settings["adminKey"]!);
        request.Content = body is null ? null : JsonContent.Create((JsonNode)body);
        using var response = await _http.SendAsync(request, Stop);
        var answer = await response.Content.ReadAsStringAsync(Stop);
        return new NodeAnswer((int)response.StatusCode, answer.Length == 0 ? null : JsonNode.Parse(answer));
    }

    /// <summary>Whether it says that it can do its work.</summary>
    public async Task<bool> IsReadyAsync()
    {
        using var response = await _http.GetAsync(new Uri(BaseUrl, "ready"), Stop);
        return response.IsSuccessStatusCode;
    }

    /// <summary>SIGTERM: one complete database file is left.</summary>
    public async Task StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{_process!.Id}"]);
        await _process.WaitForExitAsync(Stop).WaitAsync(Patience, Stop);
        await _errors;
        _process.Dispose();
        _process = null;
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        if (_process is { } process)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            await _errors;
            process.Dispose();
            _process = null;
        }
    }

    // What a process that was killed had said is there too, and nothing of it is kept in memory.
    private async Task<string> LoggedAsync(StreamReader errors)
    {
        var first = "";
        while (await errors.ReadLineAsync(CancellationToken.None) is { } line)
        {
            first = first.Length < 4_000 ? first + line + "\n" : first;
            await File.AppendAllTextAsync(Log, line + "\n", CancellationToken.None);
        }

        return first;
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _http.Dispose();
    }
}
