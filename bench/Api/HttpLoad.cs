using System.Buffers.Text;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Masumi.Bench.Api;

/// <summary>What a load came to.</summary>
/// <param name="Rate">Answers a second.</param>
/// <param name="Median">Milliseconds.</param>
/// <param name="P99">Milliseconds.</param>
/// <param name="Max">Milliseconds.</param>
internal sealed record Load(double Rate, double Median, double P99, double Max);

/// <summary>Requests over plain sockets, one at a time on each: on two processors a client that does more would measure itself.</summary>
internal static class HttpLoad
{
    /// <summary>A request as it goes over the wire.</summary>
    public static byte[] Request(Uri url, string verb, string path, string key, string? body = null) =>
        Encoding.UTF8.GetBytes(
            $"{verb} {path} HTTP/1.1\r\nHost: {url.Authority}\r\ntoken: {key}\r\n"
                + (body is null ? "\r\n" : $"Content-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}")
        );

    /// <summary>The same request over and over, after a time in which nothing is counted.</summary>
    public static async Task<Load> RepeatAsync(Uri url, byte[] request, int connections, TimeSpan warm, TimeSpan time)
    {
        await RunAsync(url, connections, _ => request, warm);
        return await RunAsync(url, connections, _ => request, time);
    }

    /// <summary>Each request once.</summary>
    public static Task<Load> OnceAsync(Uri url, IReadOnlyList<byte[]> requests, int connections) =>
        RunAsync(url, connections, i => i < requests.Count ? requests[i] : null, TimeSpan.MaxValue);

    private static async Task<Load> RunAsync(Uri url, int connections, Func<int, byte[]?> request, TimeSpan time)
    {
        var next = -1;
        var began = Stopwatch.GetTimestamp();
        var all = await Task.WhenAll(
            Enumerable
                .Range(0, connections)
                .Select(_ =>
                    Task.Run(async () =>
                    {
                        var took = new List<double>();
                        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                        await socket.ConnectAsync(IPAddress.Loopback, url.Port);
                        var buffer = new byte[1024 * 1024];
                        while (Stopwatch.GetElapsedTime(began) < time && request(Interlocked.Increment(ref next)) is { } bytes)
                        {
                            var sent = Stopwatch.GetTimestamp();
                            await socket.SendAsync(bytes);
                            await AnswerAsync(socket, buffer);
                            took.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
                        }

                        return took;
                    })
                )
        );
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        var times = all.SelectMany(t => t).Order().ToList();
        return new Load(times.Count / seconds, times[times.Count / 2], times[(int)(times.Count * 0.99)], times[^1]);
    }

    // Every answer has a length, and must be a success.
    private static async ValueTask AnswerAsync(Socket socket, byte[] buffer)
    {
        var have = 0;
        var whole = int.MaxValue;
        while (have < whole)
        {
            if (have == buffer.Length || await socket.ReceiveAsync(buffer.AsMemory(have)) is not (> 0 and var received))
            {
                throw new InvalidOperationException("The answer broke off.");
            }

            have += received;
            if (whole == int.MaxValue && buffer.AsSpan(0, have).IndexOf("\r\n\r\n"u8) is >= 0 and var end)
            {
                whole = end + 4 + Length(buffer.AsSpan(0, end));
            }
        }

        if (!buffer.AsSpan().StartsWith("HTTP/1.1 200"u8))
        {
            throw new InvalidOperationException(Encoding.UTF8.GetString(buffer, 0, have));
        }
    }

    private static int Length(ReadOnlySpan<byte> head)
    {
        var name = "Content-Length: "u8;
        var at = head.IndexOf(name);
        return at >= 0 && Utf8Parser.TryParse(head[(at + name.Length)..], out int length, out _)
            ? length
            : throw new InvalidOperationException("The answer has no length.");
    }
}
