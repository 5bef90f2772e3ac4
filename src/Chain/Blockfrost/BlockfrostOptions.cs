namespace Masumi.Chain.Blockfrost;

/// <summary>Which Blockfrost-compatible endpoint to use. A class, not a record: its text must never show the project id.</summary>
public sealed class BlockfrostOptions
{
    /// <summary>Up to and including <c>/api/v0</c>, such as <c>https://cardano-preprod.blockfrost.io/api/v0</c>.</summary>
    public required Uri BaseUrl { get; init; }

    /// <summary>What to call it; null: its host and port.</summary>
    public string? Name { get; init; }

    /// <summary>The project's secret id; null for endpoints that need none.</summary>
    public string? ProjectId { get; init; }

    /// <summary>Names to which the project id may go over http, beside this machine and private addresses.</summary>
    public IReadOnlyCollection<string> ClearTextHosts { get; init; } = [];

    /// <summary>How long one HTTP call may take, its body included. Default 10 s.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest answer that is read, in bytes. Default 8 MiB.</summary>
    public int MaxAnswerBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>Calls per second in the long run. Default: 10 for hosted endpoints, which is their limit; unlimited (0) on this machine.</summary>
    public double? CallsPerSecond { get; init; }

    /// <summary>Calls that may be made at once after a quiet time. Default 500, the hosted limit.</summary>
    public int Burst { get; init; } = 500;

    internal double EffectiveCallsPerSecond => CallsPerSecond ?? (BaseUrl.IsLoopback ? 0 : 10);
}
