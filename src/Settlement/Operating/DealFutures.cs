using Masumi.Cardano.Building;
using Masumi.Cardano.Transactions;
using Masumi.Chain;
using Masumi.Settlement.Engine;
using Masumi.Settlement.Futures;
using Masumi.Settlement.Stores;

namespace Masumi.Settlement.Operating;

/// <summary>What can still happen to a deal whose money is in an escrow.</summary>
public sealed class DealFutures(SettlementStore store, IChain chain, ScriptCatalog scripts, IScriptEvaluator evaluator, ChainClock clock)
{
    /// <summary>Plays it; null when no escrow of the deal is on chain. Throws <see cref="ChainUnavailableException"/>.</summary>
    public async Task<Future?> GrowAsync(DealReport report, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(report);
        var source = report.Source;
        if (report.Deal.Projection.Escrow is not { } at || !(await store.Chain.FindOutputsAsync(source.Id, [at], cancellation)).TryGetValue(at, out var output))
        {
            return null;
        }

        var tip = await chain.GetTipAsync(cancellation);
        var start = new FutureStart
        {
            Contract = ScriptCatalog.ContractOf(source),
            Script = await scripts.EscrowAsync(source, tip, cancellation),
            Parameters = await chain.GetParametersAsync(cancellation),
            Slots = await chain.GetSlotConfigAsync(cancellation),
            Escrow = new Utxo(at, output),
            Now = clock.GetUtcNow(),
        };
        return FutureTree.Grow(start, evaluator);
    }
}
