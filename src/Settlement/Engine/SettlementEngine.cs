using System.Threading.Channels;
using Masumi.Cardano;
using Masumi.Cardano.Building;
using Masumi.Chain;
using Microsoft.Extensions.Logging;

namespace Masumi.Settlement;

/// <summary>
/// The engine of one node: follows the chain, looks after what was sent, lets time pass, plans what is due; then waits for the next look or a wake-up.
/// One round at a time; a provider that fails ends the round and changes nothing.
/// </summary>
public sealed class SettlementEngine : ISettlementSignal
{
    private readonly SettlementStore _store;
    private readonly IChain _chain;
    private readonly ChainClock _clock;
    private readonly SettlementOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ChainFollower _follower;
    private readonly Broadcaster _broadcaster;
    private readonly Planner _planner;
    private readonly RegistrationPlanner _registrations;
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private Hash32? _lastTip;
    private long _rounds;

    /// <summary>An engine; <see cref="RunAsync"/> starts it.</summary>
    /// <param name="store">Its memory.</param>
    /// <param name="chain">The chain.</param>
    /// <param name="scripts">The contracts.</param>
    /// <param name="wallets">The keys.</param>
    /// <param name="evaluator">Runs scripts before anyone else does.</param>
    /// <param name="clock">Chain time; kept current by the engine.</param>
    /// <param name="ids">Ids.</param>
    /// <param name="options">How it behaves.</param>
    /// <param name="time">Waiting between rounds, in real time.</param>
    /// <param name="logger">Its words to the operator.</param>
    public SettlementEngine(
        SettlementStore store,
        IChain chain,
        ScriptCatalog scripts,
        Keyring wallets,
        IScriptEvaluator evaluator,
        ChainClock clock,
        IdSource ids,
        SettlementOptions options,
        TimeProvider time,
        ILogger logger
    )
    {
        _store = store;
        _chain = chain;
        _clock = clock;
        _options = options;
        _time = time;
        _logger = logger;
        _follower = new ChainFollower(store, chain, logger);
        _broadcaster = new Broadcaster(store, chain, options, logger);
        var dispatcher = new Dispatcher(store, chain, wallets, _broadcaster, evaluator, ids, logger);
        _planner = new Planner(store, scripts, dispatcher, new LockPlanner(store, dispatcher, options), logger);
        _registrations = new RegistrationPlanner(store, scripts, dispatcher);
    }

    /// <summary>Whole rounds since the start. Two more than before, and everything that was on chain before has been acted upon.</summary>
    public long Rounds => Interlocked.Read(ref _rounds);

    /// <inheritdoc/>
    public void Wake() => _wake.Writer.TryWrite(true);

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await RunRoundAsync(cancellation);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
            catch (ChainUnavailableException e)
            {
                _logger.LogWarning("The chain is not available: {Message}", e.Message);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // A bug or a lost database; the store is as the last transaction left it, and the next round starts from there.
                _logger.LogError(e, "A round of settlement failed");
            }

            await WaitAsync(cancellation);
        }
    }

    /// <summary>One round: everything that can be done now.</summary>
    public async Task RunRoundAsync(CancellationToken cancellation)
    {
        var sources = await _store.ListSourcesAsync(cancellation);
        var tip = await _chain.GetTipAsync(cancellation);
        var newBlock = _lastTip != tip.Hash;
        _clock.Observe(tip);
        if (newBlock)
        {
            foreach (var source in sources)
            {
                if (!await _follower.CatchUpAsync(source, cancellation))
                {
                    // Nothing follows from what it shows: no lock is paid again, no deadline passed. The next round looks anew, at the same tip too.
                    return;
                }
            }
        }

        await _broadcaster.TendAsync(tip, newBlock, cancellation);
        await LetTimePassAsync(cancellation);
        var parameters = await _chain.GetParametersAsync(cancellation);
        var slots = await _chain.GetSlotConfigAsync(cancellation);
        var round = new PlanningRound(parameters, slots, tip, _clock.GetUtcNow(), newBlock);
        var byId = sources.ToDictionary(s => s.Id);
        await _registrations.RunAsync(byId, round, cancellation);
        await _planner.RunAsync(byId, round, cancellation);
        _lastTip = tip.Hash;
        Interlocked.Increment(ref _rounds);
    }

    private async Task LetTimePassAsync(CancellationToken cancellation)
    {
        var now = _clock.GetUtcNow();
        var due = await _store.ListDealsDueByTimeAsync(now, _options.AutoWithdrawPayments, _options.AutoWithdrawRefunds, cancellation);
        foreach (var deal in due)
        {
            var wants = Intents.AfterTime(deal, now);
            var mayCollect = wants.Intent switch
            {
                Intent.Withdraw => _options.AutoWithdrawPayments,
                Intent.WithdrawRefund => _options.AutoWithdrawRefunds,
                _ => true,
            };
            if (mayCollect && wants != deal)
            {
                await _store.ChangeDealAsync(
                    deal.Id,
                    v =>
                        v.UnderWay ? null
                        : Intents.AfterTime(v.Deal, now) is var after && after != v.Deal ? after
                        : null,
                    cancellation
                );
            }
        }
    }

    private async Task WaitAsync(CancellationToken cancellation)
    {
        using var wait = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var timer = Task.Delay(_options.PollInterval, _time, wait.Token);
        var woken = _wake.Reader.WaitToReadAsync(wait.Token).AsTask();
        await Task.WhenAny(timer, woken);
        _wake.Reader.TryRead(out _);
        await wait.CancelAsync();
    }
}
