namespace Masumi.Settlement.Engine;

/// <summary>Between two rounds. A port, so that whoever owns time owns the order of everything.</summary>
public interface IEngineWait
{
    /// <summary>Ends at the latest after <paramref name="atMost"/>, earlier when the engine is woken.</summary>
    Task WaitAsync(TimeSpan atMost, CancellationToken cancellation);

    /// <summary>Ends the wait that runs, or else the next one.</summary>
    void Wake();
}

/// <summary>Waits on a clock.</summary>
public sealed class EngineWait(TimeProvider time) : IEngineWait
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _woken = New();

    /// <inheritdoc/>
    public async Task WaitAsync(TimeSpan atMost, CancellationToken cancellation)
    {
        Task woken;
        lock (_gate)
        {
            woken = _woken.Task;
        }

        try
        {
            await woken.WaitAsync(atMost > TimeSpan.Zero ? atMost : TimeSpan.Zero, time, cancellation);
        }
        catch (TimeoutException)
        {
            return;
        }
        finally
        {
            lock (_gate)
            {
                if (_woken.Task.IsCompleted)
                {
                    _woken = New();
                }
            }
        }
    }

    /// <inheritdoc/>
    public void Wake()
    {
        lock (_gate)
        {
            _woken.TrySetResult();
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
