using System.Buffers.Binary;
using Masumi.Api;
using Masumi.Settlement.Engine;
using Microsoft.AspNetCore.Http;

namespace Masumi.Payments.Keys;

/// <summary>The <c>token</c> header (spec payment-service-api.md 1.2). Permission failures are 401, each after a random wait of up to a second.</summary>
internal sealed class KeyAuthentication(ApiKeyStore keys, TimeProvider time, IdSource chance)
{
    public const string Read = "read";
    public const string Pay = "payment";
    public const string Admin = "admin";

    public async Task<(ApiKey? Caller, ApiResult? Refusal)> AuthenticateAsync(HttpContext http, string permission)
    {
        string? token = http.Request.Headers["token"];
        if (string.IsNullOrEmpty(token))
        {
            return (null, await RefuseAsync("Unauthorized, no authentication token provided", http.RequestAborted));
        }

        var key = await keys.FindAsync(token, http.RequestAborted);
        if (key is null)
        {
            return (null, await RefuseAsync("Unauthorized, invalid authentication token provided", http.RequestAborted));
        }

        if (!key.IsActive)
        {
            return (null, await RefuseAsync("Unauthorized, API key is revoked", http.RequestAborted));
        }

        var granted = permission switch
        {
            Read => key.CanRead || key.CanPay || key.CanAdmin,
            Pay => key.CanPay || key.CanAdmin,
            _ => key.CanAdmin,
        };
        return granted ? (key, null) : (null, await RefuseAsync($"Unauthorized, {permission} access required", http.RequestAborted));
    }

    /// <summary>The 401 of a handler that finds the key not allowed on the network asked for.</summary>
    public Task<ApiResult> RefuseNetworkAsync(CancellationToken cancellation) => RefuseAsync("Unauthorized, network not allowed", cancellation);

    private async Task<ApiResult> RefuseAsync(string message, CancellationToken cancellation)
    {
        // The wait blurs how far a guess got.
        await Task.Delay(TimeSpan.FromMilliseconds(BinaryPrimitives.ReadUInt16LittleEndian(chance.Bytes(2)) % 1000), time, cancellation);
        return ApiResult.Refuse(401, message);
    }
}
