using Masumi.Chain;

namespace Masumi.Settlement.Engine;

/// <summary>
/// Time as the chain tells it: the newest block's slot time plus what has passed here since that block was seen. Deadlines are judged by it, so a
/// wrong local clock loses no money and a devnet's moved clock is followed. Before the first block is seen it is the local clock.
/// </summary>
public sealed class ChainClock(TimeProvider local) : TimeProvider
{
    private readonly Lock _gate = new();
    private BlockPoint? _tip;
    private long _seenAt;

    /// <summary>The newest block seen.</summary>
    public BlockPoint? Tip
    {
        get
        {
            lock (_gate)
            {
                return _tip;
            }
        }
    }

    /// <summary>Notes a tip; the same block again changes nothing, an earlier one (rollback) is believed.</summary>
    public void Observe(BlockPoint tip)
    {
        lock (_gate)
        {
            if (_tip?.Hash == tip.Hash)
            {
                return;
            }

            _tip = tip;
            _seenAt = local.GetTimestamp();
        }
    }

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return _tip is null ? local.GetUtcNow() : _tip.Time + local.GetElapsedTime(_seenAt);
        }
    }

    /// <inheritdoc/>
    public override long GetTimestamp() => local.GetTimestamp();

    /// <inheritdoc/>
    public override long TimestampFrequency => local.TimestampFrequency;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        local.CreateTimer(callback, state, dueTime, period);
}
