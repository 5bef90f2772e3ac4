using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Masumi.Devnet.Page;
using Masumi.Devnet.Views;
using Microsoft.AspNetCore.Http;

namespace Masumi.Devnet.Http;

/// <summary>Answers requests: reads within limits, routes, writes. Nothing a client sends gets further than here as an exception.</summary>
internal sealed class Exchange(DevnetChain chain, DevnetViews views) : IDisposable
{
    /// <summary>Generous for a 16 KiB transaction in hex; everything larger is turned away unread.</summary>
    public const int MaxBodySize = 256 * 1024;

    // Twice what the deepest datum that is shown in JSON needs.
    private static readonly JsonWriterOptions Json = new() { MaxDepth = 2000 };

    private readonly RefusalLog _refusals = new();

    // Running scripts takes as long as it takes; some of the machine stays free for everybody else.
    private readonly SemaphoreSlim _evaluations = new(Math.Max(1, Environment.ProcessorCount / 2));

    public void Dispose() => _evaluations.Dispose();

    public async Task HandleAsync(HttpContext context)
    {
        var path = PathOf(context.Request);
        try
        {
            if (!CrossOrigin.Admit(context, path))
            {
                await WriteAsync(context, ApiResponse.Error(403, "Forbidden", "Other sites may not use the controls of a devnet."));
            }
            else if (HttpMethods.IsOptions(context.Request.Method))
            {
                context.Response.StatusCode = StatusCodes.Status204NoContent;
            }
            else if (PageFile.Find(context.Request) is { } file)
            {
                await file.WriteAsync(context);
            }
            else
            {
                await WriteAsync(context, await AnswerAsync(context, path));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The client went away; there is nobody to answer.
            context.Abort();
        }
    }

    private async Task<ApiResponse> AnswerAsync(HttpContext context, string[] path)
    {
        try
        {
            var request = await ReadAsync(context, path);
            var sight = path is ["devnet", ..] ? null : views.Of(context.Request.Headers["project_id"]);
            if (sight is { Hangs: true })
            {
                // Until whoever asked, or this server, gives up.
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
            }

            if (request.Path is not (["utils", ..] or ["devnet", "transactions", ..]))
            {
                return OfChain(request, sight);
            }

            await _evaluations.WaitAsync(context.RequestAborted);
            try
            {
                return OfChain(request, sight);
            }
            finally
            {
                _evaluations.Release();
            }
        }
        catch (BadHttpRequestException e)
        {
            return e.StatusCode switch
            {
                StatusCodes.Status413PayloadTooLarge => ApiResponse.Error(413, "Payload Too Large", $"The body has more than {MaxBodySize} bytes."),
                StatusCodes.Status408RequestTimeout => ApiResponse.Error(408, "Request Timeout", "The body came too slowly."),
                _ => ApiResponse.BadRequest(e.Message),
            };
        }
#pragma warning disable CA1031 // A bug here must reach whoever develops against the devnet, in the shape of every other answer.
        catch (Exception e) when (e is not (OperationCanceledException or IOException))
#pragma warning restore CA1031
        {
            return ApiResponse.Error(500, "Internal Server Error", $"{e.GetType().Name}: {e.Message}");
        }
    }

    // Nobody's connection is at fault when the disk is full, and whoever asked is there to be told.
    private ApiResponse OfChain(ApiRequest request, Sight? sight)
    {
        try
        {
            return request.Path is ["devnet", ..] ? Router.Controls(chain, views, _refusals, request)
                : sight is null ? Router.Answer(new ChainReader(chain, chain.View), _refusals, request)
                : AsSeen(request, sight);
        }
        catch (IOException e)
        {
            return ApiResponse.Error(500, "Internal Server Error", $"The state cannot be written; the chain is what could be: {e.Message}");
        }
    }

    private ApiResponse AsSeen(ApiRequest request, Sight sight)
    {
        if (sight.Status is { } status)
        {
            return ViewEndpoints.Refusal(status.Code) with { RetryAfter = status.RetryAfter };
        }

        var reader = sight.Look(request.Path);
        var answer = Router.Answer(reader, _refusals, request);
        return answer is { Status: 200, Body: { } body } && request.Method == "GET" ? answer with { Body = sight.Alter(request.Path, reader, body) } : answer;
    }

    // Blockfrost's paths are known at the root as well as below /api/v0.
    private static string[] PathOf(HttpRequest request)
    {
        var path = (request.Path.Value ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries);
        return path is ["api", "v0", .. var rest] ? rest : path;
    }

    private static async Task<ApiRequest> ReadAsync(HttpContext context, string[] path)
    {
        using var body = new MemoryStream();
        if (HttpMethods.IsPost(context.Request.Method))
        {
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        }

        return new ApiRequest(
            HttpMethods.IsHead(context.Request.Method) ? HttpMethods.Get : context.Request.Method,
            path,
            context.Request.Query.ToDictionary(q => q.Key, q => q.Value.ToString()),
            body.ToArray(),
            context.Request.ContentType
        );
    }

    private static async Task WriteAsync(HttpContext context, ApiResponse response)
    {
        if (response.Status == 0)
        {
            context.Abort();
            return;
        }

        if (response.RetryAfter is { } seconds)
        {
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        // Complete before the first byte goes out, so that no answer breaks off.
        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json, Json))
        {
            if (response.Body is { } body)
            {
                body.WriteTo(writer);
            }
            else
            {
                writer.WriteNullValue();
            }
        }

        context.Response.StatusCode = response.Status;
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.ContentLength = json.WrittenCount;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.Body.WriteAsync(json.WrittenMemory, context.RequestAborted);
        }
    }
}
