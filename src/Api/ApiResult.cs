using System.Text.Json.Nodes;

namespace Masumi.Api;

/// <summary>What a handler answers: data in the success envelope, or a refusal with status and message (spec payment-service-api.md 1.4).</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Data">The success data; null for a refusal.</param>
/// <param name="Message">The refusal's message; null for success.</param>
/// <param name="Extra">Properties beside <c>error</c> in a refusal's envelope (the row that exists already).</param>
public sealed record ApiResult(int Status, JsonNode? Data, string? Message, JsonObject? Extra = null)
{
    /// <summary>A refusal's code, for programs.</summary>
    public string? Code { get; init; }

    /// <summary>Success is always 200.</summary>
    public static ApiResult Ok(JsonNode data) => new(200, data, null);

    /// <summary>A refusal.</summary>
    public static ApiResult Refuse(int status, string message, JsonObject? extra = null) => new(status, null, message, extra);

    /// <summary>400.</summary>
    public static ApiResult BadRequest(string message) => Refuse(400, message);

    /// <summary>404.</summary>
    public static ApiResult NotFound(string message) => Refuse(404, message);

    /// <summary>The body.</summary>
    internal JsonObject Envelope()
    {
        if (Message is null)
        {
            return new JsonObject { ["status"] = "success", ["data"] = Data?.DeepClone() };
        }

        var body = new JsonObject
        {
            ["status"] = "error",
            ["error"] = new JsonObject { ["message"] = Message },
        };
        if (Code is not null)
        {
            body["error"]!["code"] = Code;
        }

        if (Extra is not null)
        {
            foreach (var (name, value) in Extra)
            {
                body[name] = value?.DeepClone();
            }
        }

        return body;
    }
}
