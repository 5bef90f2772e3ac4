using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Data.Sqlite;

namespace Masumi.Storage.Sqlite;

/// <summary>
/// A SQLite connection that keeps each statement prepared under its text: preparing costs more than running most of ours. For one user at a time; every
/// statement belongs to the open transaction, as SQLite has it.
/// </summary>
/// <param name="inner">The connection; open, and closed with this one.</param>
/// <param name="taken">Told the text of each statement that is about to run; null for nobody.</param>
internal sealed class KeptConnection(SqliteConnection inner, Action<string>? taken = null) : DbConnection
{
    // Lists and filters make many texts; those in use are soon there again.
    private const int Most = 500;

    private readonly Dictionary<string, SqliteCommand> _kept = new(StringComparer.Ordinal);
    private SqliteTransaction? _begun;

    /// <summary>The connection itself.</summary>
    public SqliteConnection Inner { get; } = inner;

    // One that has ended has no connection any more.
    private SqliteTransaction? Current => _begun is { Connection: not null } open ? open : null;

    [AllowNull]
    public override string ConnectionString
    {
        get => Inner.ConnectionString;
        set => throw new NotSupportedException();
    }

    public override string Database => Inner.Database;

    public override string DataSource => Inner.DataSource;

    public override string ServerVersion => Inner.ServerVersion;

    public override ConnectionState State => Inner.State;

    public override void ChangeDatabase(string databaseName) => Inner.ChangeDatabase(databaseName);

    public override void Close() { }

    public override void Open() { }

    /// <summary>Begins a transaction, which all statements belong to until it is disposed.</summary>
    public SqliteTransaction Begin(bool deferred)
    {
        _begun = Inner.BeginTransaction(IsolationLevel.Serializable, deferred);
        return _begun;
    }

    /// <summary>A command with this text that nobody uses.</summary>
    public SqliteCommand Take(string text)
    {
        if (!_kept.Remove(text, out var command))
        {
            command = Inner.CreateCommand();
            command.CommandText = text;
        }

        taken?.Invoke(text);
        command.Transaction = Current;
        return command;
    }

    /// <summary>Nobody uses it any more.</summary>
    public void Give(SqliteCommand command)
    {
        if (_kept.Count >= Most)
        {
            Forget();
        }

        command.Parameters.Clear();
        if (!_kept.TryAdd(command.CommandText, command))
        {
            command.Dispose();
        }
    }

    /// <summary>Lets all statements go.</summary>
    public void Forget()
    {
        foreach (var command in _kept.Values)
        {
            command.Dispose();
        }

        _kept.Clear();
    }

    protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel) => throw new NotSupportedException();

    protected override DbCommand CreateDbCommand() => new KeptCommand(this);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Forget();
            Inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private sealed class KeptCommand(KeptConnection connection) : DbCommand
    {
        // They are there before the text is what it will be: a list among them changes it.
        private readonly SqliteCommand _given = new();
        private SqliteCommand? _inner;
        private DbDataReader? _reader;

        [AllowNull]
        public override string CommandText { get; set; } = "";

        public override int CommandTimeout { get; set; }

        public override CommandType CommandType { get; set; } = CommandType.Text;

        public override bool DesignTimeVisible { get; set; }

        public override UpdateRowSource UpdatedRowSource { get; set; }

        protected override DbConnection? DbConnection
        {
            get => connection;
            set { }
        }

        protected override DbParameterCollection DbParameterCollection => _given.Parameters;

        protected override DbTransaction? DbTransaction
        {
            get => connection.Current;
            set { }
        }

        public override void Cancel() { }

        public override void Prepare() { }

        public override int ExecuteNonQuery() => Taken().ExecuteNonQuery();

        public override object? ExecuteScalar() => Taken().ExecuteScalar();

        protected override DbParameter CreateDbParameter() => new SqliteParameter();

        protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior) =>
            _reader = Taken().ExecuteReader(behavior & ~CommandBehavior.CloseConnection);

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                Return();
            }

            base.Dispose(disposing);
        }

        private SqliteCommand Taken()
        {
            Return();
            _inner = connection.Take(CommandText ?? "");
            foreach (SqliteParameter parameter in _given.Parameters)
            {
                // With the sign it stands with in the text it is found at once.
                parameter.ParameterName = parameter.ParameterName is ['@', ..] ? parameter.ParameterName : "@" + parameter.ParameterName;
                _inner.Parameters.Add(parameter);
            }

            return _inner;
        }

        private void Return()
        {
            if (_inner is { } inner)
            {
                // Whoever stopped in the middle of the rows left the statement running.
                _reader?.Dispose();
                _reader = null;
                _inner = null;
                connection.Give(inner);
            }
        }
    }
}
