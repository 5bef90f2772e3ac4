using Microsoft.Extensions.Logging;

namespace Masumi.Node.Market;

/// <summary>
/// Passes on what is logged, except that a stop interrupted something: hosts log a start that was cancelled, and requests of parts that have ended, as errors
/// with a trace, and whoever pressed Ctrl+C can do nothing with that.
/// </summary>
/// <param name="inner">Where it goes. It stays its owner's.</param>
/// <param name="isStopping">Whether the stop has begun.</param>
internal sealed class StopLoggers(ILoggerFactory inner, Func<bool> isStopping) : ILoggerFactory
{
    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new Logger(inner.CreateLogger(categoryName), isStopping);

    /// <inheritdoc/>
    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    /// <inheritdoc/>
    public void Dispose() { }

    private static bool IsOfStop(Exception e) =>
        e is OperationCanceledException or ObjectDisposedException
        || (e is AggregateException several ? several.InnerExceptions.All(IsOfStop) : e.InnerException is { } cause && IsOfStop(cause));

    private sealed class Logger(ILogger inner, Func<bool> isStopping) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => inner.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (exception is null || !isStopping() || !IsOfStop(exception))
            {
                inner.Log(logLevel, eventId, state, exception, formatter);
            }
        }
    }
}
