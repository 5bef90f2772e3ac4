using System.Buffers.Binary;
using Masumi.Http;
using Masumi.Protocol;
using Masumi.Protocol.PaymentService;
using Masumi.Protocol.Wire;
using Masumi.Settlement.Engine;
using Microsoft.AspNetCore.Http;

namespace Masumi.Payments.Keys;

/// <summary>
/// The <c>token</c> header, or <c>Authorization: Bearer</c> (spec payment-service-api.md 1.2). Permission failures are 401, each after a random wait of up to a
/// second.
/// </summary>
internal sealed class KeyAuthentication(KeyBook keys, TimeProvider time, IdSource chance)
{
    private const string Bearer = "Bearer ";

    public async ValueTask<Authenticated<ApiKey>> AuthenticateAsync(HttpContext http, Access access)
    {
        var token = TokenOf(http.Request);
        if (string.IsNullOrEmpty(token))
        {
            return new(null, await SlowlyAsync(AccessRefusals.NoToken.With(), http.RequestAborted));
        }

        var key = await keys.FindAsync(token, http.RequestAborted);
        var refusal =
            key is null ? AccessRefusals.UnknownToken.With()
            : !key.IsActive ? AccessRefusals.Revoked.With()
            : !key.Grants(access) ? AccessRefusals.NotGranted.With(("permission", NameOf(access)))
            : null;
        return refusal is null ? new(key, null) : new(null, await SlowlyAsync(refusal, http.RequestAborted));
    }

    /// <summary>The refusal of a use case that finds the key not allowed on the network asked for; null when it is.</summary>
    public async ValueTask<Refusal?> RefuseNetworkAsync(ApiKey key, Network network, CancellationToken cancellation) =>
        key.Allows(network) ? null : await SlowlyAsync(AccessRefusals.NetworkNotAllowed.With(), cancellation);

    private static string? TokenOf(HttpRequest request)
    {
        string? token = request.Headers["token"];
        string? authorization = string.IsNullOrEmpty(token) ? request.Headers.Authorization : default;
        return authorization?.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) == true ? authorization[Bearer.Length..].Trim() : token;
    }

    private static string NameOf(Access access) =>
        access switch
        {
            Access.Read => "read",
            Access.Pay => "payment",
            _ => "admin",
        };

    // The wait blurs how far a guess got.
    private async Task<Refusal> SlowlyAsync(Refusal refusal, CancellationToken cancellation)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(BinaryPrimitives.ReadUInt16LittleEndian(chance.Bytes(2)) % 1000), time, cancellation);
        return refusal;
    }
}
