using Masumi.Protocol;

namespace Masumi.Acceptance.Killing;

/// <summary>What buyer and seller do with a job, from which follows how it must end.</summary>
internal enum Fate
{
    /// <summary>The seller delivers and collects.</summary>
    Delivered,

    /// <summary>The seller delivers nothing; the buyer has his money back after the deadline.</summary>
    NotDelivered,

    /// <summary>The buyer asks for a refund before there is a result, and the seller agrees.</summary>
    RefundAgreed,

    /// <summary>The buyer asks for a refund before there is a result, and the seller says nothing.</summary>
    RefundNotAgreed,

    /// <summary>The buyer asks for a refund while the seller delivers, and releases the money after all.</summary>
    DisputedAndReleased,

    /// <summary>The buyer disputes the result, and the seller agrees to a refund.</summary>
    DisputedAndRefunded,
}

/// <summary>A job as its clients know it.</summary>
internal sealed class Job(int number, Fate fate)
{
    public int Number { get; } = number;

    public Fate Fate { get; } = fate;

    /// <summary>Null until the seller's node has answered with an offer.</summary>
    public string? Identifier { get; set; }

    /// <summary>Whether the buyer's node has said that it has the purchase.</summary>
    public bool IsBought { get; set; }

    /// <summary>Whether the price is the seller's in the end.</summary>
    public bool IsSellers => Fate is Fate.Delivered or Fate.DisputedAndReleased;

    /// <summary>How both nodes must show it in the end.</summary>
    public OnChainState End => IsSellers ? OnChainState.Withdrawn : OnChainState.RefundWithdrawn;

    public override string ToString() => $"job {Number} ({Fate}) {Identifier?[..24]}…";
}
