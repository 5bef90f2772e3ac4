using System.Collections.Immutable;
using Masumi.Cardano.Transactions;
using Masumi.Protocol;
using Masumi.Protocol.PaymentService.Deals;
using Masumi.Settlement.Deals;
using Masumi.Settlement.Stores;

namespace Masumi.Payments.Deals;

/// <summary>Sums of deals over days and months, each deal at its payByTime (spec payment-service-api.md 6.1, income).</summary>
/// <param name="side">Whose network fees are told.</param>
/// <param name="zone">By whose days and months.</param>
internal sealed class DealTotals(DealSide side, TimeZoneInfo zone)
{
    /// <summary>Went to the seller.</summary>
    public Bucket Settled { get; } = new();

    /// <summary>Went back to the buyer.</summary>
    public Bucket Refunded { get; } = new();

    /// <summary>Still in escrow.</summary>
    public Bucket Pending { get; } = new();

    /// <summary>All that were told of, those too that never were on chain as agreed.</summary>
    public long Count { get; private set; }

    /// <summary>Adds a deal.</summary>
    public void Add(SettledDeal deal)
    {
        Count++;
        var day = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(deal.PayBy, zone).DateTime);
        var fees = (side == DealSide.Payment ? deal.SellerFees : deal.BuyerFees).Amount;
        switch (deal.State)
        {
            case OnChainState.FundsOrDatumInvalid:
                break;
            case OnChainState.Withdrawn:
                Settled.Add(day, deal.Funds, fees);
                break;
            case OnChainState.RefundWithdrawn:
                Refunded.Add(day, deal.Funds, fees);
                break;
            case OnChainState.DisputedWithdrawn:
                Settled.Add(day, deal.ToSeller, fees);
                Refunded.Add(day, deal.ToBuyer, 0);
                break;
            default:
                Pending.Add(day, deal.Funds, fees);
                break;
        }
    }

    /// <summary>What became of some of them.</summary>
    internal sealed class Bucket
    {
        private readonly Sum _all = new();
        private readonly SortedDictionary<DateOnly, Sum> _days = [];
        private readonly SortedDictionary<DateOnly, Sum> _months = [];

        /// <summary>Over the whole time.</summary>
        public Total Total => new(_all.Units, _all.Fees);

        /// <summary>By day.</summary>
        public ImmutableArray<DayTotal> Days => [.. _days.Select(d => new DayTotal(d.Key.Day, d.Key.Month, d.Key.Year, d.Value.Units, d.Value.Fees))];

        /// <summary>By month.</summary>
        public ImmutableArray<MonthTotal> Months => [.. _months.Select(m => new MonthTotal(m.Key.Month, m.Key.Year, m.Value.Units, m.Value.Fees))];

        /// <summary>Adds to all three.</summary>
        public void Add(DateOnly day, Value amount, long fees)
        {
            _all.Add(amount, fees);
            Of(_days, day).Add(amount, fees);
            Of(_months, new DateOnly(day.Year, day.Month, 1)).Add(amount, fees);
        }

        private static Sum Of(SortedDictionary<DateOnly, Sum> sums, DateOnly at)
        {
            if (!sums.TryGetValue(at, out var sum))
            {
                sums[at] = sum = new Sum();
            }

            return sum;
        }
    }

    private sealed class Sum
    {
        private readonly SortedDictionary<string, Int128> _units = new(StringComparer.Ordinal);

        public decimal Fees { get; private set; }

        public ImmutableArray<UnitTotal> Units => [.. _units.Select(u => new UnitTotal(u.Key, (decimal)u.Value))];

        public void Add(Value amount, long fees)
        {
            Fees += fees;
            foreach (var (unit, quantity) in Amounts.ToList(amount))
            {
                _units[unit] = _units.GetValueOrDefault(unit) + quantity;
            }
        }
    }
}
