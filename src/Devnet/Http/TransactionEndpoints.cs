using System.Text.Json.Nodes;
using Masumi.Cardano;
using Masumi.Cardano.Metadata;
using Masumi.Cardano.Transactions;
using Masumi.Devnet.Index;
using Masumi.Ledger.State;

namespace Masumi.Devnet.Http;

/// <summary>/txs. A transaction is found once it is in a block.</summary>
internal static class TransactionEndpoints
{
    public static ApiResponse Get(ChainReader chain, string hash) =>
        With(
            chain,
            hash,
            (record, index) =>
            {
                var (transaction, block) = (record.Transaction, record.Block);
                var effects = TransactionEffects.Of(transaction);
                var json = Summary(transaction, effects, record.Fee, i => index.Outputs[i].Utxo.Output);
                json["block"] = $"{block.Hash}";
                json["block_height"] = block.Height;
                json["block_time"] = Json.Time(block, chain.Slots);
                json["slot"] = block.Slot.Number;
                json["index"] = record.Index;
                json["treasury_donation"] = $"{transaction.Body.Donation ?? Lovelace.Zero}";
                return ApiResponse.Ok(json);
            }
        );

    public static ApiResponse Utxos(ChainReader chain, string hash) =>
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

    public static ApiResponse Cbor(ChainReader chain, string hash) =>
        With(chain, hash, (record, _) => ApiResponse.Ok(new JsonObject { ["cbor"] = Json.Hex(record.Transaction.Bytes) }));

    public static ApiResponse Metadata(ChainReader chain, string hash) =>
        WithMetadata(chain, hash, (label, metadatum) => new JsonObject { ["label"] = $"{label}", ["json_metadata"] = Json.Metadata(metadatum) });

    public static ApiResponse MetadataCbor(ChainReader chain, string hash) =>
        WithMetadata(chain, hash, (label, metadatum) => MetadataEndpoints.Cbor(label, metadatum, new JsonObject { ["label"] = $"{label}" }));

    public static ApiResponse Redeemers(ChainReader chain, string hash) =>
        With(
            chain,
            hash,
            (record, index) =>
                ApiResponse.Ok(
                    new JsonArray([
                        .. record
                            .Transaction.Witnesses.Redeemers.OrderBy(r => r.Pointer)
                            .Select(r => Redeemer(r, RedeemedScript.Of(r.Pointer, record.Transaction, index), chain)),
                    ])
                )
        );

    /// <summary>What it minted and burned; nothing when its scripts failed.</summary>
    public static ApiResponse Mints(ChainReader chain, string hash) =>
        With(
            chain,
            hash,
            (record, _) =>
            {
                var mint = record.Transaction.IsValid ? record.Transaction.Body.Mint : Value.Zero;
                return ApiResponse.Ok(new JsonArray([.. mint.Assets.Select(a => Json.Quantity($"{a.Key}", a.Value))]));
            }
        );

    public static ApiResponse RequiredSigners(ChainReader chain, string hash) =>
        With(
            chain,
            hash,
            (record, _) => ApiResponse.Ok(new JsonArray([.. record.Transaction.Body.RequiredSigners.Select(s => new JsonObject { ["witness_hash"] = $"{s}" })]))
        );

    /// <summary>The fields that a transaction shows in the mempool and on chain alike.</summary>
    internal static JsonObject Summary(Transaction transaction, TransactionEffects effects, Lovelace fee, Func<TxInput, TxOutput> resolve)
    {
        var body = transaction.Body;
        // An invalid transaction does nothing but pay its collateral.
        var (certificates, withdrawals) = transaction.IsValid ? (body.Certificates, body.Withdrawals) : ([], []);
        return new JsonObject
        {
            ["hash"] = $"{transaction.Id}",
            ["output_amount"] = Json.AmountOf(effects.Created.Select(c => c.Output)),
            ["fees"] = $"{fee}",
            ["deposit"] = Json.Text(transaction.IsValid ? Deposit(body, resolve) : 0),
            ["size"] = transaction.Bytes.Length,
            ["invalid_before"] = body.InvalidBefore is { } lower ? $"{lower}" : null,
            ["invalid_hereafter"] = body.InvalidHereafter is { } upper ? $"{upper}" : null,
            ["utxo_count"] = effects.Spent.Length + effects.Created.Length,
            ["withdrawal_count"] = withdrawals.Length,
            ["mir_cert_count"] = 0,
            ["delegation_count"] = certificates.Count(c => c.Kind is 2 or 10 or 11 or 13),
            ["stake_cert_count"] = certificates.Count(c => c.Kind is 0 or 1 or 7 or 8 or 11 or 12 or 13),
            ["pool_update_count"] = certificates.Count(c => c.Kind is 3),
            ["pool_retire_count"] = certificates.Count(c => c.Kind is 4),
            ["asset_mint_or_burn_count"] = body.Mint.Assets.Count,
            ["redeemer_count"] = transaction.Witnesses.Redeemers.Length,
            ["valid_contract"] = transaction.IsValid,
        };
    }

    private static JsonObject Input(TxInput input, TxOutput output, bool collateral, bool reference) =>
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

    internal static JsonObject Redeemer(Redeemer redeemer, ScriptHash? script, ChainReader chain) =>
        new()
        {
            ["tx_index"] = redeemer.Pointer.Index,
            ["purpose"] = redeemer.Pointer.Tag.ToString().ToLowerInvariant(),
            ["script_hash"] = $"{script}",
            ["redeemer_data_hash"] = $"{redeemer.Data.Hash}",
            ["datum_hash"] = $"{redeemer.Data.Hash}",
            ["unit_mem"] = Json.Text(redeemer.Units.Memory),
            ["unit_steps"] = Json.Text(redeemer.Units.Steps),
            ["fee"] = $"{Fees.ExUnitsFee(chain.Parameters, redeemer.Units)}",
        };

    // What the balance leaves over: deposits less refunds. Genesis makes its money from nothing.
    private static Int128 Deposit(TransactionBody body, Func<TxInput, TxOutput> resolve) =>
        body.Inputs.IsEmpty
            ? 0
            : body.Inputs.Aggregate(Int128.Zero, (sum, i) => sum + resolve(i).Value.Coin.Exact)
                + body.Withdrawals.Aggregate(Int128.Zero, (sum, w) => sum + w.Value.Exact)
                - body.Outputs.Aggregate(Int128.Zero, (sum, o) => sum + o.Value.Coin.Exact)
                - body.Fee.Exact
                - (body.Donation?.Exact ?? 0);

    private static ApiResponse WithMetadata(ChainReader chain, string hash, Func<ulong, Metadatum, JsonNode> show) =>
        With(
            chain,
            hash,
            (record, _) =>
            {
                var metadata = record.Transaction.AuxiliaryData?.Metadata.Select(m => show(m.Key, m.Value)) ?? [];
                return ApiResponse.Ok(new JsonArray([.. metadata]));
            }
        );

    internal static ApiResponse With(ChainReader chain, string hash, Func<TransactionRecord, ChainIndex, ApiResponse> answer)
    {
        var index = chain.View.Index;
        return TransactionId.TryParse(hash, out var id) && !chain.Hidden.Contains(id) && index.Transactions.TryGetValue(id, out var record)
            ? answer(record, index)
            : ApiResponse.NotFound();
    }
}
