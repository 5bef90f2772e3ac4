using Masumi.Cardano;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Common;
using Masumi.Contracts.Registry.Common;
using Masumi.Contracts.Registry.V2;
using Masumi.Protocol;

namespace Masumi.Settlement.Registrations;

/// <summary>What a mint says of the agent it registers or updates; and how one that another copy of this node made is known again (O1, ADR 7).</summary>
/// <param name="Agent">The agent whose token it makes.</param>
/// <param name="Replaces">The agent's identifier until then, whose token it burns; null where the agent is new.</param>
/// <param name="Entry">What it says of the agent: CBOR in hex; null where it says nothing.</param>
public sealed record AgentMint(AgentIdentifier Agent, AgentIdentifier? Replaces, string? Entry)
{
    /// <summary>The one agent that a transaction registers or updates, and nothing else; null when it does not.</summary>
    /// <param name="transaction">The transaction; its metadata counts only where its body names their hash.</param>
    public static AgentMint? In(Transaction transaction)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        var changes = transaction.Body.Mint.Assets;
        var made = changes.Where(a => a.Value == 1).Select(a => a.Key).ToList();
        var burned = changes.Where(a => a.Value == -1).Select(a => a.Key).ToList();
        if (made is not [var asset] || made.Count + burned.Count != changes.Count || !AgentIdentifier.TryParse($"{asset.Policy}{asset.Name}", out var agent))
        {
            return null;
        }

        var told = transaction.AuxiliaryData is { } data && data.Hash == transaction.Body.AuxiliaryDataHash ? data : null;
        var entry = AgentMetadataReader.FindEntry(told, asset) is { } found ? Convert.ToHexStringLower(found.ToCbor()) : null;
        return burned switch
        {
            [] => new AgentMint(agent, null, entry),
            [var old] when AgentVersions.Previous(agent) is { } previous && previous.ToAsset() == old => new AgentMint(agent, previous, entry),
            _ => null,
        };
    }

    /// <summary>The agent that a transaction registers with exactly the metadata that a registration asks for, and no other; null when it does not.</summary>
    /// <param name="registration">The registration.</param>
    /// <param name="policy">The registry's policy.</param>
    /// <param name="transaction">The transaction.</param>
    public static AgentIdentifier? Of(Registration registration, PolicyId policy, Transaction transaction)
    {
        ArgumentNullException.ThrowIfNull(registration);
        return In(transaction) is { Replaces: null } mint && mint.Entry == registration.Entry && mint.Agent.ToAsset().Policy == policy ? mint.Agent : null;
    }
}
