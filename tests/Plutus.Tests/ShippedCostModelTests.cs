using System.Text.Json.Nodes;
using Masumi.Cardano.Scripts;
using Masumi.Tests;

namespace Masumi.Plutus.Tests;

public sealed class ShippedCostModelTests
{
    [Theory]
    [InlineData(ScriptLanguage.PlutusV1)]
    [InlineData(ScriptLanguage.PlutusV2)]
    [InlineData(ScriptLanguage.PlutusV3)]
    public void The_shipped_cost_models_are_those_of_mainnet(ScriptLanguage language)
    {
        var json = JsonNode.Parse(File.ReadAllText(SharedData.Require("protocol-parameters", "mainnet.json")))!;
        Assert.Equal(json["costModels"]![language.ToString()]!.AsArray().Select(v => (long)v!), MainnetCostModels.Of(language));
    }
}
