using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Masumi.Cardano.Parameters;
using Masumi.Tests;

namespace Masumi.Cardano.Tests.Protocol;

public sealed class BlockfrostParametersTests
{
    [Fact]
    public void The_shipped_mainnet_parameters_are_those_of_the_api()
    {
        var read = Read("blockfrost-params-epoch-645.json");
        Same(read, ProtocolParameters.Mainnet);
        Assert.Equal(new Rational(577, 10_000), read.PriceMemory);
        Assert.Equal(new Rational(721, 10_000_000), read.PriceSteps);
        Assert.Equal(new Rational(15, 1), read.MinFeeRefScriptCostPerByte);
        Assert.Equal([332, 332, 350], read.CostModels.OrderBy(m => m.Key).Select(m => m.Value.Length));
    }

    [Fact]
    public void Preprod_has_the_same_parameters()
    {
        var preprod = Read("blockfrost-params-preprod-303.json");
        Same(ProtocolParameters.Mainnet, preprod);
    }

    [Theory]
    [InlineData("blockfrost-params-epoch-544.json", 10, 166, 175, 297)]
    [InlineData("blockfrost-params-epoch-507.json", 9, 166, 175, 251)]
    public void Older_epochs_are_read_with_and_without_raw_cost_models(string file, int major, int v1, int v2, int v3)
    {
        var parameters = Read(file);
        Assert.Equal(major, parameters.ProtocolMajor);
        Assert.Equal([v1, v2, v3], parameters.CostModels.OrderBy(m => m.Key).Select(m => m.Value.Length));
    }

    [Fact]
    public void Named_cost_models_give_the_same_arrays_as_raw_ones()
    {
        var json = JsonNode.Parse(File.ReadAllBytes(Raw("blockfrost-params-epoch-544.json")))!.AsObject();
        var expected = BlockfrostParameters.Read(Encoding.UTF8.GetBytes(json.ToJsonString()));
        json.Remove("cost_models_raw");
        Same(expected, BlockfrostParameters.Read(Encoding.UTF8.GetBytes(json.ToJsonString())));
    }

    [Theory]
    [InlineData("blockfrost-params-epoch-645.json")]
    [InlineData("blockfrost-params-preview-1370.json")]
    public void What_is_written_is_read_back_and_has_every_field_and_kind_of_the_api(string file)
    {
        var original = JsonNode.Parse(File.ReadAllBytes(Raw(file)))!.AsObject();
        var parameters = BlockfrostParameters.Read(Encoding.UTF8.GetBytes(original.ToJsonString()));
        var written = JsonNode.Parse(BlockfrostParameters.Write(parameters, 7).ToJsonString())!.AsObject();
        Same(parameters, BlockfrostParameters.Read(Encoding.UTF8.GetBytes(written.ToJsonString())));
        Assert.Equal(7, written["epoch"]!.GetValue<int>());
        foreach (var (name, value) in original)
        {
            Assert.True(written.ContainsKey(name), name);
            Assert.Equal(value?.GetValueKind(), written[name]?.GetValueKind());
        }
    }

    [Theory]
    [InlineData("min_fee_a", "-1")]
    [InlineData("min_fee_a", "1.5")]
    [InlineData("max_tx_size", "99999999999")]
    [InlineData("price_mem", "\"abc\"")]
    [InlineData("price_mem", "-0.1")]
    [InlineData("coins_per_utxo_size", "null")]
    [InlineData("cost_models", "{\"PlutusV3\": {\"unheard-of\": 1}}")]
    [InlineData("cost_models", "{\"PlutusV3\": [1.5]}")]
    public void A_field_that_is_no_such_number_is_named(string field, string value)
    {
        var json = BlockfrostParameters.Write(ProtocolParameters.Mainnet, 1);
        json.Remove("cost_models_raw");
        json[field] = JsonNode.Parse(value);
        var error = Assert.Throws<FormatException>(() => BlockfrostParameters.Read(Encoding.UTF8.GetBytes(json.ToJsonString())));
        Assert.Contains(field == "cost_models" ? "PlutusV3" : field, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0.0577", 577, 10_000)]
    [InlineData("7.21e-05", 721, 10_000_000)]
    [InlineData("7.21E-5", 721, 10_000_000)]
    [InlineData("15", 15, 1)]
    [InlineData("15.000", 15, 1)]
    [InlineData("0.30", 3, 10)]
    public void Decimals_become_exact_fractions_in_lowest_terms(string text, long numerator, long denominator) =>
        Assert.Equal(new Rational(numerator, denominator), Rational.ParseDecimal(text));

    private static string Raw(string file) => SharedData.Require("protocol-parameters", "blockfrost-raw", file);

    private static ProtocolParameters Read(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Raw(file)));
        return BlockfrostParameters.Read(document.RootElement);
    }

    private static void Same(ProtocolParameters expected, ProtocolParameters actual)
    {
        Assert.Equal(expected with { CostModels = actual.CostModels }, actual);
        Assert.Equal(expected.CostModels.Keys.Order(), actual.CostModels.Keys.Order());
        Assert.All(expected.CostModels, m => Assert.Equal(m.Value, actual.CostModels[m.Key]));
    }
}
