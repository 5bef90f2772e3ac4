namespace Masumi.Node.Market;

/// <summary>A market did not come up; the message is one line that says what did not come.</summary>
internal sealed class MarketException : Exception
{
    /// <summary>With what did not come.</summary>
    public MarketException(string message)
        : base(message) { }

    /// <summary>With what did not come and why.</summary>
    public MarketException(string message, Exception inner)
        : base(message, inner) { }
}
