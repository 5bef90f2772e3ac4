using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Chain;
using Masumi.Protocol;
using Masumi.Settlement.Deals;
using Masumi.Settlement.Engine;
using Masumi.Settlement.Stores;
using Microsoft.Extensions.Logging.Abstractions;

namespace Masumi.Settlement.Operating;

/// <summary>What a transaction would make of a deal.</summary>
public abstract record RepairSight
{
    private RepairSight() { }

    /// <summary>No block has it.</summary>
    public sealed record NoTransaction : RepairSight;

    /// <summary>It does nothing to the deal's escrow.</summary>
    public sealed record NotAbout : RepairSight;

    /// <summary>It is not what was agreed.</summary>
    public sealed record NotAgreed(string Why) : RepairSight;

    /// <summary>With it the deal would stand so.</summary>
    /// <param name="State">The state.</param>
    /// <param name="ResultHash">The result.</param>
    /// <param name="OutputIndex">Which of its outputs is the escrow then; null where it ends it.</param>
    public sealed record Derived(OnChainState State, string? ResultHash, int? OutputIndex) : RepairSight;
}

/// <summary>Reads a transaction as following reads it, and projects a deal with it; changes nothing.</summary>
public sealed class RepairLook(SettlementStore store, IChain chain, ChainClock clock, SettlementOptions options)
{
    /// <summary>What the transaction would make of the deal. Throws <see cref="ChainUnavailableException"/>.</summary>
    public async Task<RepairSight> LookAsync(DealReport report, TransactionId id, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(report);
        if (await chain.FindTransactionAsync(id, cancellation) is not { } found)
        {
            return new RepairSight.NoTransaction();
        }

        var (deal, source) = (report.Deal, report.Source);
        var identifier = deal.Terms.Identifier.ToString();
        var reader = new EscrowReader(store.Chain, Safety.Right, null, NullLogger.Instance);
        var read = await reader.ReadAsync(source, [found], ImmutableHashSet<KeyHash>.Empty, cancellation);
        var steps = read.SelectMany(r => r.Steps).Where(s => s.Identifier == identifier).ToList();
        if (steps.Count == 0)
        {
            return new RepairSight.NotAbout();
        }

        var wallets = await store.Wallets.ListAsync(cancellation);
        var context = ProjectionContext.Of(source, wallets, clock.Tip?.Height ?? found.Block.Height, options.Confirmations);
        ImmutableArray<EscrowStep> all =
        [
            .. report.Steps.Where(s => s.TxId != id).Concat(steps).OrderBy(s => s.Block.Height).ThenBy(s => s.TxIndex).ThenBy(s => s.Ordinal),
        ];
        var projection = Projector.Project(deal, all, context);
        return projection.State is { } state
            ? new RepairSight.Derived(state, projection.ResultHash?.ToString(), steps[^1].Created?.Index)
            : new RepairSight.NotAgreed(projection.Strange ?? "its block is not deep enough");
    }
}
