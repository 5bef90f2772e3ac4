namespace Masumi.Settlement.Engine;

/// <summary>What keeps the engine from running: a host that has yet to look whether its chain is the right one opens it when it has.</summary>
public sealed class EngineGate
{
    private readonly TaskCompletionSource _opened = new();
    private volatile string? _problem = "the chain has not answered yet";

    /// <summary>Why it is closed; null when it is open.</summary>
    public string? Problem => _problem;

    /// <summary>Lets the engine run, for good.</summary>
    public void Open()
    {
        _problem = null;
        _opened.TrySetResult();
    }

    /// <summary>Says why it stays closed.</summary>
    public void Refuse(string problem) => _problem = problem;

    /// <summary>Ends when it is open.</summary>
    public Task WaitAsync(CancellationToken cancellation) => _opened.Task.WaitAsync(cancellation);
}
