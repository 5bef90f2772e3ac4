using System.Collections.Immutable;
using System.Text.Json;
using Masumi.Cardano;
using Masumi.Cardano.Cbor;
using Masumi.Cardano.Transactions;

namespace Masumi.Chain.Blockfrost;

/// <summary>
/// Reads the API's objects. Whatever is missing or malformed throws <see cref="FormatException"/>, <see cref="KeyNotFoundException"/>,
/// <see cref="InvalidOperationException"/> or <see cref="OverflowException"/>; <see cref="IsNonsense"/> recognises them.
/// </summary>
internal static class BlockfrostJson
{
    public static bool IsNonsense(Exception e) =>
        e is FormatException or KeyNotFoundException or InvalidOperationException or OverflowException or ArgumentException or CborFormatException;

    public static string Text(this JsonElement json, string name) => json.GetProperty(name).GetString() ?? throw new FormatException($"'{name}' is null");

    public static string? TextOrNull(this JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value.GetString() : null;

    /// <summary>A whole number, as a JSON number or a decimal string.</summary>
    public static long Number(this JsonElement json, string name)
    {
        var value = json.GetProperty(name);
        return value.ValueKind == JsonValueKind.String ? Digits.ReadSigned<long>(value.GetString()!) : value.GetInt64();
    }

    /// <summary>The decimal string <c>quantity</c>: of an asset up to 2^64-1 in an output, and more in a supply.</summary>
    public static Int128 Quantity(this JsonElement json) => Digits.ReadSigned<Int128>(json.Text("quantity"));

    public static Hash32 Hash32(this JsonElement json, string name) => Cardano.Hash32.Parse(json.Text(name));

    public static TransactionId TransactionId(this JsonElement json, string name) => Cardano.TransactionId.Parse(json.Text(name));

    public static byte[] Hex(this JsonElement json, string name) => Convert.FromHexString(json.Text(name));

    public static ListedTransaction Listed(JsonElement json) =>
        new(json.TransactionId("tx_hash"), json.Number("block_height"), checked((int)json.Number("tx_index")));

    public static BlockHeader Block(JsonElement json) =>
        new(
            Point(json.Number("height"), json.Hash32("hash"), json.Number("slot"), json.Number("time")),
            json.TextOrNull("previous_block") is { } previous ? Cardano.Hash32.Parse(previous) : null,
            json.TryGetProperty("epoch", out var epoch) && epoch.ValueKind == JsonValueKind.Number ? epoch.GetInt64() : null
        );

    /// <summary>Where a transaction is, from <c>/txs/{hash}</c>.</summary>
    public static (BlockPoint Block, int Index, bool IsValid) Inclusion(JsonElement json) =>
        (
            Point(json.Number("block_height"), json.Hash32("block"), json.Number("slot"), json.Number("block_time")),
            checked((int)json.Number("index")),
            json.GetProperty("valid_contract").GetBoolean()
        );

    /// <summary>An <c>amount</c> list of units and decimal strings.</summary>
    public static Value Amount(JsonElement json)
    {
        var coin = Lovelace.Zero;
        var assets = new List<KeyValuePair<AssetId, Int128>>();
        foreach (var entry in json.EnumerateArray())
        {
            var unit = entry.Text("unit");
            var quantity = entry.Quantity();
            if (unit == "lovelace")
            {
                coin += new Lovelace(checked((long)quantity));
            }
            else
            {
                assets.Add(new(AssetId.Parse(unit), quantity));
            }
        }

        return Value.Of(coin, assets);
    }

    /// <summary>The datum of an output row: the inline one, verified against its hash, or the hash alone.</summary>
    public static TxDatum? Datum(JsonElement json)
    {
        var hash = json.TextOrNull("data_hash");
        if (json.TextOrNull("inline_datum") is not { } inline)
        {
            return hash is null ? null : new TxDatum.ByHash(Cardano.DatumHash.Parse(hash));
        }

        var datum = Cardano.Transactions.Datum.FromCbor(Convert.FromHexString(inline));
        return hash is null || datum.Hash == Cardano.DatumHash.Parse(hash)
            ? new TxDatum.Inline(datum)
            : throw new FormatException($"an inline datum does not hash to {hash}");
    }

    public static ImmutableArray<T> Rows<T>(this JsonElement json, Func<JsonElement, T> read) => [.. json.EnumerateArray().Select(read)];

    private static BlockPoint Point(long height, Hash32 hash, long slot, long unixSeconds) =>
        new(height, hash, new Slot(slot), DateTimeOffset.FromUnixTimeSeconds(unixSeconds));
}
