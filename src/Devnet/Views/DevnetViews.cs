using System.Collections.Immutable;
using Masumi.Cardano.Transactions;

namespace Masumi.Devnet.Views;

/// <summary>
/// Views by API key: who sends this <c>project_id</c> is shown the chain as its view says, everybody else the truth. For trying clients against providers
/// that lag, forget, lie and fail.
/// </summary>
public sealed class DevnetViews : IDisposable
{
    private const int MostKeys = 100;
    private const int MostSpecs = 16;
    private const int LongestKey = 128;

    private readonly DevnetChain _chain;
    private readonly Lock _gate = new();
    private readonly HashSet<ITimer> _later = [];
    private ImmutableSortedDictionary<string, ImmutableArray<ViewLayer>> _views = ImmutableSortedDictionary.Create<string, ImmutableArray<ViewLayer>>(
        StringComparer.Ordinal
    );
    private long _seed = 1;
    private bool _disposed;

    internal DevnetViews(DevnetChain chain)
    {
        _chain = chain;
    }

    /// <summary>
    /// Which calls a share falls on follows from this, the key, and how manieth call of the key it is since its view was set. Default 1.
    /// </summary>
    public long Seed
    {
        get => Interlocked.Read(ref _seed);
        set => Interlocked.Exchange(ref _seed, value);
    }

    /// <summary>Every word that a view can be made of.</summary>
    public static string Words => ViewSpec.Words;

    /// <summary>The views there are.</summary>
    public IReadOnlyDictionary<string, ImmutableArray<string>> All =>
        _views.ToImmutableSortedDictionary(v => v.Key, v => v.Value.Select(l => l.Spec.Text).ToImmutableArray(), StringComparer.Ordinal);

    /// <summary>Throws <see cref="FormatException"/>, saying what is allowed, when this is no view of a key.</summary>
    public static void Check(string key, string spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        CheckKey(key);
        ViewSpec.Parse(spec);
    }

    /// <summary>
    /// Gives a key a view instead of the one it has. Several specs apply together, each with a share of its own. Throws <see cref="FormatException"/>, changing
    /// nothing, when one cannot be read.
    /// </summary>
    public void Set(string key, params IReadOnlyCollection<string> specs)
    {
        ArgumentNullException.ThrowIfNull(specs);
        CheckKey(key);
        if (specs.Count is 0 or > MostSpecs)
        {
            throw new FormatException($"a view has 1 to {MostSpecs} specs");
        }

        ImmutableArray<ViewLayer> layers = [.. specs.Select((s, i) => new ViewLayer(ViewSpec.Parse(s), $"{i}:{key}"))];
        lock (_gate)
        {
            if (_views.Count >= MostKeys && !_views.ContainsKey(key))
            {
                throw new FormatException($"{MostKeys} keys have views already");
            }

            _views = _views.SetItem(key, layers);
        }

        KeepWhatIsLookedAt();
    }

    /// <summary>Shows a key the truth again; false when it was shown nothing else.</summary>
    public bool Clear(string key)
    {
        CheckKey(key);
        lock (_gate)
        {
            if (!_views.ContainsKey(key))
            {
                return false;
            }

            _views = _views.Remove(key);
        }

        KeepWhatIsLookedAt();
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ITimer[] timers;
        lock (_gate)
        {
            _disposed = true;
            timers = [.. _later];
            _later.Clear();
        }

        foreach (var timer in timers)
        {
            timer.Dispose();
        }
    }

    /// <summary>How the next call of a key is answered; null: truly.</summary>
    internal Sight? Of(string? key)
    {
        if (key is null || !_views.TryGetValue(key, out var layers))
        {
            return null;
        }

        var seed = Seed;
        ImmutableArray<ViewLayer> active = [.. layers.Where(l => l.FallsOnNextCall(seed))];
        return active.IsEmpty ? null : new Sight(_chain, this, active);
    }

    /// <summary>Passes a transaction on when the devnet's clock says so.</summary>
    internal void SubmitLater(Transaction transaction, TimeSpan by)
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            // Armed only when it is known here: it may fire at once.
            ITimer? timer = null;
            timer = _chain.Clock.CreateTimer(_ => PassOn(transaction, timer!), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _later.Add(timer);
            timer.Change(by, Timeout.InfiniteTimeSpan);
        }
    }

    private void PassOn(Transaction transaction, ITimer timer)
    {
        lock (_gate)
        {
            if (!_later.Remove(timer))
            {
                return;
            }
        }

        timer.Dispose();
        try
        {
            _chain.Submit(transaction);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // Nobody waits for an answer; a disk that is full is told by the next call that writes.
        }
    }

    private void KeepWhatIsLookedAt() => _chain.KeepAtLeast(_views.Values.SelectMany(v => v).Select(l => l.Spec.Latest).DefaultIfEmpty().Max());

    private static void CheckKey(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (key.Length is 0 or > LongestKey || key.Any(c => c is <= ' ' or > '~'))
        {
            throw new FormatException($"a key has 1 to {LongestKey} printable characters without spaces");
        }
    }
}
