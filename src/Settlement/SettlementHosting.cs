using System.Security.Cryptography;
using Masumi.Cardano.Building;
using Masumi.Chain;
using Masumi.Settlement.Books;
using Masumi.Settlement.Engine;
using Masumi.Settlement.Operating;
using Masumi.Settlement.Stores;
using Masumi.Settlement.Wallets;
using Masumi.Storage;
using Masumi.Storage.Secrets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Masumi.Settlement;

/// <summary>Settlement as part of a host.</summary>
public static class SettlementHosting
{
    /// <summary>
    /// Adds the engine, which runs as long as the host does, and all that works beside it. The host itself provides <see cref="IDatabase"/> (its tables up
    /// to date: <see cref="SettlementStore.Migrations"/>), <see cref="IChain"/>, <see cref="SecretBox"/>, <see cref="IScriptEvaluator"/>,
    /// <see cref="ChainClock"/>, <see cref="TimeProvider"/> and <see cref="RandomNumberGenerator"/>; if it provides an <see cref="EngineGate"/> too, the engine
    /// waits for that.
    /// </summary>
    public static IServiceCollection AddMasumiSettlement(this IServiceCollection services, SettlementOptions options)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(options);
        return services
            .AddSingleton(options)
            .AddSingleton<SettlementStore>()
            .AddSingleton<Keyring>()
            .AddSingleton<IdSource>()
            .AddSingleton<ScriptCatalog>()
            .AddSingleton(Engine)
            .AddSingleton<DealInspection>()
            .AddSingleton<DealBook>()
            .AddSingleton<RegistrationBook>()
            .AddSingleton<Holdings>()
            .AddSingleton<BalanceBook>()
            .AddSingleton<Treasury>()
            .AddSingleton<DealRecovery>()
            .AddSingleton<DealFutures>()
            .AddSingleton<AttemptProof>()
            .AddSingleton<Reconciliation>()
            .AddSingleton<UnexplainedTransactions>()
            .AddSingleton<RepairLook>()
            .AddSingleton<UnsignedLocks>()
            .AddSingleton<EventReading>()
            .AddSingleton<ISettlementSignal>(s => s.GetRequiredService<SettlementEngine>())
            .AddHostedService(s => new EngineService(s.GetRequiredService<SettlementEngine>(), s.GetService<EngineGate>()));
    }

    private static SettlementEngine Engine(IServiceProvider services) =>
        new(
            new EnginePorts(
                services.GetRequiredService<SettlementStore>(),
                services.GetRequiredService<IChain>(),
                services.GetRequiredService<ScriptCatalog>(),
                services.GetRequiredService<Keyring>(),
                services.GetRequiredService<IScriptEvaluator>(),
                services.GetRequiredService<ChainClock>(),
                services.GetRequiredService<IdSource>(),
                services.GetRequiredService<TimeProvider>(),
                new EngineWait(services.GetRequiredService<TimeProvider>()),
                services.GetRequiredService<ILoggerFactory>().CreateLogger("settlement")
            ),
            services.GetRequiredService<SettlementOptions>()
        );

    // Its rounds do not keep the host from starting; stopping waits for the round that runs.
    private sealed class EngineService(SettlementEngine engine, EngineGate? gate) : BackgroundService
    {
        protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Run(() => RunAsync(stoppingToken), CancellationToken.None);

        private async Task RunAsync(CancellationToken stopping)
        {
            try
            {
                await (gate?.WaitAsync(stopping) ?? Task.CompletedTask);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await engine.RunAsync(stopping);
        }
    }
}
