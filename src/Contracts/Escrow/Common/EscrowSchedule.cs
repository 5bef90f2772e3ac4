using Masumi.Protocol;

namespace Masumi.Contracts.Escrow.Common;

/// <summary>Thresholds of the reference's scheduler (spec escrow.md 5.3); when a node starts on an action.</summary>
public static class EscrowSchedule
{
    /// <summary>A lock is only started this long before <see cref="Deadlines.PayBy"/>.</summary>
    public static TimeSpan LockBeforePayBy { get; } = TimeSpan.FromSeconds(57);

    /// <summary>A lock is only started this long before the result's deadline.</summary>
    public static TimeSpan LockBeforeSubmitResult { get; } = TimeSpan.FromMinutes(5);

    /// <summary>A result is only submitted under a deadline at least this far away.</summary>
    public static TimeSpan ResultBeforeDeadline { get; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Most V2 script legs in one transaction; V1 always 1. So many of every action of our contract fit into one with a reference script; with a larger
    /// contract the builder says when it is too much.
    /// </summary>
    public const int MaxLegs = 16;
}
