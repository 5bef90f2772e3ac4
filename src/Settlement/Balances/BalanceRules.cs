using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Parameters;
using Masumi.Cardano.Transactions;
using Masumi.Settlement.Sources;

namespace Masumi.Settlement.Balances;

/// <summary>A top-up that somebody pays: all that one wallet waits for, from one funding wallet.</summary>
/// <param name="Funding">Who pays.</param>
/// <param name="Target">Who is paid.</param>
/// <param name="Amount">What is paid.</param>
/// <param name="TopUps">What that serves.</param>
public sealed record TakenOn(HotWallet Funding, HotWallet Target, Value Amount, ImmutableArray<TopUp> TopUps);

/// <summary>A funding wallet with what it can pay now.</summary>
/// <param name="Wallet">The wallet.</param>
/// <param name="Settings">How it tops others up.</param>
/// <param name="Ready">What it can spend now.</param>
public sealed record Funder(HotWallet Wallet, FundingSettings Settings, Value Ready);

/// <summary>When a wallet is low, when it is topped up, and by whom (spec payment-service-api.md 6.4 and 6.12). Pure.</summary>
public static class BalanceRules
{
    /// <summary>How often a balance is looked at.</summary>
    public static TimeSpan Interval { get; } = TimeSpan.FromMinutes(1);

    /// <summary>How often a funding wallet is looked for that can pay.</summary>
    public static TimeSpan Cycle { get; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a transfer for a top-up is tried.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromMinutes(30);

    /// <summary>
    /// How long after the end of a top-up there is no other of its kind: what failed is not tried at once again, and a list of a provider that lags does not show
    /// yet what came.
    /// </summary>
    public static TimeSpan Rest { get; } = TimeSpan.FromMinutes(5);

    /// <summary>How often it is told that funding wallets cannot pay.</summary>
    public static TimeSpan AlertInterval { get; } = TimeSpan.FromMinutes(15);

    // What goes with tokens at the least, and what stays with the payer for fees and change.
    private static readonly Lovelace WithTokens = Lovelace.FromAda(2);
    private static readonly Lovelace Kept = Lovelace.FromAda(3);

    /// <summary>A rule after its owner changed it: nothing is known until the next look, which is due at once.</summary>
    public static BalanceRule Changed(BalanceRule rule, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(rule);
        return rule with { Status = BalanceStatus.Unknown, Revision = rule.Revision + 1, NextAt = rule.IsEnabled ? now : null };
    }

    /// <summary>A rule after a look at the balance.</summary>
    /// <returns>The rule, and whether the balance fell below the threshold since the last look.</returns>
    public static (BalanceRule Rule, bool Fell) Look(BalanceRule rule, Int128 amount, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(rule);
        var isLow = amount < rule.Threshold;
        var fell = isLow && rule.Status != BalanceStatus.Low;
        return (
            rule with
            {
                Status = isLow ? BalanceStatus.Low : BalanceStatus.Healthy,
                Amount = amount,
                CheckedAt = now,
                AlertedAt = fell ? now : rule.AlertedAt,
                NextAt = rule.IsEnabled ? now + Interval : null,
            },
            fell
        );
    }

    /// <summary>Whether a rule asks for a top-up: one at a time for a wallet and an asset.</summary>
    /// <param name="rule">As it stands after a look.</param>
    /// <param name="last">The newest top-up of its wallet with its asset.</param>
    /// <param name="now">Now.</param>
    public static bool Wants(BalanceRule rule, TopUp? last, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(rule);
        return rule is { IsEnabled: true, TopUp: not null, Status: BalanceStatus.Low }
            && (last is null || (!last.IsOpen && (last.Paying is not { } ended || now - ended.EndedAt >= Rest)));
    }

    /// <summary>Who pays which of the top-ups that wait: the first funding wallet of the source whose window is over and that has enough.</summary>
    public static ImmutableArray<TakenOn> Assign(
        IEnumerable<TopUp> waiting,
        IReadOnlyCollection<Funder> funders,
        IReadOnlyDictionary<string, HotWallet> targets,
        ProtocolParameters parameters,
        DateTimeOffset now
    )
    {
        ArgumentNullException.ThrowIfNull(funders);
        ArgumentNullException.ThrowIfNull(targets);
        var left = funders.ToDictionary(f => f.Wallet.Id, f => f.Ready, StringComparer.Ordinal);
        var taken = ImmutableArray.CreateBuilder<TakenOn>();
        foreach (var ofTarget in waiting.Where(t => targets.ContainsKey(t.TargetId)).GroupBy(t => t.TargetId).OrderBy(g => g.Min(t => t.CreatedAt)))
        {
            var target = targets[ofTarget.Key];
            ImmutableArray<TopUp> all = [.. ofTarget];
            var amount = AmountOf(all, target, parameters);
            var funder = funders.FirstOrDefault(f =>
                f.Settings.IsEnabled
                && f.Wallet.SourceId == target.SourceId
                && all.Min(t => t.CreatedAt) + f.Settings.Window <= now
                && (left[f.Wallet.Id] - Value.Of(Kept)).Covers(amount)
            );
            if (funder is not null)
            {
                left[funder.Wallet.Id] -= amount;
                taken.Add(new TakenOn(funder.Wallet, target, amount, all));
            }
        }

        return taken.ToImmutable();
    }

    // Tokens travel with ADA, and no output is smaller than the ledger wants it.
    private static Value AmountOf(ImmutableArray<TopUp> topUps, HotWallet target, ProtocolParameters parameters)
    {
        var lovelace = new Lovelace(topUps.Where(t => t.Unit.IsAda).Sum(t => t.Amount));
        var tokens = topUps.Where(t => !t.Unit.IsAda).Select(t => KeyValuePair.Create(AssetId.Parse(t.Unit.ToString()), (Int128)t.Amount)).ToList();
        var amount = Value.Of(tokens.Count > 0 && lovelace < WithTokens ? WithTokens : lovelace, tokens);
        var least = Fees.MinUtxo(parameters, new TxOutput(target.Address, amount));
        return amount.Coin < least ? amount.WithCoin(least) : amount;
    }
}
