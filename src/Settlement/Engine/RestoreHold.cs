using Masumi.Chain;
using Masumi.Contracts.Common;
using Masumi.Settlement.Stores;
using Masumi.Storage;
using Microsoft.Extensions.Logging;

namespace Masumi.Settlement.Engine;

/// <summary>
/// Writes an engine's signs of life, and holds back what pays where they say that the database may be an old copy (decision 2, ADR 7): another copy may have
/// paid for what stood in it at the start. Held is until whatever that one signed is over, and until each source was looked at after that.
/// </summary>
internal sealed class RestoreHold(
    SettlementStore store,
    ChainClock clock,
    TimeProvider time,
    string engine,
    Safety safety,
    SettlementOptions options,
    ILogger logger
)
{
    // Whoever lives gives a sign every ten seconds.
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(5);

    // So far ahead of the truth that time can have been: no block that is further ahead is believed.
    private static readonly TimeSpan Ahead = new TipLimits().Ahead;

    private readonly HashSet<string> _looked = new(StringComparer.Ordinal);
    private DateTimeOffset _lastBeat = DateTimeOffset.MinValue;
    private TwoTimes? _last;
    private volatile bool _allLooked;
    private volatile Span? _span;

    /// <summary>Until when it holds in any case, and from then on until every source was looked at; null when it does not. Safe for concurrent use.</summary>
    public DateTimeOffset? Until => _span is { } span && (!_allLooked || !IsOver(span, clock.GetUtcNow())) ? span.Until : null;

    /// <summary>A sign of life, now and then. True when it begins to hold, with the first: then everything is to be looked at again.</summary>
    public async Task<bool> BeatAsync(BlockPoint tip, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var begins = _lastBeat == DateTimeOffset.MinValue && await BeginAsync(now, tip, cancellation);
        if (now - _lastBeat >= Beat)
        {
            var sign = new TwoTimes(now, tip.Time);
            await store.Life.BeatAsync(engine, sign, cancellation);
            (_last, _lastBeat) = (sign, now);
        }

        return begins;
    }

    /// <summary>The last sign of life, of an engine that stops in order. One that still holds is not signed off: whoever starts next holds too.</summary>
    /// <param name="sources">The sources it served.</param>
    public async Task StopAsync(IEnumerable<string> sources)
    {
        // Whoever followed nothing yet has looked nowhere, and an empty list of sources says nothing about those in the store.
        var holds = _span is not null && (_looked.Count == 0 || !sources.All(_looked.Contains));
        if (_last is not { Chain: var chain } || holds)
        {
            return;
        }

        try
        {
            using var limit = new CancellationTokenSource(StopLimit, time);
            var now = time.GetUtcNow();
            await store.Life.StopAsync(engine, new TwoTimes(now, chain), new TwoTimes(now - Silence, chain - Silence), limit.Token);
        }
        catch (Exception e) when (e is OperationCanceledException || StorageFailure.Is(e))
        {
            // The next start takes this for a crash, and holds.
            logger.LogWarning("That the engine stopped in order could not be written: {Message}", e.Message);
        }
    }

    /// <summary>Whether what pays at a source, and was asked for at a time, is held back.</summary>
    public bool Holds(string source, DateTimeOffset createdAt, BlockPoint tip) =>
        _span is { } span && createdAt < span.Since && (!IsOver(span, tip.Time) || (IsToLook(source, tip) && safety.SearchesBeforePaying()));

    /// <summary>Whether a source is to be looked at once more: a look while it held may have been at a list that was behind.</summary>
    public bool IsToLook(string source, BlockPoint tip) => _span is { } span && IsOver(span, tip.Time) && !_looked.Contains(source);

    /// <summary>Notes that a source was looked at, one of all that are served, and everything was seen that is known to be there.</summary>
    public void Looked(string source, IEnumerable<string> all, BlockPoint tip)
    {
        if (_span is { } span && IsOver(span, tip.Time))
        {
            _looked.Add(source);
            _allLooked = all.All(_looked.Contains);
        }
    }

    private async Task<bool> BeginAsync(DateTimeOffset now, BlockPoint tip, CancellationToken cancellation)
    {
        // Where blocks stand still it would not end, and the provider is the chain itself: it hides nothing.
        var last = await store.Life.LastAsync(cancellation);
        var gap = last is null ? null : new Gap(now - last.At.Local, options.BlocksMayStandStill ? null : tip.Time - last.At.Chain);
        if (!safety.MayBeAnOldCopy(gap, last?.IsStopped is true || options.BlocksMayStandStill))
        {
            return false;
        }

        // What stands in the store may have been made at a later chain time than that of the newest block, which this process knows alone.
        var stands = await store.Life.NewestAsync(cancellation) is { } newest ? newest + TimeSpan.FromMilliseconds(1) : DateTimeOffset.MinValue;
        var since = clock.GetUtcNow();

        // The other half signed by a time that it believed and that went on from block to block, and this provider's newest block may be an old one.
        var latest = options.BlocksMayStandStill || now < since ? since : now;
        _span = new Span(stands > since ? stands : since, latest + Validity.Longest + Ahead);
        logger.LogWarning("The last sign of life is of {Last:u}: hold after restore until {Until:u}", last?.At.Local, _span.Until);
        return true;
    }

    // By the chain's time and by ours: one block that is ahead ends nothing.
    private bool IsOver(Span span, DateTimeOffset chain) => chain >= span.Until && (options.BlocksMayStandStill || time.GetUtcNow() >= span.Until);

    private sealed record Span(DateTimeOffset Since, DateTimeOffset Until);
}
