using System.Globalization;

namespace Masumi.Simulation.Scheduling;

/// <summary>Where the time of a run goes, by kind of step and by statement. A step's time is that of the answer and of everything that follows it until the next one.</summary>
internal sealed class StepProfile
{
    private const int Most = 45;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (long Count, TimeSpan Took)> _kinds = new(StringComparer.Ordinal);

    /// <summary>The profile that this thread's steps belong to; null for none.</summary>
    [field: ThreadStatic]
    public static StepProfile? Current { get; set; }

    /// <summary>Takes a step and notes what it took.</summary>
    public void Take(string kind, Action step)
    {
        var began = TimeProvider.System.GetTimestamp();
        step();
        Note(kind, TimeProvider.System.GetElapsedTime(began));
    }

    /// <summary>Notes something.</summary>
    public void Note(string kind, TimeSpan took)
    {
        lock (_gate)
        {
            var (count, before) = _kinds.GetValueOrDefault(kind);
            _kinds[kind] = (count + 1, before + took);
        }
    }

    /// <summary>A line each, the dearest first; statements by how often they run.</summary>
    public IEnumerable<string> Lines() =>
        _kinds
            .OrderByDescending(k => k.Value.Took)
            .ThenByDescending(k => k.Value.Count)
            .Take(2 * Most)
            .Select(k => string.Create(CultureInfo.InvariantCulture, $"{k.Value.Count, 9}  {k.Value.Took.TotalMilliseconds, 9:0} ms  {Shorten(k.Key)}"));

    private static string Shorten(string text) => text.Length <= 150 ? text : text[..150];
}
