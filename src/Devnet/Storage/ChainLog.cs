using System.Buffers.Binary;
using System.Formats.Cbor;
using System.Text;
using Masumi.Cardano;
using Masumi.Cardano.Crypto;

namespace Masumi.Devnet.Storage;

/// <summary>The state on disk is not usable: another devnet's, another process's, or damaged.</summary>
public sealed class DevnetStateException : Exception
{
    /// <summary>With what is wrong.</summary>
    public DevnetStateException(string message)
        : base(message) { }

    /// <summary>With what is wrong and why.</summary>
    public DevnetStateException(string message, Exception inner)
        : base(message, inner) { }
}

/// <summary>What a log said when it was opened.</summary>
/// <param name="Genesis">How it began.</param>
/// <param name="Salt">The largest so far.</param>
/// <param name="Clock">Null when nothing happened after genesis.</param>
/// <param name="Blocks">The chain, genesis first.</param>
internal sealed record StoredChain(StoredGenesis Genesis, long Salt, StoredClock? Clock, List<StoredBlock> Blocks);

/// <summary>
/// The chain on disk: a file that changes are appended to, each with its length and a checksum. A change is handed to the operating system
/// before anybody sees it, so it survives the end of this process, and forced to the disk within a second. What a crash left half-written
/// at the end is cut off (and kept beside the file).
/// </summary>
internal sealed class ChainLog : IDisposable
{
    private const string FileName = "chain.log";
    private const int Head = sizeof(uint) + ChecksumSize;
    private const int ChecksumSize = 8;
    private const int MaxRecord = 1 << 30;
    private static readonly byte[] Magic = Encoding.ASCII.GetBytes("masumi devnet chain 1\n");
    private static readonly TimeSpan SyncEvery = TimeSpan.FromSeconds(1);

    private readonly FileStream _file;
    private readonly ITimer _sync;
    private readonly long _start;
    private long _end;
    private int _unsynced;

    private StoredChain? _stored;

    private ChainLog(FileStream file, long start, long end, StoredChain? stored, string? damage)
    {
        _file = file;
        Damage = damage;
        _start = start;
        _end = end;
        _stored = stored;
        _sync = TimeProvider.System.CreateTimer(_ => Sync(), null, SyncEvery, SyncEvery);
    }

    /// <summary>What was cut off when the file was opened, and where it lies now; null when all was whole.</summary>
    public string? Damage { get; }

    /// <summary>What the file held when it was opened, null when it is new; once, as it is large.</summary>
    public StoredChain? TakeStored()
    {
        var stored = _stored;
        _stored = null;
        return stored;
    }

    /// <summary>Opens the log of a directory, or begins one with this genesis. Throws <see cref="DevnetStateException"/>.</summary>
    public static ChainLog Open(string directory, Func<StoredGenesis> genesis)
    {
        var path = Path.Combine(directory, FileName);
        FileStream? file = null;
        try
        {
            Directory.CreateDirectory(directory);
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1 << 20);
            var (stored, first, end) = Read(file, path);
            string? damage;
            if (stored is null)
            {
                // Nothing was ever promised: at most the first record of a new log is half-written.
                damage = Cut(file, 0, path);
                RandomAccess.Write(file.SafeFileHandle, Magic, 0);
                first = end = Write(file, Magic.Length, genesis().ToCbor());
                RandomAccess.FlushToDisk(file.SafeFileHandle);
            }
            else
            {
                damage = Cut(file, end, path);
            }

            return new ChainLog(file, first, end, stored, damage);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            file?.Dispose();
            throw new DevnetStateException($"The state in {directory} cannot be used: {e.Message}", e);
        }
        catch
        {
            file?.Dispose();
            throw;
        }
    }

    /// <summary>Appends a change. Throws <see cref="IOException"/>; the next change is then written over what there is of this one.</summary>
    public void Append(StoredChange change)
    {
        _end = Write(_file, _end, change.ToCbor());
        Interlocked.Exchange(ref _unsynced, 1);
    }

    /// <summary>Forgets everything after the genesis block.</summary>
    public void Reset()
    {
        RandomAccess.SetLength(_file.SafeFileHandle, _start);
        _end = _start;
        Interlocked.Exchange(ref _unsynced, 1);
    }

    public void Dispose()
    {
        _sync.Dispose();
        Sync();
        _file.Dispose();
    }

    private static (StoredChain? Chain, long First, long End) Read(FileStream file, string path)
    {
        var magic = new byte[Magic.Length];
        var read = file.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false);
        if (!Magic.AsSpan().StartsWith(magic.AsSpan(0, read)))
        {
            throw new DevnetStateException($"{path} is no chain of a devnet of this version.");
        }

        if (read < magic.Length)
        {
            return (null, 0, 0);
        }

        if (ReadRecord(file) is not { } head)
        {
            // A new log is written front to back: what follows its first record shows that this one was whole.
            return file.Position > Magic.Length + Head && file.Position < file.Length
                ? throw new DevnetStateException($"{path} is damaged in its first block: nothing can be read of it, and nothing was changed.")
                : (null, 0, 0);
        }

        try
        {
            var (first, end) = (file.Position, file.Position);
            var genesis = StoredGenesis.Read(head);
            var chain = new StoredChain(genesis, 0, null, [genesis.Block]);
            while (ReadRecord(file) is { } record)
            {
                var change = StoredChange.Read(record);
                if (change.Keep < 1 || change.Keep > chain.Blocks.Count)
                {
                    throw new CborContentException($"{change.Keep} of {chain.Blocks.Count} blocks to keep");
                }

                chain.Blocks.RemoveRange(change.Keep, chain.Blocks.Count - change.Keep);
                chain.Blocks.AddRange(change.Blocks);
                chain = chain with { Salt = Math.Max(chain.Salt, change.Salt), Clock = change.Clock };
                end = file.Position;
            }

            return (chain, first, end);
        }
        catch (Exception e) when (e is CborContentException or InvalidOperationException or ArgumentException or OverflowException)
        {
            // The checksum was right, so this was written so: by another version, or by a bug.
            throw new DevnetStateException($"{path} cannot be read before byte {file.Position}: {e.Message}", e);
        }
    }

    /// <summary>Null at the end, and where something half-written or damaged begins.</summary>
    private static byte[]? ReadRecord(FileStream file)
    {
        Span<byte> head = stackalloc byte[Head];
        if (file.ReadAtLeast(head, Head, throwOnEndOfStream: false) < Head)
        {
            return null;
        }

        var length = BinaryPrimitives.ReadUInt32BigEndian(head);
        if (length > MaxRecord || length > file.Length - file.Position)
        {
            return null;
        }

        var record = new byte[length];
        file.ReadExactly(record);
        Span<byte> checksum = stackalloc byte[ChecksumSize];
        Checksum(record, checksum);
        return checksum.SequenceEqual(head[sizeof(uint)..]) ? record : null;
    }

    /// <summary>Hands a record to the operating system; the position after it.</summary>
    private static long Write(FileStream file, long at, byte[] record)
    {
        if (record.Length > MaxRecord)
        {
            throw new IOException($"A change of {record.Length} bytes; at most {MaxRecord} are written.");
        }

        var bytes = new byte[Head + record.Length];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)record.Length);
        Checksum(record, bytes.AsSpan(sizeof(uint), ChecksumSize));
        record.CopyTo(bytes, Head);
        RandomAccess.Write(file.SafeFileHandle, bytes, at);
        return at + bytes.Length;
    }

    private static void Checksum(ReadOnlySpan<byte> record, Span<byte> checksum)
    {
        Span<byte> hash = stackalloc byte[Hash32.Size];
        Blake2b.Hash256(record).CopyTo(hash);
        hash[..ChecksumSize].CopyTo(checksum);
    }

    // Should a disk damage what was whole, more than the last record may follow: nothing is thrown away.
    private static string? Cut(FileStream file, long at, string path)
    {
        file.Seek(at, SeekOrigin.Begin);
        var bytes = file.Length - at;
        if (bytes == 0)
        {
            return null;
        }

        // What lies there from another time stays too.
        var (aside, times) = ($"{path}.cut", 1);
        while (File.Exists(aside))
        {
            aside = $"{path}.cut{++times}";
        }

        using (var rest = new FileStream(aside, FileMode.CreateNew, FileAccess.Write))
        {
            file.CopyTo(rest);
            rest.Flush(flushToDisk: true);
        }

        RandomAccess.SetLength(file.SafeFileHandle, at);
        return $"the last {bytes} bytes of {path} were half-written or damaged; the chain goes on from before them, and they lie in {aside}";
    }

    // Beside the writer, who never waits for the disk.
    private void Sync()
    {
        if (Interlocked.Exchange(ref _unsynced, 0) == 0)
        {
            return;
        }

        try
        {
            RandomAccess.FlushToDisk(_file.SafeFileHandle);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            Interlocked.Exchange(ref _unsynced, 1);
        }
    }
}
