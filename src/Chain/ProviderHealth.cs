using System.Collections.Immutable;

namespace Masumi.Chain;

/// <summary>Whether a provider is asked.</summary>
public enum ProviderState
{
    /// <summary>It is asked.</summary>
    Closed,

    /// <summary>It is left alone for a while.</summary>
    Open,

    /// <summary>The while is over: the next question is a probe.</summary>
    HalfOpen,
}

/// <summary>How a provider does.</summary>
/// <param name="Name">Its name.</param>
/// <param name="State">Whether it is asked.</param>
/// <param name="Since">Since when.</param>
/// <param name="Failures">How many questions went unanswered since the last answer.</param>
/// <param name="LastError">The last thing that went wrong.</param>
/// <param name="LastAnswerAt">When it last answered; null: never.</param>
/// <param name="Calls">How many questions were put to it.</param>
/// <param name="LastTip">The newest block it told, as it was accepted.</param>
public sealed record ProviderHealth(
    string Name,
    ProviderState State,
    DateTimeOffset Since,
    int Failures,
    string? LastError,
    DateTimeOffset? LastAnswerAt,
    long Calls,
    BlockPoint? LastTip
);

/// <summary>How the way to the chain does.</summary>
/// <param name="Providers">The providers, in the order they are asked.</param>
/// <param name="Tip">The newest block accepted; null before the first.</param>
/// <param name="IsBehind">Whether that block is older than a chain at work has.</param>
public sealed record ChainHealth(ImmutableArray<ProviderHealth> Providers, BlockPoint? Tip, bool IsBehind)
{
    // One question that got no answer among many is no news.
    private const int SomeFailures = 3;

    /// <summary>Whether at least one provider answers.</summary>
    public bool IsAvailable => Providers.Any(p => p is { State: ProviderState.Closed, LastAnswerAt: not null, Failures: < SomeFailures });
}
