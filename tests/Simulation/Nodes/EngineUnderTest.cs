using Masumi.Chain;
using Masumi.Contracts.Common;
using Masumi.Contracts.Registry;
using Masumi.Protocol;
using Masumi.Settlement.Engine;
using Masumi.Settlement.Sources;
using Masumi.Settlement.Stores;
using Masumi.Settlement.Wallets;
using Masumi.Simulation.Disks;
using Masumi.Simulation.Scheduling;
using Masumi.Storage;
using Masumi.Storage.Secrets;
using Microsoft.Extensions.Logging;

namespace Masumi.Simulation.Nodes;

/// <summary>What an instance of the engine is made from.</summary>
/// <param name="Process">Its life.</param>
/// <param name="Database">Its way to the disk.</param>
/// <param name="Providers">Its ways to the chain.</param>
/// <param name="Wait">How it waits.</param>
/// <param name="Failed">Told what came out of a round that should not have.</param>
/// <param name="Logger">Its words.</param>
/// <param name="Plant">The protection that is taken out; null for none.</param>
internal sealed record EngineParts(
    Process Process,
    IDatabase Database,
    IReadOnlyList<IChainProvider> Providers,
    NodeWait Wait,
    Action<Exception> Failed,
    ILogger Logger,
    string? Plant
);

/// <summary>The real engine, and everything that knows how one is made. Together with <c>Parties/DealsUnderTest</c> the only place that knows the product.</summary>
internal static class EngineUnderTest
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(20);

    // Seconds per sealed mnemonic are not spent again in every world.
    private static readonly SecretBox Box = new("the secret of a simulated operator", new DiceRandom(new Actor(new Dice(1), "secret")));
    private static readonly Keyring Keyring = new(Box);
    private static readonly Dictionary<string, HotWallet> Wallets = new(StringComparer.Ordinal);
    private static readonly Lock Sealing = new();

    private static readonly Dictionary<EscrowFamily, PaymentSource> Sources = new[] { EscrowFamily.V1, EscrowFamily.V2 }.ToDictionary(f => f, MakeSource);

    /// <summary>The tables.</summary>
    public static IReadOnlyList<MigrationModule> Modules { get; } = [SettlementStore.Migrations];

    /// <summary>The source of a family, the same in every node.</summary>
    public static PaymentSource Source(EscrowFamily family) => Sources[family];

    /// <summary>Puts a node's sources, wallets and scripts onto its empty disk.</summary>
    public static void Fill(IDisk disk, int node, Shape shape)
    {
        var store = new SettlementStore(new DirectDatabase(disk));
        foreach (var family in Sources.Keys)
        {
            Done(store.Sources.AddAsync(Sources[family], default));
            Done(store.Scripts.PutAsync(Materials.Scripts[family], default));
            foreach (var sells in new[] { false, true })
            {
                for (var i = 0; i < shape.Wallets; i++)
                {
                    Done(store.Wallets.AddAsync(Wallet(node, family, sells, i), default));
                }
            }
        }
    }

    /// <summary>Starts an instance; it runs until its process is gone.</summary>
    public static void Start(EngineParts parts)
    {
        var time = parts.Process.Time;
        var store = new SettlementStore(parts.Database);
#pragma warning disable CA2000 // It ends with its process.
        var chain = new ProvidedChain(
            parts.Providers.Select(p => new ProviderSetup(p)),
            Planted.Chain(parts.Plant, new ProvidedChainOptions()),
            time,
            new Random(1),
            parts.Logger
        );
#pragma warning restore CA2000
        var engine = new SettlementEngine(
            new EnginePorts(
                store,
                chain,
                new ScriptCatalog(chain, store),
                Keyring,
                Materials.Evaluator,
                new ChainClock(time),
                new IdSource(time, new DiceRandom(parts.Process.Actor)),
                time,
                parts.Wait,
                parts.Logger
            ),
            new SettlementOptions { PollInterval = Poll },
            Planted.Engine(parts.Plant)
        );
        _ = RunAsync(engine, parts);
    }

    private static HotWallet Wallet(int node, EscrowFamily family, bool sells, int index)
    {
        var name = Materials.WalletName(node, family, sells, index);
        lock (Sealing)
        {
            if (!Wallets.TryGetValue(name, out var wallet))
            {
                var role = sells ? WalletRole.Selling : WalletRole.Purchasing;
                wallet = Keyring.Seal(name, Sources[family], role, Materials.MnemonicOf(name), null, null, Materials.Start.AddMilliseconds(index));
                Wallets[name] = wallet;
            }

            return wallet;
        }
    }

    // The engine's own loop, except that what should not come out of a round is told.
    private static async Task RunAsync(SettlementEngine engine, EngineParts parts)
    {
        while (true)
        {
            try
            {
                await engine.RunRoundAsync(CancellationToken.None);
                await parts.Wait.WaitAsync(await engine.PauseAsync(CancellationToken.None), CancellationToken.None);
                continue;
            }
            catch (Exception e) when (e is ChainUnavailableException or CommitUnknownException) { }
            catch (Exception e) when (e is not (SimulationBrokenException or OutOfMemoryException))
            {
                parts.Failed(e);
            }

            await parts.Wait.WaitAsync(Poll, CancellationToken.None);
        }
    }

    private static PaymentSource MakeSource(EscrowFamily family)
    {
        var contract = Materials.Contract(family);
        return PaymentSource.Of(
            $"source-{family}",
            Network.Preprod,
            contract,
            RegistryScript.Of(family, contract.Address).Hash.ToPolicyId(),
            Materials.Start.AddMilliseconds((int)family)
        );
    }

    private static void Done(Task task)
    {
        if (!task.IsCompleted)
        {
            throw new SimulationBrokenException("A disk without time took time.");
        }

        task.GetAwaiter().GetResult();
    }
}
