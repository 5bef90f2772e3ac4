using System.Text.Json.Nodes;
using Masumi.Cardano;

namespace Masumi.Devnet.Http;

/// <summary>/mempool: what waits for a block.</summary>
internal static class MempoolEndpoints
{
    public static ApiResponse All(DevnetChain chain, ApiRequest request) =>
        Paging.List(request, chain.View.Mempool, p => new JsonObject { ["tx_hash"] = $"{p.Transaction.Id}" });

    public static ApiResponse Get(DevnetChain chain, string hash)
    {
        if (!Hash32.TryParse(hash, out var id) || chain.View.Mempool.Find(p => p.Transaction.Id == id) is not { } pending)
        {
            return ApiResponse.NotFound();
        }

        var body = pending.Transaction.Body;
        return ApiResponse.Ok(
            new JsonObject
            {
                ["tx"] = new JsonObject
                {
                    ["hash"] = hash,
                    ["output_amount"] = Json.AmountOf(body.Outputs),
                    ["fees"] = $"{body.Fee}",
                    ["deposit"] = "0",
                    ["size"] = pending.Transaction.Bytes.Length,
                    ["invalid_before"] = body.InvalidBefore is { } lower ? $"{lower}" : null,
                    ["invalid_hereafter"] = body.InvalidHereafter is { } upper ? $"{upper}" : null,
                    ["utxo_count"] = body.Inputs.Length + body.Outputs.Length,
                    ["withdrawal_count"] = 0,
                    ["mir_cert_count"] = 0,
                    ["delegation_count"] = 0,
                    ["stake_cert_count"] = 0,
                    ["pool_update_count"] = 0,
                    ["pool_retire_count"] = 0,
                    ["asset_mint_or_burn_count"] = body.Mint.Assets.Count,
                    ["redeemer_count"] = pending.Transaction.Witnesses.Redeemers.Length,
                    ["valid_contract"] = pending.Transaction.IsValid,
                },
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

        JsonObject Input(TxInput input, bool collateral, bool reference) => TransactionEndpoints.Input(input, pending.Inputs[input], collateral, reference);
    }
}
