namespace Masumi.Storage;

/// <summary>Counts what is at work, so that an end waits for it and nothing begins afterwards.</summary>
internal sealed class OpenWork
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count;
    private bool _ended;

    /// <summary>Begins; disposing the result ends it. Throws <see cref="ObjectDisposedException"/> in <paramref name="owner"/>'s name after the end.</summary>
    public Entry Enter(object owner)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_ended, owner);
            _count++;
            return new Entry(this);
        }
    }

    /// <summary>Lets nothing more begin, and is complete when nothing is at work; false when it was ended before.</summary>
    public async Task<bool> EndAsync()
    {
        lock (_gate)
        {
            if (_ended)
            {
                return false;
            }

            _ended = true;
            if (_count == 0)
            {
                _idle.SetResult();
            }
        }

        await _idle.Task;
        return true;
    }

    private void Leave()
    {
        lock (_gate)
        {
            if (--_count == 0 && _ended)
            {
                _idle.SetResult();
            }
        }
    }

    /// <summary>Something at work.</summary>
    public readonly struct Entry(OpenWork work) : IDisposable
    {
        /// <summary>It is done.</summary>
        public void Dispose() => work.Leave();
    }
}
