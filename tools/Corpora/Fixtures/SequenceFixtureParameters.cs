using System.Collections.Immutable;
using System.Formats.Cbor;
using Masumi.Cardano;
using Masumi.Cardano.Parameters;
using Masumi.Cardano.Scripts;

namespace Masumi.Corpora.Fixtures;

/// <summary>Protocol parameters as the Haskell ledger serialises Conway's: an array of 31, in a file named by its hash.</summary>
internal static class SequenceFixtureParameters
{
    public static ProtocolParameters Read(string folder, byte[] hash)
    {
        var reader = new CborReader(File.ReadAllBytes(Path.Combine(folder, Convert.ToHexStringLower(hash))), CborConformanceMode.Lax);
        reader.ReadStartArray();
        var minFeePerByte = reader.ReadInt64();
        var minFeeConstant = Coin(reader);
        var maxBlockBodySize = reader.ReadInt32();
        var maxTxSize = reader.ReadInt32();
        reader.SkipValue();
        var keyDeposit = Coin(reader);
        var poolDeposit = Coin(reader);
        var poolRetireMaxEpoch = reader.ReadInt32();

        // Pools wanted, and three ratios of the rewards.
        Skip(reader, 4);
        reader.ReadStartArray();
        var protocolMajor = reader.ReadInt32();
        reader.SkipValue();
        reader.ReadEndArray();
        var minPoolCost = Coin(reader);
        var coinsPerUtxoByte = reader.ReadInt64();
        var costModels = ReadCostModels(reader);
        reader.ReadStartArray();
        var priceMemory = Ratio(reader);
        var priceSteps = Ratio(reader);
        reader.ReadEndArray();
        var maxTxUnits = Units(reader);
        var maxBlockUnits = Units(reader);
        var maxValueSize = reader.ReadInt32();
        var collateralPercentage = reader.ReadInt32();
        var maxCollateralInputs = reader.ReadInt32();

        // Thresholds, and the committee's and proposals' limits.
        Skip(reader, 6);
        var drepDeposit = Coin(reader);
        reader.SkipValue();
        return new ProtocolParameters
        {
            ProtocolMajor = protocolMajor,
            MinFeePerByte = minFeePerByte,
            MinFeeConstant = minFeeConstant,
            MaxTxSize = maxTxSize,
            MaxBlockBodySize = maxBlockBodySize,
            CoinsPerUtxoByte = coinsPerUtxoByte,
            MaxValueSize = maxValueSize,
            PriceMemory = priceMemory,
            PriceSteps = priceSteps,
            MaxTxExUnits = maxTxUnits,
            MaxBlockExUnits = maxBlockUnits,
            CollateralPercentage = collateralPercentage,
            MaxCollateralInputs = maxCollateralInputs,
            MinFeeRefScriptCostPerByte = Ratio(reader),
            KeyDeposit = keyDeposit,
            PoolDeposit = poolDeposit,
            DRepDeposit = drepDeposit,
            MinPoolCost = minPoolCost,
            PoolRetireMaxEpoch = poolRetireMaxEpoch,
            CostModels = costModels,
        };
    }

    private static ImmutableDictionary<ScriptLanguage, ImmutableArray<long>> ReadCostModels(CborReader reader)
    {
        var models = ImmutableDictionary.CreateBuilder<ScriptLanguage, ImmutableArray<long>>();
        for (reader.ReadStartMap(); reader.PeekState() != CborReaderState.EndMap; )
        {
            var language = reader.ReadInt32();
            var model = ImmutableArray.CreateBuilder<long>();
            for (reader.ReadStartArray(); reader.PeekState() != CborReaderState.EndArray; )
            {
                model.Add(reader.ReadInt64());
            }

            reader.ReadEndArray();

            // Counted from Plutus V1 = 0 here, from native scripts = 0 elsewhere.
            models[(ScriptLanguage)(language + 1)] = model.ToImmutable();
        }

        reader.ReadEndMap();
        return models.ToImmutable();
    }

    private static Lovelace Coin(CborReader reader) => Lovelace.FromCoin(reader.ReadUInt64());

    private static Rational Ratio(CborReader reader)
    {
        reader.ReadTag();
        reader.ReadStartArray();
        var ratio = new Rational(reader.ReadInt64(), reader.ReadInt64());
        reader.ReadEndArray();
        return ratio;
    }

    // [memory, steps]
    private static ExUnits Units(CborReader reader)
    {
        reader.ReadStartArray();
        var units = new ExUnits(reader.ReadInt64(), reader.ReadInt64());
        reader.ReadEndArray();
        return units;
    }

    private static void Skip(CborReader reader, int count)
    {
        for (; count > 0; count--)
        {
            reader.SkipValue();
        }
    }
}
