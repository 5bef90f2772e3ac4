using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Masumi.Cardano;

namespace Masumi.Devnet.Http;

/// <summary>/devnet: what only a development network can do. Not part of Blockfrost's API.</summary>
internal static class AdminEndpoints
{
    private const int MostBlocks = 1000;
    private const long MostSeconds = 10L * 365 * 24 * 3600;

    public static ApiResponse Info(DevnetChain chain) =>
        ApiResponse.Ok(
            new JsonObject
            {
                ["network_magic"] = chain.Options.NetworkMagic,
                ["production"] = chain.Options.Production switch
                {
                    BlockProduction.Interval => "interval",
                    BlockProduction.OnDemand => "on-demand",
                    _ => "per-transaction",
                },
                ["genesis_time"] = chain.Slots.ZeroTime.ToString("O", CultureInfo.InvariantCulture),
                ["faucet_address"] = $"{chain.FaucetAddress}",
                ["faucet_policy"] = $"{chain.FaucetPolicy}",
                ["mempool"] = chain.View.Mempool.Count,
                ["clock"] = Time(chain),
                ["tip"] = Tip(chain),
            }
        );

    public static ApiResponse Clock(DevnetChain chain) => ApiResponse.Ok(Time(chain));

    /// <summary><c>{address, lovelace, assets?: [{unit, quantity}]}</c>; numbers or decimal strings.</summary>
    public static ApiResponse Fund(DevnetChain chain, ApiRequest request)
    {
        if (Read(request) is not { } body)
        {
            return ApiResponse.BadRequest("The body is not a JSON object.");
        }

        if (!Address.TryParse(Text(body["address"]), out var address) || address.Network != DevnetChain.Network || address.IsReward)
        {
            return ApiResponse.BadRequest("address: not a payment address of a test network.");
        }

        if (Number(body["lovelace"]) is not (>= 0 and var lovelace) || lovelace > Lovelace.MaxSupply.Amount)
        {
            return ApiResponse.BadRequest("lovelace: a whole number, 0 up to the supply.");
        }

        var assets = new List<KeyValuePair<AssetId, Int128>>();
        if (body["assets"] is { } listed)
        {
            if (listed is not JsonArray { Count: <= 100 } entries)
            {
                return ApiResponse.BadRequest("assets: a list of at most 100 {unit, quantity}.");
            }

            foreach (var entry in entries)
            {
                if (
                    entry is not JsonObject asset
                    || !AssetId.TryParse(Text(asset["unit"]), out var unit)
                    || Number(asset["quantity"]) is not (> 0 and <= long.MaxValue / 1000 and var quantity)
                )
                {
                    return ApiResponse.BadRequest("assets: each has a unit (policy and name in hex) and a positive quantity.");
                }

                assets.Add(KeyValuePair.Create(unit, (Int128)quantity));
            }
        }

        return chain.Fund(address, Value.Of(new Lovelace(lovelace), assets)) switch
        {
            DevnetFunding.Paid paid => ApiResponse.Ok(new JsonObject { ["tx_hash"] = $"{paid.Output.TxId}", ["output_index"] = paid.Output.Index }),
            DevnetFunding.Refused refused => ApiResponse.BadRequest(refused.Reason),
            _ => throw new InvalidOperationException("An unknown answer of the faucet."),
        };
    }

    /// <summary><c>{blocks?}</c>, default 1.</summary>
    public static ApiResponse Mine(DevnetChain chain, ApiRequest request)
    {
        if (Count(request, "blocks", 1, MostBlocks, out var refusal) is not { } blocks)
        {
            return refusal;
        }

        chain.Mine((int)blocks);
        return ApiResponse.Ok(Tip(chain));
    }

    /// <summary><c>{seconds}</c>.</summary>
    public static ApiResponse Advance(DevnetChain chain, ApiRequest request)
    {
        if (Count(request, "seconds", null, MostSeconds, out var refusal) is not { } seconds)
        {
            return refusal;
        }

        chain.Advance(TimeSpan.FromSeconds(seconds));
        return ApiResponse.Ok(Time(chain));
    }

    /// <summary><c>{blocks}</c>.</summary>
    public static ApiResponse Rollback(DevnetChain chain, ApiRequest request)
    {
        if (Count(request, "blocks", null, int.MaxValue, out var refusal) is not { } blocks)
        {
            return refusal;
        }

        return chain.TryRollback((int)blocks)
            ? ApiResponse.Ok(Tip(chain))
            : ApiResponse.BadRequest($"blocks: there are only {chain.Tip.Height} blocks after genesis.");
    }

    private static JsonObject Time(DevnetChain chain)
    {
        var now = chain.Clock.GetUtcNow();
        return new JsonObject
        {
            ["slot"] = chain.Slots.SlotAt(now).Number,
            ["time"] = now.ToString("O", CultureInfo.InvariantCulture),
            ["posix_ms"] = now.ToUnixTimeMilliseconds(),
        };
    }

    private static JsonObject Tip(DevnetChain chain)
    {
        var tip = chain.Tip;
        return new JsonObject
        {
            ["height"] = tip.Height,
            ["hash"] = $"{tip.Hash}",
            ["slot"] = tip.Slot.Number,
            ["time"] = Json.Time(tip, chain.Slots),
        };
    }

    private static long? Count(ApiRequest request, string name, long? otherwise, long max, out ApiResponse refusal)
    {
        var body = request.Body.IsEmpty ? [] : Read(request);
        var number =
            body is null ? null
            : body.ContainsKey(name) ? Number(body[name])
            : otherwise;
        refusal = number is >= 0 && number <= max ? ApiResponse.NotFound() : ApiResponse.BadRequest($"{name}: a whole number from 0 to {max}.");
        return number is >= 0 && number <= max ? number : null;
    }

    private static JsonObject? Read(ApiRequest request)
    {
        try
        {
            return JsonNode.Parse(request.Body.Span, documentOptions: new JsonDocumentOptions { MaxDepth = 8 }) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    private static long? Number(JsonNode? node)
    {
        if (node is JsonValue value && value.TryGetValue(out long number))
        {
            return number;
        }

        return long.TryParse(Text(node), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number) ? number : null;
    }
}
