using System.Text;
using System.Text.Json.Nodes;
using Masumi.Cardano;
using Masumi.Devnet.Index;

namespace Masumi.Devnet.Http;

/// <summary>/assets. Burned assets stay known, with quantity 0 and no holders.</summary>
internal static class AssetEndpoints
{
    public static ApiResponse Get(DevnetChain chain, string unit) =>
        With(
            chain,
            unit,
            (asset, _) =>
            {
                var (metadata, standard) = OnChainMetadata(asset);
                return ApiResponse.Ok(
                    new JsonObject
                    {
                        ["asset"] = $"{asset.Asset}",
                        ["policy_id"] = $"{asset.Asset.Policy}",
                        ["asset_name"] = $"{asset.Asset.Name}",
                        ["fingerprint"] = asset.Asset.Fingerprint,
                        ["quantity"] = $"{asset.Quantity}",
                        ["initial_mint_tx_hash"] = $"{asset.Mints[0].Transaction.Transaction.Id}",
                        ["mint_or_burn_count"] = asset.Mints.Count,
                        ["onchain_metadata"] = metadata,
                        ["onchain_metadata_standard"] = standard,
                        ["onchain_metadata_extra"] = null,
                        ["metadata"] = null,
                    }
                );
            }
        );

    public static ApiResponse Addresses(DevnetChain chain, string unit, ApiRequest request) =>
        With(
            chain,
            unit,
            (asset, _) =>
                Paging.List(
                    request,
                    [.. asset.Holders.OrderBy(h => $"{h.Key}", StringComparer.Ordinal)],
                    h => new JsonObject { ["address"] = $"{h.Key}", ["quantity"] = $"{h.Value}" }
                )
        );

    public static ApiResponse Transactions(DevnetChain chain, string unit, ApiRequest request) =>
        With(chain, unit, (asset, _) => Paging.List(request, asset.Transactions, t => Json.Place(t, chain.Slots)));

    public static ApiResponse History(DevnetChain chain, string unit, ApiRequest request) =>
        With(
            chain,
            unit,
            (asset, _) =>
                Paging.List(
                    request,
                    asset.Mints,
                    m => new JsonObject
                    {
                        ["tx_hash"] = $"{m.Transaction.Transaction.Id}",
                        ["action"] = m.Quantity > 0 ? "minted" : "burned",
                        ["amount"] = Json.Text(m.Quantity),
                    }
                )
        );

    public static ApiResponse Policy(DevnetChain chain, string policy, ApiRequest request)
    {
        if (!Hash28.TryParse(policy, out var hash))
        {
            return ApiResponse.BadRequest("Invalid or malformed policy format.");
        }

        var index = chain.View.Index;
        return index.Policies.TryGetValue(hash, out var assets)
            ? Paging.List(request, assets, a => new JsonObject { ["asset"] = $"{a}", ["quantity"] = $"{index.Assets[a].Quantity}" })
            : ApiResponse.NotFound();
    }

    private static ApiResponse With(DevnetChain chain, string unit, Func<AssetRecord, ChainIndex, ApiResponse> answer)
    {
        if (!AssetId.TryParse(unit, out var asset))
        {
            return ApiResponse.BadRequest("Invalid or malformed asset format.");
        }

        var index = chain.View.Index;
        return index.Assets.TryGetValue(asset, out var record) ? answer(record, index) : ApiResponse.NotFound();
    }

    // CIP-25: what the last minting transaction says under label 721, policy, name. Version 2 has raw bytes as keys.
    private static (JsonNode? Metadata, string? Standard) OnChainMetadata(AssetRecord record)
    {
        var last = record.Mints.LastOrDefault(m => m.Quantity > 0)?.Transaction.Transaction.AuxiliaryData;
        if (last?.Metadata.GetValueOrDefault(721UL) is not Metadatum.Map root)
        {
            return (null, null);
        }

        var details = Find(Find(root, record.Asset.Policy.ToArray(), null) as Metadatum.Map, record.Asset.Name.Bytes, NameText(record.Asset));
        if (details is null)
        {
            return (null, null);
        }

        var version2 = root.Entries.Any(e => e is { Key: Metadatum.Text { Value: "version" }, Value: Metadatum.Int { Value: var v } } && v == 2);
        return (Json.Metadata(details), version2 ? "CIP25v2" : "CIP25v1");
    }

    private static Metadatum? Find(Metadatum.Map? map, ReadOnlyMemory<byte> key, string? text)
    {
        var hex = Json.Hex(key);
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

    private static string? NameText(AssetId asset)
    {
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(asset.Name.Bytes.Span);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
