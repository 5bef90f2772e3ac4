using System.Collections.Immutable;
using Masumi.Contracts.Escrow.Common;
using Masumi.Protocol.PaymentService.Deals;
using Masumi.Settlement.Attempts;
using Masumi.Settlement.Deals;
using Masumi.Settlement.Operating;
using Masumi.Settlement.Rails;

namespace Masumi.Payments.Deals;

/// <summary>
/// The transactions of a deal: those that moved its escrow, whoever sent them, with the states between which they moved it; and this node's own that are under way or came
/// to nothing.
/// </summary>
/// <param name="Current">Under way, or else the last one that the chain shows.</param>
/// <param name="Others">All others, newest first.</param>
internal sealed record TransactionRows(TransactionRow? Current, ImmutableArray<TransactionRow> Others)
{
    /// <summary>Those of a deal.</summary>
    /// <param name="report">The deal.</param>
    /// <param name="tipHeight">For confirmations; null where no block is known.</param>
    public static TransactionRows Of(DealReport report, long? tipHeight)
    {
        var deal = report.Deal;
        var life = EscrowLife.Of(deal, report.Steps);
        var rows = life.Select((step, place) => (Row: Row(step, report, tipHeight), At: step.Step.Block.Time, Place: place)).ToList();
        var shown = life.Select(s => s.Step.TxId).ToHashSet();
        rows.AddRange(
            report
                .Attempts.Reverse()
                .Where(a => !shown.Contains(a.TxId))
                .Select((a, place) => (Row(a, deal, tipHeight), a.IsSent ? DateTimeOffset.MaxValue : a.BlockTime ?? a.CreatedAt, life.Length + place))
        );
        rows = [.. rows.OrderByDescending(r => r.At).ThenByDescending(r => r.Place)];
        var now = (deal.UnderWay?.TxId ?? deal.Projection.CurrentTransaction)?.ToString();
        var current = rows.Find(r => r.Row.TxHash == now).Row;
        return new(current, [.. rows.Where(r => r.Row != current).Select(r => r.Row)]);
    }

    /// <summary>What an action of a node does to an escrow; null for none.</summary>
    public static DealAct? ActOf(Intent intent) =>
        intent switch
        {
            Intent.Lock => DealAct.Lock,
            Intent.SubmitResult => DealAct.SubmitResult,
            Intent.RequestRefund => DealAct.RequestRefund,
            Intent.CancelRefundRequest => DealAct.CancelRefundRequest,
            Intent.AuthorizeRefund => DealAct.AuthorizeRefund,
            Intent.AuthorizeWithdrawal => DealAct.AuthorizeWithdrawal,
            Intent.Withdraw => DealAct.Withdraw,
            Intent.WithdrawRefund => DealAct.WithdrawRefund,
            _ => null,
        };

    /// <summary>Whose decision an action is.</summary>
    public static DealParty PartyOf(DealAct act) =>
        act switch
        {
            DealAct.SubmitResult or DealAct.AuthorizeRefund or DealAct.Withdraw => DealParty.Seller,
            DealAct.WithdrawDisputed => DealParty.Admins,
            _ => DealParty.Buyer,
        };

    private static DealAct ActOf(EscrowAction? action) =>
        action switch
        {
            null => DealAct.Lock,
            EscrowAction.SubmitResult => DealAct.SubmitResult,
            EscrowAction.SetRefundRequested => DealAct.RequestRefund,
            EscrowAction.UnSetRefundRequested => DealAct.CancelRefundRequest,
            EscrowAction.AuthorizeRefund => DealAct.AuthorizeRefund,
            EscrowAction.AuthorizeWithdrawal => DealAct.AuthorizeWithdrawal,
            EscrowAction.Withdraw => DealAct.Withdraw,
            EscrowAction.WithdrawRefund => DealAct.WithdrawRefund,
            _ => DealAct.WithdrawDisputed,
        };

    // What the chain shows of it is the same on both sides; of a transaction of this node, its own id and times beside that.
    private static TransactionRow Row(LifeStep moved, DealReport report, long? tipHeight)
    {
        var step = moved.Step;
        var own = report.Attempts.FirstOrDefault(a => a.TxId == step.TxId);
        var act = ActOf(step.Action);
        return new(
            own?.Id ?? IdOf(step.TxId.ToString()),
            own?.CreatedAt ?? step.Block.Time,
            own?.UpdatedAt ?? step.Block.Time,
            step.TxId.ToString(),
            TransactionStatus.Confirmed,
            step.TransactionFee.ToString(),
            step.Block.Height,
            step.Block.Time.ToUnixTimeSeconds(),
            moved.Before,
            moved.After,
            tipHeight is { } tip ? Math.Max(0, tip - step.Block.Height) : null,
            act,
            PartyOf(act)
        );
    }

    private static TransactionRow Row(Attempt attempt, Deal deal, long? tipHeight)
    {
        var action = attempt.Subjects.FirstOrDefault(s => s.SubjectId == deal.Id)?.Action;
        var act = Enum.TryParse<Intent>(action, out var intent) ? ActOf(intent) : null;
        return new(
            attempt.Id,
            attempt.CreatedAt,
            attempt.UpdatedAt,
            attempt.TxId.ToString(),
            StatusOf(attempt.State),
            attempt.Fee.ToString(),
            attempt.Height,
            attempt.BlockTime?.ToUnixTimeSeconds(),
            attempt.IsSent ? deal.OnChainState : null,
            null,
            attempt.Height is { } height && tipHeight is { } tip ? Math.Max(0, tip - height) : null,
            act,
            act is { } known ? PartyOf(known) : null
        );
    }

    private static TransactionStatus StatusOf(AttemptState state) =>
        state switch
        {
            AttemptState.InBlock or AttemptState.Final => TransactionStatus.Confirmed,
            AttemptState.Stored or AttemptState.Offered or AttemptState.Pending => TransactionStatus.Pending,
            AttemptState.Failed or AttemptState.Conflicted => TransactionStatus.RolledBack,
            _ => TransactionStatus.FailedViaTimeout,
        };

    /// <summary>An id for what has none here: of the same thing it is always the same.</summary>
    public static string IdOf(string hash) => "c" + hash[..24];
}
