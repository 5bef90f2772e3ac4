namespace Masumi.Settlement.Engine;

/// <summary>How the engine's rounds go, by the local clock.</summary>
/// <param name="LastRound">When the last whole one ended; null when none has.</param>
/// <param name="FailsSince">Since when none has come to its end; null when the last one did.</param>
/// <param name="Cause">What kind of thing hindered the last one, in words for anybody.</param>
/// <param name="Because">What hindered it, in words for the operator.</param>
/// <param name="Failures">How many failed in a row.</param>
public sealed record EngineState(
    DateTimeOffset? LastRound = null,
    DateTimeOffset? FailsSince = null,
    string? Cause = null,
    string? Because = null,
    int Failures = 0
)
{
    /// <summary>One that fails is tried again; several in a row are a state.</summary>
    public bool IsFailing => Failures >= 3;
}
