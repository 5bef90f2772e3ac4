using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Building;
using Masumi.Cardano.Metadata;
using Masumi.Cardano.Parameters;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Common;
using Masumi.Contracts.Registry.Common;
using Masumi.Contracts.Registry.V1;
using Masumi.Contracts.Registry.V2;
using Masumi.Protocol;

namespace Masumi.Contracts.Registry;

/// <summary>A token to mint.</summary>
/// <param name="Entry">What it says, as <see cref="AgentMetadataWriter"/> writes it.</param>
/// <param name="Recipient">Who holds it, and so is the seller.</param>
/// <param name="Funding">ADA to put beside it; at least <see cref="RegistryTransactions.LeastFunding"/> is used.</param>
public sealed record NewAgent(Metadatum Entry, Address Recipient, Lovelace Funding = default)
{
    /// <summary>An agent's.</summary>
    public NewAgent(AgentMetadata metadata, Address recipient, Lovelace funding = default)
        : this(AgentMetadataWriter.Write(metadata), recipient, funding) { }
}

/// <summary>Plans registrations, updates and retirements (spec registry.md 9). Unlike the reference's, these transactions end: without an end, one declared
/// lost could still happen.</summary>
/// <param name="family">V1: one token per transaction, no updates.</param>
/// <param name="policy">The policy id.</param>
/// <param name="script">The policy's script for the witnesses; null when a reference input carries it.</param>
/// <param name="parameters">For minimum ADA.</param>
/// <param name="slots">For the end of validity.</param>
public sealed class RegistryTransactions(EscrowFamily family, PolicyId policy, Script? script, ProtocolParameters parameters, SlotConfig slots)
{
    /// <summary>The least ADA beside a token: the seller's first collateral.</summary>
    public static Lovelace LeastFunding { get; } = Lovelace.FromAda(5);

    /// <summary>Most agents of one V2 registration or update; V1 always 1.</summary>
    public const int MaxAgents = 5;

    /// <summary>Most agents of one V2 retirement; V1 always 1.</summary>
    public const int MaxRetirements = 7;

    /// <summary>
    /// The most bytes of an entry that a transaction surely takes, with the policy's script, a wallet's many small coins and the witnesses beside it: an entry is
    /// looked at before anything is paid.
    /// </summary>
    public const int MostEntryBytes = 12_000;

    /// <summary>Registers agents; their names follow from <paramref name="seed"/>, which must be spent.</summary>
    public RegistryPieces Register(IReadOnlyList<NewAgent> agents, Utxo seed, KeyHash signer, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(agents);
        ArgumentNullException.ThrowIfNull(seed);
        Limit(agents.Count, MaxAgents);
        var names = agents.Select((_, i) => family == EscrowFamily.V1 ? AgentNameV1.Of(seed.Input) : AgentNameV2.New(seed.Input, i).ToAssetName());
        return Pieces(RegistryAction.Mint, [seed], [.. names.Zip(agents)], [], signer, now);
    }

    /// <summary>Publishes the next version of V2 agents. Their identifiers change.</summary>
    /// <param name="agents">The agent's present token (which must be in the output), and what it shall say.</param>
    /// <param name="signer">The wallet that holds the tokens.</param>
    /// <param name="now">Chain time.</param>
    public RegistryPieces Update(IReadOnlyList<(AgentIdentifier Old, Utxo Token, NewAgent New)> agents, KeyHash signer, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(agents);
        Limit(agents.Count, MaxAgents);
        var minted = agents.Select(a => (Next(a.Old), a.New));
        return Pieces(RegistryAction.Update, Tokens(agents.Select(a => (a.Old, a.Token))), [.. minted], [.. agents.Select(a => a.Old)], signer, now);
    }

    /// <summary>Retires agents: burns their tokens. The ADA beside them returns to the change.</summary>
    public RegistryPieces Deregister(IReadOnlyList<(AgentIdentifier Agent, Utxo Token)> agents, KeyHash signer, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(agents);
        Limit(agents.Count, MaxRetirements);
        return Pieces(RegistryAction.Burn, Tokens(agents), [], [.. agents.Select(a => a.Agent)], signer, now);
    }

    private RegistryPieces Pieces(
        RegistryAction action,
        ImmutableArray<Utxo> inputs,
        ImmutableArray<(AssetName Name, NewAgent Agent)> minted,
        ImmutableArray<AgentIdentifier> burned,
        KeyHash signer,
        DateTimeOffset now
    )
    {
        var message = TransactionMetadata.Message([RegistryRedeemer.Label(action)]);
        var assets = minted.Select(m => KeyValuePair.Create(m.Name, 1L)).Concat(burned.Select(b => KeyValuePair.Create(b.ToAsset().Name, -1L)));
        return new RegistryPieces(
            inputs,
            new MintAction(policy, [.. assets], RegistryRedeemer.Of(action, family), script),
            [.. minted.Select(m => Output(m.Name, m.Agent))],
            minted.IsEmpty ? burned : [.. minted.Select(m => AgentIdentifier.Parse($"{policy}{m.Name}"))],
            signer,
            slots.SlotAt(now + Validity.Longest),
            minted.IsEmpty
                ? AuxiliaryData.FromMetadata([message])
                : AuxiliaryData.FromMetadata([message, AgentMetadataWriter.Envelope(policy, minted.Select(m => (m.Name, m.Agent.Entry)))])
        );
    }

    private TxOutput Output(AssetName name, NewAgent agent) =>
        new TxOutput(agent.Recipient, Value.Of(Lovelace.Max(agent.Funding, LeastFunding), new AssetId(policy, name), 1)).WithMinUtxo(parameters);

    private static ImmutableArray<Utxo> Tokens(IEnumerable<(AgentIdentifier Agent, Utxo Token)> agents)
    {
        var tokens = ImmutableArray.CreateBuilder<Utxo>();
        foreach (var (agent, token) in agents)
        {
            if (token.Output.Value[agent.ToAsset()] < 1)
            {
                throw new ArgumentException($"{token.Input} does not hold {agent}.", nameof(agents));
            }

            // Several tokens may lie in one output.
            if (tokens.All(t => t.Input != token.Input))
            {
                tokens.Add(token);
            }
        }

        return tokens.ToImmutable();
    }

    private static AssetName Next(AgentIdentifier old) =>
        AgentNameV2.Of(old.ToAsset().Name)?.Next()?.ToAssetName() ?? throw new ArgumentException($"{old} has no next version.", nameof(old));

    private void Limit(int count, int most)
    {
        most = family == EscrowFamily.V1 ? 1 : most;
        if (count < 1 || count > most)
        {
            throw new ArgumentException($"One transaction takes 1 to {most} agents, got {count}.", nameof(count));
        }
    }
}
