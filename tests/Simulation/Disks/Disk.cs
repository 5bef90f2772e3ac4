using System.Data.Common;
using Masumi.Storage;

namespace Masumi.Simulation.Disks;

/// <summary>What is left of a node when its processes are gone. Each transaction is run to its end at once.</summary>
internal interface IDisk : IDisposable
{
    /// <summary>Which store this is.</summary>
    SqlDialect Dialect { get; }

    /// <summary>Reads.</summary>
    T Read<T>(Func<DbConnection, Task<T>> read);

    /// <summary>Writes; with <paramref name="commit"/> false everything is undone. <paramref name="twice"/>: as after a conflict, the work is run, undone and run again.</summary>
    T Write<T>(Func<DbConnection, DbTransaction, Task<T>> write, bool commit, bool twice);

    /// <summary>Brings the tables up to date.</summary>
    void Migrate(IReadOnlyList<MigrationModule> modules);

    /// <summary>A copy of everything.</summary>
    IDiskCopy Copy();

    /// <summary>Becomes what the copy holds.</summary>
    void Restore(IDiskCopy copy);

    /// <summary>True when a statement failed because a row with the same unique key exists.</summary>
    bool IsUniqueViolation(Exception exception);
}

/// <summary>A copy of a disk.</summary>
internal interface IDiskCopy : IDisposable;

/// <summary>The databases of a world.</summary>
internal interface IDiskMaker
{
    /// <summary>A new, migrated database that holds what <paramref name="fill"/> puts into it; whoever fills under the same name gets a copy.</summary>
    IDisk Make(string name, IReadOnlyList<MigrationModule> modules, Action<IDisk> fill);
}
