using Masumi.Chain.Blockfrost;
using Masumi.Node.Settings;
using Microsoft.Extensions.Logging;

namespace Masumi.Node.Hosting;

/// <summary>The chain through the provider that the settings name.</summary>
internal static class ChainProvider
{
    /// <summary>How often a public network is asked, whose blocks come every twenty seconds.</summary>
    public static TimeSpan PublicPollInterval { get; } = TimeSpan.FromSeconds(20);

    /// <summary>How often a development chain is asked, whose blocks come every second.</summary>
    public static TimeSpan DevnetPollInterval { get; } = TimeSpan.FromSeconds(1);

    /// <summary>An adapter; nothing has been asked yet.</summary>
    public static BlockfrostChain Open(ChainSettings chain, TimeProvider time, ILoggerFactory loggers) =>
        BlockfrostChain.Create(
            new BlockfrostOptions
            {
                BaseUrl = chain.Url,
                ProjectId = chain.Key ?? "",
                ClearTextHosts = chain.ClearTextHosts,
            },
            time,
            loggers.CreateLogger<BlockfrostChain>()
        );

    /// <summary>How often to ask.</summary>
    public static TimeSpan PollInterval(ChainSettings chain, NodeNetwork network) =>
        chain.PollInterval ?? (network == NodeNetwork.Devnet ? DevnetPollInterval : PublicPollInterval);
}
