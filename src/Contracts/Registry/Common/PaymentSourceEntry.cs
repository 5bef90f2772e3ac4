using Masumi.Protocol;

namespace Masumi.Contracts.Registry.Common;

/// <summary>The price of an EVM payment: one ERC-20 token.</summary>
/// <param name="Type">How it is priced.</param>
/// <param name="Asset">The token's contract, 0x and 40 hex digits; null under free and unrestricted dynamic pricing.</param>
/// <param name="Amount">The fixed amount; null otherwise.</param>
/// <param name="Decimals">The token's decimals, 0 to 255.</param>
public sealed record EvmPricing(PricingType Type, string? Asset, long? Amount, int? Decimals);

/// <summary>A way to pay an agent; its place in the list is the index that payments name (spec registry.md 8.2).</summary>
public abstract record PaymentSourceEntry
{
    private PaymentSourceEntry() { }

    /// <summary>Through an escrow contract.</summary>
    /// <param name="Network">The network.</param>
    /// <param name="PaymentSourceType">The contract's generation; entries on chain name the second only.</param>
    /// <param name="Address">The contract's bech32 address.</param>
    /// <param name="Pricing">The price.</param>
    public sealed record Cardano(Network Network, PaymentSourceType PaymentSourceType, string Address, AgentPricing Pricing) : PaymentSourceEntry;

    /// <summary>Through x402 on an EVM chain. This node does not settle these; it reads and keeps them.</summary>
    /// <param name="Network">CAIP-2, such as <c>eip155:8453</c>.</param>
    /// <param name="Scheme"><c>Exact</c>.</param>
    /// <param name="PayTo">Lowercase 0x address.</param>
    /// <param name="Resource">Absolute URL.</param>
    /// <param name="Extra">Copied as it is.</param>
    /// <param name="Pricing">The price.</param>
    public sealed record Evm(
        string Network,
        string Scheme,
        string PayTo,
        string? Resource,
        global::Masumi.Cardano.Metadata.Metadatum? Extra,
        EvmPricing Pricing
    ) : PaymentSourceEntry;
}
