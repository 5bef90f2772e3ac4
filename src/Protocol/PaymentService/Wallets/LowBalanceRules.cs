using System.Collections.Immutable;
using Masumi.Protocol.Wire;

namespace Masumi.Protocol.PaymentService.Wallets;

/// <summary>How the rules of a wallet stand, in short.</summary>
public sealed record LowBalanceSummary(bool IsLow, long LowRuleCount, DateTimeOffset? LastCheckedAt)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<LowBalanceSummary> Shape { get; } =
        Shapes.Record<LowBalanceSummary>(s =>
            new(
                s.Required("isLow", Shapes.Boolean, r => r.IsLow, "Whether an enabled rule is below its threshold"),
                s.Required("lowRuleCount", Shapes.Integer(0), r => r.LowRuleCount),
                s.RequiredOrNull("lastCheckedAt", Shapes.Moment, r => r.LastCheckedAt)
            )
        );
}

/// <summary>A rule as it stands in the row of its wallet. Amounts are decimal text in the smallest part.</summary>
public sealed record WalletRuleRow(
    string Id,
    string AssetUnit,
    string ThresholdAmount,
    bool Enabled,
    bool TopupEnabled,
    string? TopupAmount,
    LowBalanceStatus Status,
    string? LastKnownAmount,
    DateTimeOffset? LastCheckedAt,
    DateTimeOffset? LastAlertedAt
)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<WalletRuleRow> Shape { get; } =
        Shapes.Record<WalletRuleRow>(s =>
            new(
                s.Required("id", Shapes.AnyText, r => r.Id),
                s.Required("assetUnit", Shapes.AnyText, r => r.AssetUnit, "lovelace, or policy id and asset name in hex"),
                s.Required("thresholdAmount", Shapes.AnyText, r => r.ThresholdAmount),
                s.Required("enabled", Shapes.Boolean, r => r.Enabled, "Whether it alerts"),
                s.Required("topupEnabled", Shapes.Boolean, r => r.TopupEnabled, "Whether a funding wallet tops the wallet up"),
                s.RequiredOrNull("topupAmount", Shapes.AnyText, r => r.TopupAmount),
                s.Required("status", Shapes.Word<LowBalanceStatus>(), r => r.Status),
                s.RequiredOrNull("lastKnownAmount", Shapes.AnyText, r => r.LastKnownAmount),
                s.RequiredOrNull("lastCheckedAt", Shapes.Moment, r => r.LastCheckedAt),
                s.RequiredOrNull("lastAlertedAt", Shapes.Moment, r => r.LastAlertedAt, "When the balance last fell below the threshold")
            )
        );
}

/// <summary>A rule with its wallet. Amounts are decimal text in the smallest part.</summary>
public sealed record LowBalanceRuleRow(
    string Id,
    string AssetUnit,
    string ThresholdAmount,
    bool Enabled,
    bool TopupEnabled,
    string? TopupAmount,
    LowBalanceStatus Status,
    string? LastKnownAmount,
    DateTimeOffset? LastCheckedAt,
    DateTimeOffset? LastAlertedAt,
    string WalletId,
    string WalletVkey,
    string WalletAddress,
    HotWalletType WalletType,
    string PaymentSourceId,
    Network Network
)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<LowBalanceRuleRow> Shape { get; } =
        Shapes.Record<LowBalanceRuleRow>(s =>
            new(
                s.Required("id", Shapes.AnyText, r => r.Id),
                s.Required("assetUnit", Shapes.AnyText, r => r.AssetUnit, "lovelace, or policy id and asset name in hex"),
                s.Required("thresholdAmount", Shapes.AnyText, r => r.ThresholdAmount),
                s.Required("enabled", Shapes.Boolean, r => r.Enabled, "Whether it alerts"),
                s.Required("topupEnabled", Shapes.Boolean, r => r.TopupEnabled, "Whether a funding wallet tops the wallet up"),
                s.RequiredOrNull("topupAmount", Shapes.AnyText, r => r.TopupAmount),
                s.Required("status", Shapes.Word<LowBalanceStatus>(), r => r.Status),
                s.RequiredOrNull("lastKnownAmount", Shapes.AnyText, r => r.LastKnownAmount),
                s.RequiredOrNull("lastCheckedAt", Shapes.Moment, r => r.LastCheckedAt),
                s.RequiredOrNull("lastAlertedAt", Shapes.Moment, r => r.LastAlertedAt, "When the balance last fell below the threshold"),
                s.Required("walletId", Shapes.AnyText, r => r.WalletId),
                s.Required("walletVkey", Shapes.AnyText, r => r.WalletVkey, "Hash of its payment key"),
                s.Required("walletAddress", Shapes.AnyText, r => r.WalletAddress),
                s.Required("walletType", Shapes.Word<HotWalletType>(), r => r.WalletType),
                s.Required("paymentSourceId", Shapes.AnyText, r => r.PaymentSourceId),
                s.Required("network", Shapes.Word<Network>(), r => r.Network)
            )
        );
}

/// <summary>Rules.</summary>
public sealed record LowBalanceRuleList(ImmutableArray<LowBalanceRuleRow> Rules)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<LowBalanceRuleList> Shape { get; } =
        Shapes.Record<LowBalanceRuleList>(s => new(s.Required("Rules", Shapes.List(LowBalanceRuleRow.Shape), r => r.Rules)));
}

/// <summary>Which rules to list.</summary>
public sealed record ListLowBalanceRulesRequest(string? WalletId = null, string? PaymentSourceId = null, bool OnlyLow = false, bool IncludeDisabled = false)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<ListLowBalanceRulesRequest> Shape { get; } =
        Shapes.Record<ListLowBalanceRulesRequest>(s =>
            new(
                s.Optional("walletId", Shapes.AnyText, r => r.WalletId),
                s.Optional("paymentSourceId", Shapes.AnyText, r => r.PaymentSourceId),
                s.Default("onlyLow", Shapes.Flag, false, r => r.OnlyLow, "true: only those below their threshold"),
                s.Default("includeDisabled", Shapes.Flag, false, r => r.IncludeDisabled, "true: disabled ones as well")
            )
        );
}

/// <summary>A new rule.</summary>
/// <param name="WalletId">For which wallet.</param>
/// <param name="AssetUnit">For which asset: <c>lovelace</c>, or policy id and asset name in hex.</param>
/// <param name="ThresholdAmount">Below this the balance is low.</param>
/// <param name="Enabled">Whether it alerts.</param>
/// <param name="TopupEnabled">Whether a funding wallet tops the wallet up.</param>
/// <param name="TopupAmount">With how much.</param>
public sealed record CreateLowBalanceRuleRequest(
    string WalletId,
    string AssetUnit,
    long ThresholdAmount,
    bool Enabled = true,
    bool TopupEnabled = false,
    long? TopupAmount = null
)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<CreateLowBalanceRuleRequest> Shape { get; } =
        Shapes.Record<CreateLowBalanceRuleRequest>(s =>
            new(
                s.Required("walletId", WalletShapes.Id, r => r.WalletId),
                s.Required("assetUnit", WalletShapes.AssetUnit, r => r.AssetUnit, "lovelace, or policy id and asset name in hex"),
                s.Required("thresholdAmount", WalletShapes.Threshold, r => r.ThresholdAmount, "In the smallest part; below it the balance is low"),
                s.Default("enabled", Shapes.Boolean, true, r => r.Enabled, "Whether it alerts"),
                s.Default("topupEnabled", Shapes.Boolean, false, r => r.TopupEnabled, "Whether a funding wallet of the same source tops the wallet up"),
                s.Optional("topupAmount", WalletShapes.TopUp, r => r.TopupAmount, "How much is sent; needed with topupEnabled, at least 5000000 of lovelace")
            )
        );
}

/// <summary>What is changed at a rule; what is not given stays. Any change makes its status Unknown until the next look.</summary>
/// <param name="RuleId">Which.</param>
/// <param name="ThresholdAmount">Below this the balance is low.</param>
/// <param name="Enabled">Whether it alerts.</param>
/// <param name="TopupEnabled">Whether a funding wallet tops the wallet up.</param>
/// <param name="TopupAmount">With how much; null takes the amount away.</param>
public sealed record UpdateLowBalanceRuleRequest(
    string RuleId,
    long? ThresholdAmount = null,
    bool? Enabled = null,
    bool? TopupEnabled = null,
    Given<long?> TopupAmount = default
)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<UpdateLowBalanceRuleRequest> Shape { get; } =
        Shapes.Record<UpdateLowBalanceRuleRequest>(s =>
            new(
                s.Required("ruleId", WalletShapes.Id, r => r.RuleId),
                s.Optional("thresholdAmount", WalletShapes.Threshold, r => r.ThresholdAmount, "In the smallest part"),
                s.Optional("enabled", Shapes.Boolean, r => r.Enabled),
                s.Optional("topupEnabled", Shapes.Boolean, r => r.TopupEnabled),
                s.Given("topupAmount", WalletShapes.TopUp, r => r.TopupAmount, "null takes it away, where topupEnabled is off")
            )
        );
}

/// <summary>Which rule to delete.</summary>
public sealed record DeleteLowBalanceRuleRequest(string RuleId)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<DeleteLowBalanceRuleRequest> Shape { get; } =
        Shapes.Record<DeleteLowBalanceRuleRequest>(s => new(s.Required("ruleId", WalletShapes.Id, r => r.RuleId)));
}

/// <summary>A rule that is gone.</summary>
public sealed record DeletedLowBalanceRule(string RuleId, DateTimeOffset DeletedAt)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<DeletedLowBalanceRule> Shape { get; } =
        Shapes.Record<DeletedLowBalanceRule>(s =>
            new(s.Required("ruleId", Shapes.AnyText, r => r.RuleId), s.Required("deletedAt", Shapes.Moment, r => r.DeletedAt))
        );
}
