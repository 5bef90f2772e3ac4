using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Building;
using Masumi.Chain;
using Masumi.Settlement.Deals;
using Masumi.Settlement.Rails;
using Masumi.Settlement.Sources;
using Masumi.Settlement.Stores;
using Masumi.Settlement.Wallets;
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
    private const int MostAtOnce = 3;

    private readonly EnginePorts _ports;
    private readonly SettlementOptions _options;
    private readonly Safety _safety;
    private readonly SettlementStore _store;
    private readonly ChainFollower _follower;
    private readonly WalletCoins _coins;
    private readonly LockAgreement _agreement;
    private readonly Tender _tender;
    private readonly RestoreHold _hold;
    private readonly SecondLooks _looks;
    private readonly RoundOutcomes _outcomes;
    private readonly Planner _planner;
    private readonly BalanceKeeper _balances;
    private readonly HashSet<string> _poor = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (DateTimeOffset Since, DateTimeOffset LookedAt)> _short = new(StringComparer.Ordinal);
    private Hash32? _lastTip;
    private bool _allCurrent;
    private Glance? _glance;
    private long _retiredAt = -1;
    private int _behindInARow;
    private DateTimeOffset _roundAt;
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
        _outcomes = new RoundOutcomes(ports.Time, ports.Logger);
        var reader = new EscrowReader(_store.Chain, safety, ports.Chain.HasSeveralProviders ? options.Agreement : null, ports.Logger);
        _follower = new ChainFollower(_store, reader, safety, options, ports.Clock, ports.Time, ports.Logger);
        _coins = new WalletCoins(_store.Attempts);
        _tender = new Tender(_store, ports.Chain, _follower, _coins, safety, options, ports.Logger);
        _agreement = new LockAgreement(_store, _follower, ports.Chain.HasSeveralProviders, options, ports.Logger);
        _hold = new RestoreHold(_store, ports.Clock, ports.Time, ports.Ids.Next(), safety, options, ports.Logger);
        var reconciler = new Reconciler(_store, ports.Chain, _follower, reader, _tender, _coins, safety, ports.Logger);
        _looks = new SecondLooks(_store, reconciler, _tender, _hold, safety, options, ports.Logger);
        var commits = new Commits(_store, ports.Wallets, _tender, _follower, _coins, ports.Evaluator, ports.Ids, safety, options, ports.Logger);
        _balances = new BalanceKeeper(_store, _coins, _follower, ports.Ids, ports.Logger);
        _planner = new Planner(
            _store,
            ports.Scripts,
            new LockPlanner(commits, _coins, safety, options),
            new ActionPlanner(_store, commits, _coins),
            new RegistrationPlanner(ports.Scripts, commits, _coins),
            new TransferPlanner(commits, _coins),
            new ReferenceKeeper(_store, commits, _coins, options, ports.Logger),
            _follower,
            safety,
            (source, stop) => reconciler.LookAsync(source, _looks.Reached(source.Id)!, null, stop),
            ports.Logger
        );
    }

    /// <summary>Whole rounds since the start. Two more than before, and everything that was on chain before has been acted upon.</summary>
    public long Rounds => Interlocked.Read(ref _rounds);

    /// <summary>How the rounds go.</summary>
    public EngineState State => _outcomes.State;

    /// <summary>
    /// Until when nothing that pays for what stood in the database is signed, since this may be an old copy (decision 2); null when it is not so. A time that is past
    /// waits for a look that sees everything.
    /// </summary>
    public DateTimeOffset? HoldsUntil => _hold.Until;

    /// <summary>Whether balances are being looked at, and wallets topped up, now.</summary>
    public bool LooksAtBalances => _balances.IsAtWork;

    /// <inheritdoc/>
    public void Wake() => _ports.Wait.Wake();

    /// <summary>Asks for a second look at sources in the next round; all when none is named.</summary>
    public void LookAgain(params IEnumerable<string> sources)
    {
        _looks.Ask(sources);
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
        _looks.Add(request);
        Wake();
        try
        {
            return await request.Answer.WaitAsync(cancellation);
        }
        finally
        {
            _looks.Remove(request);
        }
    }

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        await RunRoundsAsync(cancellation);
        await _hold.StopAsync(_looks.Followed);
    }

    private async Task RunRoundsAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await RunRoundAsync(cancellation);
                var pause = await PauseAsync(cancellation);
                _outcomes.Whole();
                await _ports.Wait.WaitAsync(pause, cancellation);
                continue;
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // A lost chain, a lost database or a bug; the store is as the last transaction left it, and the next round starts from there.
                _outcomes.Failed(e);
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
        if (await _hold.BeatAsync(tip, cancellation))
        {
            LookAgain();
        }

        var round = new RoundView(tip, _ports.Clock.GetUtcNow(), tip.Hash != _lastTip, chain);
        _roundAt = round.Now;
        if (await IsIdleAsync(round, cancellation))
        {
            _behindInARow = 0;
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
        var requests = _looks.Requests;
        requests.ForEach(r => r.KeepTo(sources.Keys));
        var looked = await _looks.RunAsync(sources, current, unshown, requests, round, cancellation);
        var moneyCame = await MoneyCameAsync(round, cancellation);
        if (tended || looked || moneyCame)
        {
            work = await _store.Rounds.ListDueAsync(round.Now, moneyCame, MostDue, cancellation);
        }

        var now = await ProjectAgainAsync(work.Deals, sources, current, cancellation);
        var due = await LetTimePassAsync(now, current, round, cancellation);
        if (!_isUrgent && due.Exists(d => Urgency.IsUrgent(d, round.Now, _options.Rules)))
        {
            _isUrgent = true;
            round = round with { Chain = _ports.Chain.With(CallPriority.Deadline) };
        }

        var isWhole = await PlanAsync(sources.Where(s => current.ContainsKey(s.Key)).ToDictionary(), due, work, round, cancellation);
        if (work.Next.NextDue <= round.Now)
        {
            await _balances.RunAsync(current.Keys, round, cancellation);
        }

        _behindInARow = isWhole ? 0 : _behindInARow + 1;
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
        if (round.NewBlock || !_allCurrent || !_looks.AreIdle(round.Now))
        {
            return false;
        }

        var glance = await _store.Rounds.GlanceAsync(_tender.DeadBefore(round.Tip), cancellation);
        if (glance.Sources != _looks.Followed.Count || glance.ToTend > 0 || glance.NextDue <= round.Now)
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
        _looks.KeepTo(setup.Sources.Select(s => s.Id));
        foreach (var source in setup.Sources)
        {
            if (!round.NewBlock && _looks.Reached(source.Id) is { } before && before.Hash == round.Tip.Hash)
            {
                current[source.Id] = new Followed(true, before, before, false);
                continue;
            }

            var followed = await _follower.CatchUpAsync(source, setup, round.Chain, cancellation);
            if (followed.RolledBack)
            {
                _coins.DoubtAll();
                _looks.Ask(source.Id);
            }

            if (followed is { IsCurrent: true, Reached: { } reached })
            {
                await _agreement.AskAsync(source, reached, round, cancellation);
                current[source.Id] = followed;
                _looks.Note(source.Id, reached);
            }
        }

        return current;
    }

    // What stands in the store of a deal may have been read before it was made: a copy of the database from before a purchase reads the lock as money without a deal,
    // and the buyer, whose answer was lost, asks again. So that is looked into before it is paid, or given up.
    private async Task<ImmutableArray<Deal>> ProjectAgainAsync(
        ImmutableArray<Deal> deals,
        Dictionary<string, PaymentSource> sources,
        Dictionary<string, Followed> current,
        CancellationToken cancellation
    )
    {
        var waiting = deals.Where(d => d.Projection.State is null && current.ContainsKey(d.SourceId)).ToLookup(d => d.SourceId, StringComparer.Ordinal);
        if (waiting.Count == 0)
        {
            return deals;
        }

        var wallets = await _store.Wallets.ListAsync(cancellation);
        var changed = new Dictionary<string, Deal>(StringComparer.Ordinal);
        foreach (var ofSource in waiting)
        {
            var changes = _follower.Changes(sources[ofSource.Key], wallets, current[ofSource.Key].Reached!.Height);
            var identifiers = ofSource.Select(d => d.Terms.Identifier.ToString());
            if (!await _store.Chain.ProjectAgainAsync(sources[ofSource.Key], identifiers, changes, cancellation))
            {
                continue;
            }

            foreach (var deal in ofSource)
            {
                changed[deal.Id] = await _store.Deals.GetAsync(deal.Id, cancellation) ?? deal;
            }
        }

        return [.. deals.Select(d => changed.GetValueOrDefault(d.Id, d))];
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
                if (!isCertain || !await _looks.IsNowhereAsync(deal, give, followed.Reached!, round, cancellation))
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
                var more = false;
                try
                {
                    more = await _coins.RefreshAsync(wallet, round.Chain, round.Tip, cancellation);
                }
                catch (ChainUnavailableException e)
                {
                    // What the others can pay, and what has a deadline, does not wait for the coins of one wallet.
                    _ports.Logger.LogWarning("The coins of {Wallet} cannot be listed: {Message}", wallet.Address, e.Message);
                }

                came |= more;
                _short[wallet.Id] = (more || since.Since == default ? round.Now : since.Since, round.Now);
            }
        }

        return came;
    }

    // False when the chain went on meanwhile, and something was left undone.
    private async Task<bool> PlanAsync(Dictionary<string, PaymentSource> sources, List<Deal> due, DueWork work, RoundView round, CancellationToken cancellation)
    {
        var registrations = work.HasRegistrations ? await _store.Registrations.ListDueAsync(round.Now, MostDue, cancellation) : [];
        var transfers = work.HasTransfers ? await _store.Transfers.ListDueAsync(round.Now, MostDue, cancellation) : [];

        // Another copy may have paid for what stood in the store when this one started.
        bool Waits(string source, DateTimeOffset createdAt) => !_looks.MayPay(source) || _hold.Holds(source, createdAt, round.Tip);
        due.RemoveAll(d => d.Intent == Intent.Lock && Waits(d.SourceId, d.CreatedAt));
        registrations = registrations.RemoveAll(r => Waits(r.SourceId, r.CreatedAt));
        transfers = transfers.RemoveAll(t => Waits(t.SourceId, t.CreatedAt));

        // Nobody hurries for a deposit.
        var reclaims = round.Tip.Height - _retiredAt >= 20 && !(await _store.Scripts.ListReclaimedAsync(cancellation)).IsEmpty;
        if (due.Count == 0 && registrations.IsEmpty && transfers.IsEmpty && !reclaims)
        {
            return true;
        }

        var planning = new PlanningRound(
            round.Tip,
            round.Now,
            round.NewBlock,
            round.Chain,
            await round.Chain.GetParametersAsync(cancellation),
            await round.Chain.GetSlotConfigAsync(cancellation)
        );
        var isWhole = await _planner.RunAsync(sources, due, planning, cancellation);
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

        return isWhole;
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
        // A block came while this round was at work: what it left waits for no other look. A chain that always goes on meanwhile is not asked without a pause.
        if (_behindInARow is > 0 and <= MostAtOnce)
        {
            return TimeSpan.Zero;
        }

        var glance = _glance ?? await _store.Rounds.GlanceAsync(default, cancellation);
        var now = _ports.Clock.GetUtcNow();
        var poll = _isUrgent || _behindInARow > 0 ? _options.PollInterval / 4 : _options.PollInterval;

        // What was overdue was tried in this round; it has its turn again with the next look. What fell due since has not been.
        return glance.NextDue is not { } due || due <= _roundAt ? poll
            : due <= now ? TimeSpan.Zero
            : due - now < poll ? due - now
            : poll;
    }
}
