using Masumi.Cardano;

namespace Masumi.Chain;

/// <summary>A provider and how hard it may be asked.</summary>
/// <param name="Provider">The provider.</param>
public sealed record ProviderSetup(IChainProvider Provider)
{
    /// <summary>Calls per second in the long run; 0: without limit.</summary>
    public double CallsPerSecond { get; init; }

    /// <summary>Calls that may be made at once after a quiet time. A fifth of them is kept for deadline work.</summary>
    public int Burst { get; init; } = 500;
}

/// <summary>How a chain is read through its providers, and what of their word is believed.</summary>
public sealed record ProvidedChainOptions
{
    /// <summary>How long a call may take in all, over all providers and attempts. Following and lists have it for each single question. Default 10 s.</summary>
    public TimeSpan CallBudget { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long all pages of unspent outputs or holders may take, and a list of transactions that brings none that was asked for. Default 2 min.</summary>
    public TimeSpan ListBudget { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How often a question is put in all, to each provider, before the chain counts as unavailable. Default 5.</summary>
    public int MaxAttempts { get; init; } = 5;

    /// <summary>
    /// How many blocks a transaction must be deep before following reports it; 1, the default, is its own block. More costs one call per new block, and
    /// a rollback that is no deeper than this is never seen.
    /// </summary>
    public int Confirmations { get; init; } = 1;

    /// <summary>
    /// Whether a tip lower than the last known one is a rollback: only where there is one server whose chain may really go back, as a devnet's. Elsewhere it is
    /// <see cref="ChainEvent.Behind"/>. Default: no.
    /// </summary>
    public bool MayGoBack { get; init; }

    /// <summary>After how long a lower tip is believed all the same, if the known point is gone by its hash. Default 10 min.</summary>
    public TimeSpan BelieveLowerTipAfter { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Whether the network's clock may be moved: then its tip is not compared with the local clock. Default: no.</summary>
    public bool IsDevnet { get; init; }

    /// <summary>What a tip may be like.</summary>
    public TipLimits Tip { get; init; } = new();

    /// <summary>What the protocol parameters may be.</summary>
    public ParameterLimits Parameters { get; init; } = ParameterLimits.Standard;

    /// <summary>How long protocol parameters are kept at most; a new epoch ends it earlier. Default 10 min.</summary>
    public TimeSpan ParametersLifetime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Slot to time mapping; null: from the network's own genesis.</summary>
    public SlotConfig? Slots { get; init; }

    /// <summary>
    /// Why a provider whose genesis says this magic (null: none) is of another network and not used; null when it is not. Costs each provider one call. Null:
    /// not looked at.
    /// </summary>
    public Func<long?, string?>? RefuseNetwork { get; init; }

    /// <summary>How many unanswered questions of one kind in a row open a provider's circuit; silence counts three. Default 5.</summary>
    public int FailuresToOpen { get; init; } = 5;

    /// <summary>How long a provider is left alone at first; the pause doubles as long as it does not get better. Default 5 s.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The same where it says that it does not serve us (402, 403). Default 30 s.</summary>
    public TimeSpan FirstPauseWhenRefused { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest pause, also of those that a provider asks for: then it is probed. Default 5 min.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a probe may take where there is another provider to ask. Default 3 s.</summary>
    public TimeSpan ProbeLimit { get; init; } = TimeSpan.FromSeconds(3);
}
