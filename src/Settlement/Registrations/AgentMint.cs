using Masumi.Cardano;
using Masumi.Cardano.Metadata;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Registry.Common;
using Masumi.Protocol;

namespace Masumi.Settlement.Registrations;

/// <summary>What a mint says of the agent it registers; and how one that another copy of this node made is known again (O1, ADR 7).</summary>
public static class AgentMint
{
    /// <summary>The agent that a transaction registers, and nothing else; null when it does not.</summary>
    public static AgentIdentifier? In(Transaction transaction)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        var minted = transaction.Body.Mint.Assets;
        if (minted.Count != 1)
        {
            return null;
        }

        var (asset, quantity) = minted.Single();
        return quantity == 1 && AgentIdentifier.TryParse($"{asset.Policy}{asset.Name}", out var agent) ? agent : null;
    }

    /// <summary>The agent that a transaction registers with exactly the metadata that a registration asks for, and no other; null when it does not.</summary>
    /// <param name="registration">The registration.</param>
    /// <param name="policy">The registry's policy.</param>
    /// <param name="transaction">The transaction; its metadata counts only where its body names their hash.</param>
    public static AgentIdentifier? Of(Registration registration, PolicyId policy, Transaction transaction)
    {
        ArgumentNullException.ThrowIfNull(registration);
        ArgumentNullException.ThrowIfNull(transaction);
        var minted = transaction.Body.Mint.Assets;
        if (minted.Count != 1)
        {
            return null;
        }

        var (asset, quantity) = minted.Single();
        if (
            quantity != 1
            || asset.Policy != policy
            || transaction.AuxiliaryData is not { } told
            || told.Hash != transaction.Body.AuxiliaryDataHash
            || AgentMetadataReader.Read(Metadatum.FromCbor(Convert.FromHexString(registration.Entry))) is not MetadataReading.Agent { Metadata: var metadata }
        )
        {
            return null;
        }

        var (label, wanted) = AgentMetadataWriter.Envelope(policy, (asset.Name, metadata));
        return told.Metadata.TryGetValue(label, out var shown) && shown.ToCbor().AsSpan().SequenceEqual(wanted.ToCbor())
            ? AgentIdentifier.Parse($"{policy}{asset.Name}")
            : null;
    }
}
