using Masumi.Http;
using Masumi.Protocol;
using Masumi.Protocol.PaymentService.Wallets;
using Masumi.Protocol.Wire;
using Masumi.Settlement.Balances;
using Masumi.Settlement.Sources;

namespace Masumi.Payments.Wallets;

/// <summary>Rules that tell when a wallet runs low (spec payment-service-api.md 6.4).</summary>
internal sealed class BalanceRulesDesk(MoneyContext context)
{
    private const long LeastTopUp = 5_000_000;

    public async Task<Reply<LowBalanceRuleList>> ListAsync(ListLowBalanceRulesRequest request, CancellationToken cancellation)
    {
        var wallets = (await context.WalletsAsync(cancellation)).ToDictionary(w => w.Id, StringComparer.Ordinal);
        var networks = (await context.SourcesAsync(cancellation)).ToDictionary(s => s.Id, s => s.Network, StringComparer.Ordinal);
        var rules = (await context.Balances.ListAsync(cancellation)).Where(r =>
            wallets.TryGetValue(r.WalletId, out var wallet)
            && (request.WalletId is null || wallet.Id == request.WalletId)
            && (request.PaymentSourceId is null || wallet.SourceId == request.PaymentSourceId)
            && (request.IncludeDisabled || r.IsEnabled)
            && (!request.OnlyLow || r.Status == BalanceStatus.Low)
        );
        return new LowBalanceRuleList([.. rules.Select(r => WalletRowText.RowOf(r, wallets[r.WalletId], networks[wallets[r.WalletId].SourceId]))]);
    }

    public async Task<Reply<LowBalanceRuleRow>> CreateAsync(CreateLowBalanceRuleRequest request, CancellationToken cancellation)
    {
        var wallet = (await context.WalletsAsync(cancellation)).FirstOrDefault(w => w.Id == request.WalletId);
        if (wallet is null)
        {
            return WalletRefusals.NotFound;
        }

        var unit = Unit.Parse(request.AssetUnit);
        if (request.TopupEnabled && RefuseTopUp(wallet, unit, request.TopupAmount) is { } refusal)
        {
            return refusal;
        }

        var rule = new BalanceRule
        {
            Id = context.Ids.Next(),
            WalletId = wallet.Id,
            Unit = unit,
            Threshold = request.ThresholdAmount,
            IsEnabled = request.Enabled,
            TopUp = request.TopupEnabled ? request.TopupAmount : null,
            CreatedAt = context.Time.GetUtcNow(),
        };

        // Known before the chain is asked; the store has the last word.
        if ((await context.Balances.ListAsync(cancellation)).Any(r => r.WalletId == wallet.Id && r.Unit == unit))
        {
            return WalletRefusals.RuleExists;
        }

        return await context.Balances.EnterAsync(rule, wallet, cancellation) is { } entered
            ? await RowAsync(entered, wallet, cancellation)
            : WalletRefusals.RuleExists;
    }

    public async Task<Reply<LowBalanceRuleRow>> UpdateAsync(UpdateLowBalanceRuleRequest request, CancellationToken cancellation)
    {
        if (await FindAsync(request.RuleId, cancellation) is not var (_, wallet))
        {
            return WalletRefusals.RuleNotFound;
        }

        if (request is { ThresholdAmount: null, Enabled: null, TopupEnabled: null, TopupAmount.IsGiven: false })
        {
            return WalletRefusals.NoRuleChange;
        }

        Refusal? refusal = null;
        var changed = await context.Balances.ChangeAsync(
            request.RuleId,
            rule =>
            {
                var topsUp = request.TopupEnabled ?? rule.TopUp is not null;
                var amount = request.TopupAmount.IsGiven ? request.TopupAmount.Value : rule.TopUp;
                refusal = topsUp ? RefuseTopUp(wallet, rule.Unit, amount) : null;
                return refusal is not null
                    ? null
                    : rule with
                    {
                        Threshold = request.ThresholdAmount ?? rule.Threshold,
                        IsEnabled = request.Enabled ?? rule.IsEnabled,
                        TopUp = topsUp ? amount : null,
                    };
            },
            cancellation
        );
        return refusal is not null ? refusal
            : changed is null ? WalletRefusals.RuleNotFound
            : await RowAsync(changed, wallet, cancellation);
    }

    public async Task<Reply<DeletedLowBalanceRule>> DeleteAsync(DeleteLowBalanceRuleRequest request, CancellationToken cancellation) =>
        await FindAsync(request.RuleId, cancellation) is not null && await context.Balances.DeleteAsync(request.RuleId, cancellation) is { } at
            ? new DeletedLowBalanceRule(request.RuleId, at)
            : WalletRefusals.RuleNotFound;

    private static Refusal? RefuseTopUp(HotWallet wallet, Unit unit, long? amount) =>
        wallet.Role == WalletRole.Funding ? WalletRefusals.TopUpOfFunding.With()
        : amount is not { } given ? WalletRefusals.TopUpAmountMissing.With()
        : unit.IsAda && given < LeastTopUp ? WalletRefusals.TopUpTooSmall.With()
        : null;

    private async Task<(BalanceRule Rule, HotWallet Wallet)?> FindAsync(string id, CancellationToken cancellation) =>
        await context.Balances.GetAsync(id, cancellation) is { } rule
        && (await context.WalletsAsync(cancellation)).FirstOrDefault(w => w.Id == rule.WalletId) is { } wallet
            ? (rule, wallet)
            : null;

    private async Task<LowBalanceRuleRow> RowAsync(BalanceRule rule, HotWallet wallet, CancellationToken cancellation) =>
        WalletRowText.RowOf(rule, wallet, (await context.Holdings.ListSourcesAsync(cancellation)).Single(s => s.Id == wallet.SourceId).Network);
}
