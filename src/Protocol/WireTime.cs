using System.Globalization;

namespace Masumi.Protocol;

/// <summary>A moment as the APIs write a deadline: unix milliseconds as decimal text, no sign, up to the end of the year 9999.</summary>
public static class WireTime
{
    private const long Latest = 253_402_300_799_999;

    /// <summary>The text of a moment; what is smaller than a millisecond is dropped. Throws <see cref="ArgumentOutOfRangeException"/> before 1970.</summary>
    public static string Text(DateTimeOffset time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, DateTimeOffset.UnixEpoch);
        return time.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Reads a moment; false for anything else.</summary>
    public static bool TryParse(string? text, out DateTimeOffset time)
    {
        time = default;
        if (!Digits.TryReadCanonical<long>(text, out var milliseconds) || milliseconds > Latest)
        {
            return false;
        }

        time = DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
        return true;
    }

    /// <summary>Reads a moment; throws <see cref="FormatException"/> with a sentence.</summary>
    public static DateTimeOffset Parse(string? text) =>
        TryParse(text, out var time) ? time : throw WireText.Refusal("a time", text, "unix milliseconds as decimal text, up to the year 9999");
}
