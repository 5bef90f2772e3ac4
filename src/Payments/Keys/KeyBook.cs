using System.Collections.Concurrent;
using System.Collections.Immutable;
using Masumi.Protocol;
using Masumi.Settlement.Books;
using Masumi.Settlement.Deals;
using Masumi.Settlement.Stores;
using Masumi.Storage;
using Masumi.Storage.Secrets;

namespace Masumi.Payments.Keys;

/// <summary>
/// API keys by token, kept in memory for a second: a request then costs a hash instead of a look into the database. What this process changes is seen at once;
/// what another process on the same database changes, a revoked key above all, a second later. Tokens that are no key's are not kept.
/// </summary>
/// <param name="database">Where the keys are.</param>
/// <param name="hash">How they are looked up.</param>
/// <param name="time">Real time.</param>
public sealed class KeyBook(IDatabase database, ApiKeyHash hash, TimeProvider time)
{
    private const int Most = 10_000;
    private const int Shown = 4;
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(1);

    private readonly ApiKeyStore _store = new(database, time);
    private readonly ConcurrentDictionary<string, (ApiKey Key, long Read)> _known = new(StringComparer.Ordinal);
    private long _changes;

    /// <summary>The tables of API keys.</summary>
    public static MigrationModule Migrations => ApiKeyStore.Migrations;

    /// <summary>
    /// Why a token cannot be the operator's admin key of a node that has been running, and what to do, in one line; null when it is an active admin key, or
    /// when there is none.
    /// </summary>
    public async Task<string?> RefuseAdminAsync(string token, CancellationToken cancellation) =>
        await _store.FindAsync(hash.Of(token), cancellation) switch
        {
            { IsActive: false } => "this key was revoked; another is needed",
            { CanAdmin: false } => "this key is no admin key; an admin key is needed",
            { } => null,
            null when await _store.HasAdminAsync(cancellation) =>
                "the database has another admin key; start with that, make a new one with POST /api-key (permission Admin), revoke the old one with DELETE /api-key, then set the new one here",
            null => null,
        };

    /// <summary>Makes sure the operator's admin key exists; the same key again changes nothing.</summary>
    public Task EnsureAdminAsync(string id, string token, CancellationToken cancellation) =>
        _store.AddAsync(
            new ApiKey
            {
                Id = id,
                Mask = MaskOf(token),
                CanRead = true,
                CanPay = true,
                CanAdmin = true,
                UsageLimited = false,
                Networks = [Network.Preprod, Network.Mainnet],
                IsActive = true,
            },
            hash.Of(token),
            cancellation
        );

    /// <summary>As a token is shown.</summary>
    internal static string MaskOf(string token) => "*****" + token[^Shown..];

    /// <summary>The key of a token, revoked or not; null when there is none.</summary>
    internal async ValueTask<ApiKey?> FindAsync(string token, CancellationToken cancellation)
    {
        var hashed = hash.Of(token);
        if (_known.TryGetValue(hashed, out var known) && time.GetElapsedTime(known.Read) < Kept)
        {
            return known.Key;
        }

        var changes = Interlocked.Read(ref _changes);
        var read = time.GetTimestamp();
        var key = await _store.FindAsync(hashed, cancellation);
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

    /// <summary>Keys that are not deleted, a page of them.</summary>
    internal Task<ImmutableArray<ApiKey>> ListAsync(string? cursor, int take, CancellationToken cancellation) => _store.ListAsync(cursor, take, cancellation);

    /// <summary>Adds a key under a token that nobody else has.</summary>
    internal Task AddAsync(ApiKey key, string token, CancellationToken cancellation) => _store.AddAsync(key, hash.Of(token), cancellation);

    /// <summary>Changes a key, and its token where another is given; see <see cref="ApiKeyStore.ChangeAsync"/>.</summary>
    internal Task<Changed<TRefusal>> ChangeAsync<TRefusal>(
        string id,
        string? token,
        Func<ApiKey, (ApiKey? Key, TRefusal? Refusal)> decide,
        CancellationToken cancellation
    )
        where TRefusal : class => AnewAsync(() => _store.ChangeAsync(id, token is null ? null : hash.Of(token), decide, cancellation));

    /// <summary>Revokes a key for good; null when there is none to revoke.</summary>
    internal Task<ApiKey?> RevokeAsync(string id, CancellationToken cancellation) => AnewAsync(() => _store.RevokeAsync(id, cancellation));

    /// <summary>Enters a purchase, its price taken off the key's credits in the same transaction where it has a limit.</summary>
    internal Task<InsertOutcome> EnterAsync(
        DealBook deals,
        Deal deal,
        ApiKey caller,
        IEnumerable<(string Unit, Int128 Quantity)> price,
        CancellationToken cancellation
    )
    {
        var entering = ApiKeyStore.Debit(caller, price);
        return caller.IsLimited ? AnewAsync(() => deals.EnterAsync(deal, entering, cancellation)) : deals.EnterAsync(deal, entering, cancellation);
    }

    // Whatever came of it, all keys are read again.
    private async Task<T> AnewAsync<T>(Func<Task<T>> change)
    {
        try
        {
            return await change();
        }
        finally
        {
            Interlocked.Increment(ref _changes);
            _known.Clear();
        }
    }
}
