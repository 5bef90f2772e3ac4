using System.Buffers;
using System.Text.Json;
using Masumi.Protocol.Wire;
using Microsoft.AspNetCore.Http;

namespace Masumi.Http;

/// <summary>Answers on the wire: the envelope that clients of the network know, or problem details for those who ask for them (RFC 9457).</summary>
internal static class ReplyWriter
{
    private const string Json = "application/json; charset=utf-8";
    private const string Problem = "application/problem+json";
    private const int LargestKept = 1 << 20;

    // Answers are written without waiting, so that a thread has one at a time.
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    [ThreadStatic]
    private static Utf8JsonWriter? _writer;

    public static ValueTask WriteAsync<TAnswer>(HttpContext http, Shape<TAnswer> shape, Reply<TAnswer> reply)
        where TAnswer : class
    {
        if (reply.Refusal is { } refusal)
        {
            return RefuseAsync(
                http,
                refusal,
                reply.Existing is not { } existing
                    ? null
                    : writer =>
                    {
                        writer.WriteString("id"u8, existing.Id);
                        writer.WritePropertyName("object"u8);
                        shape.Write(writer, existing.Row);
                    }
            );
        }

        var json = Begin();
        json.WriteStartObject();
        json.WriteString("status"u8, "success"u8);
        json.WritePropertyName("data"u8);
        shape.Write(json, reply.Answer!);
        json.WriteEndObject();
        return SendAsync(http, StatusCodes.Status200OK, Json);
    }

    public static ValueTask RefuseAsync(HttpContext http, Refusal refusal, Action<Utf8JsonWriter>? beside = null)
    {
        var json = Begin();
        json.WriteStartObject();
        var wantsProblem = WantsProblem(http);
        if (wantsProblem)
        {
            json.WriteString("type"u8, "about:blank"u8);
            json.WriteString("title"u8, Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(refusal.Kind.Status));
            json.WriteNumber("status"u8, refusal.Kind.Status);
            json.WriteString("detail"u8, refusal.Message);
            json.WriteString("instance"u8, http.Request.Path);
            json.WriteString("code"u8, refusal.Kind.Code);
            if (refusal.Kind.Advice is { } advice)
            {
                json.WriteString("advice"u8, advice);
            }

            json.WriteStartObject("values"u8);
            foreach (var (name, value) in refusal.Values)
            {
                json.WriteString(name, value);
            }

            json.WriteEndObject();
        }
        else
        {
            json.WriteString("status"u8, "error"u8);
            json.WriteStartObject("error"u8);
            json.WriteString("message"u8, refusal.Message);
            json.WriteString("code"u8, refusal.Kind.Code);
            json.WriteEndObject();
        }

        beside?.Invoke(json);
        json.WriteEndObject();
        return SendAsync(http, refusal.Kind.Status, wantsProblem ? Problem : Json);
    }

    private static bool WantsProblem(HttpContext http)
    {
        foreach (var accepted in http.Request.Headers.Accept)
        {
            if (accepted?.Contains(Problem, StringComparison.OrdinalIgnoreCase) == true)
            {
                return true;
            }
        }

        return false;
    }

    private static Utf8JsonWriter Begin()
    {
        if (_buffer is null || _buffer.Capacity > LargestKept)
        {
            _buffer = new ArrayBufferWriter<byte>(4096);
            _writer = new Utf8JsonWriter(_buffer, JsonText.Plain);
        }

        _buffer.ResetWrittenCount();
        _writer!.Reset();
        return _writer;
    }

    private static ValueTask SendAsync(HttpContext http, int status, string type)
    {
        _writer!.Flush();
        var bytes = _buffer!.WrittenSpan;
        http.Response.StatusCode = status;
        http.Response.ContentType = type;
        http.Response.Headers.ContentLength = bytes.Length;
        if (HttpMethods.IsHead(http.Request.Method))
        {
            return ValueTask.CompletedTask;
        }

        http.Response.BodyWriter.Write(bytes);
        var flushed = http.Response.BodyWriter.FlushAsync(http.RequestAborted);
        return flushed.IsCompletedSuccessfully ? ValueTask.CompletedTask : new ValueTask(flushed.AsTask());
    }
}
