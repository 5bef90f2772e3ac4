using System.Collections.Immutable;
using System.Globalization;
using Masumi.Protocol;
using Masumi.Protocol.PaymentService.Wallets;
using Masumi.Settlement.Balances;
using Masumi.Settlement.Sources;

namespace Masumi.Payments.Wallets;

/// <summary>Wallets and their rules as rows.</summary>
internal static class WalletRowText
{
    private const string Lovelace = "lovelace";

    /// <summary>An amount as decimal text.</summary>
    public static string Text(Int128 amount) => amount.ToString(CultureInfo.InvariantCulture);

    /// <summary>A unit as the chain's indexer spells it.</summary>
    public static string Text(Unit unit) => unit.IsAda ? Lovelace : unit.ToString();

    public static HotWalletType TypeOf(HotWallet wallet) =>
        wallet.Role switch
        {
            WalletRole.Selling => HotWalletType.Selling,
            WalletRole.Purchasing => HotWalletType.Purchasing,
            _ => HotWalletType.Funding,
        };

    /// <summary>How a wallet's rules stand, in short; disabled ones say nothing.</summary>
    public static LowBalanceSummary SummaryOf(HotWallet wallet, IEnumerable<BalanceRule> rules)
    {
        var enabled = rules.Where(r => r.WalletId == wallet.Id && r.IsEnabled).ToList();
        var low = enabled.Count(r => r.Status == BalanceStatus.Low);
        return new LowBalanceSummary(low > 0, low, enabled.Max(r => r.CheckedAt));
    }

    public static ImmutableArray<WalletRuleRow> RulesOf(HotWallet wallet, IEnumerable<BalanceRule> rules) =>
        [
            .. rules
                .Where(r => r.WalletId == wallet.Id)
                .Select(r => new WalletRuleRow(
                    r.Id,
                    Text(r.Unit),
                    Text(r.Threshold),
                    r.IsEnabled,
                    r.TopUp is not null,
                    TopUpOf(r),
                    StatusOf(r),
                    AmountOf(r),
                    r.CheckedAt,
                    r.AlertedAt
                )),
        ];

    public static LowBalanceRuleRow RowOf(BalanceRule rule, HotWallet wallet, Network network) =>
        new(
            rule.Id,
            Text(rule.Unit),
            Text(rule.Threshold),
            rule.IsEnabled,
            rule.TopUp is not null,
            TopUpOf(rule),
            StatusOf(rule),
            AmountOf(rule),
            rule.CheckedAt,
            rule.AlertedAt,
            wallet.Id,
            wallet.KeyHash.ToString(),
            wallet.Address.ToString(),
            TypeOf(wallet),
            wallet.SourceId,
            network
        );

    private static string? TopUpOf(BalanceRule rule) => rule.TopUp is { } amount ? Text(amount) : null;

    private static string? AmountOf(BalanceRule rule) => rule.Amount is { } amount ? Text(amount) : null;

    private static LowBalanceStatus StatusOf(BalanceRule rule) =>
        rule.Status switch
        {
            BalanceStatus.Healthy => LowBalanceStatus.Healthy,
            BalanceStatus.Low => LowBalanceStatus.Low,
            _ => LowBalanceStatus.Unknown,
        };
}
