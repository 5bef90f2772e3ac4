using System.Text.Json.Nodes;
using Masumi.Cardano;
using Masumi.Cardano.Metadata;
using Masumi.Cardano.Transactions;

namespace Masumi.Devnet.Http;

/// <summary>/metadata/txs/labels: metadata by label over the whole chain.</summary>
internal static class MetadataEndpoints
{
    // Registered labels that developers meet (CIP-10).
    private static readonly Dictionary<ulong, string> Registered = new()
    {
        [674] = "CIP-0020 - Transaction message/comment metadata",
        [721] = "CIP-0025 - NFT Metadata Standard",
        [777] = "CIP-0027 - Royalties Standard",
        [61284] = "CIP-0015 - Catalyst registration",
        [61285] = "CIP-0015 - Catalyst registration",
        [61286] = "CIP-0015 - Catalyst registration",
    };

    public static ApiResponse Labels(ChainReader chain, ApiRequest request)
    {
        var counts = new SortedDictionary<ulong, int>();
        foreach (var label in chain.View.Transactions().SelectMany(t => t.AuxiliaryData?.Metadata.Keys ?? []))
        {
            counts[label] = counts.GetValueOrDefault(label) + 1;
        }

        return Paging.List(
            request,
            [.. counts],
            c => new JsonObject
            {
                ["label"] = $"{c.Key}",
                ["cip10"] = Registered.GetValueOrDefault(c.Key),
                ["count"] = $"{c.Value}",
            }
        );
    }

    public static ApiResponse Label(ChainReader chain, string label, ApiRequest request) =>
        With(chain, label, request, (_, id, metadatum) => new JsonObject { ["tx_hash"] = $"{id}", ["json_metadata"] = Json.Metadata(metadatum) });

    public static ApiResponse LabelCbor(ChainReader chain, string label, ApiRequest request) =>
        With(chain, label, request, (number, id, metadatum) => Cbor(number, metadatum, new JsonObject { ["tx_hash"] = $"{id}" }));

    /// <summary>Adds the two CBOR fields: the map <c>{label: metadatum}</c>, once in the form of a database that the API kept.</summary>
    public static JsonObject Cbor(ulong label, Metadatum metadatum, JsonObject json)
    {
        var cbor = Json.Hex(AuxiliaryData.FromMetadata(label, metadatum).Bytes);
        json["cbor_metadata"] = $"\\x{cbor}";
        json["metadata"] = cbor;
        return json;
    }

    private static ApiResponse With(ChainReader chain, string text, ApiRequest request, Func<ulong, TransactionId, Metadatum, JsonObject> show)
    {
        if (!Digits.TryRead<ulong>(text, out var label))
        {
            return ApiResponse.BadRequest("Missing, out of range or malformed label.");
        }

        Transaction[] transactions = [.. chain.View.Transactions().Where(t => t.AuxiliaryData?.Metadata.ContainsKey(label) == true)];
        return transactions.Length == 0 ? ApiResponse.NotFound() : Paging.List(request, transactions, t => show(label, t.Id, t.AuxiliaryData!.Metadata[label]));
    }
}
