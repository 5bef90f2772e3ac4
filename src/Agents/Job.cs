using System.Text.Json;
using Masumi.Protocol;

namespace Masumi.Agents;

internal enum JobState
{
    AwaitingPayment,
    Running,

    /// <summary>The result is stored, the node has not accepted its hash yet.</summary>
    Submitting,
    Completed,
    Failed,

    /// <summary>Failed; until the deadline, a refund that the buyer asks for is agreed to.</summary>
    Refunding,
}

/// <summary>One job, whole: every change is written as a new line.</summary>
internal sealed record Job(
    string Id,
    BuyerNonce IdentifierFromPurchaser,
    JsonElement Input,
    InputHash InputHash,
    BlockchainIdentifier BlockchainIdentifier,
    Deadlines Times,
    string? SellerReturnAddress,
    IReadOnlyList<UnitAmount> Amounts,
    JobState State,
    int Attempts,
    string? Result,
    ResultHash? ResultHash,
    string? Reason,
    DateTimeOffset ChangedAt
)
{
    public bool IsOpen => State is not (JobState.Completed or JobState.Failed);
}
