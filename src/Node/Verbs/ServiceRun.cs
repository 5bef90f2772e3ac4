using System.Data.Common;
using System.Net;
using Masumi.Chain;
using Masumi.Node.Settings;
using Masumi.Storage;
using Microsoft.Extensions.Logging;

namespace Masumi.Node.Verbs;

/// <summary>A service as a process: it is started from its settings, says that it is ready, and runs until it is told to stop.</summary>
internal static class ServiceRun
{
    private const int Unusable = 2;

    /// <summary>Runs it. Whatever is wrong with its settings is one line each on standard error, the answer 2, and nothing has been changed.</summary>
    public static async Task<int> RunAsync(string verb, Func<ILoggerFactory, Task<IAsyncDisposable>> start, CancellationToken cancellation)
    {
        // Standard output is for who started it: a script waits there for the line that says ready.
        using var loggers = LoggerFactory.Create(b =>
            b.AddSimpleConsole(o => o.SingleLine = true).AddConsole(o => o.LogToStandardErrorThreshold = LogLevel.Trace).SetMinimumLevel(LogLevel.Warning)
        );
        IAsyncDisposable started;
        try
        {
            started = await start(loggers);
        }
        catch (SettingsException e)
        {
            foreach (var problem in e.Problems)
            {
                await Console.Error.WriteLineAsync($"masumi {verb}: {problem}");
            }

            return Unusable;
        }
        catch (Exception e) when (e is ChainUnavailableException or StorageUnavailableException or MigrationException or DbException)
        {
            await Console.Error.WriteLineAsync($"masumi {verb}: {(e is ChainUnavailableException ? "chain.url" : "database")}: {e.Message.TrimEnd('.')}");
            return Unusable;
        }

        await using (started)
        {
            await UntilStoppedAsync(cancellation);
        }

        return 0;
    }

    /// <summary>Waits for Ctrl+C, SIGTERM and the like.</summary>
    public static async Task UntilStoppedAsync(CancellationToken cancellation)
    {
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
        }
        catch (OperationCanceledException)
        {
            // That is the way out.
        }
    }

    /// <summary>Says that keys travel in clear text where others can connect.</summary>
    public static async Task WarnAsync(string verb, IEnumerable<IPEndPoint> listen)
    {
        foreach (var place in listen.Where(ListenSettings.IsOpen))
        {
            await Console.Error.WriteLineAsync(
                $"masumi {verb}: listen: others can connect to {place}, and keys travel in clear text; put a proxy with TLS before it, or listen on 127.0.0.1"
            );
        }
    }
}
