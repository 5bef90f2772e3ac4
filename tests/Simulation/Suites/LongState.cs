using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Masumi.Simulation.Suites;

/// <summary>A world that was run, as a line of the state.</summary>
/// <param name="Part">What it belongs to: payments, kills, or a plant by name.</param>
/// <param name="World">Its number there.</param>
/// <param name="Payments">How many jobs.</param>
/// <param name="Steps">How many steps it took.</param>
/// <param name="Trace">Its trace, in hex.</param>
/// <param name="Cells">Deals by 'state x fault'.</param>
/// <param name="Violations">What must never be and was.</param>
/// <param name="Scenario">The scenario, when there are violations.</param>
internal sealed record DoneWorld(
    string Part,
    int World,
    int Payments,
    long Steps,
    string Trace,
    ImmutableSortedDictionary<string, int> Cells,
    ImmutableArray<DoneViolation> Violations,
    string? Scenario
);

/// <summary>One of them.</summary>
/// <param name="Kind">The invariant.</param>
/// <param name="Text">What was seen.</param>
/// <param name="Lovelace">The price of the jobs it is about.</param>
internal sealed record DoneViolation(string Kind, string Text, long Lovelace);

/// <summary>What a long run consists of; another one's state is no part of it.</summary>
/// <param name="Seed">Where all chance comes from.</param>
/// <param name="WorldSize">Jobs in a world.</param>
/// <param name="Build">Which build ran it.</param>
internal sealed record LongIdentity(ulong Seed, int WorldSize, string Build)
{
    /// <summary>The build that runs now: the identities of everything of ours that is loaded with it.</summary>
    public static string ThisBuild()
    {
        // Deterministic builds: the same sources have the same identity.
        var modules = new[]
        {
            typeof(LongIdentity),
            typeof(Settlement.Engine.SettlementEngine),
            typeof(Masumi.Chain.ProvidedChain),
            typeof(Storage.IDatabase),
            typeof(Devnet.DevnetChain),
            typeof(Ledger.Conway),
            typeof(Cardano.TransactionId),
        };
        var hash = modules.Aggregate(0UL, (h, t) => Scheduling.Dice.Mix(h ^ Scheduling.Dice.Hash(t.Module.ModuleVersionId.ToString())));
        return hash.ToString("x16", CultureInfo.InvariantCulture);
    }
}

/// <summary>
/// The finished worlds of a long run in a file, one JSON line each after a line that says what run it is. A line is written when its world is over; one that was
/// cut off by a kill is run again.
/// </summary>
internal sealed class LongState : IDisposable
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    private readonly Lock _gate = new();
    private readonly StreamWriter _writer;
    private readonly Dictionary<(string Part, int World), DoneWorld> _done;

    private LongState(StreamWriter writer, Dictionary<(string Part, int World), DoneWorld> done)
    {
        _writer = writer;
        _done = done;
    }

    /// <summary>Opens the state in a folder, made when it is not there. Throws <see cref="FormatException"/> for another run's.</summary>
    public static LongState Open(string folder, LongIdentity identity)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, "worlds.jsonl");
        var done = new Dictionary<(string Part, int World), DoneWorld>();
        var lines = File.Exists(path) ? File.ReadAllLines(path) : [];
        if (lines.Length > 0)
        {
            var found = Read<LongIdentity>(lines[0]);
            if (found != identity)
            {
                throw new FormatException(
                    $"{path} is of another run ({found?.ToString() ?? "unreadable"}; this is {identity}): name another folder, or remove it."
                );
            }

            foreach (var world in lines.Skip(1).Select(Read<DoneWorld>).OfType<DoneWorld>())
            {
                done[(world.Part, world.World)] = world;
            }
        }

        var writer = new StreamWriter(path, append: true, new UTF8Encoding(false)) { AutoFlush = true };

        // Whatever a kill cut off ends here.
        writer.WriteLine(lines.Length == 0 ? JsonSerializer.Serialize(identity, Json) : "");
        return new LongState(writer, done);
    }

    /// <summary>All finished worlds, in their order.</summary>
    public IReadOnlyList<DoneWorld> Worlds
    {
        get
        {
            lock (_gate)
            {
                return [.. _done.Values.OrderBy(w => w.Part, StringComparer.Ordinal).ThenBy(w => w.World)];
            }
        }
    }

    /// <summary>How many payments are made.</summary>
    public long Payments { get; private set; }

    /// <summary>Whether a world is finished.</summary>
    public bool Has(string part, int world)
    {
        lock (_gate)
        {
            return _done.ContainsKey((part, world));
        }
    }

    /// <summary>A world is finished.</summary>
    public void Add(DoneWorld world)
    {
        lock (_gate)
        {
            _done[(world.Part, world.World)] = world;
            Payments += world.Payments;
            _writer.WriteLine(JsonSerializer.Serialize(world, Json));
        }
    }

    public void Dispose() => _writer.Dispose();

    private static T? Read<T>(string line)
        where T : class
    {
        try
        {
            return line.Length == 0 ? null : JsonSerializer.Deserialize<T>(line, Json);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
