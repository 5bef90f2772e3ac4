using System.Net;
using Masumi.Chain;
using Masumi.Node.Settings;
using Masumi.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Masumi.Node.Verbs;

/// <summary>A service as a process: it is started from its settings, says that it is ready, and runs until it is told to stop.</summary>
internal static class ServiceRun
{
    private const int Failed = 1;
    private const int Unusable = 2;

    /// <summary>
    /// Runs it. Whatever is wrong with its settings is one line each on standard error, the answer 2, and nothing has been changed. When a database could not
    /// be left complete in its one file, a line says where the rest is, and the answer is 1.
    /// </summary>
    /// <param name="verb">Whose lines they are.</param>
    /// <param name="start">What was started, in the order in which it is stopped.</param>
    /// <param name="cancellation">Stops it.</param>
    public static async Task<int> RunAsync(string verb, Func<ILoggerFactory, Task<IReadOnlyList<IAsyncDisposable>>> start, CancellationToken cancellation)
    {
        // Standard output is for who started it: a script waits there for the line that says ready.
        using var loggers = LoggerFactory.Create(b =>
            b.AddSimpleConsole(OneLine).AddConsole(o => o.LogToStandardErrorThreshold = LogLevel.Trace).SetMinimumLevel(LogLevel.Warning)
        );
        IReadOnlyList<IAsyncDisposable> started;
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
        catch (Exception e) when (e is ChainUnavailableException or StorageUnavailableException or MigrationException or CommitUnknownException)
        {
            await Console.Error.WriteLineAsync($"masumi {verb}: {(e is ChainUnavailableException ? "chain.url" : "database")}: {e.Message.TrimEnd('.')}");
            return Unusable;
        }

        await UntilStoppedAsync(cancellation);
        return await StopAsync(verb, started);
    }

    /// <summary>How every service logs: a line with its time.</summary>
    public static void OneLine(SimpleConsoleFormatterOptions options)
    {
        options.SingleLine = true;
        options.UseUtcTimestamp = true;
        options.TimestampFormat = "yyyy-MM-dd HH:mm:ss'Z' ";
    }

    private static async Task<int> StopAsync(string verb, IEnumerable<IAsyncDisposable> started)
    {
        var code = 0;
        foreach (var service in started)
        {
            try
            {
                await service.DisposeAsync();
            }
            catch (StorageUnavailableException e)
            {
                await Console.Error.WriteLineAsync($"masumi {verb}: database: {e.Message.TrimEnd('.')}");
                code = Failed;
            }
        }

        return code;
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
