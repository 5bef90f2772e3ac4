using System.Text.Json.Nodes;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Transactions;
using Masumi.Devnet.Index;

namespace Masumi.Devnet.Http;

/// <summary>/addresses. An address never seen is 404; one seen and now empty gives empty lists.</summary>
internal static class AddressEndpoints
{
    public static ApiResponse Malformed => ApiResponse.BadRequest("Invalid address for this network or malformed address format.");
    public static ApiResponse MalformedAsset => ApiResponse.BadRequest("Invalid or malformed asset format.");

    public static ApiResponse Get(ChainReader chain, string text) =>
        With(chain, text, (history, _) => ApiResponse.Ok(Show(history, Json.AmountOf(history.Record.Utxos.Values.Select(u => u.Output)))));

    public static ApiResponse Extended(ChainReader chain, string text) =>
        With(
            chain,
            text,
            (history, index) =>
            {
                var amount = Json.AmountOf(history.Record.Utxos.Values.Select(u => u.Output));
                foreach (var entry in amount)
                {
                    var isAsset = AssetId.TryParse((string)entry!["unit"]!, out var asset);
                    var metadata = isAsset ? AssetMetadata.Of(index.Assets[asset], index) : null;
                    // Of other assets only CIP-68 says on chain where the decimal point is.
                    entry["decimals"] = isAsset ? DevnetTokens.Find(asset)?.Decimals ?? metadata?.Decimals : 6;
                    entry["has_nft_onchain_metadata"] = metadata is not null;
                }

                return ApiResponse.Ok(Show(history, amount));
            }
        );

    public static ApiResponse Total(ChainReader chain, string text) =>
        With(
            chain,
            text,
            (history, index) =>
            {
                var (received, sent) = history.Totals(index);
                return ApiResponse.Ok(
                    new JsonObject
                    {
                        ["address"] = history.Name,
                        ["received_sum"] = received,
                        ["sent_sum"] = sent,
                        ["tx_count"] = history.Record.Transactions.Count,
                    }
                );
            }
        );

    public static ApiResponse Utxos(ChainReader chain, string text, ApiRequest request) =>
        With(chain, text, (history, index) => Paging.List(request, [.. history.Record.Utxos.Values], u => Json.Utxo(u, index)));

    public static ApiResponse UtxosOf(ChainReader chain, string text, string unit, ApiRequest request)
    {
        if (unit == "lovelace")
        {
            return Utxos(chain, text, request);
        }

        return AssetId.TryParse(unit, out var asset)
            ? With(chain, text, (h, index) => Paging.List(request, [.. h.Record.Utxos.Values.Where(u => u.Output.Value[asset] != 0)], u => Json.Utxo(u, index)))
            : MalformedAsset;
    }

    public static ApiResponse Transactions(ChainReader chain, string text, ApiRequest request) =>
        ChainRange.TryRead(request) is { } range
            ? With(chain, text, (history, _) => Paging.List(request, range.Of(history.Record.Transactions), t => Json.Place(t, chain.Slots)))
            : ChainRange.Malformed;

    public static ApiResponse TransactionHashes(ChainReader chain, string text, ApiRequest request) =>
        With(chain, text, (history, _) => Paging.List(request, history.Record.Transactions, t => $"{t.Transaction.Id}"));

    private static JsonObject Show(History history, JsonArray amount)
    {
        // A payment credential stands for all its addresses, which may differ in their stake part.
        var address = history.Addresses[0];
        var isAddress = history.Name == $"{address}";
        return new JsonObject
        {
            ["address"] = history.Name,
            ["amount"] = amount,
            ["stake_address"] = isAddress && address.Stake is { } stake ? $"{Address.Reward(address.Network, stake)}" : null,
            ["type"] = address.IsByron ? "byron" : "shelley",
            ["script"] = address.Payment is { IsScript: true },
        };
    }

    private static ApiResponse With(ChainReader chain, string text, Func<History, ChainIndex, ApiResponse> answer)
    {
        var index = chain.View.Index;
        return !History.TryFind(index, text, out var history) ? Malformed
            : history is null ? ApiResponse.NotFound()
            : answer(history, index);
    }
}
