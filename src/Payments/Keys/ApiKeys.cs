using System.Collections.Immutable;
using Masumi.Http;
using Masumi.Protocol.PaymentService.Keys;
using Masumi.Protocol.Wire;
using Masumi.Settlement.Books;
using Masumi.Settlement.Engine;

namespace Masumi.Payments.Keys;

/// <summary>What an admin does with API keys (spec payment-service-api.md 6.3).</summary>
internal sealed class ApiKeys(KeyBook keys, Holdings holdings, IdSource ids)
{
    public async Task<Reply<ApiKeyList>> ListAsync(ListKeysRequest request, CancellationToken cancellation) =>
        new ApiKeyList([.. (await keys.ListAsync(request.CursorId, (int)request.Take, cancellation)).Select(k => k.ToRow())]);

    /// <summary>Makes a key; only this answer shows its token.</summary>
    public async Task<Reply<ApiKeyRow>> CreateAsync(CreateKeyRequest request, CancellationToken cancellation)
    {
        var flags = request.CanRead is not null || request.CanPay is not null || request.CanAdmin is not null;
        var isAdmin = flags ? request.CanAdmin ?? false : request.Permission == KeyPermission.Admin;
        var token = (isAdmin ? "masumi-payment-admin-" : "masumi-payment-") + ids.Next()[1..];
        var (credits, refusal) = KeyRules.Credit([], request.UsageCredits, leastNew: 0);
        var key = new ApiKey
        {
            Id = ids.Next(),
            Mask = KeyBook.MaskOf(token),
            CanRead = !flags || (request.CanRead ?? true),
            CanPay = flags ? request.CanPay ?? false : request.Permission != KeyPermission.Read,
            CanAdmin = isAdmin,
            // The reference's default of "true" makes admin keys impossible without saying otherwise; an admin's default here is "false".
            UsageLimited = request.UsageLimited ?? !isAdmin,
            Networks = [.. request.NetworkLimit.Distinct()],
            ChainIds = [.. request.ChainIdLimit.Distinct()],
            IsActive = true,
            HasScope = request.WalletScopeEnabled,
            // Without a scope the wallets count for nothing.
            Scope = request.WalletScopeEnabled ? [.. request.WalletScopeHotWalletIds.Distinct()] : [],
            Credits = credits,
        };
        refusal ??= KeyRules.Refuse(key) ?? await UnknownWalletAsync(key.Scope, cancellation);
        if (refusal is not null)
        {
            return refusal;
        }

        await keys.AddAsync(key, token, cancellation);
        return key.ToRow() with { Token = token };
    }

    /// <summary>Changes a key: what is left out stays as it is, a revoked key revoked (decision 18).</summary>
    public async Task<Reply<ApiKeyRow>> UpdateAsync(UpdateKeyRequest request, CancellationToken cancellation)
    {
        if (await UnknownWalletAsync(request.WalletScopeHotWalletIds ?? [], cancellation) is { } unknown)
        {
            return unknown;
        }

        var mask = request.Token is { } token ? KeyBook.MaskOf(token) : null;
        var changed = await keys.ChangeAsync(request.Id, request.Token, key => KeyRules.Change(key, request, mask), cancellation);
        return changed switch
        {
            { Key: { } key } => key.ToRow(),
            { Refusal: { } refusal } => refusal,
            { IsTaken: true } => KeyRefusals.TokenTaken,
            _ => KeyRefusals.NotFound,
        };
    }

    /// <summary>Revokes a key for good.</summary>
    public async Task<Reply<ApiKeyRow>> DeleteAsync(DeleteKeyRequest request, CancellationToken cancellation)
    {
        var revoked = await keys.RevokeAsync(request.Id, cancellation);
        return revoked is null ? KeyRefusals.NotFound : revoked.ToRow();
    }

    private async Task<Refusal?> UnknownWalletAsync(ImmutableArray<string> scope, CancellationToken cancellation)
    {
        if (scope.IsEmpty)
        {
            return null;
        }

        var wallets = (await holdings.ListWalletsAsync(cancellation)).Select(w => w.Id).ToHashSet(StringComparer.Ordinal);
        return scope.FirstOrDefault(id => !wallets.Contains(id)) is { } unknown ? KeyRefusals.UnknownWallet.With(("id", unknown)) : null;
    }
}
