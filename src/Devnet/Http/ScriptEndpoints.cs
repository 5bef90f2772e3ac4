using System.Text.Json.Nodes;
using Masumi.Cardano;
using Masumi.Ledger;

namespace Masumi.Devnet.Http;

/// <summary>/scripts and /scripts/datum.</summary>
internal static class ScriptEndpoints
{
    // Deeper data is shown in CBOR only: each level takes stack here and two levels of JSON.
    private const int MaxDepth = 500;

    public static ApiResponse Get(DevnetChain chain, string hash) =>
        With(
            chain,
            hash,
            script => new JsonObject
            {
                ["script_hash"] = $"{script.Hash}",
                ["type"] = script.Language switch
                {
                    ScriptLanguage.PlutusV1 => "plutusV1",
                    ScriptLanguage.PlutusV2 => "plutusV2",
                    ScriptLanguage.PlutusV3 => "plutusV3",
                    _ => "timelock",
                },
                ["serialised_size"] = script.Language == ScriptLanguage.Native ? null : script.Bytes.Length,
            }
        );

    // The single wrapped form; native scripts have none here (spec cardano.md 11.2).
    public static ApiResponse Cbor(DevnetChain chain, string hash) =>
        With(chain, hash, script => new JsonObject { ["cbor"] = script.Language == ScriptLanguage.Native ? null : Json.Hex(script.Bytes) });

    public static ApiResponse NativeJson(DevnetChain chain, string hash) =>
        With(
            chain,
            hash,
            script => new JsonObject
            {
                ["json"] = script.Language == ScriptLanguage.Native && NativeScript.TryRead(script.Bytes) is { } native ? Native(native) : null,
            }
        );

    public static ApiResponse Datum(DevnetChain chain, string hash) =>
        WithDatum(chain, hash, datum => new JsonObject { ["json_value"] = DepthOf(datum.Data) <= MaxDepth ? Detailed(datum.Data) : null });

    public static ApiResponse DatumCbor(DevnetChain chain, string hash) => WithDatum(chain, hash, datum => new JsonObject { ["cbor"] = Json.Hex(datum.Bytes) });

    private static int DepthOf(PlutusData root)
    {
        var deepest = 0;
        var rest = new Stack<(PlutusData Data, int Depth)>([(root, 1)]);
        while (rest.TryPop(out var next))
        {
            deepest = Math.Max(deepest, next.Depth);
            IEnumerable<PlutusData> inside = next.Data switch
            {
                PlutusData.Constr c => c.Fields,
                PlutusData.List l => l.Items,
                PlutusData.Map m => m.Entries.SelectMany(e => (PlutusData[])[e.Key, e.Value]),
                _ => [],
            };
            foreach (var data in inside)
            {
                rest.Push((data, next.Depth + 1));
            }
        }

        return deepest;
    }

    private static JsonObject Native(NativeScript script) =>
        script switch
        {
            NativeScript.Signature s => new JsonObject { ["type"] = "sig", ["keyHash"] = $"{s.KeyHash}" },
            NativeScript.All a => new JsonObject { ["type"] = "all", ["scripts"] = new JsonArray([.. a.Scripts.Select(Native)]) },
            NativeScript.Any a => new JsonObject { ["type"] = "any", ["scripts"] = new JsonArray([.. a.Scripts.Select(Native)]) },
            NativeScript.AtLeast n => new JsonObject
            {
                ["type"] = "atLeast",
                ["required"] = n.Count,
                ["scripts"] = new JsonArray([.. n.Scripts.Select(Native)]),
            },
            NativeScript.InvalidBefore b => new JsonObject { ["type"] = "after", ["slot"] = b.Slot },
            NativeScript.InvalidHereafter h => new JsonObject { ["type"] = "before", ["slot"] = h.Slot },
            _ => throw new InvalidOperationException("An unknown native script case."),
        };

    private static JsonObject Detailed(PlutusData data) =>
        data switch
        {
            PlutusData.Constr c => new JsonObject { ["constructor"] = c.Tag, ["fields"] = new JsonArray([.. c.Fields.Select(Detailed)]) },
            PlutusData.Integer i => new JsonObject { ["int"] = JsonNode.Parse(i.Value.ToString()) },
            PlutusData.Bytes b => new JsonObject { ["bytes"] = Json.Hex(b.Value) },
            PlutusData.List l => new JsonObject { ["list"] = new JsonArray([.. l.Items.Select(Detailed)]) },
            PlutusData.Map m => new JsonObject
            {
                ["map"] = new JsonArray([.. m.Entries.Select(e => new JsonObject { ["k"] = Detailed(e.Key), ["v"] = Detailed(e.Value) })]),
            },
            _ => throw new InvalidOperationException("An unknown case of Plutus data."),
        };

    private static ApiResponse With(DevnetChain chain, string hash, Func<Script, JsonNode> show) =>
        Hash28.TryParse(hash, out var id) && chain.View.Index.Scripts.TryGetValue(id, out var script) ? ApiResponse.Ok(show(script)) : ApiResponse.NotFound();

    private static ApiResponse WithDatum(DevnetChain chain, string hash, Func<Datum, JsonNode> show) =>
        Hash32.TryParse(hash, out var id) && chain.View.Index.Datums.TryGetValue(id, out var datum) ? ApiResponse.Ok(show(datum)) : ApiResponse.NotFound();
}
