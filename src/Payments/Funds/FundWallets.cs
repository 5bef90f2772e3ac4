using Masumi.Http;
using Masumi.Payments.Wallets;
using Masumi.Protocol.PaymentService.Wallets;
using Masumi.Settlement.Balances;
using Masumi.Settlement.Sources;
using Masumi.Settlement.Stores;

namespace Masumi.Payments.Funds;

/// <summary>Funding wallets: treasuries that top up the selling and purchasing wallets of their source (spec payment-service-api.md 6.12).</summary>
internal sealed class FundWallets(MoneyContext context)
{
    public async Task<Reply<FundWalletList>> ListAsync(ListFundWalletsRequest request, CancellationToken cancellation)
    {
        var wallets = (await context.WalletsAsync(cancellation)).Where(w =>
            w.Role == WalletRole.Funding
            && (request.Id is null || w.Id == request.Id)
            && (request.PaymentSourceId is null || w.SourceId == request.PaymentSourceId)
        );
        var rules = await context.Balances.ListAsync(cancellation);
        var settings = await context.Treasury.ListSettingsAsync(cancellation);
        var pending = await context.Treasury.CountPendingAsync(cancellation);
        var rows = new List<FundWalletRow>();
        foreach (var wallet in wallets)
        {
            rows.Add(
                new FundWalletRow(
                    wallet.Id,
                    wallet.Address.ToString(),
                    wallet.KeyHash.ToString(),
                    wallet.Note,
                    wallet.SourceId,
                    (await context.Holdings.PendingAsync(wallet.Id, cancellation))?.CreatedAt,
                    WalletRowText.SummaryOf(wallet, rules),
                    settings.TryGetValue(wallet.Id, out var known) ? ConfigOf(known) : null,
                    pending.GetValueOrDefault(wallet.Id)
                )
            );
        }

        return new FundWalletList([.. rows]);
    }

    public async Task<Reply<FundWalletCreated>> CreateAsync(CreateFundWalletRequest request, CancellationToken cancellation)
    {
        if ((await context.SourcesAsync(cancellation)).FirstOrDefault(s => s.Id == request.PaymentSourceId) is not { } source)
        {
            return FundRefusals.SourceNotFound;
        }

        if (context.Seal(source, WalletRole.Funding, request.WalletMnemonic, null, request.Note) is not { } wallet)
        {
            return WalletRefusals.InvalidMnemonic;
        }

        var settings = new FundingSettings(context.Ids.Next(), wallet.Id, IsEnabled: true, TimeSpan.FromMilliseconds(request.BatchWindowMs));
        return await context.Treasury.AddAsync(wallet, settings, cancellation) switch
        {
            WalletAdding.Added => new FundWalletCreated(wallet.Id, wallet.Address.ToString(), wallet.KeyHash.ToString(), source.Id, ConfigOf(settings)),
            WalletAdding.IsRegistered => WalletRefusals.WalletRegistered,
            _ => FundRefusals.SourceInactive,
        };
    }

    public async Task<Reply<FundWalletUpdated>> UpdateAsync(UpdateFundWalletRequest request, CancellationToken cancellation)
    {
        if (request is { Enabled: null, BatchWindowMs: null })
        {
            return FundRefusals.NoChange;
        }

        if (await FindAsync(request.Id, cancellation) is not { } wallet)
        {
            return FundRefusals.NotFound;
        }

        var known = (await context.Treasury.ListSettingsAsync(cancellation))[wallet.Id];
        var settings = known with
        {
            IsEnabled = request.Enabled ?? known.IsEnabled,
            Window = request.BatchWindowMs is { } ms ? TimeSpan.FromMilliseconds(ms) : known.Window,
        };
        await context.Treasury.SetAsync(settings, cancellation);
        return new FundWalletUpdated(wallet.Id, ConfigOf(settings));
    }

    public async Task<Reply<FundWalletDeleted>> DeleteAsync(DeleteFundWalletRequest request, CancellationToken cancellation)
    {
        if (await FindAsync(request.Id, cancellation) is not { } wallet)
        {
            return FundRefusals.NotFound;
        }

        if (await context.Treasury.IsInFlightAsync(wallet.Id, cancellation))
        {
            return FundRefusals.InFlight;
        }

        if (request.Force is not true)
        {
            var balance = await context.Balances.BalanceAsync(wallet, cancellation);
            if (balance is not { IsZero: true })
            {
                return balance is null ? FundRefusals.BalanceUnknown : FundRefusals.NotEmpty;
            }
        }

        return await context.Treasury.RemoveAsync(wallet.Id, cancellation) switch
        {
            WalletRemoval.Removed => new FundWalletDeleted(wallet.Id),
            WalletRemoval.InFlight => FundRefusals.InFlight,
            _ => FundRefusals.NotFound,
        };
    }

    private static FundDistributionConfig ConfigOf(FundingSettings settings) => new(settings.Id, settings.IsEnabled, (long)settings.Window.TotalMilliseconds);

    private async Task<HotWallet?> FindAsync(string id, CancellationToken cancellation) =>
        (await context.WalletsAsync(cancellation)).FirstOrDefault(w => w.Id == id && w.Role == WalletRole.Funding);
}
