using System.Collections.Immutable;
using System.Formats.Cbor;
using System.Text.Json.Nodes;
using Masumi.Cardano;
using Masumi.Plutus;
using Masumi.Tests;

namespace Masumi.Ledger.Tests;

/// <summary>The whole-transaction fixtures of the amaru project: initial state, transaction, expected outcome.</summary>
public sealed class FixtureTests
{
    // The fixtures spell some predicates in their own way (spec cardano.md 6).
    private static readonly Dictionary<string, string> Names = new()
    {
        ["MissingVerificationKeyWitnessesUTXOW"] = "MissingVKeyWitnessesUTXOW",
        ["WrongNetworkInTxOutput"] = "WrongNetwork",
    };

    public static TheoryData<string> Files =>
        SharedData.TryFind("vectors", "amaru-ledger", "transaction", "scenarios") is { } folder
            ? [.. Directory.EnumerateFiles(folder, "*.json").Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)]
            : ["(no data)"];

    [Theory]
    [MemberData(nameof(Files))]
    public void The_outcome_is_the_expected_one(string file)
    {
        var root = SharedData.Require("vectors", "amaru-ledger", "transaction");
        var fixture = JsonNode.Parse(File.ReadAllText(Path.Combine(root, "scenarios", file)))!;
        var expected = fixture["expected"]!;

        Transaction transaction;
        try
        {
            transaction = Transaction.FromCbor(Convert.FromHexString((string)fixture["transaction"]!));
        }
        catch (CborFormatException e)
        {
            Assert.True(expected is JsonObject && expected["decodingFailure"] is not null, e.Message);
            return;
        }

        var result = Conway.Apply(StateOf(fixture), EnvironmentOf(fixture, root), transaction, new PlutusEvaluator());
        var failures = result is ApplyResult.Refused refused ? refused.Failures : [];
        if (FixturesOutOfScope.Contains(file))
        {
            Assert.Contains(failures, f => f.Predicate == LedgerFailure.OutsideScopePredicate);
            return;
        }

        if (expected is JsonValue)
        {
            Assert.True(failures.IsEmpty, string.Join("\n", failures));
            return;
        }

        var predicate = (string?)expected["predicate"];
        Assert.NotNull(predicate);
        var failure = failures.FirstOrDefault(f => f.Predicate == Names.GetValueOrDefault(predicate, predicate));
        Assert.True(failure is not null, $"expected {predicate}, got:\n{string.Join("\n", failures)}");
        if ((string?)expected["description"] is { } description)
        {
            Assert.Contains(description, failure.Supplied, StringComparison.Ordinal);
        }
    }

    private static LedgerState StateOf(JsonNode fixture)
    {
        var initial = fixture["initialState"]!;
        var utxos = initial["utxo"]!
            .AsArray()
            .Select(u => new Utxo(InputOf(Convert.FromHexString((string)u!["input"]!)), TxOutput.FromCbor(Convert.FromHexString((string)u["output"]!))));
        return LedgerState.Of(utxos) with { Treasury = new Lovelace((long?)initial["pots"]?["treasury"] ?? 0) };
    }

    private static TxInput InputOf(byte[] cbor)
    {
        var reader = new CborReader(cbor);
        reader.ReadStartArray();
        return new TxInput(new Hash32(reader.ReadByteString()), reader.ReadInt32());
    }

    private static LedgerEnvironment EnvironmentOf(JsonNode fixture, string root)
    {
        var reference = fixture["protocolParameters"]!;
        var p = reference["$ref"] is { } path ? JsonNode.Parse(File.ReadAllText(Path.Combine(root, (string)path!)))!.AsObject() : reference.AsObject();
        foreach (var (key, value) in reference["$override"]?.AsObject() ?? [])
        {
            p[key] = value!.DeepClone();
        }

        var history = JsonNode.Parse(File.ReadAllText(Path.Combine(root, (string)fixture["eraHistory"]!["$ref"]!)))!;
        var slots = SlotConfig.Preprod with { ZeroSlot = new Slot(0), ZeroTime = SlotConfig.Preprod.ZeroTime.AddSeconds(-86_400) };
        return new LedgerEnvironment(ParametersOf(p), slots, NetworkId.Testnet, new Slot((long)fixture["point"]!["slot"]!))
        {
            ForecastSlots = (long)history["stabilityWindow"]!,
            MaxReferenceScriptBytes = (int)p["maxReferenceScriptsSize"]!,
        };
    }

    private static ProtocolParameters ParametersOf(JsonObject p) =>
        new()
        {
            ProtocolMajor = (int)p["version"]!["major"]!,
            MinFeePerByte = (long)p["minFeeCoefficient"]!,
            MinFeeConstant = new Lovelace((long)p["minFeeConstant"]!),
            MaxTxSize = (int)p["maxTransactionSize"]!,
            MaxBlockBodySize = (int)p["maxBlockBodySize"]!,
            CoinsPerUtxoByte = (long)p["minUtxoDepositCoefficient"]!,
            MaxValueSize = (int)p["maxValueSize"]!,
            PriceMemory = RationalOf(p["scriptExecutionPrices"]!["memory"]!),
            PriceSteps = RationalOf(p["scriptExecutionPrices"]!["cpu"]!),
            MaxTxExUnits = UnitsOf(p["maxExecutionUnitsPerTransaction"]!),
            MaxBlockExUnits = UnitsOf(p["maxExecutionUnitsPerBlock"]!),
            CollateralPercentage = (int)p["collateralPercentage"]!,
            MaxCollateralInputs = (int)p["maxCollateralInputs"]!,
            MinFeeRefScriptCostPerByte = RationalOf(p["minFeeReferenceScripts"]!["base"]!),
            KeyDeposit = new Lovelace((long)p["stakeCredentialDeposit"]!),
            PoolDeposit = new Lovelace((long)p["stakePoolDeposit"]!),
            DRepDeposit = new Lovelace((long)p["delegateRepresentativeDeposit"]!),
            CostModels = ImmutableDictionary<ScriptLanguage, ImmutableArray<long>>
                .Empty.Add(ScriptLanguage.PlutusV1, ModelOf(p, "plutusV1"))
                .Add(ScriptLanguage.PlutusV2, ModelOf(p, "plutusV2"))
                .Add(ScriptLanguage.PlutusV3, ModelOf(p, "plutusV3")),
        };

    private static ImmutableArray<long> ModelOf(JsonObject parameters, string name) =>
        [.. parameters["plutusCostModels"]![name]!.AsArray().Select(n => (long)n!)];

    private static Rational RationalOf(JsonNode ratio) => new((long)ratio["numerator"]!, (long)ratio["denominator"]!);

    private static ExUnits UnitsOf(JsonNode units) => new((long)units["memory"]!, (long)units["cpu"]!);
}
