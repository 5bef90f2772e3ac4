using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Building;
using Masumi.Chain;
using Masumi.Settlement.Attempts;
using Masumi.Settlement.Deals;
using Masumi.Settlement.Rails;
using Masumi.Settlement.Sources;
using Masumi.Settlement.Stores;
using Masumi.Settlement.Wallets;
using Masumi.Storage;
using Microsoft.Extensions.Logging;

namespace Masumi.Settlement.Engine;

/// <summary>What the engine works with.</summary>
/// <param name="Store">Its memory.</param>
/// <param name="Chain">The chain.</param>
/// <param name="Scripts">The contracts.</param>
/// <param name="Wallets">The keys.</param>
/// <param name="Evaluator">Runs scripts before anyone else does.</param>
/// <param name="Clock">Chain time; kept current by the engine.</param>
/// <param name="Ids">Ids.</param>
/// <param name="Time">Local time.</param>
/// <param name="Wait">Waiting between rounds.</param>
/// <param name="Logger">Its words to the operator.</param>
public sealed record EnginePorts(
    SettlementStore Store,
    IChain Chain,
    ScriptCatalog Scripts,
    Keyring Wallets,
    IScriptEvaluator Evaluator,
    ChainClock Clock,
    IdSource Ids,
    TimeProvider Time,
    IEngineWait Wait,
    ILogger Logger
);

/// <summary>
/// The engine of one node: follows the chain, looks after what was sent, looks again at what was looked at, lets time pass, plans what is due; then waits for
/// the next look or a wake-up. One round at a time; a provider that fails ends the round and changes nothing.
/// </summary>
public sealed class SettlementEngine : ISettlementSignal
{
    private const int MostDue = 2_000;
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(5);

    private readonly EnginePorts _ports;
    private readonly SettlementOptions _options;
    private readonly Safety _safety;
    private readonly SettlementStore _store;
    private readonly ChainFollower _follower;
    private readonly WalletCoins _coins;
    private readonly LockAgreement _agreement;
    private readonly Tender _tender;
    private readonly Reconciler _reconciler;
    private readonly Planner _planner;
    private readonly Dictionary<string, Look> _looks = new(StringComparer.Ordinal);
    private readonly HashSet<string> _poor = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (DateTimeOffset Since, DateTimeOffset LookedAt)> _short = new(StringComparer.Ordinal);
    private ImmutableHashSet<string> _lookNow = [];
    private ImmutableList<LookRequest> _requests = [];
    private DateTimeOffset _lastBeat = DateTimeOffset.MinValue;
    private Hold? _hold;
    private readonly HashSet<string> _lookedAfterHold = new(StringComparer.Ordinal);
    private Hash32? _lastTip;
    private bool _allCurrent;
    private Glance? _glance;
    private long _retiredAt = -1;
    private bool _isBehind;
    private long _rounds;
    private bool _isWhole;
    private bool _isUrgent;

    /// <summary>An engine; <see cref="RunAsync"/> starts it.</summary>
    public SettlementEngine(EnginePorts ports, SettlementOptions options)
        : this(ports, options, Safety.Right) { }

    /// <summary>An engine with safety decisions of the simulation's.</summary>
    internal SettlementEngine(EnginePorts ports, SettlementOptions options, Safety safety)
    {
        _ports = ports;
        _options = options;
        _safety = safety;
        _store = ports.Store;
        var reader = new EscrowReader(_store.Chain, safety, ports.Chain.HasSeveralProviders ? options.Agreement : null, ports.Logger);
        _follower = new ChainFollower(_store, reader, safety, options, ports.Clock, ports.Time, ports.Logger);
        _coins = new WalletCoins(_store.Attempts);
        _tender = new Tender(_store, ports.Chain, _follower, _coins, safety, options, ports.Logger);
        _agreement = new LockAgreement(_store, _follower, ports.Chain.HasSeveralProviders, options, ports.Logger);
        _reconciler = new Reconciler(_store, ports.Chain, _follower, reader, _tender, _coins, ports.Ids, ports.Logger);
        var commits = new Commits(_store, ports.Wallets, _tender, _follower, _coins, ports.Evaluator, ports.Ids, safety, options, ports.Logger);
        _planner = new Planner(
            _store,
            ports.Scripts,
            new LockPlanner(commits, _coins, safety, options),
            new ActionPlanner(_store, commits, _coins),
            new RegistrationPlanner(_store, ports.Scripts, commits, _coins, ports.Time),
            new TransferPlanner(commits, _coins),
            new ReferenceKeeper(_store, commits, _coins, options, ports.Logger),
            _follower,
            safety,
            (source, stop) => _reconciler.LookAsync(source, _looks[source.Id].Reached, null, stop),
            ports.Logger
        );
    }

    /// <summary>Whole rounds since the start. Two more than before, and everything that was on chain before has been acted upon.</summary>
    public long Rounds => Interlocked.Read(ref _rounds);

    /// <summary>Until when nothing that pays is signed, since this may be an old copy of the database (decision 2); null when it is not so.</summary>
    public DateTimeOffset? HoldsUntil => _hold is { } hold && hold.Until > _ports.Clock.GetUtcNow() ? hold.Until : null;

    /// <inheritdoc/>
    public void Wake() => _ports.Wait.Wake();

    /// <summary>Asks for a second look at sources in the next round; all when none is named.</summary>
    public void LookAgain(params IEnumerable<string> sources)
    {
        ImmutableHashSet<string> named = [.. sources];
        ImmutableInterlocked.Update(ref _lookNow, now => named.IsEmpty ? now.Add("*") : now.Union(named));
        Wake();
    }

    /// <summary>
    /// Looks again at sources in the next round that can, and answers with what was found once that round has also acted upon it. What goes on after the answer
    /// runs within the engine's own turn until it first awaits something: it must not be long.
    /// </summary>
    /// <param name="sources">Ids of sources there are; at least one.</param>
    /// <param name="cancellation">Ends waiting; the look may take place all the same.</param>
    /// <param name="since">From when on, as far as a rollback reaches; null: from a while before the last look.</param>
    public async Task<LookedAgain> LookAgainAsync(IReadOnlyCollection<string> sources, CancellationToken cancellation, DateTimeOffset? since = null)
    {
        var request = new LookRequest(sources, since);
        ImmutableInterlocked.Update(ref _requests, (all, one) => all.Add(one), request);
        Wake();
        try
        {
            return await request.Answer.WaitAsync(cancellation);
        }
        finally
        {
            ImmutableInterlocked.Update(ref _requests, (all, one) => all.Remove(one), request);
        }
    }

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        await RunRoundsAsync(cancellation);
        if (_lastBeat == DateTimeOffset.MinValue)
        {
            return;
        }

        try
        {
            using var limit = new CancellationTokenSource(StopLimit, _ports.Time);
            await _store.Life.StopAsync(_ports.Time.GetUtcNow(), limit.Token);
        }
        catch (Exception e) when (e is OperationCanceledException || StorageFailure.Is(e))
        {
            // The next start takes this for a crash, and holds.
            _ports.Logger.LogWarning("That the engine stopped in order could not be written: {Message}", e.Message);
        }
    }

    private async Task RunRoundsAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await RunRoundAsync(cancellation);
                await _ports.Wait.WaitAsync(await PauseAsync(cancellation), cancellation);
                continue;
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
            catch (ChainUnavailableException e)
            {
                _ports.Logger.LogWarning("The chain is not available: {Message}", e.Message);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // A bug or a lost database; the store is as the last transaction left it, and the next round starts from there.
                _ports.Logger.LogError(e, "A round of settlement failed");
            }

            try
            {
                await _ports.Wait.WaitAsync(_options.PollInterval, cancellation);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <summary>One round: everything that can be done now.</summary>
    public async Task RunRoundAsync(CancellationToken cancellation)
    {
        _isUrgent = _isWhole ? _isUrgent : await IsUrgentAsync(cancellation);
        _isWhole = false;
        var chain = _ports.Chain.With(_isUrgent ? CallPriority.Deadline : CallPriority.Normal);
        var tip = await chain.GetTipAsync(cancellation);
        _ports.Clock.Observe(tip);
        await BeatAsync(tip, cancellation);
        var round = new RoundView(tip, _ports.Clock.GetUtcNow(), tip.Hash != _lastTip, chain);
        _isBehind = false;
        if (await IsIdleAsync(round, cancellation))
        {
            _isWhole = true;
            Interlocked.Increment(ref _rounds);
            return;
        }

        var setup = await _store.Rounds.OpenAsync(cancellation);
        var sources = setup.Sources.ToDictionary(s => s.Id);
        var current = await FollowAsync(setup, round, cancellation);
        var (open, work) = await _store.Rounds.ListAsync(round.Now, MostDue, cancellation);
        var tended = await _tender.TendAsync(open.Sent, round, cancellation);
        var unshown = tended ? await _store.Attempts.ListUnshownAsync(cancellation) : open.Unshown;
        var requests = _requests;
        requests.ForEach(r => r.KeepTo(sources.Keys));
        var looked = await LookAgainAsync(sources, current, unshown, requests, round, cancellation);
        var moneyCame = await MoneyCameAsync(round, cancellation);
        if (tended || looked || moneyCame)
        {
            work = await _store.Rounds.ListDueAsync(round.Now, moneyCame, MostDue, cancellation);
        }

        var due = await LetTimePassAsync(work.Deals, current, round, cancellation);
        if (!_isUrgent && due.Exists(d => Urgency.IsUrgent(d, round.Now, _options.Rules)))
        {
            _isUrgent = true;
            round = round with { Chain = _ports.Chain.With(CallPriority.Deadline) };
        }

        await PlanAsync(sources.Where(s => current.ContainsKey(s.Key)).ToDictionary(), due, work, round, cancellation);
        _glance = work.IsEmpty ? work.Next : null;
        await RetireAsync(tip, cancellation);
        _lastTip = tip.Hash;
        _allCurrent = current.Count == sources.Count;
        _isUrgent = due.Exists(d => Urgency.IsUrgent(d, round.Now, _options.Rules));
        _isWhole = true;
        Interlocked.Increment(ref _rounds);
        requests.ForEach(r => r.AnswerIfDone());
    }

    // Nothing new on chain since a whole round, nothing asked for, no time come: one question to the store, and the round is over.
    private async Task<bool> IsIdleAsync(RoundView round, CancellationToken cancellation)
    {
        _glance = null;
        if (
            round.NewBlock
            || !_allCurrent
            || !_requests.IsEmpty
            || !_lookNow.IsEmpty
            || _tender.HasRefused
            || _looks.Values.Any(l => l.At is not { } at || _safety.LooksAgain(round.Now - at, _options.ReconcileInterval, false))
        )
        {
            return false;
        }

        var glance = await _store.Rounds.GlanceAsync(_tender.DeadBefore(round.Tip), cancellation);
        if (glance.Sources != _looks.Count || glance.ToTend > 0 || glance.NextDue <= round.Now)
        {
            return false;
        }

        _glance = glance;
        return true;
    }

    // Of a round that did not come to its end, for want of calls perhaps, nothing is known but what the store says.
    private async Task<bool> IsUrgentAsync(CancellationToken cancellation)
    {
        var now = _ports.Clock.GetUtcNow();
        var (open, work) = await _store.Rounds.ListAsync(now, MostDue, cancellation);
        return work.Deals.Any(d => Urgency.IsUrgent(d, now, _options.Rules)) || open.Sent.Any(a => a.Subjects.Any(s => Urgency.HasDeadline(s.Action)));
    }

    // A source that could not be followed to the tip is only looked at: nothing is concluded or paid on it in this round.
    private async Task<Dictionary<string, Followed>> FollowAsync(RoundSetup setup, RoundView round, CancellationToken cancellation)
    {
        var current = new Dictionary<string, Followed>(StringComparer.Ordinal);
        foreach (var gone in _looks.Keys.Except(setup.Sources.Select(s => s.Id)).ToList())
        {
            _looks.Remove(gone);
        }

        foreach (var source in setup.Sources)
        {
            if (!round.NewBlock && _looks.TryGetValue(source.Id, out var look) && look.Reached.Hash == round.Tip.Hash)
            {
                current[source.Id] = new Followed(true, look.Reached, look.Reached, false);
                continue;
            }

            var followed = await _follower.CatchUpAsync(source, setup, round.Chain, cancellation);
            if (followed.RolledBack)
            {
                _coins.DoubtAll();
                ImmutableInterlocked.Update(ref _lookNow, now => now.Add(source.Id));
            }

            if (followed is { IsCurrent: true, Reached: { } reached })
            {
                await _agreement.AskAsync(source, reached, round, cancellation);
                current[source.Id] = followed;
                _looks[source.Id] = _looks.TryGetValue(source.Id, out var before) ? before with { Reached = reached } : new Look(reached, null, null);
            }
        }

        return current;
    }

    /// <returns>True when there was a look.</returns>
    private async Task<bool> LookAgainAsync(
        Dictionary<string, PaymentSource> sources,
        Dictionary<string, Followed> current,
        ImmutableArray<Attempt> unshown,
        ImmutableList<LookRequest> requests,
        RoundView round,
        CancellationToken cancellation
    )
    {
        var looked = false;
        var asked = Interlocked.Exchange(ref _lookNow, []);
        var refused = _tender.TakeRefused();
        foreach (var (id, followed) in current.ToList())
        {
            var look = _looks[id];

            // At start; when asked for; when something of ours was refused (no fact, but a coin or an escrow that somebody spent is one, and the chain shows it);
            // and when something of ours is in a block that was followed and nothing shows it.
            var cause =
                ((look.At is null || IsToLookAfterHold(id, round)) && _safety.SearchesBeforePaying())
                || refused.Contains(id)
                || asked.Contains("*")
                || asked.Contains(id)
                || requests.Exists(r => r.WaitsFor(id))
                || (round.NewBlock && unshown.Any(a => a.SourceId == id && a.Height <= followed.Reached!.Height));
            var pause = look.At is { } at ? round.Now - at : TimeSpan.Zero;
            if (_safety.LooksAgain(pause, _options.ReconcileInterval, cause))
            {
                try
                {
                    var since = requests.Where(r => r.WaitsFor(id)).Min(r => r.Since);
                    var found = await LookAsync(sources[id], followed.Reached!, since, round, cancellation);
                    requests.ForEach(r => r.Note(id, found));
                    looked = true;
                }
                catch (ChainUnavailableException e)
                {
                    // It is due at the next round as it was; other sources, and what has a deadline, do not wait for it.
                    _ports.Logger.LogWarning("Looking again at {Source} is put off: {Message}", id, e.Message);
                    ImmutableInterlocked.Update(ref _lookNow, now => now.Add(id));
                    if (look.At is null)
                    {
                        // Nothing is paid before it.
                        current.Remove(id);
                    }
                }
            }
        }

        // What was asked for and could not be done is still asked for.
        var left = sources.Keys.Where(id => !current.ContainsKey(id) && (asked.Contains("*") || asked.Contains(id) || refused.Contains(id))).ToList();
        ImmutableInterlocked.Update(ref _lookNow, now => now.Union(left));
        return looked;
    }

    private async Task<LookedAgain> LookAsync(PaymentSource source, BlockPoint reached, DateTimeOffset? since, RoundView round, CancellationToken cancellation)
    {
        // As it stands now: following may have moved what was covered.
        var now = (await _store.Sources.ListAsync(cancellation)).Single(s => s.Id == source.Id);
        var found = await _reconciler.LookAsync(now, reached, since, cancellation);
        var look = _looks[source.Id];
        if (_hold is { } hold && round.Tip.Time >= hold.Until)
        {
            _lookedAfterHold.Add(source.Id);
        }

        _looks[source.Id] = look with { At = round.Now, Whole = since is { } from ? new WholeLook(from, reached) : look.Whole };
        return found;
    }

    // Deals whose time has come, as they are after it.
    private async Task<List<Deal>> LetTimePassAsync(
        ImmutableArray<Deal> deals,
        Dictionary<string, Followed> current,
        RoundView round,
        CancellationToken cancellation
    )
    {
        var due = new List<Deal>();
        foreach (var deal in deals)
        {
            if (!current.TryGetValue(deal.SourceId, out var followed))
            {
                continue;
            }

            // Money may have come before its time to try again: then nothing is known to hinder it any more.
            var happened =
                deal.Trouble is { Kind: TroubleKind.Funds } && deal.NextAt > round.Now ? new DealEvent.Unhindered() : (DealEvent)new DealEvent.TimePassed();
            if (_safety.Next(deal, round.Now, _options.Rules) is DealStep.GiveUp give)
            {
                var isCertain = _options.BlocksMayStandStill || _safety.IsCertain(followed.Confirmed, round.Tip, give.At);
                if (!isCertain || !await IsNowhereAsync(deal, give, followed, round, cancellation))
                {
                    continue;
                }

                happened = new DealEvent.NoLockCame();
            }

            var after =
                _follower.Apply(deal, happened).Deal == deal
                    ? deal
                    : await _store.Deals.ChangeAsync(deal.Id, d => d.UnderWay is null ? _follower.Apply(d, happened) : null, _follower.Now, cancellation);
            if (after is { UnderWay: null, Intent: not Intent.Nothing } && after.NextAt <= round.Now)
            {
                due.Add(after);
            }
        }

        return due;
    }

    // Before giving up everything since the deal was made is looked at again, at a time when a lock could no longer come: a list that was blind for longer than
    // from one look to the next left something out that no usual look comes back to (P2).
    private async Task<bool> IsNowhereAsync(Deal deal, DealStep.GiveUp give, Followed followed, RoundView round, CancellationToken cancellation)
    {
        if (
            (
                _looks[deal.SourceId].Whole is not { } whole
                || whole.From > deal.CreatedAt
                || (whole.To.Time < give.At && whole.To.Hash != followed.Reached!.Hash)
            ) && _safety.LooksAgain(TimeSpan.Zero, _options.ReconcileInterval, true)
        )
        {
            var source = (await _store.Sources.ListAsync(cancellation)).Single(s => s.Id == deal.SourceId);
            var oldest = await _store.Deals.OldestWaitingAsync(source.Id, cancellation) is { } o && o < deal.CreatedAt ? o : deal.CreatedAt;
            try
            {
                await LookAsync(source, followed.Reached!, oldest, round, cancellation);
            }
            catch (ChainUnavailableException e)
            {
                // It is given up when everything could be looked at; what has a deadline does not wait for it.
                _ports.Logger.LogWarning("Giving up {Id} is put off: {Message}", deal.Id, e.Message);
                return false;
            }
        }

        return await _store.Deals.GetAsync(deal.Id, cancellation) is { Projection.State: null, UnderWay: null };
    }

    private async Task<bool> MoneyCameAsync(RoundView round, CancellationToken cancellation)
    {
        if (_poor.Count == 0 || !round.NewBlock)
        {
            return _rounds == 0;
        }

        var came = _rounds == 0;
        foreach (var wallet in await _store.Wallets.ListAsync(cancellation))
        {
            if (!_poor.Contains(wallet.SourceId) || wallet.DeletedAt is not null)
            {
                _short.Remove(wallet.Id);
            }
            else if (!_short.TryGetValue(wallet.Id, out var since) || CoinPolicy.LooksForMoney(since.Since, since.LookedAt, round.Now))
            {
                var more = await _coins.RefreshAsync(wallet, round.Chain, round.Tip, cancellation);
                came |= more;
                _short[wallet.Id] = (more || since.Since == default ? round.Now : since.Since, round.Now);
            }
        }

        return came;
    }

    private async Task PlanAsync(Dictionary<string, PaymentSource> sources, List<Deal> due, DueWork work, RoundView round, CancellationToken cancellation)
    {
        var registrations = work.HasRegistrations ? await _store.Registrations.ListDueAsync(round.Now, MostDue, cancellation) : [];
        var transfers = work.HasTransfers ? await _store.Transfers.ListDueAsync(round.Now, MostDue, cancellation) : [];
        if (_hold is { } hold)
        {
            // Another copy may have paid for what stood in the store when this one started: what it sent is over by then, and was seen if it came.
            bool IsHeld(string source) => round.Tip.Time < hold.Until || (IsToLookAfterHold(source, round) && _safety.SearchesBeforePaying());
            due.RemoveAll(d => d.Intent == Intent.Lock && d.CreatedAt < hold.Since && IsHeld(d.SourceId));
            registrations = registrations.RemoveAll(r => r.CreatedAt < hold.Since && IsHeld(r.SourceId));
            transfers = transfers.RemoveAll(t => t.CreatedAt < hold.Since && IsHeld(t.SourceId));
        }

        // Nobody hurries for a deposit.
        var reclaims = round.Tip.Height - _retiredAt >= 20 && !(await _store.Scripts.ListReclaimedAsync(cancellation)).IsEmpty;
        if (due.Count == 0 && registrations.IsEmpty && transfers.IsEmpty && !reclaims)
        {
            return;
        }

        var planning = new PlanningRound(
            round.Tip,
            round.Now,
            round.NewBlock,
            round.Chain,
            await round.Chain.GetParametersAsync(cancellation),
            await round.Chain.GetSlotConfigAsync(cancellation)
        );
        _isBehind = !await _planner.RunAsync(sources, due, planning, cancellation);
        await _planner.RegisterAsync(sources, registrations, planning, cancellation);
        await _planner.TransferAsync(sources, transfers, planning, cancellation);
        if (reclaims)
        {
            await _planner.ReclaimAsync(sources, planning, cancellation);
        }

        foreach (var source in due.Select(d => d.SourceId).Distinct())
        {
            if (await _store.Deals.HasPoorAsync(source, cancellation))
            {
                _poor.Add(source);
            }
            else
            {
                _poor.Remove(source);
            }
        }
    }

    // A look while it lasted may have been at a list that was behind.
    private bool IsToLookAfterHold(string source, RoundView round) => _hold is { } hold && round.Tip.Time >= hold.Until && !_lookedAfterHold.Contains(source);

    private async Task BeatAsync(BlockPoint tip, CancellationToken cancellation)
    {
        var now = _ports.Time.GetUtcNow();
        if (_lastBeat == DateTimeOffset.MinValue)
        {
            // Where blocks stand still a hold would not end, and the provider is the chain itself: it hides nothing.
            var last = await _store.Life.LastAsync(cancellation);
            if (_safety.MayBeAnOldCopy(now - last?.At, last?.IsStopped is true || _options.BlocksMayStandStill))
            {
                // What stands in the store may have been made at a later chain time than that of the newest block, which this process knows alone.
                var stands = await _store.Deals.NewestAsync(cancellation) is { } newest ? newest + TimeSpan.FromMilliseconds(1) : DateTimeOffset.MinValue;
                var since = _ports.Clock.GetUtcNow();
                _hold = new Hold(stands > since ? stands : since, tip.Time + LongestValidity);
                _ports.Logger.LogWarning("The last sign of life is of {Last:u}: hold after restore until {Until:u}", last?.At, _hold.Until);
                LookAgain();
            }
        }

        if (now - _lastBeat >= Beat)
        {
            await _store.Life.BeatAsync(now, cancellation);
            _lastBeat = now;
        }
    }

    private async Task RetireAsync(BlockPoint tip, CancellationToken cancellation)
    {
        if (tip.Height - _retiredAt >= 20 || tip.Height < _retiredAt)
        {
            await _store.Attempts.RetireAsync(
                tip.Height - ChainStore.PointsKept,
                new Slot(Math.Max(0, tip.Slot.Number - _options.StabilitySlots)),
                _follower.Now,
                cancellation
            );
            await _store.Chain.RetireAsync(tip.Height - ChainStore.PointsKept, cancellation);
            await _store.Events.RetireAsync(_follower.Now - _options.EventsKept, _follower.Now - _options.EventsKeptAtMost, cancellation);
            _retiredAt = tip.Height;
        }
    }

    // Until the next look at the tip, or until something is due.
    internal async Task<TimeSpan> PauseAsync(CancellationToken cancellation)
    {
        // A block came while this round was at work: what it left waits for no other look.
        if (_isBehind)
        {
            return TimeSpan.Zero;
        }

        var glance = _glance ?? await _store.Rounds.GlanceAsync(default, cancellation);
        var until = glance.NextDue - _ports.Clock.GetUtcNow();

        // What is overdue was tried in this round; it has its turn again with the next look.
        var poll = _isUrgent ? _options.PollInterval / 4 : _options.PollInterval;
        return until is { } wait && wait > TimeSpan.Zero && wait < poll ? wait : poll;
    }

    // The longest validity that any transaction of ours is given (ValidityWindow).
    private static TimeSpan LongestValidity { get; } = TimeSpan.FromMinutes(5.5);

    private sealed record Look(BlockPoint Reached, DateTimeOffset? At, WholeLook? Whole);

    private sealed record WholeLook(DateTimeOffset From, BlockPoint To);

    private sealed record Hold(DateTimeOffset Since, DateTimeOffset Until);
}
