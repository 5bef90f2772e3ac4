using Masumi.Cardano;
using Masumi.Cardano.Transactions;

namespace Masumi.Settlement;

/// <summary>Where an agent's registration stands, in the names of the APIs (spec registry.md 12).</summary>
public enum RegistrationState
{
    /// <summary>Queued for minting.</summary>
    RegistrationRequested,

    /// <summary>The mint is on its way.</summary>
    RegistrationInitiated,

    /// <summary>The token exists.</summary>
    RegistrationConfirmed,

    /// <summary>The mint could not be done.</summary>
    RegistrationFailed,

    /// <summary>Queued for burning.</summary>
    DeregistrationRequested,

    /// <summary>The burn is on its way.</summary>
    DeregistrationInitiated,

    /// <summary>The token is gone.</summary>
    DeregistrationConfirmed,

    /// <summary>The burn could not be done.</summary>
    DeregistrationFailed,
}

/// <summary>One agent this node registers.</summary>
public sealed record Registration
{
    /// <summary>Our id.</summary>
    public required string Id { get; init; }

    /// <summary>The source whose policy mints the token.</summary>
    public required string SourceId { get; init; }

    /// <summary>The selling wallet that mints.</summary>
    public required string WalletId { get; init; }

    /// <summary>The managed wallet that receives the token, when another.</summary>
    public string? RecipientWalletId { get; init; }

    /// <summary>Where it stands.</summary>
    public required RegistrationState State { get; init; }

    /// <summary>Why it failed.</summary>
    public string? Error { get; init; }

    /// <summary>Policy and asset name, once the mint is built.</summary>
    public AssetId? AgentIdentifier { get; init; }

    /// <summary>The agent's name.</summary>
    public required string Name { get; init; }

    /// <summary>The agent's metadata as it will stand on chain, in the JSON of the registry room.</summary>
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
}
