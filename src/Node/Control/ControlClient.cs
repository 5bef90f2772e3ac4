using System.Net.Sockets;
using System.Text.Json.Nodes;
using Masumi.Node.Settings;

namespace Masumi.Node.Control;

/// <summary>Speaks to the engine that runs on a database.</summary>
internal sealed class ControlClient : IDisposable
{
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(5);

    /// <summary>A little longer than the engine itself takes before it gives up.</summary>
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromMinutes(11);

    private readonly ControlLines _lines;
    private readonly TimeProvider _time;

    private ControlClient(ControlLines lines, TimeProvider time)
    {
        _lines = lines;
        _time = time;
    }

    /// <summary>Connects; null when no engine listens. Throws <see cref="IOException"/> when one does and is another user's.</summary>
    public static async Task<ControlClient?> TryConnectAsync(DatabaseSettings database, TimeProvider time, CancellationToken cancellation)
    {
        foreach (var path in ControlPlace.Of(database))
        {
            if (await TryConnectAsync(path, time, cancellation) is { } client)
            {
                return client;
            }
        }

        return null;
    }

    /// <summary>Connects to a path; null when nobody listens there.</summary>
    public static async Task<ControlClient?> TryConnectAsync(string path, TimeProvider time, CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            using var limit = new CancellationTokenSource(ConnectLimit, time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), both.Token);
            return new ControlClient(new ControlLines(new NetworkStream(socket, ownsSocket: true), time), time);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AccessDenied)
        {
            socket.Dispose();
            throw new IOException($"the engine's socket {path} is its owner's alone", e);
        }
        catch (SocketException)
        {
            // There is none, or what a killed process left.
            socket.Dispose();
            return null;
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            socket.Dispose();
            throw new IOException($"the engine behind {path} does not answer", e);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Asks. Throws <see cref="DeskRefusal"/>, or <see cref="IOException"/> when the engine ends meanwhile.</summary>
    public async Task<JsonObject> AskAsync(JsonObject question, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(AnswerLimit, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            await _lines.WriteAsync(question, both.Token);
            var answer = await _lines.ReadAsync(both.Token) ?? throw new IOException("the engine ended before it answered");
            return answer["refusal"] is { } refusal
                ? throw new DeskRefusal((string?)refusal ?? "") { Code = (int?)answer["code"] ?? 1 }
                : answer["data"] as JsonObject ?? throw new IOException("the engine's answer makes no sense");
        }
        catch (IOException e) when (e.InnerException is SocketException)
        {
            throw new IOException("the engine ended", e);
        }
        catch (Exception e) when (e is SocketException or InvalidDataException)
        {
            throw new IOException($"the engine's answer was lost: {e.Message}", e);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new IOException("the engine does not answer", e);
        }
    }

    public void Dispose() => _lines.Dispose();
}
