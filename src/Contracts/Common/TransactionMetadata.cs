using Masumi.Cardano.Metadata;

namespace Masumi.Contracts.Common;

/// <summary>The metadata labels of Masumi transactions.</summary>
public static class TransactionMetadata
{
    /// <summary>Label of transaction messages (CIP-20).</summary>
    public const ulong MessageLabel = 674;

    /// <summary>Label of NFT metadata (CIP-25).</summary>
    public const ulong NftLabel = 721;

    /// <summary>The message of a Masumi transaction: <c>{"msg": ["Masumi", ...]}</c>.</summary>
    public static KeyValuePair<ulong, Metadatum> Message(params IEnumerable<string> words) =>
        new(MessageLabel, Metadatum.MapOf(("msg", new Metadatum.List([new Metadatum.Text("Masumi"), .. words.Select(w => new Metadatum.Text(w))]))));
}
