using System.Collections.Immutable;
using System.Formats.Cbor;
using Masumi.Cardano.Crypto;
using Masumi.Cardano.Parameters;
using Masumi.Cardano.Scripts;

namespace Masumi.Cardano.Building;

/// <summary>The script data hash (spec cardano.md 4.1).</summary>
public static class ScriptIntegrity
{
    private const byte EmptyMap = 0xa0;

    /// <summary>
    /// blake2b-256 of redeemers, datums and language views; null when all three are empty.
    /// </summary>
    /// <param name="redeemers">Bytes of witness key 5 as they stand; empty when absent.</param>
    /// <param name="datums">Bytes of witness key 4 as they stand; empty when absent.</param>
    /// <param name="languages">Plutus languages of the scripts the transaction needs.</param>
    /// <param name="parameters">For the cost models.</param>
    public static ScriptDataHash? Hash(
        ReadOnlyMemory<byte> redeemers,
        ReadOnlyMemory<byte> datums,
        IReadOnlySet<ScriptLanguage> languages,
        ProtocolParameters parameters
    ) => Preimage(redeemers, datums, languages, parameters) is { } preimage ? new ScriptDataHash(Blake2b.Hash256(preimage)) : null;

    /// <summary>What <see cref="Hash"/> is over; null when there is nothing to hash.</summary>
    public static byte[]? Preimage(
        ReadOnlyMemory<byte> redeemers,
        ReadOnlyMemory<byte> datums,
        IReadOnlySet<ScriptLanguage> languages,
        ProtocolParameters parameters
    )
    {
        ArgumentNullException.ThrowIfNull(languages);
        ArgumentNullException.ThrowIfNull(parameters);
        var plutus = languages.Where(l => l != ScriptLanguage.Native).ToArray();
        if (redeemers.IsEmpty && datums.IsEmpty && plutus.Length == 0)
        {
            return null;
        }

        // Absent redeemers stand as an empty map; absent datums contribute nothing.
        return [.. redeemers.IsEmpty ? [EmptyMap] : redeemers.Span, .. datums.Span, .. LanguageViews(plutus, parameters)];
    }

    /// <summary>
    /// The map of language to cost model in RFC 7049 canonical order. V1's key and value are encoded twice (an accident of Alonzo that
    /// stayed), so its longer key sorts last.
    /// </summary>
    private static byte[] LanguageViews(ScriptLanguage[] languages, ProtocolParameters parameters)
    {
        var writer = new CborWriter();
        writer.WriteStartMap(languages.Length);
        foreach (var language in languages.OrderBy(l => l == ScriptLanguage.PlutusV1 ? int.MaxValue : (int)l))
        {
            // Without a cost model the ledger's view is null; the scripts then cannot run (NoCostModel).
            ImmutableArray<long>? model = parameters.CostModels.TryGetValue(language, out var known) ? known : null;
            if (language == ScriptLanguage.PlutusV1)
            {
                writer.WriteByteString([0x00]);
                var inner = new CborWriter();
                WriteModel(inner, model, null);
                writer.WriteByteString(inner.Encode());
            }
            else
            {
                writer.WriteInt32((int)language - 1);
                WriteModel(writer, model, model?.Length);
            }
        }

        writer.WriteEndMap();
        return writer.Encode();
    }

    private static void WriteModel(CborWriter writer, ImmutableArray<long>? model, int? length)
    {
        if (model is not { } coefficients)
        {
            writer.WriteNull();
            return;
        }

        writer.WriteStartArray(length);
        foreach (var coefficient in coefficients)
        {
            writer.WriteInt64(coefficient);
        }

        writer.WriteEndArray();
    }
}
