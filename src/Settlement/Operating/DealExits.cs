using System.Collections.Immutable;
using System.Globalization;
using Masumi.Cardano.Addresses;
using Masumi.Contracts.Catalog;
using Masumi.Contracts.Common;
using Masumi.Protocol;
using Masumi.Settlement.Attempts;
using Masumi.Settlement.Deals;
using Masumi.Settlement.Engine;
using Masumi.Settlement.Rails;
using Masumi.Settlement.Sources;
using Masumi.Settlement.Wallets;
using static Masumi.Protocol.OnChainState;

namespace Masumi.Settlement.Operating;

/// <summary>What a person can do about a deal, with the very commands; what the contract would not grant is not among it.</summary>
internal static class DealExits
{
    // A validity interval ends 18 slots before a deadline.
    private static readonly TimeSpan LastMoment = TimeSpan.FromSeconds(18);

    public static ImmutableArray<DealExit> Of(DealReport report, DealStep step, DateTimeOffset now) =>
        [
            .. (
                report.Deal.IsFinal ? []
                : report.Deal.Projection.State is null ? Unlocked(report, step)
                : Locked(report, step)
            ).Where(e => e.Before is null || now < e.Before),
        ];

    private static IEnumerable<DealExit> Unlocked(DealReport report, DealStep step)
    {
        var deal = report.Deal;
        foreach (var attempt in report.Attempts.Where(a => a.State is not (AttemptState.Final or AttemptState.InBlock)))
        {
            yield return new DealExit("See whether a transaction of it can still take effect", $"masumi attempts prove-dead {attempt.TxId}");
        }

        foreach (var exit in Hindered(deal, step))
        {
            yield return exit;
        }

        if (deal.IsExpired)
        {
            yield return new DealExit("Look everywhere for a lock once more; one that is found is adopted", $"masumi deals recover {deal.Id}");
        }

        if (deal is { IsExpired: true, Side: DealSide.Purchase })
        {
            yield return new DealExit("Buy again: a new job with a new identifier, since the time to pay for this one is over", "POST $NODE/api/v1/purchase");
        }
    }

    private static IEnumerable<DealExit> Locked(DealReport report, DealStep step)
    {
        var (deal, source) = (report.Deal, report.Source);
        var (rail, state) = (Rail.Of(deal.Family), deal.Projection.State!.Value);
        foreach (var exit in Hindered(deal, step))
        {
            yield return exit;
        }

        if (deal.Side == DealSide.Purchase)
        {
            if (rail.Grants(Intent.RequestRefund, state))
            {
                var what = state == ResultSubmitted ? "Dispute the result" : "Ask for the money back";
                yield return Wish(deal, source, what, "purchase/request-refund", deal.Terms.Deadlines.Unlock - LastMoment);
            }

            if (rail.Grants(Intent.CancelRefundRequest, state))
            {
                yield return Wish(deal, source, "Take the request for a refund back", "purchase/cancel-refund-request");
            }

            if (rail.Grants(Intent.AuthorizeWithdrawal, state))
            {
                yield return Wish(deal, source, "Release the money to the seller, for good", "purchase/cancel-refund-request");
            }
        }
        else
        {
            if (state is FundsLocked or RefundRequested && deal.Wishes.Result is null)
            {
                var before = deal.Terms.Deadlines.SubmitResult - LastMoment;
                yield return Wish(deal, source, "Deliver", "payment/submit-result", before, ",\"submitResultHash\":\"HASH\"");
            }

            if (state is RefundRequested or Disputed && rail.Grants(Intent.AuthorizeRefund, state))
            {
                yield return Wish(deal, source, "Give the money back to the buyer, for good", "payment/authorize-refund");
            }
        }

        if (state == Disputed)
        {
            yield return Settlement(deal, source);
        }
    }

    // Once its time is over, neither money nor trying again helps.
    private static IEnumerable<DealExit> Hindered(Deal deal, DealStep step)
    {
        if (deal.Trouble is not { } trouble || trouble.Kind == TroubleKind.NotYet || step is not DealStep.Act act)
        {
            yield break;
        }

        if (trouble.Kind == TroubleKind.Funds && MoneyShort.Read(trouble.Note) is { At: { } address } money)
        {
            var later = act.Action == Intent.Lock ? $"; {CoinPolicy.UsuallyBeside} lovelace more are needed for a refund or a dispute later" : "";
            yield return new DealExit($"Fund the wallet; it goes on by itself then: {money.Missing}{later}", $"send to {address}");
        }

        yield return new DealExit("Look at everything again and try at once", $"masumi deals recover {deal.Id}");
    }

    private static DealExit Settlement(Deal deal, PaymentSource source) =>
        new(
            $"Let {source.RequiredAdmins} of the {source.Admins.Length} admins divide the money, from {DealDiagnosis.Time(deal.Terms.Deadlines.ExternalDisputeUnlock)}",
            deal.Family == EscrowFamily.V2
                ? $"masumi dispute intent --escrow {deal.Projection.Escrow} --buyer AMOUNT --seller AMOUNT --chain URL {Parameters(source)}"
                : $"a transaction that spends {deal.Projection.Escrow}, signed by the admins"
        );

    // All of them: whatever is left out would be the market's.
    private static string Parameters(PaymentSource source) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"--network {(source.NetworkId == NetworkId.Mainnet ? "Mainnet" : "Preprod")} --required-admins {source.RequiredAdmins} "
                + $"--admin {string.Join(' ', source.Admins)} --cooldown {(long)source.Cooldown.TotalMilliseconds}"
        ) + (ContractCatalog.Follows(ScriptCatalog.ContractOf(source)) ? "" : " --foreign-script");

    private static DealExit Wish(Deal deal, PaymentSource source, string what, string path, DateTimeOffset? before = null, string more = "") =>
        new(
            what,
            $"curl -X POST $NODE/api/v1/{path} -H \"token: $KEY\" -H 'content-type: application/json' -d "
                + $"'{{\"network\":\"{Word.Text(source.Network)}\",\"blockchainIdentifier\":\"{deal.Terms.Identifier}\"{more}}}'",
            before
        );
}
