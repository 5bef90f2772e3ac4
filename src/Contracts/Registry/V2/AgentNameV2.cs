using Masumi.Cardano;
using Masumi.Cardano.Crypto;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Registry.Common;

namespace Masumi.Contracts.Registry.V2;

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
        return new AgentNameV2((byte)(FirstNonce + index), Blake2b.Hash224(NameSeed.Bytes(seed)), 0);
    }

    /// <summary>The name after an update; null when the versions are used up.</summary>
    public AgentNameV2? Next() => Version < LastVersion ? this with { Version = Version + 1 } : null;

    /// <summary>The name before the last update; null when there was none.</summary>
    public AgentNameV2? Previous() => Version > 0 ? this with { Version = Version - 1 } : null;

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
}
