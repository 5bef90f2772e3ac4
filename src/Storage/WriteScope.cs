namespace Masumi.Storage;

/// <summary>Notices a write begun within a write of the same database: it would wait for itself (SQLite) or stand outside (PostgreSQL).</summary>
internal sealed class WriteScope
{
    // The state is shared with, not copied into, whatever the write starts, so that tasks which outlive it may write themselves.
    private readonly AsyncLocal<Entered?> _current = new();

    public IDisposable Enter()
    {
        if (_current.Value is { Active: true })
        {
            throw new InvalidOperationException("A write within a write: pass the connection and the transaction on instead.");
        }

        return _current.Value = new Entered();
    }

    private sealed class Entered : IDisposable
    {
        public bool Active { get; private set; } = true;

        public void Dispose() => Active = false;
    }
}
