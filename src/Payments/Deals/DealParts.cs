using System.Collections.Immutable;
using System.Globalization;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Common;
using Masumi.Protocol;
using Masumi.Protocol.PaymentService.Deals;
using Masumi.Settlement.Deals;
using Masumi.Settlement.Operating;
using Masumi.Settlement.Rails;
using Masumi.Settlement.Sources;
using Masumi.Settlement.Stores;

namespace Masumi.Payments.Deals;

/// <summary>Parts of the rows of payments and purchases that both have.</summary>
internal static class DealParts
{
    public static DealSourceRow Source(PaymentSource source) =>
        new(source.Id, source.Network, source.Family.ToSourceType(), source.ContractAddress.ToString(), source.PolicyId.ToString());

    public static ImmutableArray<AmountRow> Amounts(Value value, Network network) =>
        [.. Settlement.Stores.Amounts.ToList(value).Select(a => AmountRow.Of(a.Quantity, Unit.Parse(a.Unit), network))];

    public static (ImmutableArray<AmountRow> ToBuyer, ImmutableArray<AmountRow> ToSeller) Withdrawn(DealReport report) =>
        report.Deal.IsFinal && EscrowLife.Of(report.Deal, report.Steps) is [.., { Step: { Created: null } end }]
            ? (Amounts(end.ToBuyer, report.Source.Network), Amounts(end.ToSeller, report.Source.Network))
            : ([], []);

    /// <summary>A wallet that was removed is not shown.</summary>
    public static DealWalletRow? Wallet(HotWallet? wallet) =>
        wallet is null or { DeletedAt: not null } ? null : new(wallet.Id, wallet.KeyHash.ToString(), wallet.Address.ToString());

    /// <summary>The other party's wallet has no id here; the hash of its key serves.</summary>
    public static CounterpartyRow? Counterparty(Address? address) =>
        address?.Payment is { } payment ? new(TransactionRows.IdOf(payment.Hash.ToString()), payment.Hash.ToString()) : null;

    public static decimal Ada(Cardano.Lovelace lovelace) => lovelace.Amount / 1_000_000m;

    public static DateTimeOffset LastChange(Deal deal) => deal.NextActionChangedAt > deal.StateChangedAt ? deal.NextActionChangedAt : deal.StateChangedAt;

    /// <summary>What was to be done, newest first, without what is to be done now: each with the time when the next took its place.</summary>
    public static IEnumerable<(string Id, ActionHistoryEntry Entry, DateTimeOffset Until)> Past(DealReport report) =>
        report
            .History.Zip(report.History.Skip(1))
            .Select(pair => ($"{report.Deal.Id}{pair.Second.Seq.ToString("d4", CultureInfo.InvariantCulture)}", pair.Second, pair.First.At));

    /// <summary>What stands in a deal's way (decision 23).</summary>
    /// <param name="deal">The deal.</param>
    /// <param name="holdsUntil">Until when nothing that pays is signed for what is older than this start; null when nothing is held.</param>
    public static ProblemRow? Problem(Deal deal, DateTimeOffset? holdsUntil)
    {
        if (deal.Problem is not { } problem)
        {
            return holdsUntil is { } until && deal is { Side: DealSide.Purchase, Intent: Intent.Lock, UnderWay: null } ? Held(until) : null;
        }

        var values = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        if (MoneyShort.Read(problem.Note) is { } money)
        {
            values["missing"] = money.Missing;
            if (money.At is { } address)
            {
                values["address"] = address;
            }
        }

        if (deal.Trouble is { } trouble)
        {
            values["tries"] = trouble.Tries.ToString(CultureInfo.InvariantCulture);
            values["since"] = WireTime.Text(trouble.Since);
            if (deal.NextAt is { } next)
            {
                values["nextTryAt"] = WireTime.Text(next);
            }
        }

        if (deal.UnderWay is { } under)
        {
            values["txHash"] = under.TxId.ToString();
        }

        if (problem.Code == "not_locked")
        {
            values["payByTime"] = WireTime.Text(deal.Terms.Deadlines.PayBy);
        }

        return new(problem.Code, problem.Note, Advice(deal, problem.Code), values.ToImmutable());
    }

    // Decision 2.
    private static ProblemRow Held(DateTimeOffset until)
    {
        var time = until.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        return new(
            "hold_after_restore",
            $"hold after restore until {time}: this may be an old copy of the node's database, and another copy may have paid already",
            "Wait. If no other copy runs, it goes on by itself then.",
            ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add("until", WireTime.Text(until))
        );
    }

    private static string? Advice(Deal deal, string code) =>
        code switch
        {
            "insufficient_funds" => "Send what is missing to the address; it goes on by itself.",
            "not_locked" when deal.Side == DealSide.Purchase => "No money moved. Buy again with a new identifier from the seller.",
            "not_locked" => "No money came. A buyer who still wants the work needs a new payment.",
            "result_changed" => "Look at the result that is on chain now, then decide again.",
            "source_disabled" => "An admin has to let the payment source take work again.",
            "chain" => "Wait: it is tried again by itself. If it lasts, look at the provider of the chain.",
            "rival" => "Wait: it goes on by itself as soon as nothing can be paid twice.",
            "refused" => "Wait: it is sent again until the chain has it, or cannot take it any more.",
            "build" or "phase2" => "It is tried again by itself, ever more rarely; error-state-recovery tries at once.",
            "strange_output" => "Nothing has to be done: the agreed lock still counts when it comes.",
            "result_is_no_hash" => "Ask for a refund before unlockTime if there is no result that you can verify.",
            _ => null,
        };
}
