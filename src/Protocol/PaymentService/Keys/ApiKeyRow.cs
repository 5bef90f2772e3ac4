using System.Collections.Immutable;
using Masumi.Protocol.Wire;

namespace Masumi.Protocol.PaymentService.Keys;

/// <summary>An API key as the service shows it. The key itself is masked, but in the answer to its making. Nodes older than this one have no <c>overhead</c>.</summary>
public sealed record ApiKeyRow(
    string Id,
    string Token,
    KeyPermission Permission,
    bool CanRead,
    bool CanPay,
    bool CanAdmin,
    bool UsageLimited,
    ImmutableArray<Network> NetworkLimit,
    ImmutableArray<string> ChainIdLimit,
    ImmutableArray<CreditRow> RemainingUsageCredits,
    KeyStatus Status,
    bool WalletScopeEnabled,
    ImmutableArray<WalletScopeRow> WalletScopes,
    KeyOverhead? Overhead = null
)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<ApiKeyRow> Shape { get; } =
        Shapes.Record<ApiKeyRow>(
            "APIKey",
            s =>
                new(
                    s.Required("id", Shapes.AnyText, r => r.Id),
                    s.Required("token", Shapes.AnyText, r => r.Token, "Masked, but when the key is made: its last four letters"),
                    s.Required("permission", Shapes.Word<KeyPermission>(), r => r.Permission, "The three flags in one word, for older clients"),
                    s.Required("canRead", Shapes.Boolean, r => r.CanRead),
                    s.Required("canPay", Shapes.Boolean, r => r.CanPay),
                    s.Required("canAdmin", Shapes.Boolean, r => r.CanAdmin),
                    s.Required("usageLimited", Shapes.Boolean, r => r.UsageLimited, "Whether purchases are paid from its credits"),
                    s.Required("NetworkLimit", Shapes.List(Shapes.Word<Network>()), r => r.NetworkLimit),
                    s.Required("ChainIdLimit", Shapes.List(Shapes.AnyText), r => r.ChainIdLimit, "CAIP-2 ids of all chains it may use"),
                    s.Required("RemainingUsageCredits", Shapes.List(CreditRow.Shape), r => r.RemainingUsageCredits),
                    s.Required("status", Shapes.Word<KeyStatus>(), r => r.Status),
                    s.Required("walletScopeEnabled", Shapes.Boolean, r => r.WalletScopeEnabled),
                    s.Required("WalletScopes", Shapes.List(WalletScopeRow.Shape), r => r.WalletScopes),
                    s.Optional("overhead", KeyOverhead.Shape, r => r.Overhead, "What it may move beyond prices: deposits and fees")
                )
        );
}

/// <summary>What a key may still spend of a unit.</summary>
/// <param name="Unit">Empty for ADA.</param>
/// <param name="Amount">Decimal digits, in the smallest part.</param>
/// <param name="Symbol">The token's short name, where it has one.</param>
/// <param name="Decimals">How many digits of the amount stand behind the point, where that is known.</param>
public sealed record CreditRow(string Unit, string Amount, string? Symbol = null, long? Decimals = null)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<CreditRow> Shape { get; } =
        Shapes.Record<CreditRow>(s =>
            new(
                s.Required("unit", Shapes.AnyText, r => r.Unit, "Empty for ADA"),
                s.Required("amount", Shapes.AnyText, r => r.Amount, "In the smallest part"),
                s.Optional("symbol", Shapes.AnyText, r => r.Symbol, "For people: the token's short name"),
                s.Optional("decimals", Shapes.Integer(), r => r.Decimals, "For people: digits behind the point")
            )
        );
}

/// <summary>A hot wallet that a key may use.</summary>
public sealed record WalletScopeRow(string HotWalletId)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<WalletScopeRow> Shape { get; } =
        Shapes.Record<WalletScopeRow>(s => new(s.Required("hotWalletId", Shapes.AnyText, r => r.HotWalletId)));
}

/// <summary>What a key may move beyond prices.</summary>
/// <param name="OpenLovelace">In deposits that come back, at one time.</param>
/// <param name="FeesPerDay">In fees, lovelace a day.</param>
public sealed record KeyOverhead(string OpenLovelace, string FeesPerDay)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<KeyOverhead> Shape { get; } =
        Shapes.Record<KeyOverhead>(s =>
            new(
                s.Required("openLovelace", Shapes.AnyText, r => r.OpenLovelace, "Deposits that may be out at one time"),
                s.Required("feesPerDay", Shapes.AnyText, r => r.FeesPerDay, "Lovelace of fees in a day")
            )
        );
}
