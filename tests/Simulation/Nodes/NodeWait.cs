using Masumi.Settlement.Engine;
using Masumi.Simulation.Scheduling;

namespace Masumi.Simulation.Nodes;

/// <summary>
/// How an engine waits between rounds: until its time, or until it is woken. In the calm a wait may last longer than asked: nothing is due then, unless somebody
/// asked for something just now.
/// </summary>
internal sealed class NodeWait(Process process, Func<TimeSpan, TimeSpan> stretch) : IEngineWait
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(30);

    private TaskCompletionSource? _waiting;
    private DateTimeOffset _wokenAt;
    private bool _woken;

    /// <summary>Waits.</summary>
    public async Task WaitAsync(TimeSpan atMost, CancellationToken cancellation)
    {
        process.Enter("wait");
        if (!_woken)
        {
            var waiting = new TaskCompletionSource();
            _waiting = waiting;
            var pause = process.Scheduler.Now - _wokenAt < Fresh ? atMost : stretch(atMost);
            process.Scheduler.At(process, pause, "wait", () => waiting.TrySetResult());
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
        _wokenAt = process.Scheduler.Now;
        if (_waiting is { } waiting)
        {
            process.Scheduler.At(process, TimeSpan.FromMilliseconds(1), "wake", () => waiting.TrySetResult());
        }
    }
}
