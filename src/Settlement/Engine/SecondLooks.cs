using System.Collections.Immutable;
using Masumi.Chain;
using Masumi.Settlement.Attempts;
using Masumi.Settlement.Deals;
using Masumi.Settlement.Sources;
using Masumi.Settlement.Stores;
using Masumi.Storage;
using Microsoft.Extensions.Logging;

namespace Masumi.Settlement.Engine;

/// <summary>
/// When a source is looked at again (decision 12): at start, on a schedule, when somebody asks, when something of ours was refused or is in a block and nothing
/// shows it, and before giving up. A look that fails stays due and holds up nothing else.
/// </summary>
internal sealed class SecondLooks(
    SettlementStore store,
    Reconciler reconciler,
    Tender tender,
    RestoreHold hold,
    Safety safety,
    SettlementOptions options,
    ILogger logger
)
{
    private readonly Dictionary<string, Look> _looks = new(StringComparer.Ordinal);
    private ImmutableHashSet<string> _asked = [];
    private ImmutableList<LookRequest> _requests = [];

    /// <summary>Sources that are followed.</summary>
    public IReadOnlyCollection<string> Followed => _looks.Keys;

    /// <summary>Those who wait for an answer.</summary>
    public ImmutableList<LookRequest> Requests => _requests;

    /// <summary>Asks for a look in the next round; at all sources when none is named. Safe for concurrent use.</summary>
    public void Ask(params IEnumerable<string> sources)
    {
        ImmutableHashSet<string> named = [.. sources];
        ImmutableInterlocked.Update(ref _asked, now => named.IsEmpty ? now.Add("*") : now.Union(named));
    }

    /// <summary>As <see cref="Ask"/>, for somebody who waits. Safe for concurrent use.</summary>
    public void Add(LookRequest request) => ImmutableInterlocked.Update(ref _requests, (all, one) => all.Add(one), request);

    /// <summary>Nobody waits any more. Safe for concurrent use.</summary>
    public void Remove(LookRequest request) => ImmutableInterlocked.Update(ref _requests, (all, one) => all.Remove(one), request);

    /// <summary>How far a source was followed; null before the first time.</summary>
    public BlockPoint? Reached(string source) => _looks.TryGetValue(source, out var look) ? look.Reached : null;

    /// <summary>Notes how far a source was followed.</summary>
    public void Note(string source, BlockPoint reached) =>
        _looks[source] = _looks.TryGetValue(source, out var before) ? before with { Reached = reached } : new Look(reached, null, false, null);

    /// <summary>Whether anything may be paid at a source: not while the first look at it fails.</summary>
    public bool MayPay(string source) => !_looks.TryGetValue(source, out var look) || look is not { At: null, HasFailed: true };

    /// <summary>Follows these alone from now on.</summary>
    public void KeepTo(IEnumerable<string> sources)
    {
        foreach (var gone in _looks.Keys.Except(sources).ToList())
        {
            _looks.Remove(gone);
        }
    }

    /// <summary>Whether there is nothing to look at.</summary>
    public bool AreIdle(DateTimeOffset now) =>
        _requests.IsEmpty
        && _asked.IsEmpty
        && !tender.HasRefused
        && !_looks.Values.Any(l => l.At is not { } at || safety.LooksAgain(now - at, options.ReconcileInterval, false));

    /// <summary>Looks where it is time to, or somebody asked. True when there was a look.</summary>
    /// <param name="sources">All that are served.</param>
    /// <param name="current">Those that were followed to the tip.</param>
    /// <param name="unshown">What of ours is in a block and shown by nothing.</param>
    /// <param name="requests">Those who wait.</param>
    /// <param name="round">The round.</param>
    /// <param name="cancellation">Ends waiting.</param>
    public async Task<bool> RunAsync(
        Dictionary<string, PaymentSource> sources,
        Dictionary<string, Followed> current,
        ImmutableArray<Attempt> unshown,
        ImmutableList<LookRequest> requests,
        RoundView round,
        CancellationToken cancellation
    )
    {
        var looked = false;
        var asked = Interlocked.Exchange(ref _asked, []);
        var refused = tender.TakeRefused();
        foreach (var (id, followed) in current.ToList())
        {
            var look = _looks[id];

            // A refusal is no fact; but a coin or an escrow that somebody spent is one, and the chain shows it.
            var cause =
                ((look.At is null || (round.NewBlock && hold.IsToLook(id, round.Tip))) && safety.SearchesBeforePaying())
                || refused.Contains(id)
                || asked.Contains("*")
                || asked.Contains(id)
                || requests.Exists(r => r.WaitsFor(id))
                || (round.NewBlock && unshown.Any(a => a.SourceId == id && a.Height <= followed.Reached!.Height));
            var pause = look.At is { } at ? round.Now - at : TimeSpan.Zero;
            if (!safety.LooksAgain(pause, options.ReconcileInterval, cause))
            {
                continue;
            }

            try
            {
                var since = requests.Where(r => r.WaitsFor(id)).Min(r => r.Since);
                var found = await LookAsync(sources[id], followed.Reached!, since, round, cancellation);
                requests.ForEach(r => r.Note(id, found));
                looked = true;
            }
            catch (Exception e) when (IsOfALook(e))
            {
                // It is due at the next round as it was; other sources, and what has a deadline, do not wait for it.
                logger.Log(LevelOf(e), e is ChainUnavailableException ? null : e, "Looking again at {Source} is put off: {Message}", id, e.Message);
                Ask(id);
                _looks[id] = _looks[id] with { HasFailed = true };
            }
        }

        // What was asked for and could not be done is still asked for.
        var left = sources.Keys.Where(id => !current.ContainsKey(id) && (asked.Contains("*") || asked.Contains(id) || refused.Contains(id))).ToList();
        ImmutableInterlocked.Update(ref _asked, now => now.Union(left));
        return looked;
    }

    /// <summary>
    /// Whether a deal's lock is nowhere, before it is given up: everything since the deal was made is looked at again, at a time when a lock could no longer come. A
    /// list that was blind for longer than from one look to the next left something out that no usual look comes back to (P2).
    /// </summary>
    public async Task<bool> IsNowhereAsync(Deal deal, DealStep.GiveUp give, BlockPoint reached, RoundView round, CancellationToken cancellation)
    {
        var isSeen = _looks[deal.SourceId].Whole is { } whole && whole.From <= deal.CreatedAt && (whole.To.Time >= give.At || whole.To.Hash == reached.Hash);
        if (!isSeen && safety.LooksAgain(TimeSpan.Zero, options.ReconcileInterval, true))
        {
            var source = (await store.Sources.ListAsync(cancellation)).Single(s => s.Id == deal.SourceId);
            var oldest = await store.Deals.OldestWaitingAsync(source.Id, cancellation) is { } o && o < deal.CreatedAt ? o : deal.CreatedAt;
            try
            {
                if (!(await LookAsync(source, reached, oldest, round, cancellation)).SawEverything)
                {
                    return false;
                }
            }
            catch (Exception e) when (IsOfALook(e))
            {
                // It is given up when everything could be looked at; what has a deadline does not wait for it.
                logger.Log(LevelOf(e), e is ChainUnavailableException ? null : e, "Giving up {Id} is put off: {Message}", deal.Id, e.Message);
                return false;
            }
        }

        return await store.Deals.GetAsync(deal.Id, cancellation) is { Projection.State: null, UnderWay: null };
    }

    private async Task<LookedAgain> LookAsync(PaymentSource source, BlockPoint reached, DateTimeOffset? since, RoundView round, CancellationToken cancellation)
    {
        // As it stands now: following may have moved what was covered.
        var now = (await store.Sources.ListAsync(cancellation)).Single(s => s.Id == source.Id);
        var found = await reconciler.LookAsync(now, reached, since, cancellation);
        var look = _looks[source.Id];
        if (found.WasOvertaken)
        {
            Ask(source.Id);
        }

        // A list that lacks what we know to be there says nothing about what else it lacks.
        if (found.SawEverything)
        {
            hold.Looked(source.Id, _looks.Keys, round.Tip);
            look = look with { Whole = since is { } from ? new WholeLook(from, reached) : look.Whole };
        }

        _looks[source.Id] = look with { At = round.Now };
        return found;
    }

    // Whatever a provider shows, what it ends is a look. A store that is lost, or a stop, is everybody's.
    private static bool IsOfALook(Exception e) => e is not (OperationCanceledException or OutOfMemoryException) && !StorageFailure.Is(e);

    // A provider that does not answer is usual; anything else is a fault, here or in what was shown.
    private static LogLevel LevelOf(Exception e) => e is ChainUnavailableException ? LogLevel.Warning : LogLevel.Error;

    private sealed record Look(BlockPoint Reached, DateTimeOffset? At, bool HasFailed, WholeLook? Whole);

    private sealed record WholeLook(DateTimeOffset From, BlockPoint To);
}
