using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Masumi.Simulation.Scheduling;
using Microsoft.Data.Sqlite;

namespace Masumi.Simulation.Disks;

/// <summary>A SQLite connection that keeps each statement prepared under its text: most of a simulated second is otherwise spent preparing the same ones.</summary>
internal sealed class KeptConnection(SqliteConnection inner) : DbConnection
{
    private readonly Dictionary<string, SqliteCommand> _kept = new(StringComparer.Ordinal);

    /// <summary>The connection itself.</summary>
    public SqliteConnection Inner { get; } = inner;

    /// <summary>The open transaction, which every statement belongs to.</summary>
    public SqliteTransaction? Current { get; set; }

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

    /// <summary>A command with this text that nobody uses.</summary>
    public SqliteCommand Take(string text)
    {
        if (!_kept.Remove(text, out var command))
        {
            command = Inner.CreateCommand();
            command.CommandText = text;
        }

        StepProfile.Current?.Note(text, TimeSpan.Zero);
        command.Parameters.Clear();
        command.Transaction = Current;
        return command;
    }

    /// <summary>Nobody uses it any more.</summary>
    public void Give(SqliteCommand command)
    {
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

        protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior) => Taken().ExecuteReader(behavior & ~CommandBehavior.CloseConnection);

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
                _inner = null;
                connection.Give(inner);
            }
        }
    }
}
