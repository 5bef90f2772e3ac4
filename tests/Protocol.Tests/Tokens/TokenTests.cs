using Masumi.Protocol.Tokens;

namespace Masumi.Protocol.Tests.Tokens;

public sealed class TokenTests
{
    [Theory]
    [InlineData(Network.Mainnet, "ADA", "")]
    [InlineData(Network.Mainnet, "USDM", "c48cbb3d5e57ed56e276bc45f99ab39abe94e6cd7ac39fb402da47ad0014df105553444d")]
    [InlineData(Network.Mainnet, "USDCx", "1f3aec8bfe7ea4fe14c5f121e2a92e301afe414147860d557cac7e345553444378")]
    [InlineData(Network.Preprod, "ADA", "")]
    [InlineData(Network.Preprod, "tUSDM", "16a55b2a349361ff88c03788f93e1e966e5d689605d044fef722ddde0014df10745553444d")]
    public void A_token_is_found_by_its_unit_and_by_its_symbol(Network network, string symbol, string unit)
    {
        var token = Token.Find(Unit.Parse(unit), network);
        Assert.Equal((network, symbol, unit, 6), (token?.Network, token?.Symbol, token?.Unit.ToString(), token?.Decimals));
        Assert.Same(token, Token.Find(symbol, network));
        Assert.Same(token, Token.Find(symbol.ToUpperInvariant(), network));
        Assert.Contains(token, Token.All(network));
    }

    [Fact]
    public void The_names_in_the_units_are_the_tickers()
    {
        // CIP-67: a label of four bytes, or none.
        Assert.Equal("USDM", Ticker(Token.Usdm, 4));
        Assert.Equal("tUSDM", Ticker(Token.TUsdm, 4));
        Assert.Equal("USDCx", Ticker(Token.Usdcx, 0));
        static string Ticker(Token token, int label) => System.Text.Encoding.ASCII.GetString(Convert.FromHexString(token.Unit.AssetName!)[label..]);
    }

    [Fact]
    public void A_network_that_there_is_not_has_no_tokens()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Token.All((Network)99));
        Assert.Throws<ArgumentOutOfRangeException>(() => Token.Ada((Network)99));
        Assert.Throws<ArgumentOutOfRangeException>(() => Token.Find("ada", (Network)99));
        Assert.Throws<ArgumentOutOfRangeException>(() => Token.Find(Unit.Ada, (Network)99));
    }

    [Fact]
    public void Usdc_is_another_name_of_usdcx()
    {
        Assert.Same(Token.Usdcx, Token.Find("USDC", Network.Mainnet));
        Assert.Same(Token.Usdcx, Token.Find("usdc", Network.Mainnet));
        Assert.Null(Token.Find("usdc", Network.Preprod));
    }

    [Fact]
    public void A_unit_means_its_token_on_its_own_network_alone()
    {
        Assert.Null(Token.Find(Token.Usdm.Unit, Network.Preprod));
        Assert.Null(Token.Find(Token.TUsdm.Unit, Network.Mainnet));
        Assert.Null(Token.Find(Unit.Parse(new string('0', 56)), Network.Mainnet));

        // x402's constants name another token tUSDM; its disagreement with the specification is known (since-0.28 14).
        Assert.Null(Token.Find(Unit.Parse("e675b46e4d2242c991a8932a99db3044e80515ae14b4c4ccf6b3f4c90014df10745553444d"), Network.Preprod));
    }

    [Fact]
    public void Test_money_stands_for_real_money_on_preprod()
    {
        Assert.Same(Token.TUsdm, Token.Usdm.Counterpart);
        Assert.Same(Token.Usdm, Token.TUsdm.Counterpart);
        Assert.Same(Token.Ada(Network.Preprod), Token.Ada(Network.Mainnet).Counterpart);
        Assert.Same(Token.Ada(Network.Mainnet), Token.Ada(Network.Preprod).Counterpart);
        Assert.Null(Token.Usdcx.Counterpart);
    }
}
