using System.Text.Json.Nodes;
using Masumi.Cardano;
using Masumi.Devnet.Index;
using Masumi.Ledger;

namespace Masumi.Devnet.Http;

/// <summary>/txs. A transaction is found once it is in a block.</summary>
internal static class TransactionEndpoints
{
    public static ApiResponse Get(DevnetChain chain, string hash) =>
        With(
            chain,
            hash,
            (record, _) =>
            {
                var (transaction, block) = (record.Transaction, record.Block);
                var body = transaction.Body;
                var created = TransactionEffects.Of(transaction).Created;
                return ApiResponse.Ok(
                    new JsonObject
                    {
                        ["hash"] = $"{transaction.Id}",
                        ["block"] = $"{block.Hash}",
                        ["block_height"] = block.Height,
                        ["block_time"] = Json.Time(block, chain.Slots),
                        ["slot"] = block.Slot.Number,
                        ["index"] = record.Index,
                        ["output_amount"] = Json.AmountOf(created.Select(c => c.Output)),
                        ["fees"] = $"{record.Fee}",
                        ["deposit"] = "0",
                        ["size"] = transaction.Bytes.Length,
                        ["invalid_before"] = body.InvalidBefore is { } lower ? $"{lower}" : null,
                        ["invalid_hereafter"] = body.InvalidHereafter is { } upper ? $"{upper}" : null,
                        ["utxo_count"] = TransactionEffects.Of(transaction).Spent.Length + created.Length,
                        ["withdrawal_count"] = 0,
                        ["mir_cert_count"] = 0,
                        ["delegation_count"] = 0,
                        ["stake_cert_count"] = 0,
                        ["pool_update_count"] = 0,
                        ["pool_retire_count"] = 0,
                        ["asset_mint_or_burn_count"] = body.Mint.Assets.Count,
                        ["redeemer_count"] = transaction.Witnesses.Redeemers.Length,
                        ["valid_contract"] = transaction.IsValid,
                        ["treasury_donation"] = $"{body.Donation ?? Lovelace.Zero}",
                    }
                );
            }
        );

    public static ApiResponse Utxos(DevnetChain chain, string hash) =>
        With(
            chain,
            hash,
            (record, index) =>
            {
                var body = record.Transaction.Body;
                var inputs = new JsonArray();
                AddInputs(body.Inputs, collateral: false, reference: false);
                AddInputs(body.Collateral, collateral: true, reference: false);
                AddInputs(body.ReferenceInputs, collateral: false, reference: true);
                var created = TransactionEffects.Of(record.Transaction).Created.Select(c => (Utxo: c, Collateral: !record.Transaction.IsValid));
                if (record.Transaction.IsValid && body.CollateralReturn is { } change)
                {
                    created = created.Append((new Utxo(new TxInput(record.Transaction.Id, body.Outputs.Length), change), true));
                }

                return ApiResponse.Ok(
                    new JsonObject
                    {
                        ["hash"] = $"{record.Transaction.Id}",
                        ["inputs"] = inputs,
                        ["outputs"] = new JsonArray([.. created.Select(c => Output(c.Utxo, c.Collateral, index))]),
                    }
                );

                void AddInputs(IEnumerable<TxInput> references, bool collateral, bool reference)
                {
                    foreach (var input in references)
                    {
                        inputs.Add(Input(input, index.Outputs[input].Utxo.Output, collateral, reference));
                    }
                }
            }
        );

    public static ApiResponse Cbor(DevnetChain chain, string hash) =>
        With(chain, hash, (record, _) => ApiResponse.Ok(new JsonObject { ["cbor"] = Json.Hex(record.Transaction.Bytes) }));

    public static ApiResponse Metadata(DevnetChain chain, string hash) =>
        WithMetadata(chain, hash, (label, metadatum) => new JsonObject { ["label"] = $"{label}", ["json_metadata"] = Json.Metadata(metadatum) });

    public static ApiResponse MetadataCbor(DevnetChain chain, string hash) =>
        WithMetadata(
            chain,
            hash,
            (label, metadatum) =>
            {
                // The map {label: metadatum}.
                var cbor = Json.Hex(AuxiliaryData.FromMetadata(label, metadatum).Bytes);
                return new JsonObject
                {
                    ["label"] = $"{label}",
                    ["cbor_metadata"] = $"\\x{cbor}",
                    ["metadata"] = cbor,
                };
            }
        );

    public static ApiResponse Redeemers(DevnetChain chain, string hash, ApiRequest request) =>
        With(
            chain,
            hash,
            (record, index) =>
                Paging.List(request, [.. record.Transaction.Witnesses.Redeemers.OrderBy(r => r.Pointer)], r => Redeemer(r, record.Transaction, chain, index))
        );

    internal static JsonObject Input(TxInput input, TxOutput output, bool collateral, bool reference) =>
        new()
        {
            ["address"] = $"{output.Address}",
            ["amount"] = Json.Amount(output.Value),
            ["tx_hash"] = $"{input.TxId}",
            ["output_index"] = input.Index,
            ["data_hash"] = Json.DataHash(output),
            ["inline_datum"] = Json.InlineDatum(output),
            ["reference_script_hash"] = Json.ReferenceScriptHash(output),
            ["collateral"] = collateral,
            ["reference"] = reference,
        };

    private static JsonObject Output(Utxo utxo, bool collateral, ChainIndex index) =>
        new()
        {
            ["address"] = $"{utxo.Output.Address}",
            ["amount"] = Json.Amount(utxo.Output.Value),
            ["output_index"] = utxo.Input.Index,
            ["data_hash"] = Json.DataHash(utxo.Output),
            ["inline_datum"] = Json.InlineDatum(utxo.Output),
            ["collateral"] = collateral,
            ["reference_script_hash"] = Json.ReferenceScriptHash(utxo.Output),
            ["consumed_by_tx"] = index.Outputs.GetValueOrDefault(utxo.Input)?.SpentBy is { } spender ? $"{spender}" : null,
        };

    private static JsonObject Redeemer(Redeemer redeemer, Transaction transaction, DevnetChain chain, ChainIndex index)
    {
        var pointer = redeemer.Pointer;
        Hash28? script = pointer.Tag switch
        {
            RedeemerTag.Spend => index.Outputs[transaction.Body.Inputs.Order().ElementAt(pointer.Index)].Utxo.Output.Address.Payment?.Hash,
            RedeemerTag.Mint => transaction.Body.Mint.Assets.Keys.Select(a => a.Policy).Distinct().ElementAt(pointer.Index),
            _ => null,
        };
        return new JsonObject
        {
            ["tx_index"] = pointer.Index,
            ["purpose"] = pointer.Tag.ToString().ToLowerInvariant(),
            ["script_hash"] = $"{script}",
            ["redeemer_data_hash"] = $"{redeemer.Data.Hash}",
            ["datum_hash"] = $"{redeemer.Data.Hash}",
            ["unit_mem"] = Json.Text(redeemer.Units.Memory),
            ["unit_steps"] = Json.Text(redeemer.Units.Steps),
            ["fee"] = $"{Fees.ExUnitsFee(chain.Parameters, redeemer.Units)}",
        };
    }

    private static ApiResponse WithMetadata(DevnetChain chain, string hash, Func<ulong, Metadatum, JsonNode> show) =>
        With(
            chain,
            hash,
            (record, _) =>
            {
                var metadata = record.Transaction.AuxiliaryData?.Metadata.Select(m => show(m.Key, m.Value)) ?? [];
                return ApiResponse.Ok(new JsonArray([.. metadata]));
            }
        );

    private static ApiResponse With(DevnetChain chain, string hash, Func<TransactionRecord, ChainIndex, ApiResponse> answer)
    {
        var index = chain.View.Index;
        return Hash32.TryParse(hash, out var id) && index.Transactions.TryGetValue(id, out var record) ? answer(record, index) : ApiResponse.NotFound();
    }
}
