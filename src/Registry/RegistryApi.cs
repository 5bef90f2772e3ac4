using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Masumi.Api;
using Masumi.Cardano;
using Masumi.Registry.Agents;
using Masumi.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Masumi.Registry;

/// <summary>The registry service's HTTP API (port 3000).</summary>
public static class RegistryApi
{
    /// <summary>The tables of this module.</summary>
    public static MigrationModule Migrations => RegistryStore.Migrations;

    /// <summary>Follows a policy from now on; following it already changes nothing.</summary>
    public static Task AddSourceAsync(RegistryServices services, string network, Hash28 policy, CancellationToken cancellation) =>
        new RegistryStore(services.Database, services.Time).AddSourceAsync(network, policy, cancellation);

    /// <summary>Makes sure an API key exists.</summary>
    public static Task EnsureKeyAsync(RegistryServices services, string token, bool admin, CancellationToken cancellation) =>
        new RegistryStore(services.Database, services.Time).EnsureKeyAsync(token, admin, cancellation);

    /// <summary>Serves the API below <c>/api/v1</c>, with <c>/docs</c> and <c>/api-docs</c>.</summary>
    public static void UseRegistryApi(this WebApplication app, RegistryServices services, ILogger logger)
    {
        var store = new RegistryStore(services.Database, services.Time);
        var options = new ApiOptions<Caller>
        {
            BasePath = "/api/v1",
            Style = IssueStyle.Slashes,
            AnswersMethodNotAllowed = false,
            Authenticate = (http, permission) => AuthenticateAsync(store, http, permission),
            Headers = new Dictionary<string, string>
            {
                ["Access-Control-Allow-Headers"] = "Content-Type, token",
                ["Access-Control-Allow-Methods"] = "GET, POST, PUT, DELETE, PATCH, OPTIONS",
                ["Access-Control-Max-Age"] = "5000",
                ["Referrer-Policy"] = "strict-origin-when-cross-origin",
                ["X-Content-Type-Options"] = "nosniff",
                ["X-Frame-Options"] = "SAMEORIGIN",
            },
        };
        var agents = new AgentQueries(services, store);
        List<ApiEndpoint<Caller>> endpoints =
        [
            new(
                "GET",
                "/health",
                null,
                "Service type and version.",
                _ => Task.FromResult(ApiResult.Ok(new JsonObject { ["type"] = "masumi-registry", ["version"] = "0.1.2" }))
            ),
            new("POST", "/registry-entry", "user", "Agents by filter, newest first.", agents.EntriesAsync),
            new("POST", "/registry-entry-search", "user", "Agents by words.", agents.SearchAsync),
            new("POST", "/registry-diff", "user", "Agents whose status changed since a time.", agents.DiffAsync),
            new("GET", "/payment-information", "user", "Endpoint, price and seller of one agent.", agents.PaymentInformationAsync),
            new("GET", "/capability", "user", "What the agents that answer can do.", agents.CapabilitiesAsync),
            new(
                "GET",
                "/api-key-status",
                "user",
                "The calling key.",
                r =>
                    Task.FromResult(
                        ApiResult.Ok(
                            new JsonObject
                            {
                                ["token"] = r.Caller.Mask,
                                ["permission"] = r.Caller.IsAdmin ? "Admin" : "User",
                                ["usageLimited"] = false,
                                ["maxUsageCredits"] = 0,
                                ["status"] = "Active",
                            }
                        )
                    )
            ),
        ];
        app.UseApiDocumentation("Masumi Registry Service API", options.BasePath, endpoints);
        app.UseApi(options, endpoints, logger);
    }

    private static async Task<(Caller? Caller, ApiResult? Refusal)> AuthenticateAsync(RegistryStore store, HttpContext http, string permission)
    {
        string? token = http.Request.Headers["token"];
        if (string.IsNullOrEmpty(token))
        {
            return (null, ApiResult.Refuse(401, "No token provided"));
        }

        var key = await store.FindKeyAsync(token, http.RequestAborted);
        if (key is null)
        {
            return (null, ApiResult.Refuse(401, "Invalid token"));
        }

        if (key.Status != "Active")
        {
            return (null, ApiResult.Refuse(401, "API key is revoked"));
        }

        return permission == "admin" && key.IsAdmin == 0
            ? (null, ApiResult.Refuse(401, "Unauthorized, admin access required"))
            : (new Caller(key.Mask, key.IsAdmin != 0), null);
    }

    internal sealed record Caller(string Mask, bool IsAdmin);
}

/// <summary>The agent queries (spec registry-service-api.md 3).</summary>
internal sealed class AgentQueries(RegistryServices services, RegistryStore store)
{
    private static readonly string[] Networks = ["Preprod", "Mainnet"];
    private static readonly string[] Statuses = ["Online", "Offline", "Deregistered", "Invalid"];

    public async Task<ApiResult> EntriesAsync(ApiRequest<RegistryApi.Caller> http)
    {
        var input = http.Input;
        var network = input.Choice("network", Networks);
        var limit = input.Integer("limit", 10, 1, 50, coerce: true);
        var cursor = input.OptionalText("cursorId", 1, 50);
        var filter = input.OptionalObject("filter");
        var wanted = filter?.OptionalTexts("status", 0, 5);
        foreach (var (status, i) in (wanted ?? []).Select((s, i) => (s, i)))
        {
            if (!Statuses.Contains(status))
            {
                filter!.Issue($"status/{i}", $"Invalid enum value. Expected {string.Join(" | ", Statuses.Select(s => $"'{s}'"))}, received '{status}'");
            }
        }

        var policy = filter?.OptionalText("policyId", 1, 250);
        var asset = filter?.OptionalText("assetIdentifier", 1, 250);
        var tags = filter?.OptionalTexts("tags", 0, 50, 1, 150);
        var types = filter?.OptionalTexts("paymentTypes", 0, 5);
        var capability = filter?.OptionalObject("capability");
        var capabilityName = capability?.Text("name", 1, 150);
        var capabilityVersion = capability?.OptionalText("version", 0, 150);
        if (input.Refusal is { } invalid)
        {
            return invalid;
        }

        if (!await HasNetworkAsync(network, http.Cancellation))
        {
            return ApiResult.NotFound("Network not found");
        }

        var statuses = wanted is { Count: > 0 } ? wanted : ["Online"];
        var found = (await store.ListAsync(network, http.Cancellation)).Where(e =>
            statuses.Contains(e.Status)
            && (policy is null || e.PolicyId == policy)
            && (asset is null || e.Agent.ToString() == asset)
            && (tags is null || e.Metadata?.Tags.Any(tags.Contains) == true)
            && (types is not { Count: > 0 } || types.Contains(e.PaymentType))
            && (capabilityName is null || e.Metadata?.Capability?.Name == capabilityName)
            && (capabilityVersion is null || e.Metadata?.Capability?.Version == capabilityVersion)
        );
        return Page(found, cursor, limit);
    }

    public async Task<ApiResult> SearchAsync(ApiRequest<RegistryApi.Caller> http)
    {
        var input = http.Input;
        var network = input.Choice("network", Networks);
        var limit = input.Integer("limit", 10, 1, 50, coerce: true);
        var cursor = input.OptionalText("cursorId", 1, 50);
        var query = input.Text("query", 1, 150);
        if (input.Refusal is { } invalid)
        {
            return invalid;
        }

        var found = (await store.ListAsync(network, http.Cancellation)).Where(e =>
            e.Status == "Online"
            && e.Metadata is { } m
            && (Has(m.Name, query) || Has(m.Description, query) || m.Tags.Any(t => Has(t, query)) || Has(m.Capability?.Name, query))
        );
        return Page(found, cursor, limit);
    }

    public async Task<ApiResult> DiffAsync(ApiRequest<RegistryApi.Caller> http)
    {
        var input = http.Input;
        var network = input.Choice("network", Networks);
        var limit = input.Integer("limit", 10, 1, 50, coerce: true);
        var cursor = input.OptionalText("cursorId", 1, 50);
        var since = input.OptionalDate("statusUpdatedAfter") ?? DateTimeOffset.UnixEpoch;
        if (input.Refusal is { } invalid)
        {
            return invalid;
        }

        var found = (await store.ListAsync(network, http.Cancellation))
            .Where(e => e.StatusUpdatedAt >= since)
            .OrderBy(e => e.StatusUpdatedAt)
            .ThenBy(e => e.Id, StringComparer.Ordinal);
        return Page(found, cursor, limit);
    }

    public async Task<ApiResult> PaymentInformationAsync(ApiRequest<RegistryApi.Caller> http)
    {
        var identifier = http.Input.Text("agentIdentifier", 57, 250);
        if (http.Input.Refusal is { } invalid)
        {
            return invalid;
        }

        var entry = (await store.ListAsync(null, http.Cancellation)).FirstOrDefault(e => e.Agent.ToString() == identifier);
        if (entry is null)
        {
            return ApiResult.NotFound("Payment information not found");
        }

        // Asked of the chain now: who holds the token is who is paid.
        var holders = await services.Chain.GetHoldersAsync(entry.Agent, http.Cancellation);
        if (holders.IsEmpty || holders[0].Address.Payment is not { } payment)
        {
            return ApiResult.NotFound("Payment information not found");
        }

        var row = entry.ToJson(forPayment: true);
        row["sellerWallet"] = new JsonObject { ["address"] = holders[0].Address.ToString(), ["vkey"] = payment.Hash.ToString() };
        return ApiResult.Ok(row);
    }

    public async Task<ApiResult> CapabilitiesAsync(ApiRequest<RegistryApi.Caller> http)
    {
        var limit = http.Input.Integer("limit", 10, 1, 50, coerce: true);
        if (http.Input.Refusal is { } invalid)
        {
            return invalid;
        }

        var capabilities = (await store.ListAsync(null, http.Cancellation))
            .Where(e => e.Status == "Online")
            .Select(e => e.Metadata?.Capability)
            .OfType<Contracts.Registry.AgentCapability>()
            .Distinct()
            .Take(limit);
        return ApiResult.Ok(
            new JsonObject
            {
                ["capabilities"] = new JsonArray([.. capabilities.Select(c => (JsonNode)new JsonObject { ["name"] = c.Name, ["version"] = c.Version })]),
            }
        );
    }

    private async Task<bool> HasNetworkAsync(string network, CancellationToken cancellation) =>
        (await store.ListSourcesAsync(cancellation)).Any(s => s.Network == network);

    // The cursor row comes again as the first of the next page.
    private static ApiResult Page(IEnumerable<AgentEntry> entries, string? cursor, int limit)
    {
        var all = entries.ToImmutableArray();
        var start = 0;
        while (cursor is not null && start < all.Length && all[start].Id != cursor)
        {
            start++;
        }

        return ApiResult.Ok(new JsonObject { ["entries"] = new JsonArray([.. all.Skip(start).Take(limit).Select(e => (JsonNode)e.ToJson())]) });
    }

    private static bool Has(string? text, string query) => text?.Contains(query, StringComparison.OrdinalIgnoreCase) == true;
}
