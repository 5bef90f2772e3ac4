using Masumi.Cardano;

namespace Masumi.Chain.Blockfrost;

/// <summary>Which Blockfrost-compatible endpoint to use, and how hard. A class, not a record: its text must never show the project id.</summary>
public sealed class BlockfrostOptions
{
    /// <summary>Up to and including <c>/api/v0</c>, such as <c>https://cardano-preprod.blockfrost.io/api/v0</c>.</summary>
    public required Uri BaseUrl { get; init; }

    /// <summary>The project's secret id; null for endpoints that need none.</summary>
    public string? ProjectId { get; init; }

    /// <summary>Names to which the project id may go over http, beside this machine and private addresses.</summary>
    public IReadOnlyCollection<string> ClearTextHosts { get; init; } = [];

    /// <summary>How long one HTTP call may take, its body included. Default 15 s.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How often a read is tried in all before the chain counts as unavailable. Default 5. Submissions are never repeated here.</summary>
    public int MaxAttempts { get; init; } = 5;

    /// <summary>Calls per second in the long run. Default: 10 for hosted endpoints, which is their limit; unlimited (0) on this machine.</summary>
    public double? CallsPerSecond { get; init; }

    /// <summary>Calls that may be made at once after a quiet time. Default 500, the hosted limit.</summary>
    public int Burst { get; init; } = 500;

    /// <summary>The longest answer that is read, in bytes. Default 8 MiB.</summary>
    public int MaxAnswerBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>Slot to time mapping; null: from the network's own genesis answer.</summary>
    public SlotConfig? SlotConfig { get; init; }

    /// <summary>How long protocol parameters are kept at most; a new epoch ends it earlier. Default 10 min.</summary>
    public TimeSpan ParametersLifetime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// How many blocks a transaction must be deep before following reports it; 1, the default, is its own block. More costs one call per new block, and
    /// a rollback that is no deeper than this is never seen.
    /// </summary>
    public int Confirmations { get; init; } = 1;

    /// <summary>
    /// Whether the endpoint is several servers of which one may be some blocks behind another. Then a tip lower than the last known one is not taken for a
    /// rollback. Default: yes for hosted endpoints, no on this machine, where a devnet may really go back.
    /// </summary>
    public bool? SeveralServers { get; init; }

    internal bool MayLag => SeveralServers ?? !BaseUrl.IsLoopback;

    internal double EffectiveCallsPerSecond => CallsPerSecond ?? (BaseUrl.IsLoopback ? 0 : 10);
}
