using Masumi.Cardano;

namespace Masumi.Devnet.Http;

/// <summary>CIP-14 asset fingerprints.</summary>
internal static class Fingerprint
{
    public static string Of(AssetId asset) => Bech32.Encode("asset", Blake2b.Hash160([.. asset.Policy.ToArray(), .. asset.Name.Bytes.Span]));
}
