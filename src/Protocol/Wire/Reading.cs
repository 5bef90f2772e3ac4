using System.Collections.Immutable;

namespace Masumi.Protocol.Wire;

/// <summary>One value being read: where in it the reader stands, and everything that is wrong with it, so that the sender hears of all at once.</summary>
/// <param name="words">How issues are said.</param>
/// <param name="isQuery">True for a query string: all values are texts there, and numbers and booleans are read from them.</param>
public sealed class Reading(IssueWords words, bool isQuery = false)
{
    // Whoever sends ten thousand wrong items is told of the first.
    private const int MostIssues = 50;

    private readonly List<string> _issues = [];
    private readonly Stack<(string? Name, int Index)> _place = new();

    /// <summary>How issues are said.</summary>
    public IssueWords Words => words;

    /// <summary>True for a query string.</summary>
    public bool IsQuery => isQuery;

    /// <summary>What is wrong, each with its path; empty when all is well.</summary>
    public IReadOnlyList<string> Issues => _issues;

    /// <summary>True while nothing is wrong.</summary>
    public bool IsFine => _issues.Count == 0;

    /// <summary>Notes an issue where the reader stands; always false.</summary>
    public bool Refuse(string issue)
    {
        if (_issues.Count < MostIssues)
        {
            var path = Path();
            _issues.Add(path.Length == 0 ? issue : $"{path}: {issue}");
        }

        return false;
    }

    /// <summary>Notes an issue of a member of what the reader stands at.</summary>
    public void Refuse(string member, string issue)
    {
        Enter(member);
        Refuse(issue);
        Leave();
    }

    internal void Enter(string name) => _place.Push((name, 0));

    internal void Enter(int index) => _place.Push((null, index));

    internal void Leave() => _place.Pop();

    private string Path() =>
        _place.Reverse().ToImmutableArray().Aggregate("", (path, step) => step.Name is { } name ? words.Join(path, name) : words.Join(path, step.Index));
}
