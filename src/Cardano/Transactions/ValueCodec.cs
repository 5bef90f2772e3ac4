using System.Formats.Cbor;
using Masumi.Cardano.Cbor;

namespace Masumi.Cardano;

/// <summary>Values in outputs (CDDL <c>value</c>) and the mint field (CDDL <c>mint</c>).</summary>
internal static class ValueCodec
{
    private const int MaxNameLength = 32;

    public static Value Read(CborInput input)
    {
        if (input.PeekMajor() == CborMajor.UnsignedInteger)
        {
            return Value.Of(ReadCoin(input));
        }

        var pair = input.BeginTuple(2);
        var coin = ReadCoin(input);
        var assets = ReadAssets(input, ReadQuantity);
        pair.End();
        return Value.Of(coin, assets);
    }

    public static Lovelace ReadCoin(CborInput input) => new(input.ReadUnsigned());

    public static Value ReadMint(CborInput input)
    {
        var assets = ReadAssets(input, ReadMinted);
        return assets.Count > 0 ? Value.Of(Lovelace.Zero, assets) : throw input.Error("an empty mint; the field must be left out");
    }

    /// <summary>The output form: the bare coin when there are no assets.</summary>
    public static void Write(CborWriter writer, Value value)
    {
        if (value.IsAdaOnly)
        {
            writer.WriteCoin(value.Coin);
            return;
        }

        writer.WriteStartArray(2);
        writer.WriteCoin(value.Coin);
        WriteAssets(writer, value);
        writer.WriteEndArray();
    }

    /// <summary>Policies bytewise, names length first (RFC 7049 canonical order).</summary>
    public static void WriteAssets(CborWriter writer, Value value)
    {
        var policies = value.Assets.GroupBy(a => a.Key.Policy).ToList();
        writer.WriteStartMap(policies.Count);
        foreach (var policy in policies)
        {
            var names = policy.OrderBy(a => a.Key.Name.Bytes.Length).ThenBy(a => a.Key.Name).ToList();
            writer.WriteHash(policy.Key);
            writer.WriteStartMap(names.Count);
            foreach (var (asset, quantity) in names)
            {
                writer.WriteByteString(asset.Name.Bytes.Span);
                writer.WriteInt64(quantity);
            }

            writer.WriteEndMap();
        }

        writer.WriteEndMap();
    }

    private static Dictionary<AssetId, long> ReadAssets(CborInput input, Func<CborInput, long> readQuantity)
    {
        var assets = new Dictionary<AssetId, long>();
        var policies = new HashSet<Hash28>();
        var outer = input.BeginMap();
        while (outer.Next())
        {
            var policy = input.ReadHash28();
            if (!policies.Add(policy))
            {
                throw input.Error($"policy {policy} stands twice");
            }

            var before = assets.Count;
            var inner = input.BeginMap();
            while (inner.Next())
            {
                var name = input.ReadBytes();
                if (name.Length > MaxNameLength)
                {
                    throw input.Error($"an asset name of {name.Length} bytes, at most {MaxNameLength} are allowed");
                }

                var asset = new AssetId(policy, new AssetName(name.Span));
                if (!assets.TryAdd(asset, readQuantity(input)))
                {
                    throw input.Error($"asset {asset} stands twice");
                }
            }

            if (assets.Count == before)
            {
                throw input.Error($"policy {policy} without assets");
            }
        }

        return assets;
    }

    /// <summary>
    /// A positive 64-bit quantity. The ledger allows up to 2^64-1, more than any single mint can make; what exceeds 2^63-1 saturates, so
    /// that a hostile token cannot make a transaction unreadable. The builder never spends such an output.
    /// </summary>
    private static long ReadQuantity(CborInput input)
    {
        var quantity = input.ReadUInt64();
        return quantity > 0 ? (long)Math.Min(quantity, long.MaxValue) : throw input.Error("a quantity of zero");
    }

    private static long ReadMinted(CborInput input)
    {
        var quantity = input.ReadInt64();
        return quantity != 0 ? quantity : throw input.Error("a quantity of zero");
    }
}
