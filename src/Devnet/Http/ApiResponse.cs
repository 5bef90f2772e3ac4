using System.Text.Json.Nodes;

namespace Masumi.Devnet.Http;

/// <summary>A request, read completely.</summary>
internal sealed record ApiRequest(string Method, string[] Path, IReadOnlyDictionary<string, string> Query, ReadOnlyMemory<byte> Body, string? ContentType);

/// <summary>An answer: status and JSON. Errors have Blockfrost's shape (spec cardano.md 11.1).</summary>
internal sealed record ApiResponse(int Status, JsonNode? Body)
{
    /// <summary>How many seconds to wait before asking again; null: nothing is said.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>None: the connection is cut.</summary>
    public static ApiResponse Lost { get; } = new(0, null);

    public static ApiResponse Ok(JsonNode body) => new(200, body);

    public static ApiResponse NotFound() => Error(404, "Not Found", "The requested component has not been found.");

    // Blockfrost calls an unknown path, and a known one with another method, a bad request.
    public static ApiResponse InvalidPath() => BadRequest("Invalid path. Please check https://docs.blockfrost.io/");

    public static ApiResponse BadRequest(string message) => Error(400, "Bad Request", message);

    public static ApiResponse Error(int status, string error, string message) =>
        new(
            status,
            new JsonObject
            {
                ["status_code"] = status,
                ["error"] = error,
                ["message"] = message,
            }
        );
}
