using System.Text.Json.Nodes;
using Masumi.Api;
using Masumi.Cardano;
using Masumi.Protocol;
using Masumi.Registry.Agents;
using Masumi.Registry.Keys;
using Masumi.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace Masumi.Registry;

/// <summary>The registry service's HTTP API (port 3000).</summary>
public static class RegistryApi
{
    /// <summary>The shortest key an operator may choose.</summary>
    public const int ShortestSeededKey = 15;

    /// <summary>The tables of this module.</summary>
    public static MigrationModule Migrations => RegistryStore.Migrations;

    /// <summary>Follows a policy from now on; following it already changes nothing.</summary>
    public static Task AddSourceAsync(RegistryServices services, Network network, PolicyId policy, CancellationToken cancellation) =>
        new RegistryStore(services.Database, services.Time).AddSourceAsync(network, policy, cancellation);

    /// <summary>
    /// Why a token cannot be the operator's admin key of a registry that has been running, and what to do, in one line; null when it is an active admin key, or
    /// when there is none.
    /// </summary>
    public static async Task<string?> RefuseAdminKeyAsync(IDatabase database, string token, TimeProvider time, CancellationToken cancellation)
    {
        var keys = new RegistryKeys(database, time);
        return await keys.FindAsync(token, cancellation) switch
        {
            { Status: not RegistryKey.Active } => "this key was revoked; another is needed",
            { IsAdmin: false } => "this key is no admin key; an admin key is needed",
            { } => null,
            null when (await keys.ListAsync(cancellation)).Any(k => k is { IsAdmin: true, Status: RegistryKey.Active }) =>
                "the database has another admin key; start with that, make a new one with POST /api-key, delete the old one with DELETE /api-key, then set the new one here",
            null => null,
        };
    }

    /// <summary>Makes sure an API key exists; one that exists, revoked or not, stays as it is.</summary>
    public static Task EnsureKeyAsync(RegistryServices services, string token, bool admin, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(token);
        ArgumentOutOfRangeException.ThrowIfLessThan(token.Length, ShortestSeededKey, nameof(token));
        return new RegistryKeys(services.Database, services.Time).AddAsync(
            token,
            new RegistryKey(new KeySource(services.Random).NewId(), admin, UsageLimited: false, MaxUsageCredits: 0, RegistryKey.Active),
            cancellation
        );
    }

    /// <summary>Serves the API below <c>/api/v1</c>, with <c>/docs</c> and <c>/api-docs</c>.</summary>
    public static void UseRegistryApi(this WebApplication app, RegistryServices services, ILogger logger)
    {
        var store = new RegistryStore(services.Database, services.Time);
        var probe = new AgentProbe(services, store);
        app.Lifetime.ApplicationStopped.Register(probe.Dispose);
        var keys = new KeyEndpoints(new RegistryKeys(services.Database, services.Time), new KeySource(services.Random));
        var options = new ApiOptions<RegistryCaller>
        {
            BasePath = "/api/v1",
            Style = IssueStyle.Slashes,
            AnswersMethodNotAllowed = false,
            Authenticate = keys.AuthenticateAsync,
            Headers = new Dictionary<string, string>
            {
                ["Access-Control-Allow-Headers"] = "Content-Type, token",
                ["Access-Control-Allow-Methods"] = "GET, POST, PUT, DELETE, PATCH, OPTIONS",
                ["Access-Control-Expose-Headers"] = "Content-Range, X-Total-Count",
                ["Access-Control-Max-Age"] = "5000",
                ["Referrer-Policy"] = "strict-origin-when-cross-origin",
                ["X-Content-Type-Options"] = "nosniff",
                ["X-Frame-Options"] = "SAMEORIGIN",
            },
        };
        List<ApiEndpoint<RegistryCaller>> endpoints =
        [
            new(
                "GET",
                "/health",
                null,
                "Service type and version.",
                _ => Task.FromResult(ApiResult.Ok(new JsonObject { ["type"] = "masumi-registry", ["version"] = "0.1.2" }))
            ),
            .. new AgentQueries(services, store, probe).Endpoints,
            .. keys.Endpoints,
        ];
        app.UseApiDocumentation("Masumi Registry Service API", options.BasePath, endpoints);
        app.UseApi(options, endpoints, logger);
    }
}
