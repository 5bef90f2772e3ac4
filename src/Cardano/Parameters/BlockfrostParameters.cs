using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Masumi.Cardano.Scripts;

namespace Masumi.Cardano.Parameters;

/// <summary>
/// The JSON of Blockfrost's <c>/epochs/latest/parameters</c>, both ways. Numbers and strings are told apart as that API does, and
/// read in either form; decimals are read exactly.
/// </summary>
public static class BlockfrostParameters
{
    private static readonly (string Name, ScriptLanguage Language)[] Languages =
    [
        ("PlutusV1", ScriptLanguage.PlutusV1),
        ("PlutusV2", ScriptLanguage.PlutusV2),
        ("PlutusV3", ScriptLanguage.PlutusV3),
    ];

    /// <summary>Names of the cost model coefficients in the order of the arrays on chain, from our own mainnet document.</summary>
    private static readonly Lazy<ImmutableDictionary<ScriptLanguage, ImmutableArray<string>>> CostModelNames = new(() =>
    {
        using var document = JsonDocument.Parse(MainnetDocument());
        var models = document.RootElement.GetProperty("cost_models");
        return Languages.ToImmutableDictionary(l => l.Language, l => models.GetProperty(l.Name).EnumerateObject().Select(p => p.Name).ToImmutableArray());
    });

    /// <summary>Reads the API's answer. Throws <see cref="FormatException"/> that names the field when one is missing or no such number.</summary>
    public static ProtocolParameters Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return Read(document.RootElement);
        }
        catch (JsonException e)
        {
            throw new FormatException($"Protocol parameters are no JSON: {e.Message}", e);
        }
        catch (InvalidOperationException e)
        {
            // How the parser calls an escaped half of a surrogate pair.
            throw new FormatException("Protocol parameters have a text that is none.", e);
        }
    }

    /// <summary>Reads the API's answer. Throws <see cref="FormatException"/> that names the field when one is missing or no such number.</summary>
    public static ProtocolParameters Read(JsonElement json) =>
        json.ValueKind != JsonValueKind.Object
            ? throw new FormatException("Protocol parameters must be a JSON object.")
            : new()
            {
                ProtocolMajor = Small(json, "protocol_major_ver"),
                MinFeePerByte = Number(json, "min_fee_a"),
                MinFeeConstant = new Lovelace(Number(json, "min_fee_b")),
                MaxTxSize = Small(json, "max_tx_size"),
                MaxBlockBodySize = Small(json, "max_block_size"),
                CoinsPerUtxoByte = Number(json, "coins_per_utxo_size"),
                MaxValueSize = Small(json, "max_val_size"),
                PriceMemory = Decimal(json, "price_mem"),
                PriceSteps = Decimal(json, "price_step"),
                MaxTxExUnits = new ExUnits(Number(json, "max_tx_ex_mem"), Number(json, "max_tx_ex_steps")),
                MaxBlockExUnits = new ExUnits(Number(json, "max_block_ex_mem"), Number(json, "max_block_ex_steps")),
                CollateralPercentage = Small(json, "collateral_percent"),
                MaxCollateralInputs = Small(json, "max_collateral_inputs"),
                MinFeeRefScriptCostPerByte = Decimal(json, "min_fee_ref_script_cost_per_byte"),
                KeyDeposit = new Lovelace(Number(json, "key_deposit")),
                PoolDeposit = new Lovelace(Number(json, "pool_deposit")),
                DRepDeposit = new Lovelace(Number(json, "drep_deposit")),
                MinPoolCost = new Lovelace(Number(json, "min_pool_cost")),
                PoolRetireMaxEpoch = Small(json, "e_max"),
                CostModels = ReadCostModels(json),
            };

    /// <summary>
    /// Writes the whole document the API would give. Fields that transactions do not depend on (governance thresholds, rewards) have
    /// mainnet's values of 2026.
    /// </summary>
    public static JsonObject Write(ProtocolParameters parameters, int epoch)
    {
        var json = JsonNode.Parse(MainnetDocument())!.AsObject();
        json["epoch"] = epoch;
        json["protocol_major_ver"] = parameters.ProtocolMajor;
        json["min_fee_a"] = parameters.MinFeePerByte;
        json["min_fee_b"] = parameters.MinFeeConstant.Amount;
        json["max_tx_size"] = parameters.MaxTxSize;
        json["max_block_size"] = parameters.MaxBlockBodySize;
        json["min_utxo"] = Text(parameters.CoinsPerUtxoByte);
        json["coins_per_utxo_size"] = Text(parameters.CoinsPerUtxoByte);
        json["coins_per_utxo_word"] = Text(parameters.CoinsPerUtxoByte);
        json["max_val_size"] = Text(parameters.MaxValueSize);
        json["price_mem"] = parameters.PriceMemory.ToDecimal();
        json["price_step"] = parameters.PriceSteps.ToDecimal();
        json["max_tx_ex_mem"] = Text(parameters.MaxTxExUnits.Memory);
        json["max_tx_ex_steps"] = Text(parameters.MaxTxExUnits.Steps);
        json["max_block_ex_mem"] = Text(parameters.MaxBlockExUnits.Memory);
        json["max_block_ex_steps"] = Text(parameters.MaxBlockExUnits.Steps);
        json["collateral_percent"] = parameters.CollateralPercentage;
        json["max_collateral_inputs"] = parameters.MaxCollateralInputs;
        json["min_fee_ref_script_cost_per_byte"] = parameters.MinFeeRefScriptCostPerByte.ToDecimal();
        json["key_deposit"] = Text(parameters.KeyDeposit.Amount);
        json["pool_deposit"] = Text(parameters.PoolDeposit.Amount);
        json["drep_deposit"] = Text(parameters.DRepDeposit.Amount);
        json["min_pool_cost"] = Text(parameters.MinPoolCost.Amount);
        json["e_max"] = parameters.PoolRetireMaxEpoch;
        WriteCostModels(json, parameters);
        return json;
    }

    /// <summary>Our own document of mainnet's parameters since protocol version 11 (epoch 645, July 2026).</summary>
    internal static byte[] MainnetDocument()
    {
        using var stream = typeof(BlockfrostParameters).Assembly.GetManifestResourceStream("mainnet-parameters.json")!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>The raw arrays where the API gives them; older answers have the named form only.</summary>
    private static ImmutableDictionary<ScriptLanguage, ImmutableArray<long>> ReadCostModels(JsonElement json)
    {
        var models = ImmutableDictionary.CreateBuilder<ScriptLanguage, ImmutableArray<long>>();
        var hasRaw = json.TryGetProperty("cost_models_raw", out var raw) && raw.ValueKind == JsonValueKind.Object;
        if (!hasRaw && (!json.TryGetProperty("cost_models", out raw) || raw.ValueKind != JsonValueKind.Object))
        {
            throw new FormatException("Protocol parameters without 'cost_models'.");
        }

        foreach (var (name, language) in Languages)
        {
            if (!raw.TryGetProperty(name, out var model))
            {
                continue;
            }

            models[language] = model.ValueKind switch
            {
                JsonValueKind.Array => [.. model.EnumerateArray().Select(c => Coefficient(c, name))],
                JsonValueKind.Object => ReadNamedModel(model, name, language),
                _ => throw new FormatException($"Cost model '{name}' is neither a list nor an object."),
            };
        }

        return models.ToImmutable();
    }

    private static ImmutableArray<long> ReadNamedModel(JsonElement model, string name, ScriptLanguage language)
    {
        var coefficients = model.EnumerateObject().ToDictionary(p => p.Name, p => Coefficient(p.Value, name), StringComparer.Ordinal);
        if (coefficients.Keys.All(k => Digits.TryRead<int>(k, out _)))
        {
            return [.. coefficients.OrderBy(c => Digits.ReadSigned<int>(c.Key)).Select(c => c.Value)];
        }

        var known = CostModelNames.Value[language].Where(coefficients.ContainsKey).ToImmutableArray();
        return known.Length == coefficients.Count
            ? [.. known.Select(k => coefficients[k])]
            : throw new FormatException($"Cost model '{name}' has coefficients of unknown names; 'cost_models_raw' is needed.");
    }

    private static long Coefficient(JsonElement value, string model) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var coefficient)
            ? coefficient
            : throw new FormatException($"Cost model '{model}' holds {value.GetRawText()}, no 64-bit integer.");

    private static void WriteCostModels(JsonObject json, ProtocolParameters parameters)
    {
        var named = new JsonObject();
        var raw = new JsonObject();
        foreach (var (name, language) in Languages)
        {
            if (!parameters.CostModels.TryGetValue(language, out var model))
            {
                continue;
            }

            // Coefficients beyond the names we know are in the raw array only.
            named[name] = new JsonObject(CostModelNames.Value[language].Zip(model, (n, v) => new KeyValuePair<string, JsonNode?>(n, v)));
            raw[name] = new JsonArray([.. model.Select(v => (JsonNode?)v)]);
        }

        json["cost_models"] = named;
        json["cost_models_raw"] = raw;
    }

    private static JsonElement Field(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.Number or JsonValueKind.String
            ? value
            : throw new FormatException($"Protocol parameters without '{name}'.");

    private static string Raw(JsonElement json, string name) =>
        Field(json, name) is { ValueKind: JsonValueKind.String } text ? text.GetString()! : Field(json, name).GetRawText();

    private static long Number(JsonElement json, string name) =>
        Digits.TryRead<long>(Raw(json, name), out var number)
            ? number
            : throw new FormatException($"Protocol parameter '{name}' is {Raw(json, name)}, no non-negative integer.");

    private static int Small(JsonElement json, string name) =>
        Number(json, name) is var number && number <= int.MaxValue
            ? (int)number
            : throw new FormatException($"Protocol parameter '{name}' is {Raw(json, name)}, out of range.");

    private static Rational Decimal(JsonElement json, string name)
    {
        try
        {
            return Rational.ParseDecimal(Raw(json, name));
        }
        catch (FormatException e)
        {
            throw new FormatException($"Protocol parameter '{name}': {e.Message}", e);
        }
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
