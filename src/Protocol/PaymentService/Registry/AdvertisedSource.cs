using System.Text.Json;
using Masumi.Protocol.Wire;

namespace Masumi.Protocol.PaymentService.Registry;

/// <summary>A way of paying an agent, with its price, as V2 entries offer it. Buyers name it by its place in the list: the order means something.</summary>
public abstract record AdvertisedSource
{
    private const string Word = "chain";
    private const string PricingText = "What a job costs when it is paid in this way";

    private AdvertisedSource() { }

    /// <summary>What a job costs then.</summary>
    public abstract SourcePricing Pricing { get; init; }

    /// <summary>Into an escrow on Cardano.</summary>
    public sealed record OnCardano(Network Network, PaymentSourceType PaymentSourceType, string Address, SourcePricing Pricing) : AdvertisedSource
    {
        /// <inheritdoc/>
        public override SourcePricing Pricing { get; init; } = Pricing;

        /// <summary>As answered.</summary>
        internal static RecordShape<OnCardano> CaseShape { get; } =
            Shapes.Record<OnCardano>(s =>
                new(
                    s.Always(Word, nameof(SourceChain.Cardano)).Required("network", Shapes.Word<Network>(), r => r.Network),
                    s.Required("paymentSourceType", Shapes.Word<PaymentSourceType>(), r => r.PaymentSourceType),
                    s.Required("address", Shapes.Text(0, 250), r => r.Address, "Of the escrow contract"),
                    s.Required("pricing", SourcePricing.Shape, r => r.Pricing, PricingText)
                )
            );

        /// <summary>As asked.</summary>
        internal static RecordShape<OnCardano> RequestCaseShape { get; } =
            CaseShape.Checked((source, reading) => Fits(source.Pricing.IssueOnCardano(), reading));
    }

    /// <summary>By x402, on a chain of Ethereum's kind.</summary>
    public sealed record OnEvm(
        string Network,
        PaymentSourceType? PaymentSourceType,
        string? Address,
        SourceScheme Scheme,
        string PayTo,
        string? Resource,
        JsonElement? Extra,
        SourcePricing Pricing
    ) : AdvertisedSource
    {
        /// <inheritdoc/>
        public override SourcePricing Pricing { get; init; } = Pricing;

        /// <summary>As answered.</summary>
        internal static RecordShape<OnEvm> CaseShape { get; } =
            Shapes.Record<OnEvm>(s =>
                new(
                    s.Always(Word, nameof(SourceChain.EVM)).Required("network", RegistryTexts.EvmNetwork, r => r.Network, "CAIP-2 id: eip155:8453 is Base"),
                    s.OptionalOrNull("paymentSourceType", Shapes.Word<PaymentSourceType>(), r => r.PaymentSourceType, "Means nothing here"),
                    s.Optional("address", RegistryTexts.EvmAddress, r => r.Address, "The same as payTo, for clients that look for it here"),
                    s.Required("scheme", Shapes.Word<SourceScheme>(), r => r.Scheme),
                    s.Required("payTo", RegistryTexts.EvmAddress, r => r.PayTo, "Who is paid"),
                    s.Optional("resource", Shapes.Url(500), r => r.Resource, "What is paid for"),
                    s.Optional("extra", Shapes.AnyObject, r => r.Extra, "More for x402 clients, handed through"),
                    s.Required("pricing", SourcePricing.Shape, r => r.Pricing, PricingText)
                )
            );

        /// <summary>As asked.</summary>
        internal static RecordShape<OnEvm> RequestCaseShape { get; } =
            CaseShape.Checked(
                (source, reading) =>
                    Fits(
                        source.Address is { } alias && !string.Equals(alias, source.PayTo, StringComparison.OrdinalIgnoreCase)
                            ? ("address", "address must equal payTo")
                            : source.Pricing.IssueOnEvm(),
                        reading
                    )
            );
    }

    /// <summary>As answered.</summary>
    public static Shape<AdvertisedSource> Shape { get; } = Of(OnCardano.CaseShape, OnEvm.CaseShape);

    /// <summary>As asked.</summary>
    public static Shape<AdvertisedSource> RequestShape { get; } = Of(OnCardano.RequestCaseShape, OnEvm.RequestCaseShape);

    private static Shape<AdvertisedSource> Of(RecordShape<OnCardano> cardano, RecordShape<OnEvm> evm) =>
        Shapes.Union(
            Word,
            Shapes.Case<AdvertisedSource, OnCardano>(nameof(SourceChain.Cardano), cardano),
            Shapes.Case<AdvertisedSource, OnEvm>(nameof(SourceChain.EVM), evm)
        );

    private static bool Fits((string Member, string Issue)? wrong, Reading reading)
    {
        if (wrong is var (member, issue))
        {
            reading.Refuse(member, issue);
        }

        return wrong is null;
    }
}
