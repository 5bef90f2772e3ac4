using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow.Common;
using Masumi.Contracts.Escrow.V1;
using Masumi.Contracts.Escrow.V2;

namespace Masumi.Contracts.Escrow;

/// <summary>
/// The escrow contract's transition table (spec escrow.md 4.3 to 4.5), written independently of the validator: the planner asks it what
/// to build, tests compare the validator with it.
/// </summary>
public static class EscrowRules
{
    /// <summary>What the contract of the datum's family says to an action on it.</summary>
    public static EscrowVerdict Check(EscrowAction action, EscrowDatum datum, EscrowSpend spend)
    {
        ArgumentNullException.ThrowIfNull(datum);
        return datum.Family == EscrowFamily.V2 ? EscrowV2Rules.Check(action, datum, spend) : EscrowV1Rules.Check(action, datum, spend);
    }
}
