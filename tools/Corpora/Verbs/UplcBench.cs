using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Masumi.Cardano.Parameters;
using Masumi.Cardano.Scripts;
using Masumi.Plutus;
using Masumi.Plutus.Runtime;

namespace Masumi.Corpora.Verbs;

/// <summary>
/// <c>masumi uplc bench DIR</c>: how long fully applied programs take from flat bytes to the result, on one thread and warmed up, and whether they use exactly
/// the units of their golden files. DIR holds <c>validation/*.flat</c> and <c>validation-golden/*.golden.eval</c>, as the corpus of the Plutus project does.
/// </summary>
internal static partial class UplcBench
{
    private static readonly ExUnits Plenty = new(long.MaxValue, long.MaxValue);
    private static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan Round = TimeSpan.FromMilliseconds(8);

    public static Command Create()
    {
        var folder = new Argument<DirectoryInfo>("DIR") { Description = "The folder with validation/*.flat and validation-golden/*.golden.eval." };
        var rounds = new Option<int>("--rounds") { Description = "Rounds over all programs; the median of the rounds counts.", DefaultValueFactory = _ => 15 };
        var json = new Option<bool>("--json") { Description = "Print one JSON document." };
        var command = new Command("bench", "Times programs (flat decoding and evaluation) and compares their budgets with the golden ones.")
        {
            folder,
            rounds,
            json,
        };
        command.SetAction(parsed => Run(parsed.GetValue(folder)!, Math.Max(1, parsed.GetValue(rounds)), parsed.GetValue(json)));
        return command;
    }

    internal static int Run(DirectoryInfo folder, int rounds, bool json)
    {
        var programs = Load(folder);
        if (programs.Length == 0)
        {
            Console.Error.WriteLine($"masumi uplc bench: no validation/*.flat in {folder}");
            return 2;
        }

        var model = ProtocolParameters.Mainnet.CostModels[ScriptLanguage.PlutusV3];
        foreach (var program in programs)
        {
            program.WarmUp(model);
        }

        // Round by round over all programs, so that a busy moment of the machine falls on all of them alike.
        for (var round = 0; round < rounds; round++)
        {
            foreach (var program in programs)
            {
                program.Measure(model);
            }
        }

        var exact = programs.Count(p => p.IsExact);
        Console.WriteLine(json ? Json(programs, rounds).ToJsonString(new() { WriteIndented = true }) : Table(programs, rounds));
        return exact == programs.Length ? 0 : 1;
    }

    private static ImmutableArray<Subject> Load(DirectoryInfo folder)
    {
        var validation = new DirectoryInfo(Path.Combine(folder.FullName, "validation"));
        return validation.Exists
            ?
            [
                .. validation
                    .EnumerateFiles("*.flat")
                    .OrderBy(f => f.Name, StringComparer.Ordinal)
                    .Select(f =>
                    {
                        var name = Path.GetFileNameWithoutExtension(f.Name);
                        return new Subject(
                            name,
                            File.ReadAllBytes(f.FullName),
                            Golden(Path.Combine(folder.FullName, "validation-golden", name + ".flat.golden.eval"))
                        );
                    }),
            ]
            : [];
    }

    private static ExUnits? Golden(string file)
    {
        if (!File.Exists(file))
        {
            return null;
        }

        var text = File.ReadAllText(file);
        long Read(Regex pattern) =>
            long.Parse(pattern.Match(text).Groups["count"].Value.Replace("_", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
        return new ExUnits(Read(GoldenMemory()), Read(GoldenCpu()));
    }

    private static double GeometricMean(IEnumerable<double> values) => Math.Exp(values.Average(v => Math.Log(Math.Max(v, 0.001))));

    private static string Machine() =>
        $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSArchitecture}, {Environment.ProcessorCount} processors ({Processor()}), load {Load()}";

    // Numbers from a busy machine must be recognisable as such.
    private static string Load() => File.Exists("/proc/loadavg") ? string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ').Take(3)) : "unknown";

    private static string Processor()
    {
        const string Info = "/proc/cpuinfo";
        var line = File.Exists(Info) ? File.ReadLines(Info).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line?[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim() ?? "unknown";
    }

    private static string Table(ImmutableArray<Subject> programs, int rounds)
    {
        var lines = new List<string>
        {
            string.Create(
                CultureInfo.InvariantCulture,
                $"{"program", -40} {"flat", 7} {"median µs", 10} {"CPU µs", 10} {"least µs", 10} {"bytes/run", 11}  budget"
            ),
        };
        foreach (var p in programs)
        {
            lines.Add(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{p.Name, -40} {p.Size, 7} {p.Median, 10:F1} {p.Processor, 10:F1} {p.Least, 10:F1} {p.Allocated, 11}  {(p.IsExact ? "exact" : p.Difference)}"
                )
            );
        }

        lines.Add("");
        lines.Add(string.Create(CultureInfo.InvariantCulture, $"{programs.Count(p => p.IsExact)} of {programs.Length} budgets exact"));
        lines.Add(
            string.Create(
                CultureInfo.InvariantCulture,
                $"geometric mean {GeometricMean(programs.Select(p => p.Median)):F1} µs (processor time {GeometricMean(programs.Select(p => p.Processor)):F1} µs, least {GeometricMean(programs.Select(p => p.Least)):F1} µs), {GeometricMean(programs.Select(p => (double)p.Allocated)):F0} bytes per run"
            )
        );
        lines.Add($"{rounds} rounds; {Machine()}");
        return string.Join('\n', lines);
    }

    private static JsonObject Json(ImmutableArray<Subject> programs, int rounds) =>
        new()
        {
            ["machine"] = Machine(),
            ["rounds"] = rounds,
            ["programs"] = new JsonArray([
                .. programs.Select(p =>
                    (JsonNode)
                        new JsonObject
                        {
                            ["name"] = p.Name,
                            ["flatBytes"] = p.Size,
                            ["medianMicroseconds"] = Math.Round(p.Median, 2),
                            ["processorMicroseconds"] = Math.Round(p.Processor, 2),
                            ["leastMicroseconds"] = Math.Round(p.Least, 2),
                            ["allocatedBytes"] = p.Allocated,
                            ["steps"] = p.Units.Steps,
                            ["memory"] = p.Units.Memory,
                            ["exact"] = p.IsExact,
                        }
                ),
            ]),
            ["exact"] = programs.Count(p => p.IsExact),
            ["geometricMeanMicroseconds"] = Math.Round(GeometricMean(programs.Select(p => p.Median)), 2),
            ["geometricMeanProcessorMicroseconds"] = Math.Round(GeometricMean(programs.Select(p => p.Processor)), 2),
            ["geometricMeanOfLeastMicroseconds"] = Math.Round(GeometricMean(programs.Select(p => p.Least)), 2),
            ["geometricMeanAllocatedBytes"] = Math.Round(GeometricMean(programs.Select(p => (double)p.Allocated))),
        };

    [GeneratedRegex(@"CPU:\s+(?<count>[0-9_]+)", RegexOptions.CultureInvariant, 1_000)]
    private static partial Regex GoldenCpu();

    [GeneratedRegex(@"Memory:\s+(?<count>[0-9_]+)", RegexOptions.CultureInvariant, 1_000)]
    private static partial Regex GoldenMemory();

    /// <summary>One program and what was measured of it.</summary>
    private sealed class Subject(string name, byte[] flat, ExUnits? golden)
    {
        private readonly List<double> _microseconds = [];
        private readonly List<double> _processor = [];
        private int _repeats = 1;
        private EvaluationFailure? _failure;

        public string Name => name;

        public int Size => flat.Length;

        public ExUnits Units { get; private set; }

        public long Allocated { get; private set; }

        public bool IsExact => _failure is null && (golden == Units);

        public string Difference => _failure?.ToString() ?? $"used {Units}, expected {golden?.ToString() ?? "a golden file"}";

        public double Median => _microseconds.Order().ElementAt(_microseconds.Count / 2);

        /// <summary>Processor time of the whole process: what the median would be on a machine with nothing else to do.</summary>
        public double Processor => _processor.Order().ElementAt(_processor.Count / 2);

        public double Least => _microseconds.Min();

        public void WarmUp(ImmutableArray<long> model)
        {
            var started = TimeProvider.System.GetTimestamp();
            var runs = 0;
            do
            {
                var outcome = Evaluate(model);
                Units = outcome.Units;
                _failure = outcome.Failure;
                runs++;
            } while (TimeProvider.System.GetElapsedTime(started) < UplcBench.WarmUp);

            _repeats = Math.Max(1, (int)(runs * (Round / UplcBench.WarmUp)));
        }

        public void Measure(ImmutableArray<long> model)
        {
            var allocated = GC.GetAllocatedBytesForCurrentThread();
            var processor = Environment.CpuUsage.TotalTime;
            var started = TimeProvider.System.GetTimestamp();
            for (var i = 0; i < _repeats; i++)
            {
                Evaluate(model);
            }

            _microseconds.Add(TimeProvider.System.GetElapsedTime(started).TotalMicroseconds / _repeats);
            _processor.Add((Environment.CpuUsage.TotalTime - processor).TotalMicroseconds / _repeats);
            Allocated = (GC.GetAllocatedBytesForCurrentThread() - allocated) / _repeats;
        }

        private EvaluationOutcome Evaluate(ImmutableArray<long> model) => Evaluator.EvaluateFlat(flat, ScriptLanguage.PlutusV3, 11, model, Plenty);
    }
}
