using Masumi.Protocol;
using Masumi.Settlement.Deals;

namespace Masumi.Settlement.Engine;

/// <summary>How the engine behaves; the defaults suit a public network.</summary>
public sealed record SettlementOptions
{
    /// <summary>How often the tip is asked for. Work that an API call queues starts at once, and what time makes due at its time.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How many blocks must stand on a lock before a seller counts it, by amount (decision 3).</summary>
    public Confirmations Confirmations { get; init; } = Confirmations.Default;

    /// <summary>From which amount on a second provider must have a lock too, where there is one.</summary>
    public AgreementRule Agreement { get; init; } = AgreementRule.Default;

    /// <summary>How far ahead the deadlines of new deals may lie (decision 8).</summary>
    public DeadlineLimits Deadlines { get; init; } = DeadlineLimits.Default;

    /// <summary>Most deals in one transaction; what fits is found out.</summary>
    public int MaxBatch { get; init; } = 24;

    /// <summary>How long a lock waits for others to share its transaction (decision 11).</summary>
    public TimeSpan LockWindow { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Slots past its validity before a transaction that is not on chain is declared dead.</summary>
    public int ExpiryGraceSlots { get; init; } = 60;

    /// <summary>How often everything is looked at again, cause or no cause (decision 12).</summary>
    public TimeSpan ReconcileInterval { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Publish contracts' scripts at own wallets where that pays (decision 10).</summary>
    public bool PublishScripts { get; init; } = true;

    /// <summary>Collect by itself what is due to the seller.</summary>
    public bool AutoWithdrawPayments { get; init; } = true;

    /// <summary>Collect by itself what is due to the buyer.</summary>
    public bool AutoWithdrawRefunds { get; init; } = true;

    /// <summary>3k/f of the network (k = 2160, f = 1/20 on the public ones): slots after which no block is undone any more.</summary>
    public long StabilitySlots { get; init; } = 129_600;

    /// <summary>How long events of the outbox are kept although every consumer has them.</summary>
    public TimeSpan EventsKept { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How long events are kept at the most, for a consumer that does not come back.</summary>
    public TimeSpan EventsKeptAtMost { get; init; } = TimeSpan.FromDays(30);

    /// <summary>
    /// True where blocks come only with transactions and the provider is the operator's own, as on a devnet: then time that passed without a block is believed
    /// too. Elsewhere what cannot be undone waits for a later block.
    /// </summary>
    public bool BlocksMayStandStill { get; init; }

    /// <summary>For a devnet of the operator's own: nothing waits for another block, and nothing is published whose price only a long life earns back.</summary>
    public static SettlementOptions Devnet { get; } =
        new()
        {
            Confirmations = Confirmations.Always(0),
            BlocksMayStandStill = true,
            PublishScripts = false,
        };

    /// <summary>How deals are judged.</summary>
    public DealRules Rules =>
        new()
        {
            CollectPayments = AutoWithdrawPayments,
            CollectRefunds = AutoWithdrawRefunds,
            LockWindow = LockWindow,
        };
}
