using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Transactions;

namespace Masumi.Settlement.Wallets;

/// <summary>
/// How a wallet keeps its money (decision 11): a few coins side by side, so that transactions need not hang on one another's change, and one small coin without
/// tokens for collateral, which pays for nothing while anything else can. Pure.
/// </summary>
public static class CoinPolicy
{
    /// <summary>What the coin for collateral is made with: collateral for the dearest transaction (decision 5), and what comes back of it.</summary>
    public static Lovelace Collateral { get; } = Lovelace.FromAda(5);

    /// <summary>A coin larger than this is not set apart; as much may be put up whole where every byte counts.</summary>
    public static Lovelace MostCollateral { get; } = Lovelace.FromAda(10);

    /// <summary>No smaller coin is made to pay from.</summary>
    public static Lovelace LeastCoin { get; } = Lovelace.FromAda(10);

    /// <summary>A wallet with less keeps it in one piece.</summary>
    public static Lovelace LeastToSplit { get; } = Lovelace.FromAda(40);

    /// <summary>The least any transaction costs: whoever has less beside a price cannot pay it.</summary>
    public static Lovelace LeastFee { get; } = new(170_000);

    /// <summary>What a price usually takes beside it: the fee, and the least that change can be.</summary>
    public static Lovelace UsuallyBeside { get; } = new(1_500_000);

    private const int FewestCoins = 4;
    private const int MostCoins = 16;
    private const long AdaForAnother = 100;

    // The fee of the outputs that are made, so that none of them falls below its least.
    private static readonly Lovelace Slack = Lovelace.FromAda(1);

    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(2);

    // Tokens need ADA beside them.
    private static readonly Lovelace WithTokens = Lovelace.FromAda(5);

    /// <summary>The coin set apart for collateral: the smallest without tokens that is enough and no more than that; null when there is none.</summary>
    public static Utxo? Reserved(IEnumerable<Utxo> coins) =>
        coins
            .Where(c => IsPlain(c) && c.Output.Value.Coin >= Collateral && c.Output.Value.Coin <= MostCollateral)
            .OrderBy(c => c.Output.Value.Coin)
            .ThenBy(c => c.Input)
            .FirstOrDefault();

    /// <summary>
    /// What a transaction pays to its own wallet besides the change, so that the wallet is as it should be afterwards: the coin for collateral where there is none,
    /// and coins to pay from where there are fewer than four.
    /// </summary>
    /// <param name="left">The wallet's coins that the transaction does not spend.</param>
    /// <param name="change">What would come back in one piece.</param>
    /// <param name="pays">True for a wallet that pays prices.</param>
    public static ImmutableArray<Lovelace> Split(IReadOnlyCollection<Utxo> left, Value change, bool pays)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(change);
        var reserved = Reserved(left);
        var parts = ImmutableArray.CreateBuilder<Lovelace>();
        if (reserved is null && change.Coin >= Collateral + LeastCoin + Slack)
        {
            parts.Add(Collateral);
            change -= Value.Of(Collateral);
        }

        if (pays)
        {
            parts.AddRange(Coins(left.Where(c => c.Input != reserved?.Input).ToList(), change));
        }

        return parts.ToImmutable();
    }

    /// <summary>Whether what is left can pay this, as far as anyone can tell without building the transaction.</summary>
    public static bool Covers(Value left, Value need)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(need);
        return left.Coin >= need.Coin + LeastFee && need.Assets.All(a => left[a.Key] >= a.Value);
    }

    /// <summary>What is missing to pay this, in words.</summary>
    public static string Missing(Value left, Value need)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(need);
        var missing = need.Assets.Where(a => left[a.Key] < a.Value).Select(a => $"{a.Value - left[a.Key]} {a.Key}").ToList();
        if (need.Coin + UsuallyBeside - left.Coin is var ada && ada > Lovelace.Zero)
        {
            missing.Insert(0, $"{ada} lovelace");
        }

        return string.Join(", ", missing);
    }

    /// <summary>
    /// Whether it is time to ask whether money came to a wallet that has too little: at each block at first, later ever less often, every two minutes at the least
    /// (O3: what cannot be paid costs next to nothing).
    /// </summary>
    public static bool LooksForMoney(DateTimeOffset shortSince, DateTimeOffset lookedAt, DateTimeOffset now)
    {
        var pause = (lookedAt - shortSince) / 20;
        return now < lookedAt || now - lookedAt >= (pause < LongestPause ? pause : LongestPause);
    }

    private static IEnumerable<Lovelace> Coins(List<Utxo> left, Value change)
    {
        var all = left.Aggregate(change.Coin, (sum, c) => sum + c.Output.Value.Coin);
        var there = left.Count(c => IsPlain(c) && c.Output.Value.Coin >= LeastCoin);
        var own = change.IsAdaOnly ? 1 : 0;
        if (all < LeastToSplit || there + own >= FewestCoins)
        {
            return [];
        }

        var free = change.Coin - Slack - (change.IsAdaOnly ? Lovelace.Zero : WithTokens);
        var wanted = Math.Clamp(all.Amount / Lovelace.FromAda(AdaForAnother).Amount, FewestCoins, MostCoins) - there;
        var pieces = Math.Min(wanted, free.Amount / LeastCoin.Amount);
        return pieces > own && there + pieces >= FewestCoins ? Enumerable.Repeat(new Lovelace(free.Amount / pieces), (int)pieces - own) : [];
    }

    private static bool IsPlain(Utxo coin) => coin.Output.Value.IsAdaOnly && coin.Output.ReferenceScript is null;
}
