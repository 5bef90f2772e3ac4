using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;
using Masumi.Cardano.Metadata;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;
using Masumi.Devnet.Index;

namespace Masumi.Devnet.Http;

/// <summary>What the chain says about an asset: CIP-68 when a reference token of the same name holds it, otherwise CIP-25.</summary>
/// <param name="Json">The fields.</param>
/// <param name="Standard">For example <c>CIP25v1</c>.</param>
/// <param name="Extra">CIP-68 only: the datum's third field, CBOR in hex.</param>
/// <param name="Decimals">CIP-68 only, of tokens that have them.</param>
internal sealed record AssetMetadata(JsonObject Json, string Standard, string? Extra = null, int? Decimals = null)
{
    private const ulong Cip25Label = 721;

    // CIP-67 labels in asset names: reference token 100, NFT 222, fungible 333, rich fungible 444.
    private const uint Reference = 0x000643b0;
    private const uint Nft = 0x000de140;
    private const uint Fungible = 0x0014df10;
    private const uint RichFungible = 0x001bc280;

    // Texts inside Plutus data nested deeper than this are not metadata anybody reads.
    private const int MaxDepth = 30;

    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>Null when there is none in either form.</summary>
    public static AssetMetadata? Of(AssetRecord asset, ChainIndex index) => Cip68(asset.Asset, index) ?? Cip25(asset);

    // What the last minting transaction says under label 721, policy, name. Version 2 has raw bytes as keys.
    private static AssetMetadata? Cip25(AssetRecord record)
    {
        var last = record.Mints.LastOrDefault(m => m.Quantity > 0)?.Transaction.Transaction.AuxiliaryData;
        if (last?.Metadata.GetValueOrDefault(Cip25Label) is not Metadatum.Map root)
        {
            return null;
        }

        var details = Find(Find(root, record.Asset.Policy.ToArray(), null) as Metadatum.Map, record.Asset.Name.Bytes, Text(record.Asset.Name.Bytes));
        var version2 = root.Entries.Any(e => e is { Key: Metadatum.Text { Value: "version" }, Value: Metadatum.Int { Value: var v } } && v == 2);
        return details is Metadatum.Map && Http.Json.Metadata(details) is JsonObject json ? new AssetMetadata(json, version2 ? "CIP25v2" : "CIP25v1") : null;
    }

    private static Metadatum? Find(Metadatum.Map? map, ReadOnlyMemory<byte> key, string? text)
    {
        var hex = Http.Json.Hex(key);
        return map
            ?.Entries.FirstOrDefault(e =>
                e.Key switch
                {
                    Metadatum.Bytes b => b.Value.Span.SequenceEqual(key.Span),
                    Metadatum.Text t => string.Equals(t.Value, hex, StringComparison.OrdinalIgnoreCase) || (text is not null && t.Value == text),
                    _ => false,
                }
            )
            .Value;
    }

    // The reference token's inline datum: constructor 0 with a map, a version and anything.
    private static AssetMetadata? Cip68(AssetId asset, ChainIndex index)
    {
        var name = asset.Name.Bytes.Span;
        if (name.Length < 4 || BinaryPrimitives.ReadUInt32BigEndian(name) is not (Nft or Fungible or RichFungible))
        {
            return null;
        }

        var referenceName = name.ToArray();
        BinaryPrimitives.WriteUInt32BigEndian(referenceName, Reference);
        var reference = new AssetId(asset.Policy, new AssetName(referenceName));
        var output = index
            .Assets.GetValueOrDefault(reference)
            ?.Holders.Keys.SelectMany(a => index.Addresses[a].Utxos.Values)
            .FirstOrDefault(u => u.Output.Value[reference] > 0)
            ?.Output;
        if (
            output?.Datum
                is not TxDatum.Inline { Datum.Data: PlutusData.Constr { Tag: 0, Fields: [PlutusData.Map map, PlutusData.Integer version, .. var rest] } }
            || version.Value < 1
            || version.Value > 3
        )
        {
            return null;
        }

        var json = Object(map, 0);
        var required =
            BinaryPrimitives.ReadUInt32BigEndian(name) == Nft ? "image"
            : BinaryPrimitives.ReadUInt32BigEndian(name) == Fungible ? "description"
            : "name";
        if (!json.ContainsKey("name") || !json.ContainsKey(required))
        {
            return null;
        }

        var extra = rest.IsEmpty ? null : Http.Json.Hex(rest[0].ToCbor());
        var decimals = json["decimals"] is JsonValue number && number.TryGetValue(out int d) ? d : (int?)null;
        return new AssetMetadata(json, $"CIP68v{version.Value}", extra, decimals);
    }

    private static JsonNode? Show(PlutusData data, int depth) =>
        depth > MaxDepth
            ? null
            : data switch
            {
                PlutusData.Bytes bytes => Text(bytes.Value) ?? Http.Json.Hex(bytes.Value),
                PlutusData.Integer { Value: var v } => v >= long.MinValue && v <= long.MaxValue ? (long)v : $"{v}",
                PlutusData.List list => new JsonArray([.. list.Items.Select(i => Show(i, depth + 1))]),
                PlutusData.Map map => Object(map, depth),
                _ => Http.Json.Hex(data.ToCbor()),
            };

    private static JsonObject Object(PlutusData.Map map, int depth)
    {
        var json = new JsonObject();
        foreach (var (key, value) in map.Entries)
        {
            json[key is PlutusData.Bytes bytes ? Text(bytes.Value) ?? Http.Json.Hex(bytes.Value) : Http.Json.Hex(key.ToCbor())] = Show(value, depth + 1);
        }

        return json;
    }

    private static string? Text(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return Utf8.GetString(bytes.Span);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
