namespace Masumi.Cardano.Addresses;

/// <summary>The network id nibble of addresses and body key 15.</summary>
public enum NetworkId
{
    /// <summary>Preprod, preview, devnets.</summary>
    Testnet = 0,

    /// <summary>Mainnet.</summary>
    Mainnet = 1,
}

/// <summary>Whether a hash is of a key or of a script.</summary>
public enum CredentialKind
{
    /// <summary>blake2b-224 of an Ed25519 public key.</summary>
    Key = 0,

    /// <summary>A script hash.</summary>
    Script = 1,
}

/// <summary>Who controls an output or an account: a key or a script.</summary>
public readonly record struct Credential(CredentialKind Kind, Hash28 Hash)
{
    /// <summary>A key credential.</summary>
    public static Credential Key(Hash28 hash) => new(CredentialKind.Key, hash);

    /// <summary>A script credential.</summary>
    public static Credential Script(Hash28 hash) => new(CredentialKind.Script, hash);

    /// <summary>True for a key credential.</summary>
    public bool IsKey => Kind == CredentialKind.Key;

    /// <summary>True for a script credential.</summary>
    public bool IsScript => Kind == CredentialKind.Script;
}

/// <summary>
/// A Cardano address (CIP-19): Shelley base, enterprise, pointer, reward account, or Byron. Equality is equality of the raw bytes.
/// </summary>
public sealed partial class Address : IEquatable<Address>
{
    private readonly byte[] _bytes;

    private Address(byte[] bytes)
    {
        _bytes = bytes;
    }

    /// <summary>The raw bytes, header first.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes;

    /// <inheritdoc/>
    public bool Equals(Address? other) => other is not null && _bytes.AsSpan().SequenceEqual(other._bytes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Address);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(_bytes);
        return hash.ToHashCode();
    }

    /// <summary>Equality of the raw bytes.</summary>
    public static bool operator ==(Address? left, Address? right) => left is null ? right is null : left.Equals(right);

    /// <summary>Inequality of the raw bytes.</summary>
    public static bool operator !=(Address? left, Address? right) => !(left == right);

    /// <summary>The bech32 text (base58 for Byron).</summary>
    public override string ToString() => ToText();
}
