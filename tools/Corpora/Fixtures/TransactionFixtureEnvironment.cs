using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Parameters;
using Masumi.Cardano.Scripts;
using Masumi.Ledger.State;

namespace Masumi.Corpora.Fixtures;

/// <summary>Protocol parameters, era history and slot of a transaction fixture.</summary>
internal static class TransactionFixtureEnvironment
{
    private const string Mainnet = "mainnet";

    /// <summary>The epoch of the fixture's slot.</summary>
    public static long Epoch(JsonObject fixture, string root)
    {
        var era = LastEra(Document(fixture["eraHistory"]!, root));
        return (long)era["start"]!["epoch"]! + ((Slot(fixture) - (long)era["start"]!["slot"]!) / (long)era["params"]!["epochSizeSlots"]!);
    }

    public static LedgerEnvironment Read(JsonObject fixture, string root)
    {
        var p = Document(fixture["protocolParameters"]!, root);
        var history = Document(fixture["eraHistory"]!, root);
        var start = LastEra(history)["start"]!;
        var slots = SlotConfig.Preprod with
        {
            ZeroSlot = new Slot((long)start["slot"]!),
            // The history counts time from the network's start, a day before preprod's first one-second slot.
            ZeroTime = SlotConfig.Preprod.ZeroTime.AddSeconds(-SlotConfig.Preprod.ZeroSlot.Number + (double)start["time"]!),
        };
        return new LedgerEnvironment(
            Parameters(p),
            slots,
            (string)fixture["network"]! == Mainnet ? NetworkId.Mainnet : NetworkId.Testnet,
            new Slot(Slot(fixture))
        )
        {
            ForecastSlots = (long)history["stabilityWindow"]!,
            MaxReferenceScriptBytes = (int)p["maxReferenceScriptsSize"]!,
        };
    }

    private static long Slot(JsonObject fixture) => (long)fixture["point"]!["slot"]!;

    private static JsonNode LastEra(JsonObject history) => history["eras"]!.AsArray()[^1]!;

    // Given in place, or by reference with some fields replaced.
    private static JsonObject Document(JsonNode given, string root)
    {
        var document = given["$ref"] is { } path ? JsonNode.Parse(File.ReadAllText(Path.Combine(root, (string)path!)))!.AsObject() : given.AsObject();
        foreach (var (key, value) in given["$override"]?.AsObject() ?? [])
        {
            document[key] = value!.DeepClone();
        }

        return document;
    }

    private static ProtocolParameters Parameters(JsonObject p) =>
        new()
        {
            ProtocolMajor = (int)p["version"]!["major"]!,
            MinFeePerByte = (long)p["minFeeCoefficient"]!,
            MinFeeConstant = Coin(p["minFeeConstant"]!),
            MaxTxSize = (int)p["maxTransactionSize"]!,
            MaxBlockBodySize = (int)p["maxBlockBodySize"]!,
            CoinsPerUtxoByte = (long)p["minUtxoDepositCoefficient"]!,
            MaxValueSize = (int)p["maxValueSize"]!,
            PriceMemory = Ratio(p["scriptExecutionPrices"]!["memory"]!),
            PriceSteps = Ratio(p["scriptExecutionPrices"]!["cpu"]!),
            MaxTxExUnits = Units(p["maxExecutionUnitsPerTransaction"]!),
            MaxBlockExUnits = Units(p["maxExecutionUnitsPerBlock"]!),
            CollateralPercentage = (int)p["collateralPercentage"]!,
            MaxCollateralInputs = (int)p["maxCollateralInputs"]!,
            MinFeeRefScriptCostPerByte = Ratio(p["minFeeReferenceScripts"]!["base"]!),
            KeyDeposit = Coin(p["stakeCredentialDeposit"]!),
            PoolDeposit = Coin(p["stakePoolDeposit"]!),
            DRepDeposit = Coin(p["delegateRepresentativeDeposit"]!),
            MinPoolCost = Coin(p["minStakePoolCost"]!),
            PoolRetireMaxEpoch = (int)p["stakePoolRetirementEpochBound"]!,
            CostModels = Models(p["plutusCostModels"]!),
        };

    private static ImmutableDictionary<ScriptLanguage, ImmutableArray<long>> Models(JsonNode models)
    {
        var read = ImmutableDictionary.CreateBuilder<ScriptLanguage, ImmutableArray<long>>();
        foreach (
            var (name, language) in new[]
            {
                ("plutusV1", ScriptLanguage.PlutusV1),
                ("plutusV2", ScriptLanguage.PlutusV2),
                ("plutusV3", ScriptLanguage.PlutusV3),
            }
        )
        {
            if (models[name] is { } model)
            {
                read[language] = [.. model.AsArray().Select(n => (long)n!)];
            }
        }

        return read.ToImmutable();
    }

    private static Lovelace Coin(JsonNode amount) => new((long)amount);

    private static Rational Ratio(JsonNode ratio) => new((long)ratio["numerator"]!, (long)ratio["denominator"]!);

    private static ExUnits Units(JsonNode units) => new((long)units["memory"]!, (long)units["cpu"]!);
}
