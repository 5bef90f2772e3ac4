using System.Collections.Immutable;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Crypto;

namespace Masumi.Cardano.Transactions;

/// <summary>The name of an asset within its policy: 0 to 32 bytes, ordered bytewise.</summary>
public readonly struct AssetName : IEquatable<AssetName>, IComparable<AssetName>
{
    private readonly byte[]? _bytes;

    /// <summary>Copies up to 32 bytes; throws <see cref="ArgumentException"/> beyond.</summary>
    public AssetName(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > 32)
        {
            throw new ArgumentException($"An asset name has at most 32 bytes, got {bytes.Length}.", nameof(bytes));
        }

        _bytes = bytes.ToArray();
    }

    /// <summary>From hex; throws <see cref="FormatException"/>.</summary>
    public static AssetName FromHex(string hex) => new(Convert.FromHexString(hex));

    /// <summary>The bytes.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes ?? [];

    /// <inheritdoc/>
    public bool Equals(AssetName other) => Bytes.Span.SequenceEqual(other.Bytes.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is AssetName other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(Bytes.Span);
        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public int CompareTo(AssetName other) => Bytes.Span.SequenceCompareTo(other.Bytes.Span);

    /// <summary>Lowercase hex.</summary>
    public override string ToString() => Convert.ToHexStringLower(Bytes.Span);

    /// <summary>Bytewise equality.</summary>
    public static bool operator ==(AssetName left, AssetName right) => left.Equals(right);

    /// <summary>Bytewise inequality.</summary>
    public static bool operator !=(AssetName left, AssetName right) => !left.Equals(right);

    /// <summary>Bytewise order.</summary>
    public static bool operator <(AssetName left, AssetName right) => left.CompareTo(right) < 0;

    /// <summary>Bytewise order.</summary>
    public static bool operator >(AssetName left, AssetName right) => left.CompareTo(right) > 0;

    /// <summary>Bytewise order.</summary>
    public static bool operator <=(AssetName left, AssetName right) => left.CompareTo(right) <= 0;

    /// <summary>Bytewise order.</summary>
    public static bool operator >=(AssetName left, AssetName right) => left.CompareTo(right) >= 0;
}

/// <summary>A native asset: policy and name. Ordered by policy, then name, both bytewise.</summary>
public readonly record struct AssetId(PolicyId Policy, AssetName Name) : IComparable<AssetId>
{
    /// <summary>Parses policy hex followed by name hex, as Blockfrost writes units. Throws <see cref="FormatException"/>.</summary>
    public static AssetId Parse(string unit) => TryParse(unit, out var asset) ? asset : throw new FormatException($"Not an asset unit: '{unit}'.");

    /// <summary>Parses policy hex followed by name hex (56 to 120 digits).</summary>
    public static bool TryParse(string? unit, out AssetId asset)
    {
        asset = default;
        if (unit is null || unit.Length < 56 || unit.Length > 120 || unit.Length % 2 != 0 || !unit.All(char.IsAsciiHexDigit))
        {
            return false;
        }

        asset = new AssetId(PolicyId.Parse(unit[..56]), AssetName.FromHex(unit[56..]));
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(AssetId other) => Policy.CompareTo(other.Policy) is var order && order != 0 ? order : Name.CompareTo(other.Name);

    /// <summary>Policy hex followed by name hex.</summary>
    public override string ToString() => $"{Policy}{Name}";

    /// <summary>What wallets show for the asset (CIP-14): bech32 <c>asset…</c> of the blake2b-160 of policy and name.</summary>
    public string Fingerprint => Bech32.Encode("asset", Blake2b.Hash160([.. Policy.ToArray(), .. Name.Bytes.Span]));

    /// <summary>Ledger order.</summary>
    public static bool operator <(AssetId left, AssetId right) => left.CompareTo(right) < 0;

    /// <summary>Ledger order.</summary>
    public static bool operator >(AssetId left, AssetId right) => left.CompareTo(right) > 0;

    /// <summary>Ledger order.</summary>
    public static bool operator <=(AssetId left, AssetId right) => left.CompareTo(right) <= 0;

    /// <summary>Ledger order.</summary>
    public static bool operator >=(AssetId left, AssetId right) => left.CompareTo(right) >= 0;
}

/// <summary>
/// ADA and native assets. Never holds a zero quantity; quantities may be negative (differences, burns). Equality is by content.
/// An output's quantities go to 2^64-1 and a mint's are signed 64-bit numbers (CDDL <c>positive_coin</c>, <c>nonzero_int64</c>), and sums of them
/// have no limit of their own; 128 bits hold the sum of more outputs than a ledger can ever have.
/// </summary>
public sealed class Value : IEquatable<Value>
{
    private Value(Lovelace coin, ImmutableSortedDictionary<AssetId, Int128> assets)
    {
        Coin = coin;
        Assets = assets;
    }

    /// <summary>Nothing.</summary>
    public static Value Zero { get; } = new(Lovelace.Zero, ImmutableSortedDictionary<AssetId, Int128>.Empty);

    /// <summary>The ADA part.</summary>
    public Lovelace Coin { get; }

    /// <summary>The native assets in ledger order; no zero quantities.</summary>
    public ImmutableSortedDictionary<AssetId, Int128> Assets { get; }

    /// <summary>True when there are no native assets.</summary>
    public bool IsAdaOnly => Assets.IsEmpty;

    /// <summary>True when nothing is left.</summary>
    public bool IsZero => Coin == Lovelace.Zero && Assets.IsEmpty;

    /// <summary>True when no quantity is negative.</summary>
    public bool IsNonNegative => Coin >= Lovelace.Zero && Assets.Values.All(q => q >= 0);

    /// <summary>ADA only.</summary>
    public static Value Of(Lovelace coin) => new(coin, ImmutableSortedDictionary<AssetId, Int128>.Empty);

    /// <summary>ADA and assets; zero quantities are dropped, repeated assets are summed.</summary>
    public static Value Of(Lovelace coin, IEnumerable<KeyValuePair<AssetId, Int128>> assets)
    {
        var builder = ImmutableSortedDictionary.CreateBuilder<AssetId, Int128>();
        foreach (var (asset, quantity) in assets)
        {
            Add(builder, asset, quantity);
        }

        return new Value(coin, builder.ToImmutable());
    }

    /// <summary>ADA and one asset.</summary>
    public static Value Of(Lovelace coin, AssetId asset, Int128 quantity) => Of(coin, [new KeyValuePair<AssetId, Int128>(asset, quantity)]);

    /// <summary>The quantity of an asset, 0 when absent.</summary>
    public Int128 this[AssetId asset] => Assets.TryGetValue(asset, out var quantity) ? quantity : Int128.Zero;

    /// <summary>The same assets with another ADA part.</summary>
    public Value WithCoin(Lovelace coin) => new(coin, Assets);

    /// <summary>True when every quantity is at least the one in <paramref name="other"/> (assets absent here count as 0).</summary>
    public bool Covers(Value other) => Coin >= other.Coin && other.Assets.All(a => this[a.Key] >= a.Value) && Assets.All(a => a.Value >= other[a.Key]);

    /// <summary>Sum, checked.</summary>
    public static Value operator +(Value left, Value right)
    {
        if (right.Assets.IsEmpty)
        {
            return new Value(left.Coin + right.Coin, left.Assets);
        }

        var builder = left.Assets.ToBuilder();
        foreach (var (asset, quantity) in right.Assets)
        {
            Add(builder, asset, quantity);
        }

        return new Value(left.Coin + right.Coin, builder.ToImmutable());
    }

    /// <summary>Difference, checked; may be negative.</summary>
    public static Value operator -(Value left, Value right) => left + -right;

    /// <summary>The opposite value.</summary>
    public static Value operator -(Value value) => new(-value.Coin, value.Assets.ToImmutableSortedDictionary(a => a.Key, a => checked(-a.Value)));

    /// <inheritdoc/>
    public bool Equals(Value? other) => other is not null && Coin == other.Coin && Assets.Count == other.Assets.Count && Assets.SequenceEqual(other.Assets);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Value);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Coin, Assets.Count);

    /// <summary>Content equality.</summary>
    public static bool operator ==(Value? left, Value? right) => left is null ? right is null : left.Equals(right);

    /// <summary>Content inequality.</summary>
    public static bool operator !=(Value? left, Value? right) => !(left == right);

    /// <summary>For logs: lovelace, then assets as unit=quantity.</summary>
    public override string ToString() => Assets.IsEmpty ? $"{Coin}" : $"{Coin} + {string.Join(" + ", Assets.Select(a => $"{a.Value} {a.Key}"))}";

    private static void Add(ImmutableSortedDictionary<AssetId, Int128>.Builder builder, AssetId asset, Int128 quantity)
    {
        builder.TryGetValue(asset, out var before);
        var after = checked(before + quantity);
        if (after == 0)
        {
            builder.Remove(asset);
        }
        else
        {
            builder[asset] = after;
        }
    }
}
