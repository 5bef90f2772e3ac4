using System.Globalization;
using Masumi.Simulation.Nodes;
using Microsoft.Extensions.Logging;

namespace Masumi.Simulation;

/// <summary>What happened, for whoever must understand it: who saw which tip, submitted what, got what answer, which block has it. Without idle rounds.</summary>
internal sealed class Story(bool isTold, Func<DateTimeOffset> now)
{
    private const int Most = 20_000;

    private readonly List<string> _lines = [];
    private readonly Dictionary<string, string> _last = new(StringComparer.Ordinal);

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

        var at = now() - Materials.Start;
        _lines.Add(string.Create(CultureInfo.InvariantCulture, $"{at:hh\\:mm\\:ss\\.fff}  {who, -12} {what}"));
    }

    /// <summary>Says something once, as long as it stays the same.</summary>
    public void TellChange(string who, string what)
    {
        if (IsTold && (!_last.TryGetValue(who, out var last) || last != what))
        {
            _last[who] = what;
            Tell(who, what);
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
