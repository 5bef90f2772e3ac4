using System.Formats.Cbor;
using Masumi.Cardano.Cbor;

namespace Masumi.Cardano.Transactions;

/// <summary>Values in outputs (CDDL <c>value</c>) and the mint field (CDDL <c>mint</c>).</summary>
internal static class ValueCodec
{
    private const int MaxNameLength = 32;

    // The ledger keeps assets in one piece of memory with 16-bit offsets, and refuses to decode what might not fit (isMultiAssetSmallEnough).
    private const int MaxCompactSize = ushort.MaxValue;
    private const int CompactAsset = 44;
    private const int CompactPolicy = 28;

    /// <summary>The most of one asset that an output can hold.</summary>
    public static readonly Int128 MaxQuantity = ulong.MaxValue;

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

    public static Lovelace ReadCoin(CborInput input) => Lovelace.FromCoin(input.ReadUInt64());

    public static Value ReadMint(CborInput input)
    {
        var assets = ReadAssets(input, ReadMinted);
        return assets.Count > 0 ? Value.Of(Lovelace.Zero, assets) : throw input.Error("an empty mint; the field must be left out");
    }

    /// <summary>True when an output can hold the value: nothing negative, every quantity at most 2^64-1, not too many assets.</summary>
    public static bool FitsOutput(Value value) =>
        value.IsNonNegative
        && value.Assets.Values.All(q => q <= MaxQuantity)
        && (IsCompact(value.Assets.Count, value.Assets.Count) || IsCompact(value.Assets.Count, value.Assets.Keys.Select(a => a.Policy).Distinct().Count()));

    /// <summary>The output form: the bare coin when there are no assets. Throws <see cref="ArgumentException"/> unless <see cref="FitsOutput"/>.</summary>
    public static void Write(CborWriter writer, Value value)
    {
        if (value.IsAdaOnly)
        {
            writer.WriteCoin(value.Coin);
            return;
        }

        writer.WriteStartArray(2);
        writer.WriteCoin(value.Coin);
        WriteAssets(writer, value, Int128.One, MaxQuantity);
        writer.WriteEndArray();
    }

    /// <summary>The mint field; throws <see cref="ArgumentException"/> for a quantity outside 64 bits.</summary>
    public static void WriteMint(CborWriter writer, Value mint) => WriteAssets(writer, mint, long.MinValue, long.MaxValue);

    // Policies bytewise, names length first (RFC 7049 canonical order).
    private static void WriteAssets(CborWriter writer, Value value, Int128 least, Int128 most)
    {
        var policies = value.Assets.GroupBy(a => a.Key.Policy).ToList();
        writer.WriteStartMap(policies.Count);
        foreach (var policy in policies)
        {
            var names = policy.OrderBy(a => a.Key.Name.Bytes.Length).ThenBy(a => a.Key.Name).ToList();
            writer.WriteHash(policy.Key.Hash);
            writer.WriteStartMap(names.Count);
            foreach (var (asset, quantity) in names)
            {
                writer.WriteByteString(asset.Name.Bytes.Span);
                WriteQuantity(writer, quantity >= least && quantity <= most ? quantity : throw new ArgumentException($"{quantity} {asset} cannot be written."));
            }

            writer.WriteEndMap();
        }

        writer.WriteEndMap();
    }

    private static void WriteQuantity(CborWriter writer, Int128 quantity)
    {
        if (quantity > 0)
        {
            writer.WriteUInt64((ulong)quantity);
        }
        else
        {
            writer.WriteInt64((long)quantity);
        }
    }

    private static Dictionary<AssetId, Int128> ReadAssets(CborInput input, Func<CborInput, Int128> readQuantity)
    {
        var assets = new Dictionary<AssetId, Int128>();
        var policies = new HashSet<PolicyId>();
        var outer = input.BeginMap();
        while (outer.Next())
        {
            var policy = new PolicyId(input.ReadHash28());
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

        return IsCompact(assets.Count, policies.Count)
            ? assets
            : throw input.Error($"{assets.Count} assets of {policies.Count} policies are more than one value can hold");
    }

    private static bool IsCompact(int assets, int policies) => ((long)CompactAsset * assets) + ((long)CompactPolicy * policies) <= MaxCompactSize;

    private static Int128 ReadQuantity(CborInput input)
    {
        var quantity = input.ReadUInt64();
        return quantity > 0 ? quantity : throw input.Error("a quantity of zero");
    }

    private static Int128 ReadMinted(CborInput input)
    {
        var quantity = input.ReadInt64();
        return quantity != 0 ? quantity : throw input.Error("a quantity of zero");
    }
}
