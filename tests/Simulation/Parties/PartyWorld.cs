using Masumi.Simulation.Chain;
using Masumi.Simulation.Judges;
using Masumi.Simulation.Nodes;
using Masumi.Simulation.Scheduling;

namespace Masumi.Simulation.Parties;

/// <summary>What parties see and can do.</summary>
internal sealed record PartyWorld(
    Scheduler Scheduler,
    Dice Dice,
    Truth Truth,
    EscrowBook Book,
    Watchers Watchers,
    IReadOnlyList<Node> Nodes,
    Func<Node, Process, DealsUnderTest> DealsOf,
    Action<string, string> Tell
);

/// <summary>Who waits for something to be on chain under an identifier.</summary>
internal sealed class Watchers(EscrowBook book)
{
    private readonly Dictionary<string, List<Watcher>> _all = new(StringComparer.Ordinal);

    /// <summary>Completes, some time after the chain shows it, with true; or with false at <paramref name="latest"/>.</summary>
    public Task<bool> UntilAsync(Process process, string identifier, Func<EscrowEntry, bool> shows, TimeSpan reaction, DateTimeOffset latest)
    {
        var watcher = new Watcher(process, shows, reaction, new TaskCompletionSource<bool>());
        if (shows(book.Find(identifier)))
        {
            watcher.Complete(true, reaction);
            return watcher.Done.Task;
        }

        if (!_all.TryGetValue(identifier, out var list))
        {
            _all[identifier] = list = [];
        }

        list.Add(watcher);
        process.Scheduler.At(
            process,
            latest - process.Scheduler.Now,
            "gives up waiting",
            () =>
            {
                if (list.Remove(watcher))
                {
                    watcher.Done.TrySetResult(false);
                }
            }
        );
        return watcher.Done.Task;
    }

    /// <summary>The chain changed under an identifier.</summary>
    public void Look(string identifier)
    {
        if (!_all.TryGetValue(identifier, out var list))
        {
            return;
        }

        var entry = book.Find(identifier);
        foreach (var watcher in list.Where(w => w.Shows(entry)).ToList())
        {
            list.Remove(watcher);
            watcher.Complete(true, watcher.Reaction);
        }
    }

    private sealed record Watcher(Process Process, Func<EscrowEntry, bool> Shows, TimeSpan Reaction, TaskCompletionSource<bool> Done)
    {
        public void Complete(bool value, TimeSpan after) => Process.Scheduler.At(Process, after, "notices", () => Done.TrySetResult(value));
    }
}
