using System.Collections.Immutable;
using Masumi.Cardano.Transactions;
using Masumi.Chain;
using Masumi.Node.Settings;
using Masumi.Settlement.Engine;
using Masumi.Settlement.Stores;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Masumi.Node.Hosting;

/// <summary>What a start finds on the chain.</summary>
/// <param name="References">The outputs named for reference.</param>
/// <param name="Tip">The newest block.</param>
internal sealed record ChainFindings(ImmutableArray<Utxo> References, BlockPoint Tip);

/// <summary>
/// Looks at the chain for a start that could not wait for it: the node serves meanwhile, its engine does not run. What would have been refused at the start keeps
/// the engine from running for good.
/// </summary>
internal sealed class ChainStart(
    NodeCheck check,
    ProvidedChain chain,
    SettlementStore store,
    ChainClock clock,
    EngineGate gate,
    TimeProvider time,
    ILogger logger
) : BackgroundService
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    /// <summary>Looks once; null when the chain does not answer in time. Throws <see cref="SettingsException"/>.</summary>
    public static async Task<ChainFindings?> TryAsync(NodeCheck check, ProvidedChain chain, TimeProvider time, ILogger logger, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(Patience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            var references = await check.ChainAsync(chain, both.Token);
            return new ChainFindings(references, await chain.GetTipAsync(both.Token));
        }
        catch (ChainUnavailableException e)
        {
            logger.LogWarning("The chain is not available: {Message}", e.Message);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            logger.LogWarning("The chain is not available: no answer within {Seconds} s", Patience.TotalSeconds);
        }

        return null;
    }

    /// <summary>Takes over what was found, and lets the engine run.</summary>
    public static async Task AcceptAsync(ChainFindings found, SettlementStore store, ChainClock clock, EngineGate gate, CancellationToken cancellation)
    {
        foreach (var reference in found.References)
        {
            await store.Scripts.PutReferenceAsync(reference, cancellation);
        }

        clock.Observe(found.Tip);
        gate.Open();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (gate.Problem is not null)
        {
            try
            {
                await Task.Delay(Pause, time, stoppingToken);
                if (await TryAsync(check, chain, time, logger, stoppingToken) is { } found)
                {
                    await AcceptAsync(found, store, clock, gate, stoppingToken);
                    logger.LogWarning("The chain is available: the engine runs");
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (SettingsException e)
            {
                var problem = string.Join("; ", e.Problems);
                logger.LogCritical("The engine does not run: {Problem}", problem);
                gate.Refuse(problem);
                return;
            }
            catch (Exception e) when (e is Storage.StorageUnavailableException or Storage.CommitUnknownException)
            {
                logger.LogError("What the chain has could not be written down: {Message}", e.Message);
            }
        }
    }
}
