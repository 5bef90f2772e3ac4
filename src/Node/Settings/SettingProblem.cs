namespace Masumi.Node.Settings;

/// <summary>What is wrong with one setting.</summary>
/// <param name="Setting">Its name, as it is written.</param>
/// <param name="Problem">What it is and what is allowed, in one line; never a secret.</param>
internal readonly record struct SettingProblem(string Setting, string Problem)
{
    /// <summary>One line.</summary>
    public override string ToString() => $"{Setting}: {Problem}";
}

/// <summary>A service cannot be started with these settings; nothing was changed.</summary>
internal sealed class SettingsException(IReadOnlyList<SettingProblem> problems) : Exception(string.Join("; ", problems))
{
    /// <summary>All that was found.</summary>
    public IReadOnlyList<SettingProblem> Problems { get; } = problems;

    /// <summary>Throws when there is any.</summary>
    public static void ThrowIfAny(IReadOnlyList<SettingProblem> problems)
    {
        if (problems.Count > 0)
        {
            throw new SettingsException(problems);
        }
    }
}
