using System.Globalization;
using Masumi.Cardano;
using Masumi.Chain;
using Masumi.Http;
using Masumi.Payments.Deals;
using Masumi.Protocol.PaymentService.Quarantine;
using Masumi.Settlement.Deals;
using Masumi.Settlement.Operating;
using Masumi.Settlement.Sources;
using static Masumi.Protocol.PaymentService.Quarantine.QuarantineOperations;

namespace Masumi.Payments.Quarantine;

/// <summary>What was read at the contracts and not explained (spec since-0.28.md 8), and what a transaction would make of a request.</summary>
internal sealed class QuarantineWatch(PaymentsContext context, UnexplainedTransactions unexplained, RepairLook repairs, AgentDirectory chain)
{
    private const string NotReadYet = "It was read before something that it spends was known; the next look reads it again";
    private const string Nobodys = "Money that names a wallet of this node, and no request says whose it is";

    /// <summary>A page.</summary>
    public async Task<Reply<QuarantinePage>> ListAsync(ListQuarantine request, CancellationToken cancellation)
    {
        var sources = (await context.Holdings.ListSourcesAsync(cancellation))
            .Where(s => (request.Network is null || s.Network == request.Network) && (request.PaymentSourceId is null || s.Id == request.PaymentSourceId))
            .ToDictionary(s => s.Id, StringComparer.Ordinal);
        var found = (await unexplained.ListAsync(sources.Keys, cancellation))
            .Where(u =>
                request.Status switch
                {
                    QuarantineStatus.Pending => !u.IsRead,
                    QuarantineStatus.NeedsOperator => u.IsRead,
                    QuarantineStatus.Resolved => false,
                    _ => true,
                }
            )
            .Select(u => Row(u, sources[u.SourceId]));
        var page = request.CursorId is { } cursor ? found.SkipWhile(r => r.Id != cursor) : found;
        return new QuarantinePage([.. page.Take((int)request.Take)]);
    }

    /// <summary>What a transaction would make of a request.</summary>
    public async Task<Reply<RepairPreview>> PreviewAsync(PreviewRepair request, CancellationToken cancellation)
    {
        var sources = (await context.Holdings.ListSourcesAsync(cancellation)).Where(s => s.Network == request.Network).Select(s => s.Id).ToList();
        var side = request.Kind == RepairKind.Purchase ? DealSide.Purchase : DealSide.Payment;
        if (await context.Deals.FindAsync(side, sources, request.BlockchainIdentifier, cancellation) is not { } deal)
        {
            return RequestNotFound;
        }

        var report = await context.Deals.ReportAsync(deal, withHistory: true, cancellation);
        var id = TransactionId.Parse(request.TxHash.ToLowerInvariant());
        try
        {
            return await chain.WithinAsync($"{id}", stop => repairs.LookAsync(report, id, stop), cancellation) switch
            {
                RepairSight.NoTransaction => TransactionNotFound,
                RepairSight.NotAbout => NotAboutRequest,
                RepairSight.NotAgreed strange => NotAsAgreed.With(("why", strange.Why)),
                RepairSight.Derived derived => new RepairPreview(
                    id.ToString(),
                    derived.OutputIndex,
                    derived.State,
                    derived.ResultHash,
                    deal.OnChainState,
                    deal.Revision.ToString(CultureInfo.InvariantCulture)
                ),
                var other => throw new InvalidOperationException($"A sight without a rule: {other}."),
            };
        }
        catch (ChainUnavailableException)
        {
            return ProviderFailed;
        }
    }

    private static QuarantineRow Row(UnexplainedTransaction transaction, PaymentSource source) =>
        new(
            "c" + transaction.TxId.ToString()[..24],
            transaction.At,
            transaction.At,
            transaction.TxId.ToString(),
            transaction.Height,
            transaction.Index,
            transaction.IsRead ? QuarantineReason.ProcessingFailed : QuarantineReason.PredecessorPending,
            0,
            transaction.IsRead ? Nobodys : NotReadYet,
            null,
            null,
            transaction.IsRead,
            new QuarantineSource(source.Id, source.Network, source.ContractAddress.ToString())
        );
}
