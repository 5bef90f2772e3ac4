using System.Data.Common;

namespace Masumi.Storage;

/// <summary>The database could not be opened, reached, read or written, for a reason that is the machine's or the operator's; nothing was changed.</summary>
public sealed class StorageUnavailableException : Exception
{
    /// <summary>No detail.</summary>
    public StorageUnavailableException() { }

    /// <summary>One line for the operator.</summary>
    public StorageUnavailableException(string message)
        : base(message) { }

    /// <summary>One line for the operator, with the cause.</summary>
    public StorageUnavailableException(string message, Exception inner)
        : base(message, inner) { }
}

/// <summary>The connection was lost while committing: the changes may or may not be stored. Read before doing them again.</summary>
public sealed class CommitUnknownException : Exception
{
    /// <summary>No detail.</summary>
    public CommitUnknownException() { }

    /// <summary>With a message.</summary>
    public CommitUnknownException(string message)
        : base(message) { }

    /// <summary>With the cause.</summary>
    public CommitUnknownException(string message, Exception inner)
        : base(message, inner) { }
}

/// <summary>The tables and this program's migrations do not fit together; the program must not start.</summary>
public sealed class MigrationException : Exception
{
    /// <summary>No detail.</summary>
    public MigrationException() { }

    /// <summary>What does not fit.</summary>
    public MigrationException(string message)
        : base(message) { }

    /// <summary>What does not fit, with the cause.</summary>
    public MigrationException(string message, Exception inner)
        : base(message, inner) { }
}

/// <summary>Tells lost infrastructure from a bug in what was asked of it.</summary>
public static class StorageFailure
{
    /// <summary>True for whatever the database itself, or the way to it, failed with.</summary>
    public static bool Is(Exception e) => e is StorageUnavailableException or CommitUnknownException or DbException;
}
