using System.Text.Json.Nodes;
using Masumi.Cardano;
using Masumi.Cardano.Transactions;
using Masumi.Devnet.Index;

namespace Masumi.Devnet.Http;

/// <summary>/assets. Burned assets stay known, with quantity 0 and no holders.</summary>
internal static class AssetEndpoints
{
    /// <summary>In the order in which they appeared.</summary>
    public static ApiResponse All(ChainReader chain, ApiRequest request)
    {
        var assets = chain.View.Index.Assets.Values.OrderBy(a => (a.Transactions[0].Block.Height, a.Transactions[0].Index)).ThenBy(a => a.Asset).ToArray();
        return Paging.List(request, assets, a => new JsonObject { ["asset"] = $"{a.Asset}", ["quantity"] = $"{a.Quantity}" });
    }

    public static ApiResponse Get(ChainReader chain, string unit) =>
        With(
            chain,
            unit,
            (asset, index) =>
            {
                var metadata = AssetMetadata.Of(asset, index);
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
                        ["onchain_metadata"] = metadata?.Json,
                        ["onchain_metadata_standard"] = metadata?.Standard,
                        ["onchain_metadata_extra"] = metadata?.Extra,
                        ["metadata"] = Registered(asset.Asset),
                    }
                );
            }
        );

    public static ApiResponse Addresses(ChainReader chain, string unit, ApiRequest request) =>
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

    public static ApiResponse Transactions(ChainReader chain, string unit, ApiRequest request) =>
        ChainRange.TryRead(request) is { } range
            ? With(chain, unit, (asset, _) => Paging.List(request, range.Of(asset.Transactions), t => Json.Place(t, chain.Slots)))
            : ChainRange.Malformed;

    public static ApiResponse TransactionHashes(ChainReader chain, string unit, ApiRequest request) =>
        With(chain, unit, (asset, _) => Paging.List(request, asset.Transactions, t => $"{t.Transaction.Id}"));

    public static ApiResponse Utxos(ChainReader chain, string unit, ApiRequest request)
    {
        if (ChainRange.TryRead(request) is not { } range)
        {
            return ChainRange.Malformed;
        }

        return With(
            chain,
            unit,
            (asset, index) =>
            {
                var utxos = asset
                    .Holders.Keys.SelectMany(a => index.Addresses[a].Utxos)
                    .Where(u => u.Value.Output.Value[asset.Asset] != 0 && range.Contains(index.Transactions[u.Value.Input.TxId]))
                    .OrderBy(u => u.Key)
                    .ToArray();
                return Paging.List(request, utxos, u => Utxo(u.Value, index, chain));
            }
        );
    }

    public static ApiResponse History(ChainReader chain, string unit, ApiRequest request) =>
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

    public static ApiResponse Policy(ChainReader chain, string policy, ApiRequest request)
    {
        if (!PolicyId.TryParse(policy, out var hash))
        {
            return ApiResponse.BadRequest("Invalid or malformed policy format.");
        }

        var index = chain.View.Index;
        return index.Policies.TryGetValue(hash, out var assets)
            ? Paging.List(request, assets, a => new JsonObject { ["asset"] = $"{a}", ["quantity"] = $"{index.Assets[a].Quantity}" })
            : ApiResponse.NotFound();
    }

    // What the hosted service has from the token registry, off chain.
    private static JsonObject? Registered(AssetId asset) =>
        DevnetTokens.Find(asset) is { } token
            ? new JsonObject
            {
                ["name"] = token.Symbol,
                ["description"] = $"Stands for {token.Network}'s {token.Symbol} and is worth nothing.",
                ["ticker"] = token.Symbol,
                ["url"] = null,
                ["logo"] = null,
                ["decimals"] = token.Decimals,
            }
            : null;

    private static JsonObject Utxo(Utxo utxo, ChainIndex index, ChainReader chain)
    {
        var block = index.Outputs[utxo.Input].Block;
        var json = Json.Utxo(utxo, index);
        json.Remove("tx_index");
        json["block_height"] = block.Height;
        json["block_time"] = Json.Time(block, chain.Slots);
        json["inline_datum_json"] = utxo.Output.Datum is TxDatum.Inline inline ? Json.Data(inline.Datum.Data) : null;
        return json;
    }

    private static ApiResponse With(ChainReader chain, string unit, Func<AssetRecord, ChainIndex, ApiResponse> answer)
    {
        if (!AssetId.TryParse(unit, out var asset))
        {
            return AddressEndpoints.MalformedAsset;
        }

        var index = chain.View.Index;
        return index.Assets.TryGetValue(asset, out var record) ? answer(record, index) : ApiResponse.NotFound();
    }
}
