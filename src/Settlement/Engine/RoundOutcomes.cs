using Masumi.Chain;
using Masumi.Storage;
using Microsoft.Extensions.Logging;

namespace Masumi.Settlement.Engine;

/// <summary>
/// Notes how rounds end, and tells the operator when a cause that keeps them from it begins and ends, and rarely in between: a full disk fails them for days.
/// </summary>
internal sealed class RoundOutcomes(TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Rarely = TimeSpan.FromMinutes(5);

    private volatile EngineState _state = new();
    private string? _told;
    private DateTimeOffset _toldAt;
    private bool _tellsEnd;

    /// <summary>As it is now.</summary>
    public EngineState State => _state;

    /// <summary>A round came to its end.</summary>
    public void Whole()
    {
        var before = _state;
        _state = new EngineState(time.GetUtcNow());
        if (_tellsEnd)
        {
            logger.LogWarning("The engine's rounds come to their end again; they had failed since {Since:u}: {Because}", before.FailsSince, before.Because);
            _tellsEnd = false;
        }
    }

    /// <summary>A round did not.</summary>
    public void Failed(Exception e)
    {
        var (now, before) = (time.GetUtcNow(), _state);
        var message = e.Message.TrimEnd('.');
        var (cause, because) = e switch
        {
            ChainUnavailableException => ("the chain is not available", $"the chain is not available: {message}"),
            _ when StorageFailure.Is(e) => ("the database cannot be used", message),
            _ => ("a fault of the node's", $"a fault of the node's: {message}"),
        };
        _state = new EngineState(before.LastRound, before.FailsSince ?? now, cause, because, before.Failures + 1);
        var isNew = cause != _told;
        if (!isNew && now - _toldAt < Rarely)
        {
            return;
        }

        (_told, _toldAt, _tellsEnd) = (cause, now, true);
        if (isNew && e is not (ChainUnavailableException or StorageUnavailableException or CommitUnknownException))
        {
            // A bug, or something about the tables that nobody thought of: where it happened helps whoever cures it.
            logger.LogError(e, "A round of settlement failed: {Because}", because);
        }
        else
        {
            logger.LogWarning("The engine's rounds fail since {Since:u}: {Because}", _state.FailsSince, because);
        }
    }
}
