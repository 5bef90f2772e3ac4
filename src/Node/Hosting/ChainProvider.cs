using System.Diagnostics.Metrics;
using Masumi.Cardano;
using Masumi.Chain;
using Masumi.Chain.Blockfrost;
using Masumi.Node.Settings;
using Microsoft.Extensions.Logging;

namespace Masumi.Node.Hosting;

/// <summary>The chain through the provider that the settings name.</summary>
internal static class ChainProvider
{
    private static readonly Meter Calls = new(CallCounts.MeterName);

    /// <summary>How often a public network is asked, whose blocks come every twenty seconds.</summary>
    public static TimeSpan PublicPollInterval { get; } = TimeSpan.FromSeconds(20);

    /// <summary>How often a development chain is asked, whose blocks come every second.</summary>
    public static TimeSpan DevnetPollInterval { get; } = TimeSpan.FromSeconds(1);

    /// <summary>The chain; nothing has been asked yet.</summary>
    public static ProvidedChain Open(ChainSettings chain, NodeNetwork network, TimeProvider time, ILoggerFactory loggers) =>
        BlockfrostChain.Open(
            [.. chain.All.Select(one => Endpoint(one, chain.ClearTextHosts))],
            Options(chain, network),
            time,
            log: loggers.CreateLogger<ProvidedChain>(),
            meter: Calls
        );

    // What the network is known to be is not left to the provider. One server on this machine may go back when its node does.
    private static ProvidedChainOptions Options(ChainSettings chain, NodeNetwork network) =>
        new()
        {
            MayGoBack = chain.Others.IsEmpty && (chain.Url.IsLoopback || network == NodeNetwork.Devnet),
            IsDevnet = network == NodeNetwork.Devnet,
            Parameters = network == NodeNetwork.Devnet ? ParameterLimits.Wide : ParameterLimits.Standard,
            RefuseNetwork = magic => NodeCheck.RefuseNetwork(magic, network),
            Slots = network switch
            {
                NodeNetwork.Mainnet => SlotConfig.Mainnet,
                NodeNetwork.Preprod => SlotConfig.Preprod,
                _ => null,
            },
        };

    private static BlockfrostOptions Endpoint(ChainEndpoint one, IReadOnlyCollection<string> hosts) =>
        new()
        {
            BaseUrl = one.Url,
            ProjectId = one.Key ?? "",
            ClearTextHosts = hosts,
        };

    /// <summary>How often to ask.</summary>
    public static TimeSpan PollInterval(ChainSettings chain, NodeNetwork network) =>
        chain.PollInterval ?? (network == NodeNetwork.Devnet ? DevnetPollInterval : PublicPollInterval);
}
