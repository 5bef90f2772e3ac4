namespace Masumi.Settlement.Engine;

/// <summary>Somebody's wish to have sources looked at again, on its way through the engine's rounds until each of them was.</summary>
internal sealed class LookRequest(IReadOnlyCollection<string> sources, DateTimeOffset? since = null)
{
    private readonly TaskCompletionSource<LookedAgain> _answer = new();
    private readonly HashSet<string> _left = new(sources, StringComparer.Ordinal);
    private LookedAgain _found = LookedAgain.Nothing;

    /// <summary>What was found at all of them.</summary>
    public Task<LookedAgain> Answer => _answer.Task;

    /// <summary>From when on; null: from a while before the last look.</summary>
    public DateTimeOffset? Since => since;

    /// <summary>Whether a source is still to be looked at.</summary>
    public bool WaitsFor(string source) => _left.Contains(source);

    /// <summary>Waits for these sources alone: at what is followed no more there is nothing to look at.</summary>
    public void KeepTo(IEnumerable<string> followed) => _left.IntersectWith(followed);

    /// <summary>Notes what was found at a source.</summary>
    public void Note(string source, LookedAgain found)
    {
        if (_left.Remove(source))
        {
            _found += found;
        }
    }

    /// <summary>Answers when nothing is left to look at.</summary>
    public void AnswerIfDone()
    {
        if (_left.Count == 0)
        {
            _answer.TrySetResult(_found);
        }
    }
}
