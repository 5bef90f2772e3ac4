using Masumi.Settlement.Engine;
using Masumi.Simulation.Scheduling;

namespace Masumi.Simulation.Nodes;

/// <summary>How an engine waits between rounds: until its time, or until it is woken. In the calm a wait may last longer than asked: nothing is due then.</summary>
internal sealed class NodeWait(Process process, Func<TimeSpan, TimeSpan> stretch) : IEngineWait
{
    private TaskCompletionSource? _waiting;
    private bool _woken;

    /// <summary>Waits.</summary>
    public async Task WaitAsync(TimeSpan atMost, CancellationToken cancellation)
    {
        process.Enter("wait");
        if (!_woken)
        {
            var waiting = new TaskCompletionSource();
            _waiting = waiting;
            process.Scheduler.At(process, stretch(atMost), "wait", () => waiting.TrySetResult());
            await using var registration = cancellation.UnsafeRegister(_ => waiting.TrySetCanceled(cancellation), null);
            await waiting.Task;
            _waiting = null;
        }

        _woken = false;
    }

    /// <summary>Ends the wait, or the next one.</summary>
    public void Wake()
    {
        _woken = true;
        if (_waiting is { } waiting)
        {
            process.Scheduler.At(process, TimeSpan.FromMilliseconds(1), "wake", () => waiting.TrySetResult());
        }
    }
}
