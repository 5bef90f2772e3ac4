using System.Diagnostics;

namespace Masumi.Bench;

/// <summary>What bounds whatever is durable.</summary>
internal static class Disk
{
    /// <summary>How often a second a small write reaches the disk of a folder.</summary>
    public static double Syncs(string folder)
    {
        using var file = new FileStream(Path.Combine(folder, "sync"), FileMode.Create, FileAccess.Write, FileShare.None, 1);
        var bytes = new byte[4096];
        var syncs = 0;
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started).TotalSeconds < 1)
        {
            file.Write(bytes);
            file.Flush(flushToDisk: true);
            syncs++;
        }

        return syncs / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
