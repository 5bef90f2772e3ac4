using System.Collections.Immutable;
using Masumi.Cardano.Transactions;
using Masumi.Settlement.Deals;
using Masumi.Settlement.Sources;
using Masumi.Settlement.Wallets;

namespace Masumi.Settlement.Engine;

/// <summary>A wallet that pays, and what it has.</summary>
internal sealed record Payer(HotWallet Wallet, Coins Coins);

/// <summary>Which wallet pays for which deals, in their order, and what is missing for those that nobody can pay.</summary>
/// <param name="ByWallet">The deals of each wallet, by its id; none for a wallet that pays for none.</param>
/// <param name="Short">What is missing, by deal. A deal that is in neither waits for change that no block has yet.</param>
internal sealed record LockAssignment(ImmutableDictionary<string, ImmutableArray<Deal>> ByWallet, ImmutableDictionary<string, MoneyShort> Short)
{
    /// <summary>
    /// Who pays what (O3, O4): those that can be paid in the order given, each from the wallet with the most left, so that no wallet is emptied while another
    /// idles. Money is missing only where all of a wallet's money, its change on the way included, is too little beside what comes before. Pure.
    /// </summary>
    /// <param name="deals">Deals that want their lock.</param>
    /// <param name="payers">The wallets.</param>
    /// <param name="need">What a deal takes from a wallet.</param>
    /// <param name="order">The order of those of which it says that they can be paid.</param>
    public static LockAssignment Of(
        IReadOnlyList<Deal> deals,
        IReadOnlyList<Payer> payers,
        Func<HotWallet, Deal, Value> need,
        Func<IEnumerable<Deal>, Func<Deal, bool>, IEnumerable<Deal>> order
    )
    {
        var needs = new Dictionary<(string Wallet, string Deal), Value>();
        Value Need(Payer payer, Deal deal) =>
            needs.TryGetValue((payer.Wallet.Id, deal.Id), out var known) ? known : needs[(payer.Wallet.Id, deal.Id)] = need(payer.Wallet, deal);

        var purses = payers.OrderBy(p => p.Wallet.Id, StringComparer.Ordinal).Select(p => new Purse(p)).ToList();
        var assigned = new HashSet<string>(StringComparer.Ordinal);
        var waiting = new HashSet<string>(StringComparer.Ordinal);
        bool CanPay(Purse p, Deal deal) => MayPay(p.Payer.Wallet, deal) && CoinPolicy.Covers(p.Total, Need(p.Payer, deal));
        foreach (var deal in order(deals, d => purses.Exists(p => CanPay(p, d))))
        {
            var able = purses.Where(p => CanPay(p, deal)).OrderByDescending(p => p.Ready.Coin).ThenByDescending(p => p.Total.Coin).ToList();
            if (able.Find(p => CoinPolicy.Covers(p.Ready, Need(p.Payer, deal))) is { } ready)
            {
                ready.Take(deal, Need(ready.Payer, deal));
                assigned.Add(deal.Id);
            }
            else if (able.Count > 0)
            {
                // It keeps its turn: what comes after it does not take its money.
                able[0].Keep(Need(able[0].Payer, deal));
                waiting.Add(deal.Id);
            }
        }

        return new LockAssignment(
            purses.ToImmutableDictionary(p => p.Payer.Wallet.Id, p => p.Deals.ToImmutableArray(), StringComparer.Ordinal),
            deals
                .Where(d => !assigned.Contains(d.Id) && !waiting.Contains(d.Id))
                .ToImmutableDictionary(d => d.Id, d => Lacking(d, purses, Need), StringComparer.Ordinal)
        );
    }

    private static MoneyShort Lacking(Deal deal, List<Purse> purses, Func<Payer, Deal, Value> need) =>
        purses.Where(p => MayPay(p.Payer.Wallet, deal)).OrderByDescending(p => p.Total.Coin).FirstOrDefault() is { } purse
            ? new MoneyShort(CoinPolicy.Missing(purse.Total, need(purse.Payer, deal)), $"{purse.Payer.Wallet.Address}")
            : new MoneyShort("no purchasing wallet may pay for this purchase", null);

    // What was tried before only its own wallet has the coins to exclude; a wallet that was removed gets nothing new.
    private static bool MayPay(HotWallet wallet, Deal deal) =>
        deal.WalletId is { } chosen
            ? chosen == wallet.Id
            : wallet.DeletedAt is null && (deal.AllowedWallets.IsDefaultOrEmpty || deal.AllowedWallets.Contains(wallet.Id));

    private sealed class Purse(Payer payer)
    {
        public Payer Payer => payer;

        public Value Ready { get; private set; } = payer.Coins.Ready;

        public Value Total { get; private set; } = payer.Coins.Total;

        public List<Deal> Deals { get; } = [];

        public void Take(Deal deal, Value need)
        {
            Deals.Add(deal);
            Ready -= need;
            Total -= need;
        }

        public void Keep(Value need) => Total -= need;
    }
}
