using System.Text.Json.Nodes;
using Masumi.Protocol.Tokens;

namespace Masumi.Protocol.Tests.Tokens;

public sealed class TokenLabelTests
{
    private const string TUsdm = "16a55b2a349361ff88c03788f93e1e966e5d689605d044fef722ddde0014df10745553444d";

    [Theory]
    [InlineData(TUsdm, Network.Preprod, """{"amount":"5","symbol":"tUSDM","decimals":6}""")]
    [InlineData("", Network.Mainnet, """{"amount":"5","symbol":"ADA","decimals":6}""")]
    [InlineData("lovelace", Network.Preprod, """{"amount":"5","symbol":"ADA","decimals":6}""")]
    [InlineData(TUsdm, Network.Mainnet, """{"amount":"5"}""")]
    [InlineData("00000000000000000000000000000000000000000000000000000000", Network.Preprod, """{"amount":"5"}""")]
    [InlineData("eip155:84532", Network.Preprod, """{"amount":"5"}""")]
    [InlineData(null, Network.Preprod, """{"amount":"5"}""")]
    public void An_amount_says_symbol_and_decimals_where_its_unit_has_a_name(string? unit, Network network, string shown) =>
        Assert.Equal(
            shown,
            new JsonObject { ["amount"] = "5" }
                .Labelled(unit, network)
                .ToJsonString()
        );
}
