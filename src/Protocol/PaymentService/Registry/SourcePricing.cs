using System.Collections.Immutable;
using Masumi.Protocol.Wire;

namespace Masumi.Protocol.PaymentService.Registry;

/// <summary>What a job of an agent costs when it is paid in one of the ways that its V2 entry offers.</summary>
public abstract record SourcePricing
{
    private const string Word = "pricingType";
    private const int MostPrices = 5;

    private SourcePricing() { }

    /// <summary>All of these amounts, for each job.</summary>
    public sealed record Fixed(ImmutableArray<SourcePrice> Prices) : SourcePricing
    {
        /// <summary>As on the wire.</summary>
        internal static RecordShape<Fixed> CaseShape { get; } =
            Shapes.Record<Fixed>(s =>
                new(
                    s.Always(Word, nameof(PricingType.Fixed))
                        .Required("fixed", Shapes.List(SourcePrice.Shape, 1, MostPrices), r => r.Prices, "All of them together")
                )
            );
    }

    /// <summary>The agent names the price of each job.</summary>
    /// <param name="Assets">The one asset in which it does; null where it says nothing about that.</param>
    public sealed record Dynamic(ImmutableArray<SourceAsset>? Assets) : SourcePricing
    {
        /// <summary>As on the wire.</summary>
        internal static RecordShape<Dynamic> CaseShape { get; } =
            Shapes.Record<Dynamic>(s =>
                new(
                    s.Always(Word, nameof(PricingType.Dynamic))
                        .Optional("dynamic", Shapes.List(SourceAsset.Shape, 1, 1), r => r.Assets, "In which asset the agent asks; EVM alone")
                )
            );
    }

    /// <summary>Nothing is paid.</summary>
    public sealed record Free : SourcePricing
    {
        /// <summary>As on the wire.</summary>
        internal static RecordShape<Free> CaseShape { get; } =
            Shapes.Record<Free>(s =>
            {
                s.Always(Word, nameof(PricingType.Free));
                return new Free();
            });
    }

    /// <summary>As on the wire.</summary>
    public static Shape<SourcePricing> Shape { get; } =
        Shapes.Union(
            Word,
            Shapes.Case<SourcePricing, Fixed>(nameof(PricingType.Fixed), Fixed.CaseShape),
            Shapes.Case<SourcePricing, Dynamic>(nameof(PricingType.Dynamic), Dynamic.CaseShape),
            Shapes.Case<SourcePricing, Free>(nameof(PricingType.Free), Free.CaseShape)
        );

    /// <summary>What is wrong with it on Cardano, where the chain's units say all, and in which member of its source.</summary>
    internal (string Member, string Issue)? IssueOnCardano() =>
        this switch
        {
            Fixed { Prices: var prices } when prices.Any(p => p.Decimals is not null) => ("pricing", "Cardano prices do not take decimals"),
            Dynamic { Assets: not null } => ("pricing", "Cardano prices do not take a list of dynamic assets"),
            _ => null,
        };

    /// <summary>What is wrong with it on EVM, where x402 moves one token, and in which member of its source.</summary>
    internal (string Member, string Issue)? IssueOnEvm() =>
        this switch
        {
            Fixed { Prices.Length: not 1 } => ("pricing", "EVM prices are of exactly one token"),
            Fixed { Prices: [var price] } => IssueOnEvm(price.Asset, price.Decimals),
            Dynamic { Assets: [var asset] } => IssueOnEvm(asset.Asset, asset.Decimals),
            _ => null,
        };

    // The two addresses by which wallets mean the chain's own coin, which x402 cannot move.
    private static (string Member, string Issue)? IssueOnEvm(string asset, long? decimals) =>
        asset is not ['0', 'x', ..] || asset.Length != 42 || !asset.Skip(2).All(char.IsAsciiHexDigit) || IsAll(asset, '0') || IsAll(asset, 'e')
            ? ("pricing", "EVM prices need the address of an ERC-20 token as asset")
        : decimals is null ? ("pricing", "EVM prices need the token's decimals")
        : null;

    private static bool IsAll(string address, char digit) => !address.AsSpan(2).ContainsAnyExcept(digit, char.ToUpperInvariant(digit));
}

/// <summary>An amount of an asset of the chain on which it is paid.</summary>
/// <param name="Asset">Cardano: policy id and asset name, empty for ADA. EVM: the token's contract.</param>
/// <param name="Amount">Decimal digits, in the smallest part.</param>
/// <param name="Decimals">Of the token; EVM alone.</param>
public sealed record SourcePrice(string Asset, string Amount, long? Decimals)
{
    /// <summary>The token's short name, where it has one on the network; for people, and nothing in a request.</summary>
    public string? Symbol { get; init; }

    /// <summary>As on the wire.</summary>
    public static RecordShape<SourcePrice> Shape { get; } =
        Shapes.Record<SourcePrice>(s =>
            new(
                s.Required("asset", Shapes.Text(0, 250), r => r.Asset, SourceAsset.AssetText),
                s.Required("amount", RegistryTexts.PriceDigits, r => r.Amount, "In the smallest part"),
                s.Optional("decimals", Shapes.Integer(0, 255), r => r.Decimals, SourceAsset.DecimalsText)
            )
            {
                Symbol = s.Optional("symbol", Shapes.AnyText, r => r.Symbol, "For people: the token's short name. Means nothing in a request"),
            }
        );
}

/// <summary>An asset in which an agent asks for its price.</summary>
/// <param name="Asset">The token's contract.</param>
/// <param name="Decimals">Of the token.</param>
public sealed record SourceAsset(string Asset, long? Decimals)
{
    internal const string AssetText = "Cardano: policy id and asset name in hex, empty for ADA. EVM: the token's contract";
    internal const string DecimalsText = "Of the token: needed on EVM, refused on Cardano";

    /// <summary>As on the wire.</summary>
    public static RecordShape<SourceAsset> Shape { get; } =
        Shapes.Record<SourceAsset>(s =>
            new(
                s.Required("asset", Shapes.Text(0, 250), r => r.Asset, AssetText),
                s.Optional("decimals", Shapes.Integer(0, 255), r => r.Decimals, DecimalsText)
            )
        );
}
