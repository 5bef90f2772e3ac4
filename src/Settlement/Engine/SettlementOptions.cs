namespace Masumi.Settlement;

/// <summary>How the engine behaves; the defaults suit a public network.</summary>
public sealed record SettlementOptions
{
    /// <summary>How often the tip is asked for. Work that an API call queues starts at once.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How many blocks deep a transaction must be before it counts; 1 is its own block. The chain adapter must be told the same.</summary>
    public int Confirmations { get; init; } = 1;

    /// <summary>Most deals in one transaction.</summary>
    public int MaxBatch { get; init; } = 10;

    /// <summary>Slots past its validity before a transaction that is not on chain is declared dead.</summary>
    public int ExpiryGraceSlots { get; init; } = 60;

    /// <summary>Collect by itself what is due to the seller.</summary>
    public bool AutoWithdrawPayments { get; init; } = true;

    /// <summary>Collect by itself what is due to the buyer.</summary>
    public bool AutoWithdrawRefunds { get; init; } = true;
}
