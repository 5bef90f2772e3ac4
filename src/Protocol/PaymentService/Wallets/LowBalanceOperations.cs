using System.Collections.Immutable;
using Masumi.Protocol.Wire;

namespace Masumi.Protocol.PaymentService.Wallets;

/// <summary>The operations about rules that tell when a wallet runs low (spec payment-service-api.md 6.4).</summary>
public static class LowBalanceOperations
{
    private const string Tag = "wallet";
    private const string Path = "/wallet/low-balance";

    private static readonly LowBalanceRuleRow Rule = new(
        "cmk2vb5h20005l8f37q3s8n1t",
        "lovelace",
        "20000000",
        Enabled: true,
        TopupEnabled: true,
        "50000000",
        LowBalanceStatus.Healthy,
        "182340115",
        WalletExamples.Noon,
        null,
        WalletExamples.SellingId,
        WalletExamples.SellingVkey,
        WalletExamples.SellingAddress,
        HotWalletType.Selling,
        WalletExamples.SourceId,
        Network.Preprod
    );

    /// <summary>Rules, by wallet and asset.</summary>
    public static Operation<ListLowBalanceRulesRequest, LowBalanceRuleList> List { get; } =
        new("GET", Path, Access.Admin, "listLowBalanceRules", Tag, "Rules about low balances", ListLowBalanceRulesRequest.Shape, LowBalanceRuleList.Shape)
        {
            IsStatusClosed = true,
            RequestExample = new(WalletExamples.SellingId),
            AnswerExample = new([Rule]),
        };

    /// <summary>A new rule.</summary>
    public static Operation<CreateLowBalanceRuleRequest, LowBalanceRuleRow> Create { get; } =
        new(
            "POST",
            Path,
            Access.Admin,
            "createLowBalanceRule",
            Tag,
            "Makes a rule about a wallet's balance of an asset",
            CreateLowBalanceRuleRequest.Shape,
            LowBalanceRuleRow.Shape
        )
        {
            IsStatusClosed = true,
            Description =
                "The balance is looked at once, without an alert. An alert is given when the balance falls below the threshold, not again while it stays there.",
            Refusals =
            [
                WalletRefusals.NotFound,
                WalletRefusals.RuleExists,
                WalletRefusals.TopUpOfFunding,
                WalletRefusals.TopUpAmountMissing,
                WalletRefusals.TopUpTooSmall,
            ],
            RequestExample = new(WalletExamples.SellingId, "lovelace", 20_000_000, TopupEnabled: true, TopupAmount: 50_000_000),
            AnswerExample = Rule,
        };

    /// <summary>Other values for a rule.</summary>
    public static Operation<UpdateLowBalanceRuleRequest, LowBalanceRuleRow> Update { get; } =
        new(
            "PATCH",
            Path,
            Access.Admin,
            "updateLowBalanceRule",
            Tag,
            "Changes a rule about a balance",
            UpdateLowBalanceRuleRequest.Shape,
            LowBalanceRuleRow.Shape
        )
        {
            IsStatusClosed = true,
            Description = "Its status is Unknown until the next look, and top-ups that nobody has taken on are dropped.",
            Refusals =
            [
                WalletRefusals.RuleNotFound,
                WalletRefusals.NoRuleChange,
                WalletRefusals.TopUpOfFunding,
                WalletRefusals.TopUpAmountMissing,
                WalletRefusals.TopUpTooSmall,
            ],
            RequestExample = new(Rule.Id, 10_000_000, TopupEnabled: false, TopupAmount: new Given<long?>(true, null)),
            AnswerExample = Rule with { ThresholdAmount = "10000000", TopupEnabled = false, TopupAmount = null, Status = LowBalanceStatus.Unknown },
        };

    /// <summary>The end of a rule.</summary>
    public static Operation<DeleteLowBalanceRuleRequest, DeletedLowBalanceRule> Delete { get; } =
        new(
            "DELETE",
            Path,
            Access.Admin,
            "deleteLowBalanceRule",
            Tag,
            "Deletes a rule about a balance",
            DeleteLowBalanceRuleRequest.Shape,
            DeletedLowBalanceRule.Shape
        )
        {
            IsStatusClosed = true,
            Refusals = [WalletRefusals.RuleNotFound],
            RequestExample = new(Rule.Id),
            AnswerExample = new(Rule.Id, WalletExamples.Noon),
        };

    /// <summary>All of them.</summary>
    public static ImmutableArray<Operation> All { get; } = [List, Create, Update, Delete];
}
