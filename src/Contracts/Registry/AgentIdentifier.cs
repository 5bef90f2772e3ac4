using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using Masumi.Cardano;
using Masumi.Cardano.Crypto;
using Masumi.Cardano.Transactions;

namespace Masumi.Contracts.Registry;

/// <summary>An agent's token: registry policy and asset name; 120 hex digits as text (spec registry.md 5).</summary>
public readonly record struct AgentIdentifier(Hash28 Policy, AssetName Name)
{
    /// <summary>The number of hex digits of a token any of the two policies mints.</summary>
    public const int TextLength = 120;

    /// <summary>The asset.</summary>
    public AssetId Asset => new(Policy, Name);

    /// <summary>Reads policy and name from hex; names of the wrong length, which a policy filter alone would let pass, are refused.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out AgentIdentifier identifier)
    {
        identifier = default;
        if (text is not { Length: TextLength } || !AssetId.TryParse(text, out var asset))
        {
            return false;
        }

        identifier = new AgentIdentifier(asset.Policy, asset.Name);
        return true;
    }

    /// <summary>As <see cref="TryParse"/>; throws <see cref="FormatException"/>.</summary>
    public static AgentIdentifier Parse(string text) =>
        TryParse(text, out var identifier) ? identifier : throw new FormatException($"Not an agent identifier of {TextLength} hex digits: '{text}'.");

    /// <summary>Lowercase hex.</summary>
    public override string ToString() => $"{Policy}{Name}";
}

/// <summary>V1 asset names: blake2b-256 of an output the mint spends (spec registry.md 5.1).</summary>
public static class AgentNameV1
{
    /// <summary>The name that spending this output allows to mint.</summary>
    public static AssetName Of(TxInput seed) => new(Blake2b.Hash256(SeedBytes(seed)).ToArray());

    /// <summary>Transaction id followed by the index as four big-endian bytes; names of both generations are hashes of it.</summary>
    internal static byte[] SeedBytes(TxInput seed)
    {
        var bytes = new byte[Hash32.Size + sizeof(int)];
        seed.TxId.CopyTo(bytes);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(Hash32.Size), seed.Index);
        return bytes;
    }
}

/// <summary>
/// V2 asset names (spec registry.md 5.2): a nonce, a root that stays for life, a version that counts updates. Nonce and root together are the agent's lineage.
/// </summary>
/// <param name="Nonce">0x10 to 0xff; lower values are left to CIP-67 labels.</param>
/// <param name="Root">blake2b-224 of an output the mint spent.</param>
/// <param name="Version">0 at the mint, one more with every update; 24 bits.</param>
public sealed record AgentNameV2(byte Nonce, Hash28 Root, int Version)
{
    /// <summary>The least nonce.</summary>
    public const byte FirstNonce = 0x10;

    /// <summary>How many names one spent output can seed.</summary>
    public const int NamesPerSeed = 0x100 - FirstNonce;

    /// <summary>The last version there is room for.</summary>
    public const int LastVersion = 0xff_ffff;

    /// <summary>The name of the <paramref name="index"/>-th new agent (from 0) of a mint that spends <paramref name="seed"/>.</summary>
    public static AgentNameV2 New(TxInput seed, int index = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, NamesPerSeed);
        return new AgentNameV2((byte)(FirstNonce + index), Blake2b.Hash224(AgentNameV1.SeedBytes(seed)), 0);
    }

    /// <summary>The name after an update; null when the versions are used up.</summary>
    public AgentNameV2? Next() => Version < LastVersion ? this with { Version = Version + 1 } : null;

    /// <summary>The 32 bytes.</summary>
    public AssetName ToAssetName()
    {
        Span<byte> bytes = stackalloc byte[32];
        bytes[0] = Nonce;
        Root.CopyTo(bytes[1..]);
        bytes[29] = (byte)(Version >> 16);
        bytes[30] = (byte)(Version >> 8);
        bytes[31] = (byte)Version;
        return new AssetName(bytes);
    }

    /// <summary>Reads a name; null when it is none the V2 policy can have minted.</summary>
    public static AgentNameV2? Of(AssetName name)
    {
        var bytes = name.Bytes.Span;
        return bytes.Length == 32 && bytes[0] >= FirstNonce
            ? new AgentNameV2(bytes[0], new Hash28(bytes[1..29]), (bytes[29] << 16) | (bytes[30] << 8) | bytes[31])
            : null;
    }

    /// <summary>True when the other name is another version of the same agent.</summary>
    public bool IsSameLineage(AgentNameV2 other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Nonce == other.Nonce && Root == other.Root;
    }
}
