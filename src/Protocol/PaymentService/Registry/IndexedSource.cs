using Masumi.Protocol.Wire;

namespace Masumi.Protocol.PaymentService.Registry;

/// <summary>
/// One way of paying an agent, with the number by which buyers name it, in the flat form of the later registry services: one that is left out of a list
/// does not shift the others.
/// </summary>
public sealed record IndexedSource(
    long SourceIndex,
    SourceChain Chain,
    string Network,
    PaymentSourceType? PaymentSourceType,
    string Address,
    SourceScheme? Scheme,
    string? PayTo,
    string? Resource,
    SourcePricing Pricing
)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<IndexedSource> Shape { get; } =
        Shapes.Record<IndexedSource>(s =>
            new(
                s.Required("sourceIndex", Shapes.Integer(), r => r.SourceIndex, "Its place in the entry: what supportedPaymentSourceIndex of a payment names"),
                s.Required("chain", Shapes.Word<SourceChain>(), r => r.Chain),
                s.Required("network", Shapes.AnyText, r => r.Network, "Preprod, Mainnet, or a CAIP-2 id"),
                s.RequiredOrNull("paymentSourceType", Shapes.Word<PaymentSourceType>(), r => r.PaymentSourceType),
                s.Required("address", Shapes.AnyText, r => r.Address, "The escrow contract; on EVM, who is paid"),
                s.RequiredOrNull("scheme", Shapes.Word<SourceScheme>(), r => r.Scheme, "EVM alone"),
                s.RequiredOrNull("payTo", Shapes.AnyText, r => r.PayTo, "EVM alone"),
                s.RequiredOrNull("resource", Shapes.AnyText, r => r.Resource, "EVM alone"),
                s.Required("pricing", SourcePricing.Shape, r => r.Pricing)
            )
        );

    /// <summary>A source, at its place.</summary>
    public static IndexedSource Of(int index, AdvertisedSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return source switch
        {
            AdvertisedSource.OnCardano c => new(index, SourceChain.Cardano, Word.Text(c.Network), c.PaymentSourceType, c.Address, null, null, null, c.Pricing),
            AdvertisedSource.OnEvm e => new(index, SourceChain.EVM, e.Network, e.PaymentSourceType, e.PayTo, e.Scheme, e.PayTo, e.Resource, e.Pricing),
            _ => throw new ArgumentOutOfRangeException(nameof(source), source, "No such source."),
        };
    }
}
