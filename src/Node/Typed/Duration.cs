using System.Text.RegularExpressions;

namespace Masumi.Node.Typed;

/// <summary>Durations as people write them: <c>30d</c>, <c>12h</c>, <c>1h30m</c>, <c>90s</c>.</summary>
internal static partial class Duration
{
    /// <summary>Whole seconds; throws <see cref="FormatException"/>.</summary>
    public static long Seconds(string text)
    {
        var match = Parts().Match(text);
        if (!match.Success || text.Length == 0)
        {
            throw new FormatException($"a duration such as 30d, 12h, 15m, 90s or 1d12h is needed, not '{text}'");
        }

        return Part("d", 86_400) + Part("h", 3_600) + Part("m", 60) + Part("s", 1);

        // At most six digits each: no sum overflows.
        long Part(string name, long seconds) => match.Groups[name] is { Success: true } group ? Digits.ReadSigned<long>(group.Value) * seconds : 0;
    }

    [GeneratedRegex("^(?:(?<d>[0-9]{1,6})d)?(?:(?<h>[0-9]{1,6})h)?(?:(?<m>[0-9]{1,6})m)?(?:(?<s>[0-9]{1,9})s)?$", RegexOptions.CultureInvariant, 1_000)]
    private static partial Regex Parts();
}
