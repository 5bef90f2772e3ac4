using System.Net.Sockets;
using System.Text.Json.Nodes;
using Masumi.Node.Settings;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Masumi.Node.Control;

/// <summary>
/// The control socket of a running engine (decision 24): its owner's alone, there as long as the engine is. What a killed process left behind is replaced. A node
/// that cannot make it runs all the same, and says so.
/// </summary>
internal sealed class ControlServer(DatabaseSettings database, OperatorDesk desk, TimeProvider time, ILogger logger) : IHostedService, IDisposable
{
    private const int MostConnections = 16;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(60);

    /// <summary>The longest that a question may take: looking at everything again at a slow provider.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    private readonly CancellationTokenSource _stop = new();
    private Socket? _socket;
    private Task _accepting = Task.CompletedTask;
    private string? _path;
    private int _connections;

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var path in ControlPlace.Of(database))
        {
            try
            {
                _socket = await ListenAsync(path, cancellationToken);
                _path = path;
                _accepting = Task.Run(() => AcceptAsync(_socket), CancellationToken.None);
                return;
            }
            catch (Exception e) when (e is SocketException or IOException or UnauthorizedAccessException)
            {
                logger.LogWarning("Operators cannot reach this node at {Path}: {Reason}", path, e.Message);
            }
        }
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        _socket?.Dispose();
        await _accepting;
        if (_path is not null)
        {
            File.Delete(_path);
            _path = null;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _socket?.Dispose();
        _stop.Dispose();
    }

    private async Task<Socket> ListenAsync(string path, CancellationToken cancellation)
    {
        ControlPlace.Prepare(database, path);
        if (File.Exists(path))
        {
            if (new FileInfo(path).Length > 0)
            {
                throw new IOException($"{path} is a file that somebody else made");
            }

            using var probe = await ControlClient.TryConnectAsync(path, time, cancellation);
            if (probe is not null)
            {
                throw new IOException("another node on the same database listens there");
            }

            File.Delete(path);
        }

        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            // Nobody can connect before it listens, and then its mode is right.
            socket.Bind(new UnixDomainSocketEndPoint(path));
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(path, OwnerOnly);
            }

            socket.Listen(MostConnections);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task AcceptAsync(Socket socket)
    {
        var served = new List<Task>();
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var connection = await socket.AcceptAsync(_stop.Token);
                served.RemoveAll(t => t.IsCompleted);
                served.Add(ServeAsync(connection));
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                break;
            }
            catch (SocketException e)
            {
                logger.LogWarning("A connection of an operator failed: {Reason}", e.Message);
            }
        }

        await Task.WhenAll(served);
    }

    private async Task ServeAsync(Socket connection)
    {
        using var lines = new ControlLines(new NetworkStream(connection, ownsSocket: true), time);
        try
        {
            if (Interlocked.Increment(ref _connections) > MostConnections)
            {
                await lines.WriteAsync(Refusal($"{MostConnections} operators are connected already", 1), _stop.Token);
                return;
            }

            var next = lines.ReadAsync(_stop.Token);
            while (await next.WaitAsync(Idle, time, _stop.Token) is { } question)
            {
                next = lines.ReadAsync(_stop.Token);
                await lines.WriteAsync(await AnswerAsync(question, next), _stop.Token);
            }
        }
        catch (InvalidDataException e)
        {
            await TryRefuseAsync(lines, e.Message);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or TimeoutException or ObjectDisposedException)
        {
            // They went, or say nothing any more, or the node stops.
        }
        finally
        {
            Interlocked.Decrement(ref _connections);
        }
    }

    // Whoever went is not worked for any longer.
    private async Task<JsonObject> AnswerAsync(JsonObject question, Task<JsonObject?> next)
    {
        using var limit = new CancellationTokenSource(Longest, time);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _stop.Token);
        var answer = desk.AnswerAsync(question, ended.Token);
        if (await Task.WhenAny((Task)answer, next) == next && next is not { Status: TaskStatus.RanToCompletion, Result: not null })
        {
            await ended.CancelAsync();
        }

        try
        {
            return new JsonObject { ["data"] = await answer };
        }
        catch (DeskRefusal e)
        {
            return Refusal(e.Message, e.Code);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return Refusal($"no answer within {Longest.TotalMinutes} minutes", 1);
        }
        catch (Exception e) when (e is Chain.ChainUnavailableException or Storage.StorageUnavailableException or Storage.CommitUnknownException)
        {
            return Refusal(e.Message.TrimEnd('.'), 1);
        }
        catch (Exception e) when (e is not (OperationCanceledException or OutOfMemoryException))
        {
            logger.LogError(e, "An operator's question failed");
            return Refusal($"a fault of the node's: {e.Message}", 1);
        }
    }

    private async Task TryRefuseAsync(ControlLines lines, string message)
    {
        try
        {
            await lines.WriteAsync(Refusal(message, 2), _stop.Token);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Nobody listens.
        }
    }

    private static JsonObject Refusal(string message, int code) => new() { ["refusal"] = message, ["code"] = code };
}
