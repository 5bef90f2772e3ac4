using System.Text.Json;
using System.Text.Json.Nodes;

namespace Masumi.Node.Control;

/// <summary>Messages on a control socket: one JSON object a line, at most a megabyte each.</summary>
internal sealed class ControlLines(Stream stream, TimeProvider time) : IDisposable
{
    /// <summary>Most bytes of a message.</summary>
    public const int MostBytes = 1024 * 1024;

    private static readonly TimeSpan WriteLimit = TimeSpan.FromSeconds(20);

    private byte[] _buffer = new byte[4096];
    private int _filled;

    /// <summary>The next message; null when the other side has ended. Throws <see cref="InvalidDataException"/> for what is none.</summary>
    public async Task<JsonObject?> ReadAsync(CancellationToken cancellation)
    {
        for (var searched = 0; ; )
        {
            var end = Array.IndexOf(_buffer, (byte)'\n', searched, _filled - searched);
            if (end >= 0)
            {
                var message = Parse(_buffer.AsSpan(0, end));
                _buffer.AsSpan(end + 1, _filled - end - 1).CopyTo(_buffer);
                _filled -= end + 1;
                return message;
            }

            searched = _filled;
            if (_filled > MostBytes)
            {
                throw new InvalidDataException($"a message has more than {MostBytes} bytes");
            }

            if (_filled == _buffer.Length)
            {
                Array.Resize(ref _buffer, _buffer.Length * 2);
            }

            var read = await stream.ReadAsync(_buffer.AsMemory(_filled), cancellation);
            if (read == 0)
            {
                return null;
            }

            _filled += read;
        }
    }

    /// <summary>Sends a message.</summary>
    public async Task WriteAsync(JsonObject message, CancellationToken cancellation)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(message);
        if (bytes.Length > MostBytes)
        {
            throw new InvalidDataException($"a message would have {bytes.Length} bytes; {MostBytes} are allowed");
        }

        using var limit = new CancellationTokenSource(WriteLimit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        await stream.WriteAsync((byte[])[.. bytes, (byte)'\n'], both.Token);
    }

    public void Dispose() => stream.Dispose();

    private static JsonObject Parse(ReadOnlySpan<byte> line)
    {
        try
        {
            var options = new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 64 };
            return JsonNode.Parse(line, documentOptions: options) as JsonObject ?? throw new InvalidDataException("a message is a JSON object");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"a message is no JSON: {e.Message}", e);
        }
    }
}
