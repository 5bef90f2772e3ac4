using System.Collections.Concurrent;
using Masumi.Storage.Secrets;

namespace Masumi.Payments.Keys;

/// <summary>
/// Keys by token, kept in memory for a second: a request then costs a hash instead of a look into the database. What this process changes is seen at once; what
/// another process on the same database changes, a revoked key above all, a second later. Tokens that are no key's are not kept.
/// </summary>
internal sealed class KnownKeys(ApiKeyStore store, ApiKeyHash hash, TimeProvider time)
{
    private const int Most = 10_000;
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, (ApiKey Key, long Read)> _known = new(StringComparer.Ordinal);
    private long _changes;

    /// <summary>The key of a token, revoked or not; null when there is none.</summary>
    public async ValueTask<ApiKey?> FindAsync(string token, CancellationToken cancellation)
    {
        var hashed = hash.Of(token);
        if (_known.TryGetValue(hashed, out var known) && time.GetElapsedTime(known.Read) < Kept)
        {
            return known.Key;
        }

        var changes = Interlocked.Read(ref _changes);
        var read = time.GetTimestamp();
        var key = await store.FindAsync(hashed, cancellation);
        if (key is null)
        {
            _known.TryRemove(hashed, out _);
            return null;
        }

        if (_known.Count >= Most)
        {
            _known.Clear();
        }

        _known[hashed] = (key, read);

        // What was read before a change must not stay after it.
        if (changes != Interlocked.Read(ref _changes))
        {
            _known.TryRemove(hashed, out _);
        }

        return key;
    }

    /// <summary>Something about a key has changed: all are read again.</summary>
    public void Forget()
    {
        Interlocked.Increment(ref _changes);
        _known.Clear();
    }
}
