using System.Diagnostics;
using Masumi.Node.Hosting;
using Masumi.Node.Verbs;

namespace Masumi.Node.Demo;

/// <summary>A payment node of the story: somewhere it can be reached.</summary>
internal interface IStoryNode : IAsyncDisposable
{
    /// <summary>Where it listens.</summary>
    Uri BaseUrl { get; }
}

/// <summary>A node as a process of its own, which can be killed without warning.</summary>
internal sealed class NodeProcess : IStoryNode
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly Process _process;

    private NodeProcess(Process process, Uri baseUrl)
    {
        _process = process;
        BaseUrl = baseUrl;
    }

    public Uri BaseUrl { get; }

    public static async Task<NodeProcess> StartAsync(PaymentNodeOptions options, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        start.ArgumentList.Add("exec");
        start.ArgumentList.Add(typeof(NodeProcess).Assembly.Location);
        start.ArgumentList.Add("node");
        var process = Process.Start(start) ?? throw new InvalidOperationException("The node's process did not start.");
        await process.StandardInput.WriteAsync(NodeVerb.Write(options).ToJsonString());
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
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    public async ValueTask DisposeAsync() => await KillAsync();
}
