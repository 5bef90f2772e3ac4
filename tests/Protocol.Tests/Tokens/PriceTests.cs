using Masumi.Protocol.Tokens;

namespace Masumi.Protocol.Tests.Tokens;

public sealed class PriceTests
{
    [Fact]
    public void A_price_is_the_asset_of_the_network_it_is_used_on()
    {
        Assert.Equal(new UnitAmount(5_000_000, Token.Usdm.Unit), Price.Usdm(5).On(Network.Mainnet));
        Assert.Equal(new UnitAmount(5_000_000, Token.TUsdm.Unit), Price.Usdm(5).On(Network.Preprod));
        Assert.Equal(new UnitAmount(2_500_000, Unit.Ada), Price.Ada(2.5m).On(Network.Mainnet));
        Assert.Equal(new UnitAmount(2_500_000, Unit.Ada), Price.Ada(2.5m).On(Network.Preprod));
        Assert.Equal(new UnitAmount(1, Token.Usdcx.Unit), Price.Usdcx(0.000001m).On(Network.Mainnet));
        Assert.Equal(new UnitAmount(7_000_000, Token.TUsdm.Unit), Price.TUsdm(7).On(Network.Preprod));
    }

    [Fact]
    public void Test_money_is_never_a_price_on_mainnet()
    {
        Assert.False(Price.TUsdm(5).TryOn(Network.Mainnet, out var amount, out var problem));
        Assert.Equal((null, "5 tUSDM is no price on Mainnet: tUSDM is a token of Preprod."), (amount, problem));
        Assert.Equal(problem, Assert.Throws<InvalidOperationException>(() => Price.TUsdm(5).On(Network.Mainnet)).Message);
    }

    [Fact]
    public void What_has_no_counterpart_on_preprod_is_no_price_there()
    {
        Assert.False(Price.Usdcx(5).TryOn(Network.Preprod, out _, out var problem));
        Assert.Equal("5 USDCx is no price on Preprod: USDCx is a token of Mainnet.", problem);
    }

    [Fact]
    public void Equal_prices_are_equal_and_read_well()
    {
        Assert.Equal(Price.Usdm(5.50m), Price.Usdm(5.5m));
        Assert.NotEqual(Price.Usdm(5), Price.TUsdm(5));
        Assert.NotEqual(Price.Usdm(5), Price.Usdm(6));
        Assert.Equal(("5.5 USDM", "0.000001 ADA", "10 tUSDM"), (Price.Usdm(5.50m).ToString(), Price.Ada(0.000001m).ToString(), Price.TUsdm(10).ToString()));
    }

    [Fact]
    public void A_price_is_positive_and_no_finer_than_its_token()
    {
        Assert.Contains("more than nothing", Refused(0m), StringComparison.Ordinal);
        Assert.Contains("more than nothing", Refused(-1m), StringComparison.Ordinal);
        Assert.Contains("USDM has 6 decimals, not 7.", Refused(0.0000001m), StringComparison.Ordinal);
        Assert.Contains("At most 9223372036854.775807 USDM.", Refused(9223372036854.775808m), StringComparison.Ordinal);
        Assert.Contains("At most 9223372036854.775807 USDM.", Refused(decimal.MaxValue), StringComparison.Ordinal);
        Assert.Equal(long.MaxValue, Price.Usdm(9223372036854.775807m).On(Network.Mainnet).Amount);
        Assert.Equal(5_000_000, Price.Usdm(5.0000000000m).On(Network.Mainnet).Amount);
        static string Refused(decimal amount) => Assert.Throws<ArgumentOutOfRangeException>(() => Price.Usdm(amount)).Message;
    }

    [Fact]
    public void A_price_and_the_same_amount_typed_are_one()
    {
        var random = Seeded.Random();
        for (var i = 0; i < 1000; i++)
        {
            var amount = random.NextInt64(1, 1_000_000_000_000) / 1_000_000m;
            var text = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{amount} usdm");
            Assert.Equal(AmountText.Parse(text, Network.Mainnet), Price.Usdm(amount).On(Network.Mainnet));
        }
    }
}
