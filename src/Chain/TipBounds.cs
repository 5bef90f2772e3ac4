using Masumi.Cardano;

namespace Masumi.Chain;

/// <summary>What a tip may be like.</summary>
public sealed record TipLimits
{
    /// <summary>How far ahead of the local clock it may be. Default 5 min.</summary>
    public TimeSpan Ahead { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>From where on that is a warning. Default 30 s.</summary>
    public TimeSpan AheadWarning { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>From where on being behind is a warning: gaps between blocks over two minutes happen eleven times a day. Default 3 min.</summary>
    public TimeSpan BehindWarning { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>How often a block comes, on average: one that goes up by far more than there was time for is looked at twice. Default 20 s.</summary>
    public TimeSpan BlockTime { get; init; } = TimeSpan.FromSeconds(20);
}

/// <summary>Which bound a tip breaks.</summary>
public enum TipRule
{
    /// <summary>It is ahead of the local clock.</summary>
    AheadOfClock,

    /// <summary>Its slot does not start when it says.</summary>
    SlotAndTime,

    /// <summary>It has more blocks than slots.</summary>
    BlocksAndSlots,
}

/// <summary>Why a tip is not believed.</summary>
/// <param name="Rule">The bound.</param>
/// <param name="Found">What the tip says.</param>
/// <param name="Allowed">What would be allowed.</param>
public sealed record TipRefusal(TipRule Rule, string Found, string Allowed)
{
    /// <summary>In words.</summary>
    public override string ToString() =>
        Rule switch
        {
            TipRule.AheadOfClock => $"its newest block is of {Found}, at most {Allowed} is allowed by the local clock",
            TipRule.SlotAndTime => $"its newest block says {Found}, the slot configuration {Allowed}; the configuration is for another network",
            _ => $"its newest block has the height {Found}, from 0 to {Allowed} is possible in its slot",
        };
}

/// <summary>What of a provider's tip is believed. Pure.</summary>
public static class TipBounds
{
    /// <summary>Why a tip is not believed; null when nothing speaks against it.</summary>
    /// <param name="tip">The tip.</param>
    /// <param name="now">The local clock; null where the network's clock may be moved.</param>
    /// <param name="slots">The network's slots; null while they are not known.</param>
    /// <param name="limits">The bounds.</param>
    public static TipRefusal? Refuse(BlockPoint tip, DateTimeOffset? now, SlotConfig? slots, TipLimits limits)
    {
        if (tip.Height < 0 || tip.Height > tip.Slot.Number)
        {
            return new TipRefusal(TipRule.BlocksAndSlots, $"{tip.Height}", $"{tip.Slot.Number}");
        }

        if (now is { } local && tip.Time > local + limits.Ahead)
        {
            return new TipRefusal(TipRule.AheadOfClock, $"{tip.Time:O}", $"{local + limits.Ahead:O}");
        }

        return slots is not null && !Agree(tip, slots)
            ? new TipRefusal(TipRule.SlotAndTime, $"that slot {tip.Slot} starts at {tip.Time:O}", Expected(tip, slots))
            : null;
    }

    /// <summary>
    /// Whether a tip differs from the newest block known in a way that wants a second look: lower, not one above it although next to it, or higher by more than
    /// there was time for. Blocks come at random; one in some ten thousand tips is honest and looked at all the same.
    /// </summary>
    /// <param name="tip">The tip.</param>
    /// <param name="newest">The newest block known.</param>
    /// <param name="now">The local clock; null where the network's clock may be moved.</param>
    /// <param name="limits">The bounds.</param>
    public static bool IsAbrupt(BlockHeader tip, BlockPoint newest, DateTimeOffset? now, TipLimits limits)
    {
        var rise = tip.Point.Height - newest.Height;
        if (tip.Point.Hash == newest.Hash || tip.Previous == newest.Hash)
        {
            return rise != (tip.Point.Hash == newest.Hash ? 0 : 1);
        }

        var until = now < tip.Point.Time ? now.Value : tip.Point.Time;
        var expected = Math.Max(0, (until - newest.Time) / limits.BlockTime);
        return rise < 0 || rise > expected + (3 * Math.Sqrt(expected)) + 2;
    }

    /// <summary>Whether a block is of the time when its slot starts.</summary>
    public static bool Agree(BlockPoint tip, SlotConfig slots) =>
        tip.Slot.Number >= 0
        && tip.Slot.Number <= LastSlot(slots)
        && (slots.TimeOf(tip.Slot) - tip.Time).Duration() <= slots.SlotLength + TimeSpan.FromSeconds(1);

    private static string Expected(BlockPoint tip, SlotConfig slots) => tip.Slot.Number <= LastSlot(slots) ? $"{slots.TimeOf(tip.Slot):O}" : "no such slot";

    // Further slots have no date.
    private static long LastSlot(SlotConfig slots) => slots.SlotAt(DateTimeOffset.MaxValue - TimeSpan.FromDays(1)).Number;
}
