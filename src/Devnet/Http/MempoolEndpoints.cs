using System.Text.Json.Nodes;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Transactions;
using Masumi.Ledger.State;

namespace Masumi.Devnet.Http;

/// <summary>/mempool: what waits for a block.</summary>
internal static class MempoolEndpoints
{
    public static ApiResponse All(ChainReader chain, ApiRequest request) =>
        Paging.List(request, chain.View.Mempool, p => new JsonObject { ["tx_hash"] = $"{p.Transaction.Id}" });

    /// <summary>What spends from it or pays to it.</summary>
    public static ApiResponse OfAddress(ChainReader chain, string text, ApiRequest request)
    {
        if (!Address.TryParse(text, out var address) || address.Network != DevnetChain.Network || address.IsReward)
        {
            return AddressEndpoints.Malformed;
        }

        PendingTransaction[] pending =
        [
            .. chain.View.Mempool.Where(p =>
                p.Transaction.Body.Inputs.Any(i => p.Before.Find(i)!.Address == address) || p.Transaction.Body.Outputs.Any(o => o.Address == address)
            ),
        ];
        return Paging.List(request, pending, p => new JsonObject { ["tx_hash"] = $"{p.Transaction.Id}" });
    }

    public static ApiResponse Get(ChainReader chain, string hash)
    {
        if (!TransactionId.TryParse(hash, out var id) || chain.View.Mempool.Find(p => p.Transaction.Id == id) is not { } pending)
        {
            return ApiResponse.NotFound();
        }

        var body = pending.Transaction.Body;
        var effects = new TransactionEffects(body.Inputs, [.. body.Outputs.Select((o, i) => new Utxo(new TxInput(id, i), o))]);
        return ApiResponse.Ok(
            new JsonObject
            {
                ["tx"] = TransactionEndpoints.Summary(pending.Transaction, effects, body.Fee, i => pending.Before.Find(i)!),
                ["inputs"] = new JsonArray([
                    .. body.Inputs.Select(i => Input(i, collateral: false, reference: false)),
                    .. body.Collateral.Select(i => Input(i, collateral: true, reference: false)),
                    .. body.ReferenceInputs.Select(i => Input(i, collateral: false, reference: true)),
                ]),
                ["outputs"] = new JsonArray([
                    .. body.Outputs.Select(
                        (o, index) =>
                            new JsonObject
                            {
                                ["address"] = $"{o.Address}",
                                ["amount"] = Json.Amount(o.Value),
                                ["output_index"] = index,
                                ["data_hash"] = Json.DataHash(o),
                                ["inline_datum"] = Json.InlineDatum(o),
                                ["collateral"] = false,
                                ["reference_script_hash"] = Json.ReferenceScriptHash(o),
                            }
                    ),
                ]),
                ["redeemers"] = new JsonArray([
                    .. pending.Transaction.Witnesses.Redeemers.Select(r => new JsonObject
                    {
                        ["tx_index"] = r.Pointer.Index,
                        ["purpose"] = r.Pointer.Tag.ToString().ToLowerInvariant(),
                        ["unit_mem"] = Json.Text(r.Units.Memory),
                        ["unit_steps"] = Json.Text(r.Units.Steps),
                    }),
                ]),
            }
        );

        JsonObject Input(TxInput input, bool collateral, bool reference) =>
            new()
            {
                ["address"] = $"{pending.Before.Find(input)!.Address}",
                ["tx_hash"] = $"{input.TxId}",
                ["output_index"] = input.Index,
                ["collateral"] = collateral,
                ["reference"] = reference,
            };
    }
}
