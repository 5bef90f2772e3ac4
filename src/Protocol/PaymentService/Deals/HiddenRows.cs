using Masumi.Protocol.Wire;

namespace Masumi.Protocol.PaymentService.Deals;

/// <summary>What the filter that holds where a caller names none left out of a list or a count.</summary>
/// <param name="FilterPaymentSourceType">The filter, as a caller could have written it.</param>
/// <param name="Count">How many more rows match the request without it, whatever the page.</param>
public sealed record HiddenRows(PaymentSourceType FilterPaymentSourceType, long Count)
{
    /// <summary>The member's name.</summary>
    public const string Member = "hiddenByDefaultFilter";

    /// <summary>What the document says of the member.</summary>
    public const string Text = "What was left out since the request named no source: absent where that is nothing";

    /// <summary>As on the wire.</summary>
    public static RecordShape<HiddenRows> Shape { get; } =
        Shapes.Record<HiddenRows>(
            "HiddenByDefaultFilter",
            s =>
                new(
                    s.Required("filterPaymentSourceType", Shapes.Word<PaymentSourceType>(), r => r.FilterPaymentSourceType),
                    s.Required("count", Shapes.Whole(), r => r.Count)
                )
        );
}
