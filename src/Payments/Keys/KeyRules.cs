using System.Collections.Immutable;
using Masumi.Protocol.PaymentService.Keys;
using Masumi.Protocol.Wire;

namespace Masumi.Payments.Keys;

/// <summary>What a key may be, and what becomes of it (spec payment-service-api.md 6.3). Pure.</summary>
internal static class KeyRules
{
    /// <summary>Why a key cannot be as it is; null when it can.</summary>
    public static Refusal? Refuse(ApiKey key) =>
        key is { CanAdmin: true, HasScope: true } ? KeyRefusals.AdminWithScope.With()
        : key is { CanAdmin: true, UsageLimited: true } ? KeyRefusals.AdminWithLimit.With()
        : null;

    /// <summary>A key as a request changes it, or why it cannot.</summary>
    /// <param name="key">As it stands.</param>
    /// <param name="request">What is left out stays.</param>
    /// <param name="mask">How a new token is shown; null where it stays.</param>
    public static (ApiKey? Key, Refusal? Refusal) Change(ApiKey key, UpdateKeyRequest request, string? mask)
    {
        var (credits, refusal) = Credit(key.Credits, request.UsageCreditsToAddOrRemove ?? [], leastNew: 1);
        var isAdmin = request.CanAdmin ?? key.CanAdmin;
        var changed = key with
        {
            Mask = mask ?? key.Mask,
            CanRead = request.CanRead ?? key.CanRead,
            CanPay = request.CanPay ?? key.CanPay,
            CanAdmin = isAdmin,
            UsageLimited = request.UsageLimited ?? key.UsageLimited,
            IsActive = request.Status is { } status ? status == KeyStatus.Active : key.IsActive,
            Networks = request.NetworkLimit is { } networks ? [.. networks.Distinct()] : key.Networks,
            ChainIds = request.ChainIdLimit is { } chains ? [.. chains.Distinct()] : key.ChainIds,
            HasScope = request.WalletScopeEnabled ?? key.HasScope,
            Scope = request.WalletScopeHotWalletIds is { } wallets ? [.. wallets.Distinct()] : key.Scope,
            OpenLovelace = request.Overhead?.OpenLovelace ?? key.OpenLovelace,
            FeesPerDay = request.Overhead?.FeesPerDay ?? key.FeesPerDay,
            Credits = credits,
        };
        return (refusal ?? Refuse(changed)) is { } no ? (null, no) : (changed, null);
    }

    /// <summary>Credits with so much more or less of each unit; a unit of which nothing is left is gone. No credit is ever below zero or more than 64 bits hold.</summary>
    /// <param name="credits">As they stand.</param>
    /// <param name="changes">What is added, or below zero taken away.</param>
    /// <param name="leastNew">The least of a unit that has no credit yet.</param>
    public static (ImmutableArray<KeyValuePair<string, long>> Credits, Refusal? Refusal) Credit(
        ImmutableArray<KeyValuePair<string, long>> credits,
        ImmutableArray<Credit> changes,
        long leastNew
    )
    {
        var sums = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var (unit, amount) in credits)
        {
            sums[unit] = amount;
        }

        foreach (var (unit, amount) in changes)
        {
            var isKnown = sums.TryGetValue(unit, out var had);
            var sum = (Int128)had + amount;
            if ((!isKnown && amount < leastNew) || sum < 0 || sum > long.MaxValue)
            {
                return (credits, KeyRefusals.InvalidAmount.With());
            }

            if (isKnown && sum == 0)
            {
                sums.Remove(unit);
            }
            else
            {
                sums[unit] = (long)sum;
            }
        }

        return ([.. sums], null);
    }
}
