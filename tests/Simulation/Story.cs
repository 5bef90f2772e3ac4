using System.Globalization;
using Masumi.Simulation.Nodes;
using Microsoft.Extensions.Logging;

namespace Masumi.Simulation;

/// <summary>What happened, for whoever must understand it: who saw which tip, submitted what, got what answer, which block has it. Without idle rounds.</summary>
internal sealed class Story(bool isTold, Func<DateTimeOffset> now)
{
    private const int Most = 20_000;

    private readonly List<string> _lines = [];
    private readonly Dictionary<string, (DateTimeOffset At, string What)> _known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _said = new(StringComparer.Ordinal);

    /// <summary>The lines.</summary>
    public IReadOnlyList<string> Lines => _lines;

    /// <summary>True when anybody listens.</summary>
    public bool IsTold { get; } = isTold;

    /// <summary>Says something.</summary>
    public void Tell(string who, string what)
    {
        if (!IsTold || _lines.Count >= Most)
        {
            return;
        }

        if (_known.Remove(who, out var known) && _said.GetValueOrDefault(who) != known.What)
        {
            _said[who] = known.What;
            Write(known.At, who, known.What);
        }

        Write(now(), who, what);
    }

    private void Write(DateTimeOffset at, string who, string what) =>
        _lines.Add(string.Create(CultureInfo.InvariantCulture, $"{at - Materials.Start:hh\\:mm\\:ss\\.fff}  {who, -12} {what}"));

    /// <summary>What somebody knows; it is said when he next does something, and only if it is new then.</summary>
    public void Knows(string who, string what)
    {
        if (IsTold)
        {
            _known[who] = (now(), what);
        }
    }

    /// <summary>A node's words.</summary>
    public ILogger LoggerOf(string who) => new NodeLogger(this, who);

    private sealed class NodeLogger(Story story, string who) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => story.IsTold && logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                story.Tell(who, $"says: {formatter(state, exception)}{(exception is null ? "" : $" ({exception.GetType().Name}: {exception.Message})")}");
            }
        }
    }
}
