using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Transactions;

namespace Masumi.Settlement.Deals;

/// <summary>From which amount on a seller counts a lock only when a second provider has it in the same block, where there is one: one view is a witness, not the truth.</summary>
public sealed record AgreementRule
{
    /// <summary>From 1,000 ADA, and for every asset, whose worth nobody knows.</summary>
    public static AgreementRule Default { get; } = new() { From = Lovelace.FromAda(1000) };

    /// <summary>The least amount of ADA.</summary>
    public required Lovelace From { get; init; }

    /// <summary>The least amount of native assets; one that is not named takes agreement in any amount.</summary>
    public ImmutableDictionary<AssetId, Int128> Assets { get; init; } = ImmutableDictionary<AssetId, Int128>.Empty;

    /// <summary>Whether what an output holds takes a second word.</summary>
    public bool Needs(Value held)
    {
        ArgumentNullException.ThrowIfNull(held);
        return held.Coin >= From || held.Assets.Any(a => !Assets.TryGetValue(a.Key, out var least) || a.Value >= least);
    }
}
