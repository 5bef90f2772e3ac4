using System.Text;
using System.Text.Json;

namespace Masumi.Agents;

/// <summary>
/// The jobs, in memory and in an append-only file of JSON lines; a change counts once its line is on disk. A torn last line is of a change that was never
/// acknowledged, and is cut off. One process at a time. The file is its owner's alone; one that others may use is refused with an
/// <see cref="IOException"/>.
/// </summary>
internal sealed class JobStore : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Job> _jobs = [];
    private readonly FileStream _file;

    public JobStore(string path)
    {
        PrivateFile.CreateFolderOf(path);
        _file = PrivateFile.Open(path, FileMode.OpenOrCreate, FileShare.Read);
        try
        {
            Load();
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    public Job? Find(string id)
    {
        lock (_gate)
        {
            return _jobs.GetValueOrDefault(id);
        }
    }

    /// <summary>The unfinished jobs, those with the nearest deadline first.</summary>
    public IReadOnlyList<Job> Open()
    {
        lock (_gate)
        {
            return [.. _jobs.Values.Where(j => j.IsOpen).OrderBy(j => j.Times.SubmitResult)];
        }
    }

    public void Save(Job job)
    {
        var line = JsonSerializer.SerializeToUtf8Bytes(job);
        lock (_gate)
        {
            var start = _file.Position;
            try
            {
                _file.Write([.. line, (byte)'\n']);
                _file.Flush(flushToDisk: true);
            }
            catch (IOException)
            {
                _file.SetLength(start);
                _file.Position = start;
                throw;
            }

            _jobs[job.Id] = job;
        }
    }

    /// <summary>Closes the file; a change that is being saved is on disk before.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _file.Dispose();
        }
    }

    private void Load()
    {
        using var reader = new MemoryStream();
        _file.CopyTo(reader);
        var bytes = reader.GetBuffer().AsSpan(0, (int)reader.Length);
        var end = bytes.LastIndexOf((byte)'\n') + 1;
        foreach (var line in Encoding.UTF8.GetString(bytes[..end]).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var job = JsonSerializer.Deserialize<Job>(line) ?? throw new InvalidDataException("The job file holds a null line.");
            _jobs[job.Id] = job;
        }

        _file.SetLength(end);
        _file.Position = end;
    }
}
