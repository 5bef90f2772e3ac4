using System.Text.Json.Nodes;
using Masumi.Api;
using Microsoft.AspNetCore.Http;

namespace Masumi.Registry.Keys;

/// <summary>Who calls.</summary>
internal sealed record RegistryCaller(RegistryKey Key);

/// <summary>Authentication and the key endpoints (spec registry-service-api.md 1.1, 4.1).</summary>
internal sealed class KeyEndpoints(RegistryKeys keys, KeySource source)
{
    private const int LongestToken = 550;
    private const int MostCredits = 1_000_000;

    public IReadOnlyList<ApiEndpoint<RegistryCaller>> Endpoints =>
        [
            new("GET", "/api-key-status", "user", "The calling key.", r => Task.FromResult(ApiResult.Ok(Show(r.Caller.Key)))),
            new("GET", "/api-key", "admin", "All API keys, oldest first.", ListAsync),
            new("POST", "/api-key", "admin", "A new API key; only this answer ever shows its token.", CreateAsync),
            new("PATCH", "/api-key", "admin", "Sets a key's limit and status; what is left out takes its default.", ChangeAsync),
            new("DELETE", "/api-key", "admin", "Deletes an API key.", DeleteAsync),
        ];

    public async Task<(RegistryCaller? Caller, ApiResult? Refusal)> AuthenticateAsync(HttpContext http, string permission)
    {
        string? token = http.Request.Headers["token"];
        if (string.IsNullOrEmpty(token))
        {
            return (null, ApiResult.Refuse(401, "No token provided"));
        }

        if (await keys.FindAsync(token, http.RequestAborted) is not { } key)
        {
            return (null, ApiResult.Refuse(401, "Invalid token"));
        }

        if (key.Status != RegistryKey.Active)
        {
            return (null, ApiResult.Refuse(401, "API key is revoked"));
        }

        return permission == "admin" && !key.IsAdmin ? (null, ApiResult.Refuse(401, "Unauthorized, admin access required")) : (new RegistryCaller(key), null);
    }

    private async Task<ApiResult> ListAsync(ApiRequest<RegistryCaller> http)
    {
        var cursor = http.Input.OptionalText("cursorId", 0, LongestToken);
        var limit = http.Input.Integer("limit", 10, 1, 100, coerce: true);
        if (http.Input.Refusal is { } invalid)
        {
            return invalid;
        }

        var found = (await keys.ListAsync(http.Cancellation)).SkipWhile(k => cursor is not null && k.Id != cursor).Take(limit);
        return ApiResult.Ok(new JsonObject { ["apiKeys"] = new JsonArray([.. found.Select(k => (JsonNode)Show(k))]) });
    }

    private async Task<ApiResult> CreateAsync(ApiRequest<RegistryCaller> http)
    {
        var (limited, most) = ReadLimit(http.Input);
        var admin = http.Input.OptionalChoice("permission", "User", "Admin") == "Admin";
        if (http.Input.Refusal is { } invalid)
        {
            return invalid;
        }

        var token = source.NewToken(admin);
        var key = new RegistryKey(source.NewId(), admin, limited, most, RegistryKey.Active);
        await keys.AddAsync(token, key, http.Cancellation);
        var row = Show(key);
        row["token"] = token;
        return ApiResult.Ok(row);
    }

    private async Task<ApiResult> ChangeAsync(ApiRequest<RegistryCaller> http)
    {
        var token = http.Input.Text("token", 0, LongestToken);
        var (limited, most) = ReadLimit(http.Input);
        var status = http.Input.OptionalChoice("status", RegistryKey.Active, RegistryKey.Revoked) ?? RegistryKey.Active;
        if (http.Input.Refusal is { } invalid)
        {
            return invalid;
        }

        return await keys.ChangeAsync(token, limited, most, status, http.Cancellation) is { } key
            ? ApiResult.Ok(Show(key))
            : ApiResult.NotFound("API key not found");
    }

    private async Task<ApiResult> DeleteAsync(ApiRequest<RegistryCaller> http)
    {
        var token = http.Input.Text("token", 0, LongestToken);
        if (http.Input.Refusal is { } invalid)
        {
            return invalid;
        }

        return await keys.DeleteAsync(token, http.Cancellation) is { } key ? ApiResult.Ok(Show(key)) : ApiResult.NotFound("API key not found");
    }

    private static (bool Limited, long? Most) ReadLimit(RequestInput input)
    {
        var limited = input.OptionalBoolean("usageLimited") ?? false;
        long? most = input.IsPresent("maxUsageCredits") && !input.Has("maxUsageCredits") ? null : input.Integer("maxUsageCredits", 0, 0, MostCredits);
        return (limited, most);
    }

    /// <summary>Calls cost nothing, so no credits ever accumulate.</summary>
    private static JsonObject Show(RegistryKey key) =>
        new()
        {
            ["id"] = key.Id,
            ["permission"] = key.IsAdmin ? "Admin" : "User",
            ["usageLimited"] = key.UsageLimited,
            ["maxUsageCredits"] = key.MaxUsageCredits,
            ["accumulatedUsageCredits"] = 0,
            ["status"] = key.Status,
        };
}
