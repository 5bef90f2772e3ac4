using System.Text.Json.Nodes;
using Masumi.Cardano;
using Masumi.Ledger;

namespace Masumi.Devnet.Http;

/// <summary>/scripts and /scripts/datum.</summary>
internal static class ScriptEndpoints
{
    // Deeper JSON is not written here nor read by anyone.
    private const int MaxJsonDepth = 100;

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
                ["json"] = script.Language == ScriptLanguage.Native && NativeScript.TryRead(script.Bytes, MaxJsonDepth) is { } native ? Native(native) : null,
            }
        );

    public static ApiResponse Datum(DevnetChain chain, string hash) =>
        WithDatum(chain, hash, datum => new JsonObject { ["json_value"] = Detailed(datum.Data) });

    public static ApiResponse DatumCbor(DevnetChain chain, string hash) => WithDatum(chain, hash, datum => new JsonObject { ["cbor"] = Json.Hex(datum.Bytes) });

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

    // Deeper data is shown in CBOR only.
    private static JsonObject? Detailed(PlutusData data)
    {
        try
        {
            return PlutusDataJson.ToJson(data);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static ApiResponse With(DevnetChain chain, string hash, Func<Script, JsonNode> show) =>
        Hash28.TryParse(hash, out var id) && chain.View.Index.Scripts.TryGetValue(id, out var script) ? ApiResponse.Ok(show(script)) : ApiResponse.NotFound();

    private static ApiResponse WithDatum(DevnetChain chain, string hash, Func<Datum, JsonNode> show) =>
        Hash32.TryParse(hash, out var id) && chain.View.Index.Datums.TryGetValue(id, out var datum) ? ApiResponse.Ok(show(datum)) : ApiResponse.NotFound();
}
