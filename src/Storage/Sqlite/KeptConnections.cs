using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace Masumi.Storage.Sqlite;

/// <summary>Connections to one database that are lent and come back, with the statements that they have prepared.</summary>
/// <param name="connectionString">Of all of them.</param>
/// <param name="pragmas">What each is told first.</param>
/// <param name="most">How many are kept while nobody has them.</param>
internal sealed class KeptConnections(string connectionString, string pragmas, int most) : IDisposable
{
    private readonly ConcurrentBag<KeptConnection> _idle = [];
    private volatile bool _isClosed;

    /// <summary>One that nobody else has. Throws <see cref="SqliteException"/> when the file cannot be opened.</summary>
    public Lent Lend() => new(this, _idle.TryTake(out var connection) ? connection : Open());

    /// <summary>Closes those that nobody has now, and the others when they come back.</summary>
    public void Dispose()
    {
        _isClosed = true;
        while (_idle.TryTake(out var connection))
        {
            connection.Dispose();
        }
    }

    private KeptConnection Open()
    {
        var connection = new SqliteConnection(connectionString);
        try
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = pragmas;
            command.ExecuteNonQuery();
            return new KeptConnection(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private void TakeBack(KeptConnection connection, bool isSound)
    {
        if (isSound && !_isClosed && _idle.Count < most)
        {
            _idle.Add(connection);
        }
        else
        {
            connection.Dispose();
        }
    }

    /// <summary>A connection for as long as somebody has it.</summary>
    public sealed class Lent(KeptConnections owner, KeptConnection connection) : IDisposable
    {
        /// <summary>The connection.</summary>
        public KeptConnection Connection => connection;

        /// <summary>Whether it may be lent again: what failed is closed, so that the next begins anew.</summary>
        public bool IsSound { get; set; }

        /// <summary>Gives it back. Its transaction has ended.</summary>
        public void Dispose() => owner.TakeBack(connection, IsSound);
    }
}
