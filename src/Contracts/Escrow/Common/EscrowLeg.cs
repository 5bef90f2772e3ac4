using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Building;
using Masumi.Cardano.Transactions;

namespace Masumi.Contracts.Escrow.Common;

/// <summary>One action on one escrow, ready to be put into a transaction.</summary>
/// <param name="Action">What it does.</param>
/// <param name="Datum">The datum it spends.</param>
/// <param name="Input">The escrow output with its redeemer and script.</param>
/// <param name="Outputs">Its outputs in order.</param>
/// <param name="RequiredSigners">The acting party's key hash, or the admins' of a V1 dispute; none for a V2 dispute.</param>
/// <param name="Window">When it is valid.</param>
/// <param name="NewDatum">The datum that continues the escrow; null for terminal actions.</param>
public sealed record EscrowLeg(
    EscrowAction Action,
    EscrowDatum Datum,
    ScriptInput Input,
    ImmutableArray<TxOutput> Outputs,
    ImmutableArray<KeyHash> RequiredSigners,
    ValidityWindow Window,
    EscrowDatum? NewDatum
);

/// <summary>Why an action cannot be planned.</summary>
public abstract record LegRefusal
{
    private LegRefusal() { }

    /// <summary>The output is no escrow of this contract.</summary>
    public sealed record NotAnEscrow(DatumRefusal Reason) : LegRefusal;

    /// <summary>There is no validity interval for it now.</summary>
    public sealed record NoWindow(WindowRefusal Reason) : LegRefusal;

    /// <summary>The contract would refuse.</summary>
    public sealed record Refused(ImmutableArray<RuleRefusal> Reasons) : LegRefusal;
}

/// <summary>A leg, or why there is none.</summary>
public abstract record LegResult
{
    private LegResult() { }

    /// <summary>A leg.</summary>
    public sealed record Ready(EscrowLeg Leg) : LegResult;

    /// <summary>None.</summary>
    public sealed record Failed(LegRefusal Reason) : LegResult;
}
