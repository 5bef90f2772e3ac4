using System.Collections.Immutable;
using Masumi.Cardano.Transactions;
using Masumi.Chain;
using Masumi.Settlement.Balances;
using Masumi.Settlement.Sources;
using Masumi.Settlement.Stores;
using Masumi.Settlement.Transfers;
using Masumi.Settlement.Wallets;
using Masumi.Storage;
using Microsoft.Extensions.Logging;

namespace Masumi.Settlement.Engine;

/// <summary>
/// Looks at wallets' balances as their rules say, and lets funding wallets top up those that are low: by transfers, which the engine then makes like any other.
/// What it cannot see now it looks at later; nothing else waits for it.
/// </summary>
internal sealed class BalanceKeeper(SettlementStore store, WalletCoins coins, ChainFollower follower, IdSource ids, ILogger logger)
{
    private const int MostAtOnce = 500;

    /// <summary>Whether it is at work now.</summary>
    public bool IsAtWork { get; private set; }

    /// <summary>Looks at what is due on sources that could be followed, and assigns what waits.</summary>
    public async Task RunAsync(IReadOnlyCollection<string> sources, RoundView round, CancellationToken cancellation)
    {
        IsAtWork = true;
        try
        {
            var wallets = (await store.Wallets.ListAsync(cancellation))
                .Where(w => w.DeletedAt is null && sources.Contains(w.SourceId))
                .ToDictionary(w => w.Id, StringComparer.Ordinal);
            await LookAsync(wallets, round, cancellation);
            await AssignAsync(wallets, round, cancellation);
        }
        catch (Exception e) when (e is not (OperationCanceledException or OutOfMemoryException) && !StorageFailure.Is(e))
        {
            // What a balance brings out never ends a round.
            logger.LogError(e, "Balances are set aside");
        }
        finally
        {
            IsAtWork = false;
        }
    }

    private async Task LookAsync(Dictionary<string, HotWallet> wallets, RoundView round, CancellationToken cancellation)
    {
        var due = await store.Balances.ListDueAsync(round.Now, cancellation);
        if (due.IsEmpty)
        {
            return;
        }

        var settings = await store.TopUps.ListSettingsAsync(cancellation);
        var unseen = due.Where(r => !wallets.ContainsKey(r.WalletId)).ToList();
        foreach (var ofWallet in due.Where(r => wallets.ContainsKey(r.WalletId)).GroupBy(r => r.WalletId))
        {
            var wallet = wallets[ofWallet.Key];
            var windows = settings.Values.Where(s => s.IsEnabled && wallets.GetValueOrDefault(s.WalletId)?.SourceId == wallet.SourceId).ToList();
            if (await TotalAsync(wallet, [.. ofWallet], windows.Count > 0, round, cancellation) is not { } total)
            {
                unseen.AddRange(ofWallet);
                continue;
            }

            foreach (var rule in ofWallet)
            {
                await store.Balances.NoteAsync(rule, last => Decide(rule, total, last, wallet, windows, round.Now), follower.Now, cancellation);
            }
        }

        if (unseen.Count > 0)
        {
            await store.Balances.PostponeAsync(unseen.Select(r => r.Id), round.Now + BalanceRules.Interval, cancellation);
        }
    }

    // All of a wallet's money; null when it cannot be listed now: the other wallets do not wait for it.
    private async Task<Value?> TotalAsync(HotWallet wallet, List<BalanceRule> rules, bool hasFunding, RoundView round, CancellationToken cancellation)
    {
        try
        {
            var total = (await coins.OfAsync(wallet, round.Chain, round.Tip, cancellation)).Total;
            if (rules.Exists(r => r.In(total) < r.Threshold && (r.Status != BalanceStatus.Low || (r.TopUp is not null && hasFunding))))
            {
                // What was listed some blocks ago does not show what came since: nobody is told, and nothing is sent, upon that.
                coins.Doubt(wallet.Id);
                total = (await coins.OfAsync(wallet, round.Chain, round.Tip, cancellation)).Total;
            }

            return total;
        }
        catch (ChainUnavailableException e)
        {
            logger.LogWarning("The balance of {Wallet} cannot be looked at now: {Message}", wallet.Address, e.Message);
            return null;
        }
    }

    // A database that runs this again after a conflict gets a fresh id: nothing of the first run is left.
    private BalanceLook Decide(BalanceRule rule, Value total, TopUp? last, HotWallet wallet, List<FundingSettings> windows, DateTimeOffset now)
    {
        var (looked, fell) = BalanceRules.Look(rule, rule.In(total), now);
        var wanted = windows.Count > 0 && BalanceRules.Wants(looked, last, follower.Now);
        return new BalanceLook(
            looked,
            fell,
            wanted
                ? new TopUp
                {
                    Id = ids.Next(),
                    SourceId = wallet.SourceId,
                    TargetId = wallet.Id,
                    Unit = rule.Unit,
                    Amount = rule.TopUp!.Value,
                    CreatedAt = now,
                    NextAt = now + windows.Min(w => w.Window),
                }
                : null
        );
    }

    private async Task AssignAsync(Dictionary<string, HotWallet> wallets, RoundView round, CancellationToken cancellation)
    {
        var waiting = await store.TopUps.ListWaitingAsync(round.Now, MostAtOnce, cancellation);
        if (waiting.IsEmpty)
        {
            return;
        }

        var funders = await FundersAsync(waiting, wallets, round, cancellation);
        foreach (var (funding, target, amount, topUps) in await AssignedAsync(waiting, funders, wallets, round, cancellation))
        {
            var transfer = new Transfer
            {
                Id = ids.Next(),
                SourceId = funding.SourceId,
                WalletId = funding.Id,
                To = target.Address,
                Amount = amount,
                CreatedAt = follower.Now,
                NextAt = round.Now,
                GiveUpAt = round.Now + BalanceRules.Patience,
            };
            if (await store.TopUps.TakeAsync(topUps, transfer, follower.Now, cancellation))
            {
                waiting = waiting.RemoveAll(t => topUps.Contains(t));
            }
        }

        if (waiting.IsEmpty)
        {
            return;
        }

        await store.TopUps.PostponeAsync(waiting.Select(t => t.Id), round.Now + BalanceRules.Cycle, cancellation);
        var waitingSources = waiting.Select(t => t.SourceId).ToHashSet(StringComparer.Ordinal);
        var quiet = funders
            .Where(f => f.Settings.IsEnabled && waitingSources.Contains(f.Wallet.SourceId))
            .Where(f => waiting.Any(t => t.SourceId == f.Wallet.SourceId && t.CreatedAt + f.Settings.Window <= round.Now))
            .Where(f => f.Settings.AlertedAt is not { } at || round.Now - at >= BalanceRules.AlertInterval)
            .Select(f => f.Settings)
            .ToList();
        if (quiet.Count > 0)
        {
            await store.TopUps.AlertAsync(quiet, round.Now, cancellation);
        }
    }

    private async Task<ImmutableArray<TakenOn>> AssignedAsync(
        ImmutableArray<TopUp> waiting,
        List<Funder> funders,
        Dictionary<string, HotWallet> wallets,
        RoundView round,
        CancellationToken cancellation
    )
    {
        try
        {
            return funders.Count == 0 ? [] : BalanceRules.Assign(waiting, funders, wallets, await round.Chain.GetParametersAsync(cancellation), round.Now);
        }
        catch (ChainUnavailableException e)
        {
            logger.LogWarning("Nobody is topped up now: {Message}", e.Message);
            return [];
        }
    }

    private async Task<List<Funder>> FundersAsync(
        ImmutableArray<TopUp> waiting,
        Dictionary<string, HotWallet> wallets,
        RoundView round,
        CancellationToken cancellation
    )
    {
        var sources = waiting.Select(t => t.SourceId).ToHashSet(StringComparer.Ordinal);
        var settings = await store.TopUps.ListSettingsAsync(cancellation);
        var funders = new List<Funder>();
        foreach (var wallet in wallets.Values.Where(w => settings.ContainsKey(w.Id) && sources.Contains(w.SourceId)).OrderBy(w => w.CreatedAt))
        {
            try
            {
                funders.Add(new Funder(wallet, settings[wallet.Id], (await coins.OfAsync(wallet, round.Chain, round.Tip, cancellation)).Ready));
            }
            catch (ChainUnavailableException e)
            {
                logger.LogWarning("What {Wallet} could top up with cannot be looked at now: {Message}", wallet.Address, e.Message);
            }
        }

        return funders;
    }
}
