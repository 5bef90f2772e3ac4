using Masumi.Settlement.Rails;

namespace Masumi.Settlement.Deals;

/// <summary>What a deadline makes urgent: where calls are scarce it goes before the rest.</summary>
public static class Urgency
{
    /// <summary>A deadline is near from here on.</summary>
    public static TimeSpan Near { get; } = TimeSpan.FromMinutes(15);

    /// <summary>Whether what a deal wants now must be done soon or never.</summary>
    public static bool IsUrgent(Deal deal, DateTimeOffset now, DealRules rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        return rules.Next(deal, now, rules) is DealStep.Act { Until: { } until } act && act.At <= now && until - now <= Near;
    }

    /// <summary>Whether a transaction that does this has a deadline behind it.</summary>
    public static bool HasDeadline(string action) => action is nameof(Intent.Lock) or nameof(Intent.SubmitResult) or nameof(Intent.RequestRefund);
}
