using System.Collections.Immutable;
using Masumi.Cardano;

namespace Masumi.Devnet;

/// <summary>What the chain showed before.</summary>
public sealed partial class DevnetChain
{
    // As many as rollbacks are instant for.
    private const int UsuallyKept = 32;
    private const int UsuallyKeptTransactions = 2000;

    private volatile ImmutableList<DevnetMoment> _past = [];
    private int _pastTransactions;
    private int _leastKept;

    /// <summary>The chain as it is now, to be kept for as long as wanted.</summary>
    public DevnetMoment Now => new(_view);

    /// <summary>
    /// What the chain showed before, the newest last, and without <see cref="Now"/>: one for every tip there was, as it stood when the next replaced it, also
    /// those of branches that were left. How many are kept <see cref="DevnetOptions.KeptMoments"/> says.
    /// </summary>
    public IReadOnlyList<DevnetMoment> Earlier => _past;

    /// <summary>
    /// What somebody sees who is this many steps late; a step is a new block, or blocks taken back or replaced at once. Beyond what is kept it is the oldest
    /// kept without its newest blocks, and in the end the first block.
    /// </summary>
    public DevnetMoment Before(int steps)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(steps);
        if (steps == 0)
        {
            return Now;
        }

        var past = _past;
        if (steps <= past.Count)
        {
            return past[^steps];
        }

        var oldest = past.IsEmpty ? _view : past[0].View;
        return new DevnetMoment(oldest.Without((int)Math.Min(steps - past.Count, oldest.Tip.Height)));
    }

    /// <summary>The present chain as it stood when the block at a height was its newest; null when there is no such block.</summary>
    public DevnetMoment? At(long height)
    {
        var view = _view;
        if (height < 0 || height > view.Tip.Height)
        {
            return null;
        }

        return height == view.Tip.Height ? new DevnetMoment(view)
            : Of(view.Blocks[(int)height].Hash) is { } kept ? kept
            : new DevnetMoment(view.Without((int)(view.Tip.Height - height)));
    }

    /// <summary>The chain as it stood when this block was its newest, on whatever branch; null when that is not kept.</summary>
    public DevnetMoment? Of(Hash32 tip) => _view.Tip.Hash == tip ? Now : _past.FindLast(m => m.Tip.Hash == tip);

    /// <summary>Keeps at least so many earlier moments from now on.</summary>
    internal void KeepAtLeast(int moments)
    {
        lock (_writer)
        {
            _leastKept = moments;
        }
    }

    // Called before another view becomes the present one.
    private void Remember(DevnetView next)
    {
        if (next.Tip.Hash == _view.Tip.Hash)
        {
            return;
        }

        var past = _past.Add(new DevnetMoment(_view));
        _pastTransactions += _view.Tip.Transactions.Length;
        while (past.Count > Math.Max(_leastKept, _options.KeptMoments ?? 0) && (IsMuch(past.Count) || _options.KeptMoments is not null))
        {
            _pastTransactions -= past[0].Tip.Transactions.Length;
            past = past.RemoveAt(0);
        }

        _past = past;
    }

    private bool IsMuch(int moments) => moments > UsuallyKept || _pastTransactions > UsuallyKeptTransactions;

    private void Forget()
    {
        _past = [];
        _pastTransactions = 0;
    }
}
