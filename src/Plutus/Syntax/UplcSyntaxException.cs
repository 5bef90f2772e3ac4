namespace Masumi.Plutus.Syntax;

/// <summary>A text that is no program, with the place where it stops being one.</summary>
/// <param name="problem">What is wrong there.</param>
/// <param name="line">From 1.</param>
/// <param name="column">From 1, in UTF-16 units.</param>
public sealed class UplcSyntaxException(string problem, int line, int column) : FormatException($"{line}:{column}: {problem}")
{
    /// <summary>What is wrong there.</summary>
    public string Problem { get; } = problem;

    /// <summary>Line, from 1.</summary>
    public int Line { get; } = line;

    /// <summary>Column, from 1, in UTF-16 units.</summary>
    public int Column { get; } = column;
}
