using System.Collections.Immutable;
using Masumi.Protocol.Wire;

namespace Masumi.Protocol.PaymentService.Registry;

/// <summary>What a job of an agent costs, as V1 entries say it: one price, whatever the way of paying.</summary>
public abstract record AgentPricing
{
    private const string Word = "pricingType";

    // Of one request; what stands on chain may be longer.
    private const int MostPrices = 5;

    private AgentPricing() { }

    /// <summary>All of these amounts, for each job.</summary>
    public sealed record Fixed(ImmutableArray<AgentPrice> Prices) : AgentPricing
    {
        /// <summary>As answered.</summary>
        internal static RecordShape<Fixed> CaseShape { get; } =
            Shapes.Record<Fixed>(s =>
                new(s.Always(Word, nameof(PricingType.Fixed)).Required("Pricing", Shapes.List(AgentPrice.Shape, 1), r => r.Prices, "All of them together"))
            );

        /// <summary>As asked.</summary>
        internal static RecordShape<Fixed> RequestCaseShape { get; } =
            Shapes.Record<Fixed>(s =>
                new(
                    s.Always(Word, nameof(PricingType.Fixed))
                        .Required("Pricing", Shapes.List(AgentPrice.RequestShape, 1, MostPrices), r => r.Prices, "All of them together")
                )
            );
    }

    /// <summary>Nothing is paid.</summary>
    public sealed record Free : AgentPricing
    {
        /// <summary>As on the wire.</summary>
        internal static RecordShape<Free> CaseShape { get; } =
            Shapes.Record<Free>(s =>
            {
                s.Always(Word, nameof(PricingType.Free));
                return new Free();
            });
    }

    /// <summary>The agent names the price of each job.</summary>
    public sealed record Dynamic : AgentPricing
    {
        /// <summary>As on the wire.</summary>
        internal static RecordShape<Dynamic> CaseShape { get; } =
            Shapes.Record<Dynamic>(s =>
            {
                s.Always(Word, nameof(PricingType.Dynamic));
                return new Dynamic();
            });
    }

    /// <summary>As answered.</summary>
    public static Shape<AgentPricing> Shape { get; } = Of(Fixed.CaseShape);

    /// <summary>As asked.</summary>
    public static Shape<AgentPricing> RequestShape { get; } = Of(Fixed.RequestCaseShape);

    private static Shape<AgentPricing> Of(RecordShape<Fixed> shape) =>
        Shapes.Union(
            Word,
            Shapes.Case<AgentPricing, Fixed>(nameof(PricingType.Fixed), shape),
            Shapes.Case<AgentPricing, Free>(nameof(PricingType.Free), Free.CaseShape),
            Shapes.Case<AgentPricing, Dynamic>(nameof(PricingType.Dynamic), Dynamic.CaseShape)
        );
}

/// <summary>An amount of something.</summary>
/// <param name="Unit">Policy id and asset name; empty for ADA.</param>
/// <param name="Amount">Decimal digits, in the smallest part.</param>
public sealed record AgentPrice(string Unit, string Amount)
{
    private const string UnitText = "Policy id and asset name in hex; empty for ADA";
    private const string AmountText = "In the smallest part: 1000000 is 1 ADA";

    /// <summary>The token's short name, where it has one on the network; for people.</summary>
    public string? Symbol { get; init; }

    /// <summary>How many digits of the amount stand behind the point, where that is known; for people.</summary>
    public long? Decimals { get; init; }

    /// <summary>As answered.</summary>
    public static RecordShape<AgentPrice> Shape { get; } =
        Shapes.Record<AgentPrice>(s =>
            new(s.Required("unit", Shapes.AnyText, r => r.Unit, UnitText), s.Required("amount", Shapes.AnyText, r => r.Amount, AmountText))
            {
                Symbol = s.Optional("symbol", Shapes.AnyText, r => r.Symbol, "For people: the token's short name"),
                Decimals = s.Optional("decimals", Shapes.Integer(), r => r.Decimals, "For people: digits behind the point"),
            }
        );

    /// <summary>As asked.</summary>
    public static RecordShape<AgentPrice> RequestShape { get; } =
        Shapes.Record<AgentPrice>(s =>
            new(s.Required("unit", Shapes.Text(0, 250), r => r.Unit, UnitText), s.Required("amount", RegistryTexts.PriceDigits, r => r.Amount, AmountText))
        );
}
