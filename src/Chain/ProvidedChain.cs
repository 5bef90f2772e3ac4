using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Metadata;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Masumi.Chain;

/// <summary>
/// The chain through one or several providers. Following, choosing, repeating and doubting are done here, so that a provider only has to answer single
/// questions. Awaits nothing but its providers and delays on its time provider.
/// </summary>
/// <remarks>
/// Questions: tip 1; follow 1 when nothing happened, otherwise 1 + 1 to 2 for the place of the known point + 1 per page of transactions + 1 per new transaction;
/// unspent outputs and holders 1 a page; resolve 1 per transaction; script, metadata, transaction 1. The first tip of all, one that jumps, or falls, costs one more;
/// one that is old, one of each other provider every half minute.
/// Safe for concurrent use.
/// </remarks>
public sealed partial class ProvidedChain : IChain, IDisposable
{
    private const int ReadAhead = 8;
    private const int MaxPages = 20_000;
    private readonly ProvidedChainOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly ProviderBoard _board;
    private readonly State _state;
    private readonly CallPriority _priority;

    /// <summary>Over providers, which are its own from now on: those that can be disposed are disposed with it.</summary>
    /// <param name="providers">In the order they are asked; at least one.</param>
    /// <param name="options">How they are used.</param>
    /// <param name="time">Real time, also where a devnet's clock is moved.</param>
    /// <param name="random">Spreads repeated questions.</param>
    /// <param name="log">Receives alarms, and what had to be left out.</param>
    /// <param name="meter">Counts questions; null: they are counted in <see cref="Calls"/> only.</param>
    public ProvidedChain(
        IEnumerable<ProviderSetup> providers,
        ProvidedChainOptions options,
        TimeProvider time,
        Random random,
        ILogger? log = null,
        Meter? meter = null
    )
    {
        _options = options;
        _time = time;
        _log = log ?? NullLogger.Instance;
        Calls = new CallCounts(meter);
        ImmutableArray<ProviderLine> lines = [.. providers.Select(p => new ProviderLine(p, options, Calls, time, _log))];
        if (lines.IsEmpty)
        {
            throw new ArgumentException("A chain needs a provider.", nameof(providers));
        }

        _board = new ProviderBoard(lines, options, time, random, _log);
        _state = new State();
    }

    private ProvidedChain(ProvidedChain other, CallPriority priority)
    {
        _options = other._options;
        _time = other._time;
        _log = other._log;
        _board = other._board;
        _state = other._state;
        _priority = priority;
        Calls = other.Calls;
    }

    /// <summary>The questions put so far.</summary>
    public CallCounts Calls { get; }

    /// <summary>How the providers do.</summary>
    public ChainHealth Health
    {
        get
        {
            var tip = _state.Tip;
            return new ChainHealth([.. _board.Lines.Select(l => l.Health)], tip, tip is not null && IsBehind(tip));
        }
    }

    /// <inheritdoc/>
    public string? Problem =>
        Health is { IsAvailable: false, Providers: var providers }
            ? string.Join("; ", providers.Select(p => $"{p.Name}: {p.LastError ?? "has not been asked yet"}"))
            : null;

    /// <inheritdoc/>
    public bool HasSeveralProviders => _board.Lines.Length > 1;

    /// <inheritdoc/>
    public IChain With(CallPriority priority) => priority == _priority ? this : new ProvidedChain(this, priority);

    /// <inheritdoc/>
    public Task<ImmutableArray<Utxo>> GetUtxosAsync(Address address, CancellationToken cancellation) =>
        _board.WithOneAsync(
            async talk =>
            {
                var found = new Dictionary<TxInput, Utxo>();
                await foreach (
                    var utxo in PagesAsync(
                            talk,
                            CallKind.Unspent,
                            $"the unspent outputs at {address}",
                            (p, page, c) => p.ListUtxosAsync(address, page, c),
                            u => found.TryAdd(u.Input, u),
                            cancellation
                        )
                        .ConfigureAwait(false)
                )
                {
                    if (utxo.Output.Address != address)
                    {
                        throw talk.Nonsense($"{utxo.Input} is not at {address}");
                    }
                }

                return ImmutableArray.CreateRange(found.Values.OrderBy(u => u.Input));
            },
            _priority
        );

    /// <inheritdoc/>
    public Task<ImmutableArray<(Address Address, long Quantity)>> GetHoldersAsync(AssetId asset, CancellationToken cancellation) =>
        _board.WithOneAsync(
            async talk =>
            {
                var holders = ImmutableArray.CreateBuilder<(Address, long)>();
                var seen = new HashSet<Address>();
                await foreach (
                    var row in PagesAsync(
                            talk,
                            CallKind.Holders,
                            $"the holders of {asset}",
                            (p, page, c) => p.ListHoldersAsync(asset, page, c),
                            r => seen.Add(r.Address),
                            cancellation
                        )
                        .ConfigureAwait(false)
                )
                {
                    if (row.Quantity > 0)
                    {
                        holders.Add(row);
                    }
                }

                return holders.ToImmutable();
            },
            _priority
        );

    /// <inheritdoc/>
    public Task<bool> IsHeldAsync(AssetId asset, CancellationToken cancellation) =>
        _board.AskAsync(
            CallKind.Holders,
            async (p, c) => (await p.ListHoldersAsync(asset, 1, c).ConfigureAwait(false)).Any(h => h.Quantity > 0),
            _priority,
            cancellation
        );

    /// <inheritdoc/>
    public Task<ChainTransaction?> FindTransactionAsync(TransactionId txId, CancellationToken cancellation) =>
        _board.AskAsync(CallKind.Transaction, (p, c) => FindCheckedAsync(p, txId, c), _priority, cancellation);

    /// <inheritdoc/>
    /// <remarks>
    /// A provider may remember a transaction that has been rolled back meanwhile; what is unspent now is the business of <see cref="GetUtxosAsync"/>.
    /// </remarks>
    public async Task<ImmutableArray<Utxo>> ResolveAsync(IReadOnlyCollection<TxInput> inputs, CancellationToken cancellation)
    {
        var budget = _board.StartBudget();
        var resolved = ImmutableArray.CreateBuilder<Utxo>();
        foreach (var groups in inputs.Distinct().GroupBy(i => i.TxId).Chunk(ReadAhead))
        {
            var read = await Task.WhenAll(groups.Select(g => ReadOutputsAsync(g.Key, budget, cancellation))).ConfigureAwait(false);
            foreach (var (group, outputs) in groups.Zip(read))
            {
                resolved.AddRange(group.Select(i => outputs.FirstOrDefault(o => o.Input == i)).OfType<Utxo>());
            }
        }

        return resolved.ToImmutable();
    }

    /// <inheritdoc/>
    public Task<AuxiliaryData?> GetMintMetadataAsync(AssetId asset, CancellationToken cancellation) =>
        _board.AskAsync(CallKind.Metadata, (p, c) => p.GetMintMetadataAsync(asset, c), _priority, cancellation);

    /// <inheritdoc/>
    public Task<Script?> FindScriptAsync(ScriptHash hash, CancellationToken cancellation) =>
        _board.AskAsync(CallKind.Script, (p, c) => p.FindScriptAsync(hash, c), _priority, cancellation);

    /// <summary>Disposes the providers.</summary>
    public void Dispose()
    {
        foreach (var line in _board.Lines)
        {
            (line.Provider as IDisposable)?.Dispose();
        }
    }

    private Task<ImmutableArray<Utxo>> ReadOutputsAsync(TransactionId txId, CallBudget budget, CancellationToken cancellation) =>
        _board.AskAsync(_board.Lines, CallKind.Outputs, (line, c) => line.Provider.ListOutputsAsync(txId, c), _priority, budget, cancellation);

    // Deadlines are judged by the time of a block, which its slot tells.
    private async Task<ChainTransaction?> FindCheckedAsync(IChainProvider provider, TransactionId txId, CancellationToken cancellation)
    {
        var found = await provider.FindTransactionAsync(txId, cancellation).ConfigureAwait(false);
        return found is null || KnownSlots is not { } slots || TipBounds.Agree(found.Block, slots)
            ? found
            : throw new ChainUnavailableException(
                $"{provider.Name} answered nonsense: the block of transaction {txId} says that slot {found.Block.Slot} starts at {found.Block.Time:O}, the slot configuration does not."
            )
            {
                Trouble = ProviderTrouble.Nonsense,
            };
    }

    private SlotConfig? KnownSlots => _state.Slots ?? _options.Slots;

    /// <summary>
    /// What is new in each page of a list, to the last page. A whole page without anything new would be followed by others for ever, and hold up everything.
    /// </summary>
    private static async IAsyncEnumerable<T> PagesAsync<T>(
        Conversation talk,
        CallKind kind,
        string what,
        Func<IChainProvider, int, CancellationToken, Task<ImmutableArray<T>>> list,
        Func<T, bool> isNew,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        for (var page = 1; page <= MaxPages; page++)
        {
            var number = page;
            var rows = await talk.AskAsync(kind, (p, c) => list(p, number, c), cancellation).ConfigureAwait(false);
            var isAll = rows.Length < talk.PageSize;
            var isStuck = !isAll;
            foreach (var row in rows.Where(isNew))
            {
                isStuck = false;
                yield return row;
            }

            if (isAll)
            {
                yield break;
            }

            if (isStuck)
            {
                throw talk.Nonsense($"page {page} of {what} has nothing that was not on the pages before");
            }
        }

        throw new ChainUnavailableException($"{talk.Name}: {what} take more than {MaxPages} pages.") { Trouble = ProviderTrouble.Nonsense };
    }

    // What all priorities share.
    private sealed class State
    {
        public Lock Gate { get; } = new();

        public FollowMemory Memory { get; } = new();

        public volatile BlockPoint? Tip;

        public volatile SlotConfig? Slots;

        public volatile CachedParameters? Parameters;

        public string Unfamiliar { get; set; } = "";

        public long TipEpoch { get; set; } = -1;

        public bool SaidAhead { get; set; }

        public bool SaidBehind { get; set; }

        /// <summary>Whether it is time to hold the providers' tips beside each other: now and then.</summary>
        public bool MayCompare(TimeProvider time)
        {
            lock (Gate)
            {
                var now = time.GetUtcNow();
                var may = now >= _compared + TimeSpan.FromSeconds(30) || now < _compared;
                _compared = may ? now : _compared;
                return may;
            }
        }

        private DateTimeOffset _compared;
    }

    private sealed record CachedParameters(EpochParameters Found, DateTimeOffset ReadAt);
}
