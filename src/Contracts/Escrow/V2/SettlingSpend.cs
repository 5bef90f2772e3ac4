using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Masumi.Contracts.Escrow.Common;

namespace Masumi.Contracts.Escrow.V2;

/// <summary>What the contract looks at when admins settle a dispute: the redeemer's arguments too.</summary>
public sealed record SettlingSpend : EscrowSpend
{
    /// <summary>A spend that is put together member by member.</summary>
    public SettlingSpend() { }

    /// <summary>The settlement's arguments added to a spend.</summary>
    [SetsRequiredMembers]
    public SettlingSpend(EscrowSpend spend)
        : base(spend) { }

    /// <summary>What admins agreed on; null counts as a settlement nobody signed.</summary>
    public DisputeSettlement? Settlement { get; init; }

    /// <summary>Their signatures.</summary>
    public ImmutableArray<AdminSignature> Signatures { get; init; } = [];
}
