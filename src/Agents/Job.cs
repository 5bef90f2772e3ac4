using System.Text.Json;
using Masumi.Client;

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
    string IdentifierFromPurchaser,
    JsonElement Input,
    string InputHash,
    string BlockchainIdentifier,
    DealTimes Times,
    string? SellerReturnAddress,
    IReadOnlyList<TokenAmount> Amounts,
    JobState State,
    int Attempts,
    string? Result,
    string? ResultHash,
    string? Reason,
    DateTimeOffset ChangedAt
)
{
    public bool IsOpen => State is not (JobState.Completed or JobState.Failed);
}
