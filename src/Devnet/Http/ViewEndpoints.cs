using System.Text.Json.Nodes;
using Masumi.Devnet.Views;

namespace Masumi.Devnet.Http;

/// <summary>/devnet/views and /devnet/view: which keys are shown what.</summary>
internal static class ViewEndpoints
{
    public static ApiResponse All(DevnetViews views) =>
        ApiResponse.Ok(
            new JsonObject
            {
                ["seed"] = views.Seed,
                ["views"] = new JsonObject(views.All.Select(v => KeyValuePair.Create<string, JsonNode?>(v.Key, Texts(v.Value)))),
            }
        );

    /// <summary><c>{key, spec}</c>, several with <c>specs</c>; <c>{key, clear: true}</c>.</summary>
    public static ApiResponse Set(DevnetViews views, ApiRequest request)
    {
        try
        {
            var body = AdminBody.Read(request, "key", "spec", "specs", "clear");
            var key = body.Text("key") ?? throw new FormatException("key: the project_id whose view this is.");
            string[] specs = [.. body.Text("spec") is { } spec ? [spec] : Array.Empty<string>(), .. Specs(body["specs"])];
            if (body.Flag("clear") == specs.Length > 0)
            {
                return ApiResponse.BadRequest("Either spec, specs or clear.");
            }

            if (specs.Length == 0)
            {
                views.Clear(key);
            }
            else
            {
                views.Set(key, specs);
            }

            return ApiResponse.Ok(
                new JsonObject
                {
                    ["key"] = key,
                    ["specs"] = Texts(specs),
                    ["seed"] = views.Seed,
                }
            );
        }
        catch (FormatException e)
        {
            return ApiResponse.BadRequest(e.Message);
        }
    }

    /// <summary>An answer with a status of one's own, in the service's words.</summary>
    public static ApiResponse Refusal(int status) =>
        status switch
        {
            402 => ApiResponse.Error(402, "Project Over Limit", "Usage is over limit."),
            403 => ApiResponse.Error(403, "Forbidden", "Invalid project token."),
            404 => ApiResponse.NotFound(),
            418 => ApiResponse.Error(418, "Requested Banned", "IP has been auto-banned for flooding."),
            425 => ApiResponse.Error(425, "Mempool Full", "Mempool is full, please try resubmitting again later."),
            429 => ApiResponse.Error(429, "Project Over Limit", "Usage is over limit."),
            500 => ApiResponse.Error(500, "Internal Server Error", "An unexpected response was received from the backend."),
            _ => ApiResponse.Error(status, status < 500 ? "Bad Request" : "Service Unavailable", "As the view of this key says."),
        };

    private static IEnumerable<string> Specs(JsonNode? node) =>
        node switch
        {
            null => [],
            JsonArray list => list.Select(s => AdminBody.AsText(s) ?? throw new FormatException("specs: a list of texts.")),
            _ => throw new FormatException("specs: a list of texts."),
        };

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(t => JsonValue.Create(t))]);
}
