namespace Masumi.Contracts.Common;

/// <summary>How long transactions are valid from when they are built.</summary>
public static class Validity
{
    /// <summary>
    /// The longest: all that is built here takes its end from this. Whoever must know that nothing signed before a moment is valid any more reckons by it.
    /// </summary>
    public static TimeSpan Longest { get; } = TimeSpan.FromMinutes(5.5);
}
