using System.Collections.Immutable;
using Masumi.Protocol.Wire;

namespace Masumi.Protocol.PaymentService.Deals;

/// <summary>Asks what was earned or spent in a time.</summary>
public sealed record TotalsRequest(
    string? AgentIdentifier,
    DateTimeOffset? StartDate,
    DateTimeOffset? EndDate,
    string TimeZone,
    Network Network,
    PaymentSourceType? FilterPaymentSourceType
)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<TotalsRequest> Shape { get; } =
        Shapes.Record<TotalsRequest>(s =>
            new(
                s.RequiredOrNull("agentIdentifier", DealShapes.Agent, r => r.AgentIdentifier, "Null: of all agents"),
                s.OptionalOrNull("startDate", Shapes.DateOrMoment, r => r.StartDate, "Deals to be paid from then on; left out: from 2020 on"),
                s.OptionalOrNull("endDate", Shapes.DateOrMoment, r => r.EndDate, "Deals to be paid until then; left out: until now"),
                s.Default("timeZone", Shapes.AnyText, "Etc/UTC", r => r.TimeZone, "By whose days and months, an IANA name"),
                s.Required("network", Shapes.Word<Network>(), r => r.Network),
                s.Optional(
                    "filterPaymentSourceType",
                    Shapes.Word<PaymentSourceType>(),
                    r => r.FilterPaymentSourceType,
                    "Deals of this generation of the contract alone. Left out: V1, or all where the node has no V1 source"
                )
            )
        );
}

/// <summary>So much of a unit, as a number: beyond 2^53 JavaScript loses digits.</summary>
public sealed record UnitTotal(string Unit, decimal Amount)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<UnitTotal> Shape { get; } =
        Shapes.Record<UnitTotal>(s =>
            new(
                s.Required("unit", Shapes.AnyText, r => r.Unit, "Empty for ADA"),
                s.Required("amount", Shapes.Number, r => r.Amount, "In the smallest part; exact here, but JavaScript loses digits beyond 2^53")
            )
        );
}

/// <summary>A sum over the whole time.</summary>
public sealed record Total(ImmutableArray<UnitTotal> Units, decimal BlockchainFees)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<Total> Shape { get; } =
        Shapes.Record<Total>(s =>
            new(
                s.Required("Units", Shapes.List(UnitTotal.Shape), r => r.Units),
                s.Required("blockchainFees", Shapes.Number, r => r.BlockchainFees, "This side's network fees, in lovelace")
            )
        );
}

/// <summary>A sum over a day.</summary>
public sealed record DayTotal(long Day, long Month, long Year, ImmutableArray<UnitTotal> Units, decimal BlockchainFees)
{
    /// <summary>As on the wire.</summary>
    public static Shape<ImmutableArray<DayTotal>> Shape { get; } =
        Shapes.List(
            Shapes.Record<DayTotal>(s =>
                new(
                    s.Required("day", Shapes.Whole(), r => r.Day),
                    s.Required("month", Shapes.Whole(), r => r.Month, "1 to 12"),
                    s.Required("year", Shapes.Whole(), r => r.Year),
                    s.Required("Units", Shapes.List(UnitTotal.Shape), r => r.Units),
                    s.Required("blockchainFees", Shapes.Number, r => r.BlockchainFees)
                )
            )
        );
}

/// <summary>A sum over a month.</summary>
public sealed record MonthTotal(long Month, long Year, ImmutableArray<UnitTotal> Units, decimal BlockchainFees)
{
    /// <summary>As on the wire.</summary>
    public static Shape<ImmutableArray<MonthTotal>> Shape { get; } =
        Shapes.List(
            Shapes.Record<MonthTotal>(s =>
                new(
                    s.Required("month", Shapes.Whole(), r => r.Month, "1 to 12"),
                    s.Required("year", Shapes.Whole(), r => r.Year),
                    s.Required("Units", Shapes.List(UnitTotal.Shape), r => r.Units),
                    s.Required("blockchainFees", Shapes.Number, r => r.BlockchainFees)
                )
            )
        );
}
