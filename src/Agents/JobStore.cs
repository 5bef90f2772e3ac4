using System.Collections.Concurrent;
using System.Text.Json;

namespace Masumi.Agents;

/// <summary>Where a job stands.</summary>
internal enum JobState
{
    /// <summary>Offered; nobody has paid yet.</summary>
    AwaitingPayment,

    /// <summary>Paid, seen on chain; the work runs, or runs again after a restart.</summary>
    Running,

    /// <summary>The result is stored; its hash is on its way to the chain.</summary>
    Delivering,

    /// <summary>The node has the result's hash.</summary>
    Completed,

    /// <summary>Not paid in time, refunded, or the work failed.</summary>
    Failed,
}

/// <summary>One job with all that a restart needs.</summary>
internal sealed record Job(
    string Id,
    JobState State,
    string Identifier,
    string IdentifierFromPurchaser,
    string Input,
    string InputHash,
    long PayByMs,
    long SubmitResultMs,
    string? Result,
    string? ResultHash,
    string? Reason
)
{
    public bool IsOpen => State is JobState.AwaitingPayment or JobState.Running or JobState.Delivering;
}

/// <summary>
/// Jobs in memory, and every change of them as a line in a file that is flushed to the disk before the change counts. Opening the file again gives
/// the same jobs; a last line that a crash cut short is dropped.
/// </summary>
internal sealed class JobStore : IDisposable
{
    private readonly ConcurrentDictionary<string, Job> _jobs = new(StringComparer.Ordinal);
    private readonly FileStream _file;
    private readonly Lock _gate = new();

    private JobStore(FileStream file)
    {
        _file = file;
    }

    public IEnumerable<Job> All => _jobs.Values;

    public static JobStore Open(string path)
    {
        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        var store = new JobStore(file);
        var good = 0L;
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        for (var start = 0; start < bytes.Length; )
        {
            var end = Array.IndexOf(bytes, (byte)'\n', start);
            if (end < 0)
            {
                break;
            }

            var job = JsonSerializer.Deserialize(bytes.AsSpan(start, end - start), JobJson.Default.Job);
            store._jobs[job!.Id] = job;
            start = end + 1;
            good = start;
        }

        file.SetLength(good);
        file.Position = good;
        return store;
    }

    public Job? Find(string id) => _jobs.GetValueOrDefault(id);

    public void Save(Job job)
    {
        var line = JsonSerializer.SerializeToUtf8Bytes(job, JobJson.Default.Job);
        lock (_gate)
        {
            _file.Write(line);
            _file.WriteByte((byte)'\n');
            _file.Flush(flushToDisk: true);
            _jobs[job.Id] = job;
        }
    }

    public void Dispose() => _file.Dispose();
}

/// <summary>How jobs are written.</summary>
[System.Text.Json.Serialization.JsonSerializable(typeof(Job))]
internal sealed partial class JobJson : System.Text.Json.Serialization.JsonSerializerContext;
