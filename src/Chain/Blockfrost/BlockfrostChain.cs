using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace Masumi.Chain.Blockfrost;

/// <summary>A chain through Blockfrost-compatible endpoints, set up as their addresses suggest.</summary>
public static class BlockfrostChain
{
    /// <summary>
    /// What suits an endpoint whose network is not known: on this machine a devnet, whose clock and chain may go anywhere, elsewhere a public network.
    /// </summary>
    public static ProvidedChainOptions Defaults(Uri baseUrl) =>
        baseUrl.IsLoopback
            ? new ProvidedChainOptions
            {
                MayGoBack = true,
                IsDevnet = true,
                Parameters = ParameterLimits.Wide,
            }
            : new ProvidedChainOptions();

    /// <summary>
    /// A chain through one endpoint; dispose it. Throws <see cref="ArgumentException"/> when the project id would be sent in clear text to a foreign host.
    /// </summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="time">Real time.</param>
    /// <param name="options">How it is used; null: <see cref="Defaults"/>.</param>
    /// <param name="random">Spreads repeated questions; null: seeded by the clock, since two processes only have to differ.</param>
    /// <param name="log">Receives alarms.</param>
    public static ProvidedChain Open(
        BlockfrostOptions endpoint,
        TimeProvider time,
        ProvidedChainOptions? options = null,
        Random? random = null,
        ILogger? log = null
    ) => Open([endpoint], options ?? Defaults(endpoint.BaseUrl), time, random, log);

    /// <summary>A chain through several endpoints, in the order they are asked.</summary>
    /// <param name="endpoints">The endpoints.</param>
    /// <param name="options">How they are used.</param>
    /// <param name="time">Real time.</param>
    /// <param name="random">Spreads repeated questions; null: seeded by the clock.</param>
    /// <param name="log">Receives alarms.</param>
    /// <param name="meter">Counts questions.</param>
    public static ProvidedChain Open(
        IReadOnlyList<BlockfrostOptions> endpoints,
        ProvidedChainOptions options,
        TimeProvider time,
        Random? random = null,
        ILogger? log = null,
        Meter? meter = null
    ) => new([.. endpoints.Select(e => SetupOf(BlockfrostProvider.Create(e, time), e))], options, time, random ?? Seeded(time), log, meter);

    /// <summary>A provider with the limits of its endpoint.</summary>
    public static ProviderSetup SetupOf(BlockfrostProvider provider, BlockfrostOptions endpoint) =>
        new(provider) { CallsPerSecond = endpoint.EffectiveCallsPerSecond, Burst = endpoint.Burst };

    private static Random Seeded(TimeProvider time) => new(time.GetTimestamp().GetHashCode());
}
