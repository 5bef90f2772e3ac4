using System.Text.Json.Nodes;
using Masumi.Cardano;
using Masumi.Cardano.Parameters;
using Masumi.Cardano.Scripts;
using Masumi.Tests;

namespace Masumi.Chain.Tests;

public sealed class ParameterTests : IAsyncLifetime
{
    private ScriptedBlockfrost _server = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static ProvidedChainOptions Public => ScriptedBlockfrost.Hosted with { IsDevnet = false, Parameters = ParameterLimits.Standard };

    public async ValueTask InitializeAsync() => _server = await ScriptedBlockfrost.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("min_fee_b", "400000000", "51793", "466143")]
    [InlineData("coins_per_utxo_size", "40000000", "1436", "12930")]
    public async Task Parameters_that_would_cost_money_are_refused_with_name_value_and_what_is_allowed(string name, string value, string least, string most)
    {
        var parameters = await ReadAsync(645);
        var wrong = parameters.DeepClone();
        wrong[name] = name == "min_fee_b" ? JsonValue.Create(int.Parse(value, System.Globalization.CultureInfo.InvariantCulture)) : value;
        _server.Script("/epochs/latest/parameters", Answer.Ok(wrong.ToJsonString()), Answer.Ok(parameters.ToJsonString()));
        using var chain = _server.Connect(options: Public);
        var failure = await Assert.ThrowsAsync<ChainUnavailableException>(() => chain.GetParametersAsync(Stop));
        Assert.Contains($"{name} is {value}, from {least}", failure.Message, StringComparison.Ordinal);
        Assert.Contains($" to {most} is allowed", failure.Message, StringComparison.Ordinal);

        // Nothing of it is kept.
        Assert.Equal(new Lovelace(155_381), (await chain.GetParametersAsync(Stop)).MinFeeConstant);
    }

    [Theory]
    [InlineData("epoch-507")]
    [InlineData("epoch-544")]
    [InlineData("epoch-642")]
    [InlineData("epoch-645")]
    [InlineData("preprod-303")]
    [InlineData("preview-1370")]
    public async Task What_the_public_networks_have_and_had_is_believed(string of)
    {
        var json = await File.ReadAllTextAsync(SharedData.Require("protocol-parameters", "blockfrost-raw", $"blockfrost-params-{of}.json"), Stop);
        Assert.Empty(ParameterBounds.Refuse(BlockfrostParameters.Read(Parse(json)), ProtocolParameters.Mainnet, ParameterLimits.Standard));
    }

    [Fact]
    public void A_devnet_may_have_others_but_not_any()
    {
        var shipped = ProtocolParameters.Mainnet;
        var own = shipped with { MinFeeConstant = Lovelace.Zero, CoinsPerUtxoByte = 34_482, CollateralPercentage = 1_500 };
        Assert.Empty(ParameterBounds.Refuse(own, shipped, ParameterLimits.Wide));
        Assert.Equal(
            ["min_fee_b", "coins_per_utxo_size"],
            ParameterBounds
                .Refuse(shipped with { MinFeeConstant = new Lovelace(400_000_000), CoinsPerUtxoByte = 40_000_000 }, shipped, ParameterLimits.Wide)
                .Select(r => r.Parameter)
        );
    }

    [Fact]
    public void The_caps_stand_where_the_factor_is_widened()
    {
        var shipped = ProtocolParameters.Mainnet;
        var refusal = Assert.Single(
            ParameterBounds.Refuse(shipped with { MinFeeConstant = new Lovelace(1_000_001) }, shipped, new ParameterLimits(50, 1, true))
        );
        Assert.Equal(new ParameterRefusal("min_fee_b", 1_000_001, 155_381m / 50, 1_000_000), refusal);
    }

    [Fact]
    public void A_later_protocol_and_a_longer_cost_model_are_said_and_not_refused()
    {
        var shipped = ProtocolParameters.Mainnet;
        var later = shipped with
        {
            ProtocolMajor = shipped.ProtocolMajor + 1,
            CostModels = shipped.CostModels.SetItem(ScriptLanguage.PlutusV3, shipped.CostModels[ScriptLanguage.PlutusV3].Add(1)),
        };
        Assert.Empty(ParameterBounds.Refuse(later, shipped, ParameterLimits.Standard));
        Assert.Equal(2, ParameterBounds.Unfamiliar(later, shipped).Length);
        Assert.Empty(ParameterBounds.Unfamiliar(shipped, shipped));
    }

    private static async Task<JsonNode> ReadAsync(int epoch) =>
        JsonNode.Parse(
            await File.ReadAllTextAsync(SharedData.Require("protocol-parameters", "blockfrost-raw", $"blockfrost-params-epoch-{epoch}.json"), Stop)
        )!;

    private static System.Text.Json.JsonElement Parse(string json) => System.Text.Json.JsonElement.Parse(json);
}
