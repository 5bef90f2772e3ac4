using Masumi.Protocol.Hashing;

namespace Masumi.Client;

/// <summary>How a purchase ended, and where the money is.</summary>
public abstract record BuyOutcome
{
    private BuyOutcome() { }

    /// <summary>The result is here and its hash is the one on chain.</summary>
    public sealed record Delivered(StartedJob Job, string Result, ResultHashRule Rule, DealRow Purchase) : BuyOutcome;

    /// <summary>Nothing was paid: unknown agent, an offer that differs from what was asked, or a refusal by the own node.</summary>
    public sealed record NotPaid(string Reason) : BuyOutcome;

    /// <summary>The lock did not reach the chain before the deadline. The own node may still know more: ask it.</summary>
    public sealed record NotLocked(StartedJob Job, string Reason, DealRow? Purchase) : BuyOutcome;

    /// <summary>The money is locked and no result came; a refund can be requested.</summary>
    public sealed record NotDelivered(StartedJob Job, string Reason, DealRow? Purchase) : BuyOutcome;

    /// <summary>The agent's result is not the one whose hash is on chain; a refund can be requested before the unlock time.</summary>
    public sealed record ResultDiffers(StartedJob Job, string Result, string HashOnChain, DealRow Purchase) : BuyOutcome;
}
