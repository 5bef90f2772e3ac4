using System.Globalization;
using System.Text.Json.Nodes;
using Masumi.Cardano;
using Masumi.Devnet.Index;

namespace Masumi.Devnet.Http;

/// <summary>/addresses. An address never seen is 404; one seen and now empty gives empty lists.</summary>
internal static class AddressEndpoints
{
    public static ApiResponse Get(DevnetChain chain, string text) =>
        With(
            chain,
            text,
            (address, record, _) =>
                ApiResponse.Ok(
                    new JsonObject
                    {
                        ["address"] = $"{address}",
                        ["amount"] = Json.AmountOf(record.Utxos.Values.Select(u => u.Output)),
                        ["stake_address"] = address.Stake is { } stake ? $"{Address.Reward(address.Network, stake)}" : null,
                        ["type"] = address.IsByron ? "byron" : "shelley",
                        ["script"] = address.Payment is { IsScript: true },
                    }
                )
        );

    public static ApiResponse Utxos(DevnetChain chain, string text, ApiRequest request) =>
        With(chain, text, (_, record, index) => Paging.List(request, [.. record.Utxos.Values], u => Show(u, index)));

    public static ApiResponse UtxosOf(DevnetChain chain, string text, string unit, ApiRequest request)
    {
        if (unit != "lovelace" && !AssetId.TryParse(unit, out _))
        {
            return ApiResponse.BadRequest("Invalid or malformed asset format.");
        }

        var asset = unit == "lovelace" ? (AssetId?)null : AssetId.Parse(unit);
        return With(
            chain,
            text,
            (_, record, index) => Paging.List(request, [.. record.Utxos.Values.Where(u => asset is not { } a || u.Output.Value[a] != 0)], u => Show(u, index))
        );
    }

    public static ApiResponse Transactions(DevnetChain chain, string text, ApiRequest request)
    {
        if (!Bound.TryRead(request, "from", out var from) || !Bound.TryRead(request, "to", out var to))
        {
            return ApiResponse.BadRequest("Invalid (malformed or out of range) from/to parameter(s).");
        }

        return With(
            chain,
            text,
            (_, record, _) =>
            {
                IReadOnlyList<TransactionRecord> wanted =
                    from is null && to is null ? record.Transactions : [.. record.Transactions.Where(t => from?.IsAfter(t) != true && to?.IsBefore(t) != true)];
                return Paging.List(request, wanted, t => Json.Place(t, chain.Slots));
            }
        );
    }

    private static ApiResponse With(DevnetChain chain, string text, Func<Address, AddressRecord, ChainIndex, ApiResponse> answer)
    {
        if (!Address.TryParse(text, out var address) || address.Network != DevnetChain.Network || address.IsReward)
        {
            return ApiResponse.BadRequest("Invalid address for this network or malformed address format.");
        }

        var index = chain.View.Index;
        return index.Addresses.TryGetValue(address, out var record) ? answer(address, record, index) : ApiResponse.NotFound();
    }

    private static JsonObject Show(Utxo utxo, ChainIndex index) =>
        new()
        {
            ["address"] = $"{utxo.Output.Address}",
            ["tx_hash"] = $"{utxo.Input.TxId}",
            ["tx_index"] = utxo.Input.Index,
            ["output_index"] = utxo.Input.Index,
            ["amount"] = Json.Amount(utxo.Output.Value),
            ["block"] = $"{index.Outputs[utxo.Input].Block.Hash}",
            ["data_hash"] = Json.DataHash(utxo.Output),
            ["inline_datum"] = Json.InlineDatum(utxo.Output),
            ["reference_script_hash"] = Json.ReferenceScriptHash(utxo.Output),
        };

    /// <summary>An inclusive bound, <c>height</c> or <c>height:index</c>.</summary>
    private sealed record Bound(long Height, int? Index)
    {
        public static bool TryRead(ApiRequest request, string name, out Bound? bound)
        {
            bound = null;
            if (!request.Query.TryGetValue(name, out var text))
            {
                return true;
            }

            var parts = text.Split(':');
            var index = 0;
            if (
                parts.Length > 2
                || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var height)
                || (parts.Length == 2 && !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out index))
            )
            {
                return false;
            }

            bound = new Bound(height, parts.Length == 2 ? index : null);
            return true;
        }

        public bool IsAfter(TransactionRecord t) => t.Block.Height < Height || (t.Block.Height == Height && t.Index < Index);

        public bool IsBefore(TransactionRecord t) => t.Block.Height > Height || (t.Block.Height == Height && t.Index > Index);
    }
}
