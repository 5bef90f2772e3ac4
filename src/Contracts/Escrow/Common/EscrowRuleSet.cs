namespace Masumi.Contracts.Escrow.Common;

/// <summary>Whose validator guards an escrow. Both are of one generation (V1 or V2) and differ in the rows of docs/contracts.md.</summary>
public enum EscrowRuleSet
{
    /// <summary>The validators deployed for everybody, and any other that is not ours: what they allow must be read, followed and collected.</summary>
    Deployed,

    /// <summary>Our validators (<see cref="EscrowScript"/>).</summary>
    Ours,
}
