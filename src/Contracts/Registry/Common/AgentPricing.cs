using System.Collections.Immutable;
using Masumi.Contracts.Common;
using Masumi.Protocol;

namespace Masumi.Contracts.Registry.Common;

/// <summary>What a job costs.</summary>
public abstract record AgentPricing
{
    private AgentPricing() { }

    /// <summary>All of these amounts together, per job.</summary>
    public sealed record Fixed(ImmutableArray<WrittenAmount> Amounts) : AgentPricing
    {
        /// <inheritdoc/>
        public bool Equals(Fixed? other) => other is not null && Amounts.SequenceEqual(other.Amounts);

        /// <inheritdoc/>
        public override int GetHashCode() => Amounts.Length;
    }

    /// <summary>Named per job by the seller.</summary>
    public sealed record Dynamic : AgentPricing;

    /// <summary>Nothing.</summary>
    public sealed record Free : AgentPricing;

    /// <summary>As the APIs and the metadata write it.</summary>
    public PricingType Type =>
        this switch
        {
            Fixed => PricingType.Fixed,
            Dynamic => PricingType.Dynamic,
            _ => PricingType.Free,
        };
}
