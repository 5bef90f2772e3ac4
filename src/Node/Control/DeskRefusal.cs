namespace Masumi.Node.Control;

/// <summary>What is answered to an operator instead of what was asked for.</summary>
internal sealed class DeskRefusal : Exception
{
    /// <summary>No words.</summary>
    public DeskRefusal()
        : this("refused") { }

    /// <summary>One line.</summary>
    public DeskRefusal(string message)
        : base(message) { }

    /// <summary>With its cause.</summary>
    public DeskRefusal(string message, Exception inner)
        : base(message, inner) { }

    /// <summary>With which the verb ends: 1, or 2 for a question that makes no sense.</summary>
    public int Code { get; init; } = 1;
}
