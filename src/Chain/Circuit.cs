namespace Masumi.Chain;

/// <summary>
/// Whether a provider is asked. It opens after several failures in a row of one kind of question, at once when the provider says so (402, 403, Retry-After),
/// for a pause that grows as long as it does not get better; then a single question is the probe.
/// </summary>
internal sealed class Circuit(ProvidedChainOptions options, TimeProvider time)
{
    // A provider that hangs costs each caller seconds: that counts more than an error that comes at once.
    private const int WeightOfSilence = 3;

    private readonly Lock _lock = new();
    private readonly long _start = time.GetTimestamp();
    private readonly Dictionary<CallKind, int> _inARow = [];
    private bool _open;
    private bool _probing;
    private int _failures;
    private TimeSpan _until;
    private TimeSpan _pause;
    private TimeSpan _closedAt;
    private DateTimeOffset _since = time.GetUtcNow();
    private DateTimeOffset? _lastAnswer;
    private string? _lastError;

    private TimeSpan Now => time.GetElapsedTime(_start);

    /// <summary>How long until it may be asked; zero: now.</summary>
    public TimeSpan Wait
    {
        get
        {
            lock (_lock)
            {
                return !_open ? TimeSpan.Zero
                    : _probing ? options.ProbeLimit
                    : _until > Now ? _until - Now
                    : TimeSpan.Zero;
            }
        }
    }

    /// <summary>What went wrong last.</summary>
    public string? LastError
    {
        get
        {
            lock (_lock)
            {
                return _lastError;
            }
        }
    }

    /// <summary>Whether a question may be put now, and whether it is the probe. To be followed by <see cref="Leave"/>.</summary>
    public bool TryEnter(out bool isProbe)
    {
        lock (_lock)
        {
            isProbe = false;
            if (!_open)
            {
                return true;
            }

            if (_probing || _until > Now)
            {
                return false;
            }

            return isProbe = _probing = true;
        }
    }

    /// <summary>The question is over, however it ended.</summary>
    public void Leave(bool wasProbe)
    {
        if (wasProbe)
        {
            lock (_lock)
            {
                _probing = false;
            }
        }
    }

    /// <summary>It answered; true when that closes the circuit.</summary>
    public bool Answered(CallKind kind)
    {
        lock (_lock)
        {
            _failures = 0;
            _lastAnswer = time.GetUtcNow();
            _inARow.Remove(kind);
            if (!_open)
            {
                return false;
            }

            (_open, _closedAt, _since) = (false, Now, time.GetUtcNow());
            _inARow.Clear();
            return true;
        }
    }

    /// <summary>It did not answer; for how long it is left alone when that opens the circuit.</summary>
    public TimeSpan? Failed(CallKind kind, ProviderTrouble trouble, TimeSpan? retryAfter, bool wasSilent, string error)
    {
        lock (_lock)
        {
            _failures++;
            _lastError = error;
            var row = _inARow[kind] = _inARow.GetValueOrDefault(kind) + (wasSilent ? WeightOfSilence : 1);
            if (retryAfter is { } asked && asked > TimeSpan.Zero)
            {
                return Open(asked < options.LongestPause ? asked : options.LongestPause);
            }

            if (trouble is ProviderTrouble.Refused || _open || row >= options.FailuresToOpen)
            {
                var first = trouble is ProviderTrouble.Refused ? options.FirstPauseWhenRefused : options.FirstPause;
                var again = _pause > TimeSpan.Zero && (_open || Now - _closedAt < _pause);
                _pause = again ? _pause * 2 : first;
                _pause = _pause < options.LongestPause ? _pause : options.LongestPause;
                return Open(_pause);
            }

            return null;
        }
    }

    /// <summary>How it does.</summary>
    public ProviderHealth Health(string name, long calls, BlockPoint? tip)
    {
        lock (_lock)
        {
            var state =
                !_open ? ProviderState.Closed
                : _until > Now ? ProviderState.Open
                : ProviderState.HalfOpen;
            return new ProviderHealth(name, state, _since, _failures, _lastError, _lastAnswer, calls, tip);
        }
    }

    // Questions that were under way when it opened move the end on, never back.
    private TimeSpan Open(TimeSpan pause)
    {
        if (!_open)
        {
            (_open, _since) = (true, time.GetUtcNow());
        }

        _until = Now + pause > _until ? Now + pause : _until;
        return pause;
    }
}
