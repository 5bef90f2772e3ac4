using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Masumi.Ledger.Rules;

namespace Masumi.Devnet.Http;

/// <summary>Native scripts in the JSON of cardano-cli and Blockfrost.</summary>
internal static class NativeScriptJson
{
    // A transaction has room for thousands of levels; nobody reads so many, and few JSON parsers do.
    private const int MaxDepth = 200;

    /// <summary>Null when it is nested more deeply than JSON should be.</summary>
    public static JsonObject? Of(NativeScript script) => IsWithin(script, MaxDepth) ? Show(script) : null;

    private static bool IsWithin(NativeScript script, int depth) => depth > 0 && Inner(script).All(s => IsWithin(s, depth - 1));

    private static ImmutableArray<NativeScript> Inner(NativeScript script) =>
        script switch
        {
            NativeScript.All all => all.Scripts,
            NativeScript.Any any => any.Scripts,
            NativeScript.AtLeast atLeast => atLeast.Scripts,
            _ => [],
        };

    private static JsonObject Show(NativeScript script) =>
        script switch
        {
            NativeScript.Signature s => new JsonObject { ["type"] = "sig", ["keyHash"] = $"{s.KeyHash}" },
            NativeScript.All => new JsonObject { ["type"] = "all", ["scripts"] = List(script) },
            NativeScript.Any => new JsonObject { ["type"] = "any", ["scripts"] = List(script) },
            NativeScript.AtLeast n => new JsonObject
            {
                ["type"] = "atLeast",
                ["required"] = n.Count,
                ["scripts"] = List(script),
            },
            NativeScript.InvalidBefore b => new JsonObject { ["type"] = "after", ["slot"] = b.Slot },
            NativeScript.InvalidHereafter h => new JsonObject { ["type"] = "before", ["slot"] = h.Slot },
            _ => throw new InvalidOperationException("An unknown native script case."),
        };

    private static JsonArray List(NativeScript script) => new([.. Inner(script).Select(Show)]);
}
