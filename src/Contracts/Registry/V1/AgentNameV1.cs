using Masumi.Cardano.Crypto;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Registry.Common;

namespace Masumi.Contracts.Registry.V1;

/// <summary>V1 asset names: blake2b-256 of an output the mint spends (spec registry.md 5.1).</summary>
public static class AgentNameV1
{
    /// <summary>The name that spending this output allows to mint.</summary>
    public static AssetName Of(TxInput seed) => new(Blake2b.Hash256(NameSeed.Bytes(seed)).ToArray());
}
