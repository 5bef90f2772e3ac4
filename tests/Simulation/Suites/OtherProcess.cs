using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Masumi.Simulation.Suites;

/// <summary>
/// The simulator in a process of its own, whose hashes are salted otherwise: what rests on the order of a dictionary goes another way there, and a seed that is
/// printed would be worth nothing.
/// </summary>
internal sealed class OtherProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _words;

    private OtherProcess(Process process)
    {
        _process = process;
        _words = process.StandardOutput.ReadToEndAsync();
    }

    /// <summary>Begins payments there, of all faults.</summary>
    public static OtherProcess Begin(ulong seed, int payments, int worldSize)
    {
        string[] arguments =
        [
            "exec",
            typeof(OtherProcess).Assembly.Location,
            "--seed",
            seed.ToString(CultureInfo.InvariantCulture),
            "--payments",
            payments.ToString(CultureInfo.InvariantCulture),
            "--world",
            worldSize.ToString(CultureInfo.InvariantCulture),
            "--no-shrink",
            "--traces",
            "--json",
        ];
        return new OtherProcess(
            Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, UseShellExecute = false })
                ?? throw new InvalidOperationException("No process.")
        );
    }

    /// <summary>Waits for the end, and gives the traces of its worlds in order.</summary>
    public IReadOnlyList<string> Traces()
    {
        var words = _words.GetAwaiter().GetResult();
        _process.WaitForExit();
        var json = words.IndexOf('{', StringComparison.Ordinal) is >= 0 and var at ? JsonNode.Parse(words[at..]) : null;
        return json?["traces"] is JsonArray traces ? [.. traces.Select(t => (string)t!)] : [];
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
