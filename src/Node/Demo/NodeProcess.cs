using System.Diagnostics;
using System.Text.Json.Nodes;
using Masumi.Node.Hosting;
using Masumi.Node.Settings;

namespace Masumi.Node.Demo;

/// <summary>A node as a process of its own, which can be killed without warning.</summary>
internal sealed class NodeProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly Process _process;

    private NodeProcess(Process process, Uri baseUrl)
    {
        _process = process;
        BaseUrl = baseUrl;
    }

    /// <summary>Where it listens.</summary>
    public Uri BaseUrl { get; }

    public static async Task<NodeProcess> StartAsync(PaymentNodeOptions options, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        foreach (var argument in new[] { "exec", typeof(NodeProcess).Assembly.Location, "node", "--config", "-" })
        {
            start.ArgumentList.Add(argument);
        }

        var process = Process.Start(start) ?? throw new InvalidOperationException("The node's process did not start.");
        await process.StandardInput.WriteAsync(Settings(options).ToJsonString());
        process.StandardInput.Close();
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token);
        while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.StartsWith("ready ", StringComparison.Ordinal))
            {
                _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
                return new NodeProcess(process, new Uri(line["ready ".Length..]));
            }
        }

        throw new InvalidOperationException("The node's process ended before it was ready.");
    }

    /// <summary>SIGKILL: it gets no chance to finish anything.</summary>
    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    // On standard input, so that no secret stands on a command line.
    private static JsonObject Settings(PaymentNodeOptions options) =>
        new()
        {
            ["network"] = options.Network.ToString(),
            ["chain"] = new JsonObject { ["url"] = options.Chain.Url.ToString(), ["pollMilliseconds"] = options.Settlement.PollInterval.TotalMilliseconds },
            ["database"] = options.Database.File,
            ["secret"] = options.Secret,
            ["adminKey"] = options.AdminKey,
            ["listen"] = string.Join(',', options.Listen),
            ["sources"] = new JsonArray([.. options.Sources.Select(s => (JsonNode)Source(s))]),
        };

    private static JsonObject Source(SourceSettings source)
    {
        var contract = source.Contract.Contract;
        return new JsonObject
        {
            ["contract"] = "own",
            ["family"] = contract.Family.ToString(),
            ["requiredAdmins"] = contract.RequiredAdmins,
            ["admins"] = new JsonArray([.. contract.Admins.Select(a => (JsonNode)a.ToString())]),
            ["cooldownMilliseconds"] = contract.CooldownMilliseconds,
            ["feeAddress"] = contract.FeeAddress?.ToString(),
            ["wallets"] = new JsonArray([
                .. source.Wallets.Select(w =>
                    (JsonNode)
                        new JsonObject
                        {
                            ["role"] = w.Role.ToString(),
                            ["mnemonic"] = w.Mnemonic,
                            ["note"] = w.Note,
                        }
                ),
            ]),
        };
    }
}
