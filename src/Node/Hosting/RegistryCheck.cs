using Masumi.Chain.Blockfrost;
using Masumi.Node.Settings;
using Masumi.Storage;

namespace Masumi.Node.Hosting;

/// <summary>Whether a registry's options fit what there is already. Everything here only looks.</summary>
internal static class RegistryCheck
{
    /// <summary>The places to listen, and the database where there is one. Throws <see cref="SettingsException"/>.</summary>
    public static async Task ExistingAsync(RegistryNodeOptions options, TimeProvider time, CancellationToken cancellation)
    {
        var problems = options.Listen.Select(WebServer.Refusal).OfType<string>().Select(r => new SettingProblem("listen", r)).ToList();
        try
        {
            await using var database = options.Database.OpenExisting(time);
            if (database is not null)
            {
                await database.IsCurrentAsync(RegistryNode.Migrations, cancellation);
            }
        }
        catch (Exception e) when (e is StorageUnavailableException or MigrationException)
        {
            problems.Add(new("database", e.Message.TrimEnd('.')));
        }

        SettingsException.ThrowIfAny(problems);
    }

    /// <summary>The provider's network. Throws <see cref="SettingsException"/> or <see cref="Chain.ChainUnavailableException"/>.</summary>
    public static async Task ChainAsync(RegistryNodeOptions options, BlockfrostChain chain, CancellationToken cancellation)
    {
        if (await chain.FindNetworkMagicAsync(cancellation) is { } magic && NodeCheck.RefuseNetwork(magic, options.Network) is { } wrong)
        {
            throw new SettingsException([new("network", wrong)]);
        }
    }
}
