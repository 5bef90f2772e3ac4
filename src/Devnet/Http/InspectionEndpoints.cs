using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Masumi.Cardano;
using Masumi.Cardano.Crypto;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;

namespace Masumi.Devnet.Http;

/// <summary>
/// /devnet/transactions and /devnet/refusals: a transaction completely decoded, wherever it is: in a block, waiting, or refused. Not part
/// of Blockfrost's API; the page lives on it.
/// </summary>
internal static class InspectionEndpoints
{
    public static ApiResponse Refusals(RefusalLog refusals) =>
        ApiResponse.Ok(
            new JsonArray([
                .. refusals.Newest.Select(r => new JsonObject
                {
                    ["tx_hash"] = $"{r.Transaction.Id}",
                    ["time"] = r.Time.ToUnixTimeSeconds(),
                    ["failures"] = Failures(r),
                    ["words"] = Lines(r.Words),
                }),
            ])
        );

    public static ApiResponse Transaction(ChainReader chain, RefusalLog refusals, string hash)
    {
        var view = chain.View;
        if (!TransactionId.TryParse(hash, out var id))
        {
            return ApiResponse.NotFound();
        }

        if (view.Index.Transactions.TryGetValue(id, out var record))
        {
            var json = Show(chain, view, record.Transaction, i => view.Index.Outputs[i].Utxo.Output);
            json["state"] = "block";
            json["fee"] = $"{record.Fee}";
            json["block"] = new JsonObject
            {
                ["hash"] = $"{record.Block.Hash}",
                ["height"] = record.Block.Height,
                ["time"] = Json.Time(record.Block, chain.Slots),
            };
            return ApiResponse.Ok(json);
        }

        if (view.Mempool.Find(p => p.Transaction.Id == id) is { } pending)
        {
            var json = Show(chain, view, pending.Transaction, pending.Before.Find);
            json["state"] = "mempool";
            return ApiResponse.Ok(json);
        }

        if (refusals.Newest.Find(r => r.Transaction.Id == id) is { } refused)
        {
            var json = Show(chain, view, refused.Transaction, i => view.MempoolState.Find(i) ?? view.Index.Outputs.GetValueOrDefault(i)?.Utxo.Output);
            json["state"] = "refused";
            json["failures"] = Failures(refused);
            return ApiResponse.Ok(json);
        }

        return ApiResponse.NotFound();
    }

    private static JsonArray Failures(RefusedTransaction refused) =>
        new([
            .. refused.Failures.Select(f => new JsonObject
            {
                ["predicate"] = f.Predicate,
                ["supplied"] = f.Supplied,
                ["expected"] = f.Expected,
            }),
        ]);

    private static JsonArray Lines(ImmutableArray<string> lines) => new([.. lines.Select(l => JsonValue.Create(l))]);

    private static JsonObject Show(ChainReader chain, DevnetView view, Transaction transaction, Func<TxInput, TxOutput?> resolve)
    {
        var body = transaction.Body;
        var words = chain.Explain(transaction, resolve);
        return new JsonObject
        {
            ["hash"] = $"{transaction.Id}",
            ["does"] = Lines(words?.Does ?? []),
            ["refused_by"] = Lines(words?.Refusals ?? []),
            ["valid"] = transaction.IsValid,
            ["fee"] = $"{body.Fee}",
            ["size"] = transaction.Bytes.Length,
            ["valid_from"] = Bound(body.InvalidBefore, chain),
            ["valid_until"] = Bound(body.InvalidHereafter, chain),
            ["inputs"] = Inputs(body.Inputs, resolve),
            ["reference_inputs"] = Inputs(body.ReferenceInputs, resolve),
            ["collateral"] = Inputs(body.Collateral, resolve),
            ["outputs"] = new JsonArray([.. body.Outputs.Select((o, i) => Created(transaction, o, i, view))]),
            ["collateral_return"] = body.CollateralReturn is { } change ? Created(transaction, change, body.Outputs.Length, view) : null,
            ["mint"] = new JsonArray([.. body.Mint.Assets.Select(a => Json.Quantity($"{a.Key}", a.Value))]),
            ["metadata"] = new JsonArray([
                .. transaction.AuxiliaryData?.Metadata.Select(m => new JsonObject { ["label"] = $"{m.Key}", ["json"] = Json.Metadata(m.Value) }) ?? [],
            ]),
            ["redeemers"] = Redeemers(chain, transaction, resolve),
            ["certificates"] = new JsonArray([.. body.Certificates.Select(c => new JsonObject { ["kind"] = c.Kind, ["cbor"] = Json.Hex(c.Cbor) })]),
            ["withdrawals"] = new JsonArray([.. body.Withdrawals.Select(w => new JsonObject { ["address"] = $"{w.Key}", ["amount"] = $"{w.Value}" })]),
            ["required_signers"] = new JsonArray([.. body.RequiredSigners.Select(s => JsonValue.Create($"{s}"))]),
            ["signers"] = new JsonArray([.. transaction.Witnesses.VKeys.Select(k => JsonValue.Create($"{Blake2b.Hash224(k.PublicKey.Span)}"))]),
            ["scripts"] = new JsonArray([.. transaction.Witnesses.Scripts.Select(Script)]),
        };
    }

    private static JsonObject? Bound(Slot? slot, ChainReader chain)
    {
        if (slot is not { } s)
        {
            return null;
        }

        // A bound may lie beyond what a calendar can say.
        var ends = DateTimeOffset.MaxValue - chain.Slots.ZeroTime;
        return new JsonObject { ["slot"] = s.Number, ["time"] = s.Number < ends.TotalSeconds ? chain.Slots.TimeOf(s).ToUnixTimeSeconds() : null };
    }

    private static JsonArray Inputs(IEnumerable<TxInput> inputs, Func<TxInput, TxOutput?> resolve) =>
        new([
            .. inputs.Select(i =>
            {
                var json = resolve(i) is { } output ? Output(output) : [];
                json["tx_hash"] = $"{i.TxId}";
                json["output_index"] = i.Index;
                return json;
            }),
        ]);

    private static JsonObject Created(Transaction transaction, TxOutput output, int index, DevnetView view)
    {
        var json = Output(output);
        json["output_index"] = index;
        json["spent_by"] = view.Index.Outputs.GetValueOrDefault(new TxInput(transaction.Id, index))?.SpentBy is { } spender ? $"{spender}" : null;
        return json;
    }

    private static JsonObject Output(TxOutput output) =>
        new()
        {
            ["address"] = $"{output.Address}",
            ["amount"] = Json.Amount(output.Value),
            ["datum_hash"] = Json.DataHash(output),
            ["datum"] = output.Datum is TxDatum.Inline inline ? Data(inline.Datum) : null,
            ["reference_script"] = output.ReferenceScript is { } script ? Script(script) : null,
        };

    private static JsonObject Data(Datum datum) => new() { ["json"] = Json.Data(datum.Data), ["cbor"] = Json.Hex(datum.Bytes) };

    private static JsonObject Script(Script script) =>
        new()
        {
            ["hash"] = $"{script.Hash}",
            ["language"] = ScriptEndpoints.TypeOf(script),
            ["size"] = script.Bytes.Length,
        };

    // What each script was given, what it may use, and what it used or why it failed when it is run again.
    private static JsonArray Redeemers(ChainReader chain, Transaction transaction, Func<TxInput, TxOutput?> resolve)
    {
        if (transaction.Witnesses.Redeemers.IsEmpty)
        {
            return [];
        }

        var known = transaction
            .Body.Inputs.Concat(transaction.Body.ReferenceInputs)
            .Distinct()
            .Select(i => (Input: i, Output: resolve(i)))
            .Where(i => i.Output is not null)
            .Select(i => new Utxo(i.Input, i.Output!));
        var evaluation = chain.Evaluate(transaction, [.. known], out _);
        return new JsonArray([
            .. transaction
                .Witnesses.Redeemers.OrderBy(r => r.Pointer)
                .Select(r =>
                {
                    var run = evaluation?.Executions.FirstOrDefault(e => e.Pointer == r.Pointer);
                    return new JsonObject
                    {
                        ["purpose"] = r.Pointer.Tag.ToString().ToLowerInvariant(),
                        ["index"] = r.Pointer.Index,
                        ["script_hash"] = RedeemedScript.Of(r.Pointer, transaction, resolve) is { } hash ? $"{hash}" : null,
                        ["data"] = Data(r.Data),
                        ["memory"] = r.Units.Memory,
                        ["steps"] = r.Units.Steps,
                        ["used_memory"] = run?.Units.Memory,
                        ["used_steps"] = run?.Units.Steps,
                        ["logs"] = new JsonArray([.. run?.Logs.Select(l => JsonValue.Create(l)) ?? []]),
                        ["failure"] = run is null ? evaluation?.ContextFailure : run.Failure,
                    };
                }),
        ]);
    }
}
