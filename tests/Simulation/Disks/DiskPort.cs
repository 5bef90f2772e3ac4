using System.Data.Common;
using Masumi.Simulation.Scheduling;
using Masumi.Storage;

namespace Masumi.Simulation.Disks;

/// <summary>
/// A process's way to its disk: each transaction is one step, before or after which the process may die, or an answer be lost.
/// </summary>
internal sealed class DiskPort(Process process, IDisk disk, int node, Weather weather, Action<Process, TimeSpan> die) : IDatabase
{
    public SqlDialect Dialect => disk.Dialect;

    public Task MigrateAsync(IReadOnlyList<MigrationModule> modules, CancellationToken cancellation) => Task.CompletedTask;

    public Task<bool> IsCurrentAsync(IReadOnlyList<MigrationModule> modules, CancellationToken cancellation) => Task.FromResult(true);

    public async Task<T> ReadAsync<T>(Func<DbConnection, Task<T>> read, CancellationToken cancellation)
    {
        process.Enter("read");
        cancellation.ThrowIfCancellationRequested();
        if (process.Actor.Happens("read order", 0.5))
        {
            var early = disk.Read(read);
            await process.Pause(Latency("read"), "read", CancellationToken.None);
            return early;
        }

        await process.Pause(Latency("read"), "read", CancellationToken.None);
        return disk.Read(read);
    }

    public async Task<T> WriteAsync<T>(Func<DbConnection, DbTransaction, Task<T>> write, CancellationToken cancellation)
    {
        process.Enter("write");
        cancellation.ThrowIfCancellationRequested();
        if (process.Actor.Happens("write order", 0.5))
        {
            var early = Commit(write);
            await process.Pause(Latency("write"), "write", CancellationToken.None);
            return early.Result();
        }

        await process.Pause(Latency("write"), "write", CancellationToken.None);
        var outcome = Commit(write);
        if (process.IsGone)
        {
            // Nobody is there to go on.
            await new TaskCompletionSource().Task;
        }

        return outcome.Result();
    }

    public bool IsUniqueViolation(Exception exception) => disk.IsUniqueViolation(exception);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private Outcome<T> Commit<T>(Func<DbConnection, DbTransaction, Task<T>> write)
    {
        if (weather.Bites(node, Faults.CommitCrashBefore, "commit") is { } before)
        {
            die(process, TimeSpan.FromSeconds(before.Fault.Amount));
            return new Outcome<T>(default, null);
        }

        var isLost = weather.Bites(node, Faults.CommitNot, "commit") is not null;
        var isUnknown = isLost || weather.Bites(node, Faults.CommitLost, "commit") is not null;
        try
        {
            var result = disk.Write(write, !isLost, weather.Bites(node, Faults.Twice, "commit") is not null);
            if (weather.Bites(node, Faults.CommitCrashAfter, "commit") is { } after)
            {
                die(process, TimeSpan.FromSeconds(after.Fault.Amount));
            }

            return new Outcome<T>(result, isUnknown ? new CommitUnknownException("The connection was lost while committing.") : null);
        }
        catch (Exception e) when (e is not SimulationBrokenException)
        {
            return new Outcome<T>(default, e);
        }
    }

    private TimeSpan Latency(string what) => process.Actor.Between(what, TimeSpan.FromMicroseconds(200), TimeSpan.FromMilliseconds(8));

    private readonly record struct Outcome<T>(T? Value, Exception? Failure)
    {
        public T Result()
        {
            if (Failure is { } failure)
            {
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
            }

            return Value!;
        }
    }
}

/// <summary>A disk without simulated time, for whoever looks from outside: judges, and the world before it begins.</summary>
internal sealed class DirectDatabase(IDisk disk) : IDatabase
{
    public SqlDialect Dialect => disk.Dialect;

    public Task MigrateAsync(IReadOnlyList<MigrationModule> modules, CancellationToken cancellation) => Task.CompletedTask;

    public Task<bool> IsCurrentAsync(IReadOnlyList<MigrationModule> modules, CancellationToken cancellation) => Task.FromResult(true);

    public Task<T> ReadAsync<T>(Func<DbConnection, Task<T>> read, CancellationToken cancellation) => Task.FromResult(disk.Read(read));

    public Task<T> WriteAsync<T>(Func<DbConnection, DbTransaction, Task<T>> write, CancellationToken cancellation) =>
        Task.FromResult(disk.Write(write, commit: true, twice: false));

    public bool IsUniqueViolation(Exception exception) => disk.IsUniqueViolation(exception);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
