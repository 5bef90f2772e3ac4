using Masumi.Cardano;
using Masumi.Protocol;

namespace Masumi.Settlement.Registrations;

/// <summary>What a registration puts on chain.</summary>
public enum RegistrationKind
{
    /// <summary>An agent to hire.</summary>
    Agent,

    /// <summary>An inbox of the agent messenger.</summary>
    Inbox,
}

/// <summary>One agent, or one inbox, this node registers.</summary>
public sealed record Registration
{
    /// <summary>Our id.</summary>
    public required string Id { get; init; }

    /// <summary>What it puts on chain.</summary>
    public RegistrationKind Kind { get; init; }

    /// <summary>The source whose policy mints the token.</summary>
    public required string SourceId { get; init; }

    /// <summary>The selling wallet that mints.</summary>
    public required string WalletId { get; init; }

    /// <summary>The managed wallet that receives the token, when another.</summary>
    public string? RecipientWalletId { get; init; }

    /// <summary>The managed wallet that was seen with the token when its update or its end was asked for; null: nobody moved it.</summary>
    public string? HolderWalletId { get; init; }

    /// <summary>Where it stands.</summary>
    public required RegistrationState State { get; init; }

    /// <summary>Why it failed.</summary>
    public string? Error { get; init; }

    /// <summary>How often in a row it could not be made.</summary>
    public int Tries { get; init; }

    /// <summary>When it is to be made, or tried again; null when nothing is wanted.</summary>
    public DateTimeOffset? NextAt { get; init; }

    /// <summary>The agent's identifier, once a mint is on its way or in a block: that one's. Each update gives it the next one.</summary>
    public AgentIdentifier? AgentIdentifier { get; init; }

    /// <summary>The agent's name.</summary>
    public required string Name { get; init; }

    /// <summary>The metadata as it is to stand on chain: CBOR in hex.</summary>
    public required string Entry { get; init; }

    /// <summary>ADA to send along with the token, when more than the default.</summary>
    public Lovelace? Funding { get; init; }

    /// <summary>The API key that asked.</summary>
    public string? RequestedBy { get; init; }

    /// <summary>When it was asked for.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Last change of anything.</summary>
    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Last change of state or error.</summary>
    public DateTimeOffset StateChangedAt { get; init; }

    /// <summary>The managed wallet that holds the token, as far as we know.</summary>
    public string KeeperWalletId => HolderWalletId ?? RecipientWalletId ?? WalletId;

    /// <summary>Saying something else on chain.</summary>
    public Registration Saying(string entry) => this with { Entry = entry, Name = RegistrationFacets.Of(entry).Name is { Length: > 0 } name ? name : Name };
}
