using System.Collections.Immutable;
using Masumi.Contracts.Common;
using Masumi.Http;
using Masumi.Payments.Keys;
using Masumi.Protocol;
using Masumi.Protocol.PaymentService.Deals;
using Masumi.Settlement.Deals;
using Masumi.Settlement.Operating;

namespace Masumi.Payments.Deals;

/// <summary>How deals stand, from what <c>masumi deals why</c> says too (<see cref="DealDiagnosis"/>, <see cref="DealOutlook"/>).</summary>
internal sealed class DealExplanations<TRow>(PaymentsContext context, DealDesk<TRow> desk)
    where TRow : class
{
    public async Task<Reply<DealExplanation>> ExplainAsync(DealExplainQuery request, ApiKey caller, CancellationToken cancellation) =>
        await desk.ReportAsync(request.Id, withHistory: false, caller, cancellation) switch
        {
            (null, var refusal) => refusal!,
            (var report, _) => Of(report, caller),
        };

    private DealExplanation Of(DealReport report, ApiKey caller)
    {
        var deal = report.Deal;
        var now = context.Clock.GetUtcNow();
        var (rules, tip) = (context.Settlement.Rules, context.Clock.Tip);
        var diagnosis = DealDiagnosis.Of(report, now, rules, context.Engine.HoldsUntil, tip);
        var outlook = DealOutlook.Of(deal, now, rules);
        return new(
            deal.Id,
            deal.Terms.Identifier.ToString(),
            Words(deal, diagnosis, outlook),
            now,
            deal.OnChainState,
            DealParts.Problem(deal, context.Engine.HoldsUntil),
            Happened(report, tip?.Height),
            outlook.Next is { } next ? Next(deal.Side, next) : null,
            [.. outlook.Risks.Select(r => new RiskRow(r.Code, r.At, r.Words))],
            [
                .. DealDecision
                    .All.Where(d => DealDesk<TRow>.Judge(d, deal, caller, now) is null)
                    .Select(d => CallRow.Of(d.Operation, d.Until(deal), What(d, deal))),
            ]
        );
    }

    private static string Words(Deal deal, DealDiagnosis diagnosis, DealOutlook outlook)
    {
        var where = deal.OnChainState switch
        {
            null => "No lock counts yet.",
            OnChainState.FundsLocked => "The money is in escrow.",
            OnChainState.FundsOrDatumInvalid => "No lock came in time; no money moved.",
            OnChainState.ResultSubmitted => "The result's hash is on chain.",
            OnChainState.RefundRequested => "The buyer wants the money back, and there is no result on chain.",
            OnChainState.Disputed => "The buyer wants the money back although there is a result.",
            OnChainState.WithdrawAuthorized => "The buyer released the money to the seller.",
            OnChainState.RefundAuthorized => "The seller agreed to a refund.",
            OnChainState.Withdrawn => "It is over: the seller collected.",
            OnChainState.RefundWithdrawn => "It is over: the buyer has the money back.",
            _ => "It is over: the admins divided the money.",
        };
        return string.Join(
            ' ',
            [
                where,
                .. deal.Problem is { } problem ? [problem.Note.TrimEnd('.') + "."] : ImmutableArray<string>.Empty,
                .. outlook.Next is { } next ? [next.Words] : ImmutableArray<string>.Empty,
                .. diagnosis.WaitsFor.IsEmpty ? ImmutableArray<string>.Empty : [$"It waits for {string.Join("; and for ", diagnosis.WaitsFor)}."],
            ]
        );
    }

    private static ImmutableArray<HappenedRow> Happened(DealReport report, long? tipHeight)
    {
        var transactions = TransactionRows.Of(report, tipHeight);
        IEnumerable<TransactionRow> all = transactions.Current is { } current ? [current, .. transactions.Others] : transactions.Others;
        return
        [
            .. all.Where(t => t is { Action: not null, By: not null, TxHash: not null })
                .OrderBy(t => t.BlockTime ?? long.MaxValue)
                .ThenBy(t => t.CreatedAt)
                .Select(t => new HappenedRow(
                    t.Action!.Value,
                    t.By!.Value,
                    t.TxHash!,
                    t.Status,
                    t.BlockHeight,
                    t.BlockTime is { } seconds ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null,
                    t.Fees,
                    Sentence(t)
                )),
        ];
    }

    private static string Sentence(TransactionRow transaction)
    {
        var what = transaction.Action switch
        {
            DealAct.Lock => "The buyer locks the money",
            DealAct.SubmitResult => "The seller puts the result's hash on chain",
            DealAct.RequestRefund => "The buyer asks for the money back",
            DealAct.CancelRefundRequest => "The buyer takes the request for a refund back",
            DealAct.AuthorizeRefund => "The seller agrees to a refund",
            DealAct.AuthorizeWithdrawal => "The buyer releases the money to the seller",
            DealAct.Withdraw => "The seller collects",
            DealAct.WithdrawRefund => "The buyer takes the money back",
            _ => "The admins divide the money",
        };
        return transaction.Status switch
        {
            TransactionStatus.Confirmed => what + ".",
            TransactionStatus.Pending => what + ": on its way.",
            TransactionStatus.RolledBack => what + ": came to nothing.",
            _ => what + ": no block took it in time.",
        };
    }

    private static NextRow Next(DealSide side, OutlookStep next)
    {
        var act = TransactionRows.ActOf(next.Action);
        var us = side == DealSide.Purchase ? DealParty.Buyer : DealParty.Seller;
        return new(
            act,
            act is null ? null
                : next.IsOurs ? us
                : TransactionRows.PartyOf(act.Value),
            next.At,
            next.Before,
            next.Words
        );
    }

    private static string What(DealDecision decision, Deal deal) =>
        decision == DealDecision.SubmitResult ? "Puts the result's hash on chain; the money is collected by itself after unlockTime. Costs network fees."
        : decision == DealDecision.AuthorizeRefund ? "Gives the money back to the buyer, for good. Costs network fees."
        : decision == DealDecision.RequestRefund
            ? deal.OnChainState == OnChainState.ResultSubmitted
                    ? "Disputes the result: then the seller must agree, or the admins divide the money after externalDisputeUnlockTime. Costs network fees."
                : "Asks for the money back: it comes by itself after submitResultTime unless a result comes before. Costs network fees."
        : deal.Family == EscrowFamily.V1 ? "Takes the request for a refund back: the deal goes on as before it. Costs network fees."
        : "Pays the seller, for good. Costs network fees.";
}
