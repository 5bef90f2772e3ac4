using System.Globalization;
using System.Threading.RateLimiting;
using Masumi.Protocol.Wire;

namespace Masumi.Http;

/// <summary>Counts each caller's requests, reads apart from what costs more.</summary>
internal sealed class RequestCounts(RequestRates rates) : IDisposable
{
    private readonly PartitionedRateLimiter<string> _reads = Counts(rates.ReadsPerSecond, rates.ReadsBurst);
    private readonly PartitionedRateLimiter<string> _costly = Counts(rates.CostlyPerSecond, rates.CostlyBurst);

    /// <summary>Takes one; how long to wait where there is none.</summary>
    public TimeSpan? Take(string caller, Operation operation)
    {
        using var lease = (operation.IsCostly ? _costly : _reads).AttemptAcquire(caller);
        return lease.IsAcquired ? null
            : lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after
            : TimeSpan.FromSeconds(1);
    }

    /// <summary>Whole seconds, at least one.</summary>
    public static string Seconds(TimeSpan wait) => Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);

    public void Dispose()
    {
        _reads.Dispose();
        _costly.Dispose();
    }

    private static PartitionedRateLimiter<string> Counts(int perSecond, int burst) =>
        PartitionedRateLimiter.Create<string, string>(caller =>
            RateLimitPartition.GetTokenBucketLimiter(
                caller,
                _ => new TokenBucketRateLimiterOptions
                {
                    TokenLimit = burst,
                    TokensPerPeriod = Math.Max(1, perSecond / 10),
                    ReplenishmentPeriod = TimeSpan.FromSeconds(Math.Max(1, perSecond / 10) / (double)perSecond),
                    QueueLimit = 0,
                    AutoReplenishment = true,
                }
            )
        );
}
