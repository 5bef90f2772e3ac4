using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Masumi.Cardano;
using Masumi.Tests;

namespace Masumi.Plutus.Tests;

/// <summary>The cost models of mainnet (protocol version 11) from the shared parameters.</summary>
internal static class MainnetCostModels
{
    public static ImmutableArray<long> Of(ScriptLanguage language)
    {
        var json = JsonNode.Parse(File.ReadAllText(SharedData.Require("protocol-parameters", "mainnet.json")))!;
        return [.. json["costModels"]![language.ToString()]!.AsArray().Select(v => (long)v!)];
    }
}
