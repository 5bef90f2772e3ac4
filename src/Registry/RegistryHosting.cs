using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Masumi.Registry;

/// <summary>The registry service as part of a host.</summary>
public static class RegistryHosting
{
    /// <summary>
    /// Adds the registry and its follower, which runs as long as the host does. The host provides the database with <see cref="RegistryApi.Migrations"/>,
    /// the chain, the time and randomness.
    /// </summary>
    public static IServiceCollection AddMasumiRegistry(this IServiceCollection services, RegistryOptions options) =>
        services.AddSingleton(options).AddSingleton<RegistryServices>().AddSingleton(Follower).AddHostedService<FollowerService>();

    /// <summary>Serves it (see <see cref="RegistryApi"/>).</summary>
    public static void MapMasumiRegistry(this WebApplication app) =>
        app.UseRegistryApi(app.Services.GetRequiredService<RegistryServices>(), app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("registry"));

    private static RegistryFollower Follower(IServiceProvider services) =>
        new(services.GetRequiredService<RegistryServices>(), services.GetRequiredService<ILoggerFactory>().CreateLogger("registry"));

    private sealed class FollowerService(RegistryFollower follower) : BackgroundService
    {
        protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Run(() => follower.RunAsync(stoppingToken), CancellationToken.None);
    }
}
