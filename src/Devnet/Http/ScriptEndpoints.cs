using System.Text.Json.Nodes;
using Masumi.Cardano;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;
using Masumi.Ledger.Rules;

namespace Masumi.Devnet.Http;

/// <summary>/scripts and /scripts/datum.</summary>
internal static class ScriptEndpoints
{
    /// <summary>In the order in which they appeared.</summary>
    public static ApiResponse All(ChainReader chain, ApiRequest request)
    {
        ScriptHash[] scripts = [.. chain.View.Transactions().SelectMany(ScriptsOf).Select(s => s.Hash).Distinct()];
        return Paging.List(request, scripts, s => new JsonObject { ["script_hash"] = $"{s}" });
    }

    public static ApiResponse Get(ChainReader chain, string hash) =>
        With(
            chain,
            hash,
            script => new JsonObject
            {
                ["script_hash"] = $"{script.Hash}",
                ["type"] = TypeOf(script),
                ["serialised_size"] = script.Language == ScriptLanguage.Native ? null : script.Bytes.Length,
            }
        );

    // The single wrapped form; native scripts have none here (spec cardano.md 11.2).
    public static ApiResponse Cbor(ChainReader chain, string hash) =>
        With(chain, hash, script => new JsonObject { ["cbor"] = script.Language == ScriptLanguage.Native ? null : Json.Hex(script.Bytes) });

    public static ApiResponse NativeJson(ChainReader chain, string hash) =>
        With(
            chain,
            hash,
            script => new JsonObject
            {
                ["json"] = script.Language == ScriptLanguage.Native && NativeScript.TryRead(script.Bytes) is { } native ? NativeScriptJson.Of(native) : null,
            }
        );

    /// <summary>Every run of the script on chain.</summary>
    public static ApiResponse Redeemers(ChainReader chain, string hash, ApiRequest request)
    {
        var view = chain.View;
        if (!ScriptHash.TryParse(hash, out var id) || !view.Index.Scripts.ContainsKey(id))
        {
            return ApiResponse.NotFound();
        }

        var runs = view.Transactions()
            .SelectMany(t => t.Witnesses.Redeemers.OrderBy(r => r.Pointer).Select(r => (Transaction: t, Redeemer: r)))
            .Where(r => RedeemedScript.Of(r.Redeemer.Pointer, r.Transaction, view.Index) == id)
            .ToArray();
        return Paging.List(
            request,
            runs,
            r =>
            {
                var json = TransactionEndpoints.Redeemer(r.Redeemer, id, chain);
                json.Remove("script_hash");
                json["tx_hash"] = $"{r.Transaction.Id}";
                return json;
            }
        );
    }

    /// <summary>The unspent outputs that carry the script for others to refer to.</summary>
    public static ApiResponse Utxos(ChainReader chain, string hash, ApiRequest request)
    {
        var view = chain.View;
        if (!ScriptHash.TryParse(hash, out var id) || !view.Index.Scripts.ContainsKey(id))
        {
            return ApiResponse.NotFound();
        }

        var utxos = view.State.Utxos.Where(u => u.Value.ReferenceScript?.Hash == id).Select(u => view.Index.Outputs[u.Key]).OrderBy(o => o.Position).ToArray();
        return Paging.List(
            request,
            utxos,
            o =>
            {
                var json = Json.Utxo(o.Utxo, view.Index);
                json.Remove("tx_index");
                return json;
            }
        );
    }

    public static ApiResponse Datum(ChainReader chain, string hash) =>
        WithDatum(chain, hash, datum => new JsonObject { ["json_value"] = Json.Data(datum.Data) });

    public static ApiResponse DatumCbor(ChainReader chain, string hash) => WithDatum(chain, hash, datum => new JsonObject { ["cbor"] = Json.Hex(datum.Bytes) });

    /// <summary>Blockfrost's name of the language.</summary>
    internal static string TypeOf(Script script) =>
        script.Language switch
        {
            ScriptLanguage.PlutusV1 => "plutusV1",
            ScriptLanguage.PlutusV2 => "plutusV2",
            ScriptLanguage.PlutusV3 => "plutusV3",
            _ => "timelock",
        };

    private static IEnumerable<Script> ScriptsOf(Transaction transaction) =>
        transaction.Body.Outputs.Select(o => o.ReferenceScript).OfType<Script>().Concat(transaction.Witnesses.Scripts);

    private static ApiResponse With(ChainReader chain, string hash, Func<Script, JsonNode> show) =>
        ScriptHash.TryParse(hash, out var id) && chain.View.Index.Scripts.TryGetValue(id, out var script)
            ? ApiResponse.Ok(show(script))
            : ApiResponse.NotFound();

    private static ApiResponse WithDatum(ChainReader chain, string hash, Func<Datum, JsonNode> show) =>
        DatumHash.TryParse(hash, out var id) && chain.View.Index.Datums.TryGetValue(id, out var datum) ? ApiResponse.Ok(show(datum)) : ApiResponse.NotFound();
}
