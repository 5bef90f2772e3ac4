using Masumi.Chain;
using Masumi.Node.Settings;
using Masumi.Registry;
using Masumi.Storage;
using Microsoft.Extensions.Logging;

namespace Masumi.Node.Hosting;

/// <summary>Whether a registry's options fit what there is already. Everything here only looks.</summary>
internal static class RegistryCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>The places to listen, and the database where there is one. Throws <see cref="SettingsException"/>.</summary>
    /// <param name="options">The options.</param>
    /// <param name="time">The time.</param>
    /// <param name="prefix">What stands before the names of its settings.</param>
    /// <param name="cancellation">Ends looking.</param>
    public static async Task ExistingAsync(RegistryNodeOptions options, TimeProvider time, string prefix, CancellationToken cancellation)
    {
        var problems = WebServer.Refusals(options.Listen.Select(l => ($"{prefix}listen", l)));
        try
        {
            await using var database = options.Database.OpenExisting(time);
            if (
                database is not null
                && await database.IsCurrentAsync(RegistryNode.Migrations, cancellation)
                && await RegistryApi.RefuseAdminKeyAsync(database, options.Key, time, cancellation) is { } refusal
            )
            {
                problems.Add(new($"{prefix}adminKey", refusal));
            }
        }
        catch (Exception e) when (e is StorageUnavailableException or MigrationException or IOException)
        {
            problems.Add(new($"{prefix}database", e.Message.TrimEnd('.')));
        }

        SettingsException.ThrowIfAny(problems);
    }

    /// <summary>
    /// The provider's network, if it says so in time; later each provider is looked at before it is asked anything else. Throws <see cref="SettingsException"/>.
    /// </summary>
    public static async Task ChainAsync(RegistryNodeOptions options, ProvidedChain chain, TimeProvider time, ILogger logger, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(Patience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            if (NodeCheck.RefuseNetwork(await chain.FindNetworkMagicAsync(both.Token), options.Network) is { } wrong)
            {
                throw new SettingsException([new("network", wrong)]);
            }
        }
        catch (ChainUnavailableException e)
        {
            logger.LogWarning("The chain is not available: {Message}", e.Message);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            logger.LogWarning("The chain is not available: no answer within {Seconds} s", Patience.TotalSeconds);
        }
    }
}
