using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Transactions;
using Masumi.Settlement.Wallets;

namespace Masumi.Settlement.Tests.Wallets;

/// <summary>How a wallet keeps its coins: the rule alone.</summary>
public sealed class CoinPolicyTests
{
    private static readonly Address Home = Address.Create(NetworkId.Testnet, Credential.Key(default));
    private static readonly AssetId Token = AssetId.Parse(new string('c', 56) + "01");
    private static int _coins;

    [Theory]
    [InlineData(45, "5")]
    [InlineData(60, "5 13 13 13")]
    [InlineData(1000, "5 110 110 110 110 110 110 110 110")]
    [InlineData(20_000, "5 1249 1249 1249 1249 1249 1249 1249 1249 1249 1249 1249 1249 1249 1249 1249")]
    [InlineData(16, "5")]
    [InlineData(15, "")]
    public void Change_in_one_piece_becomes_a_coin_for_collateral_and_four_to_sixteen_to_pay_from(long ada, string parts)
    {
        var split = CoinPolicy.Split([], Ada(ada), pays: true);
        Assert.Equal(parts, string.Join(' ', split.Select(p => p.Amount / 1_000_000)));
        Assert.All(split.Skip(1), p => Assert.True(p >= CoinPolicy.LeastCoin));
        var change = Lovelace.FromAda(ada) - split.Aggregate(Lovelace.Zero, (sum, p) => sum + p);
        Assert.True(split.Length < 2 || change >= CoinPolicy.LeastCoin + Lovelace.FromAda(1));
    }

    [Fact]
    public void A_wallet_that_pays_no_prices_gets_a_coin_for_collateral_alone() =>
        Assert.Equal([CoinPolicy.Collateral], CoinPolicy.Split([], Ada(1000), pays: false));

    [Fact]
    public void Below_forty_ada_nothing_is_spread() => Assert.Equal([CoinPolicy.Collateral], CoinPolicy.Split([Coin(Ada(3))], Ada(36), pays: true));

    [Fact]
    public void Four_coins_are_enough_and_small_ones_do_not_count()
    {
        ImmutableArray<Utxo> three = [Coin(Ada(5)), Coin(Ada(30)), Coin(Ada(30)), Coin(Ada(30))];
        Assert.Empty(CoinPolicy.Split(three, Ada(300), pays: true));
        Assert.Single(CoinPolicy.Split(three.RemoveAt(3), Ada(300), pays: true));
        Assert.Equal(3, CoinPolicy.Split([Coin(Ada(5)), Coin(Ada(9)), Coin(Ada(8))], Ada(300), pays: true).Length);
    }

    [Fact]
    public void Change_with_tokens_is_no_coin_to_pay_from_and_keeps_ADA_for_its_tokens()
    {
        var split = CoinPolicy.Split([Coin(Ada(5))], Ada(106) + Tokens(7), pays: true);
        Assert.Equal(4, split.Length);
        Assert.All(split, p => Assert.Equal(Lovelace.FromAda(25), p));
    }

    [Fact]
    public void The_smallest_coin_without_tokens_that_is_enough_is_for_collateral_and_a_large_one_never()
    {
        var small = Coin(Ada(6));
        Assert.Equal(small, CoinPolicy.Reserved([Coin(Ada(4)), Coin(Ada(9)), small, Coin(Ada(5) + Tokens(1))]));
        Assert.Null(CoinPolicy.Reserved([Coin(Ada(4)), Coin(Ada(11))]));
    }

    [Fact]
    public void What_is_missing_counts_the_fee_and_the_least_change_and_names_tokens()
    {
        Assert.True(CoinPolicy.Covers(Ada(11), Ada(10)));
        Assert.False(CoinPolicy.Covers(Ada(10), Ada(10)));
        Assert.Equal("2500000 lovelace", CoinPolicy.Missing(Ada(9), Ada(10)));
        Assert.Equal($"3 {Token}", CoinPolicy.Missing(Ada(20) + Tokens(4), Ada(10) + Tokens(7)));
    }

    [Fact]
    public void Whether_money_came_is_asked_at_each_block_at_first_and_every_two_minutes_at_last()
    {
        var since = DateTimeOffset.UnixEpoch;
        Assert.True(CoinPolicy.LooksForMoney(since, since, since));
        Assert.True(CoinPolicy.LooksForMoney(since, since.AddMinutes(5), since.AddMinutes(5).AddSeconds(20)));
        Assert.False(CoinPolicy.LooksForMoney(since, since.AddHours(3), since.AddHours(3).AddSeconds(100)));
        Assert.True(CoinPolicy.LooksForMoney(since, since.AddHours(3), since.AddHours(3).AddSeconds(120)));
        Assert.True(CoinPolicy.LooksForMoney(since, since.AddHours(3), since.AddHours(2)));
    }

    private static Value Ada(long ada) => Value.Of(Lovelace.FromAda(ada));

    private static Value Tokens(long quantity) => Value.Of(Lovelace.Zero, [KeyValuePair.Create(Token, (Int128)quantity)]);

    private static Utxo Coin(Value value) => new(new TxInput(default, _coins++), new TxOutput(Home, value));
}
