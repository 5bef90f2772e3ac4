using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Building;
using Masumi.Cardano.Metadata;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Common;

namespace Masumi.Contracts.Escrow.Common;

/// <summary>What the escrow's side of a transaction consists of; the wallet's side (inputs, change, collateral) is added by the caller.</summary>
/// <param name="ScriptInputs">Escrow outputs to spend.</param>
/// <param name="Outputs">Outputs in order.</param>
/// <param name="RequiredSigners">Key hashes the contract looks for.</param>
/// <param name="Window">Validity interval.</param>
/// <param name="AuxiliaryData">The message.</param>
public sealed record EscrowPieces(
    ImmutableArray<ScriptInput> ScriptInputs,
    ImmutableArray<TxOutput> Outputs,
    ImmutableArray<KeyHash> RequiredSigners,
    ValidityWindow Window,
    AuxiliaryData AuxiliaryData
)
{
    /// <summary>The plan with these pieces in it; outputs come before the plan's own. A plan in the shortest form gets no message.</summary>
    public TransactionPlan AddTo(TransactionPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return plan with
        {
            ScriptInputs = [.. plan.ScriptInputs, .. ScriptInputs],
            Outputs = [.. Outputs, .. plan.Outputs],
            RequiredSigners = [.. plan.RequiredSigners.Union(RequiredSigners)],
            InvalidBefore = Window.InvalidBefore,
            InvalidHereafter = Window.InvalidHereafter,
            AuxiliaryData = plan.Form == TransactionForm.Shortest ? plan.AuxiliaryData : AuxiliaryData,
        };
    }

    /// <summary>A transaction of a single leg.</summary>
    public static EscrowPieces Of(EscrowLeg leg) => Combine([leg]).Pieces;

    /// <summary>
    /// A transaction of as many of the legs as may share one: V1 takes one; V2 takes legs whose intervals overlap and whose reference signatures differ,
    /// up to <paramref name="most"/>. The first leg is always taken, the others in order; what does not fit is deferred.
    /// </summary>
    public static (EscrowPieces Pieces, ImmutableArray<EscrowLeg> Taken, ImmutableArray<EscrowLeg> Deferred) Combine(
        IReadOnlyList<EscrowLeg> legs,
        int most = EscrowSchedule.MaxLegs
    )
    {
        ArgumentNullException.ThrowIfNull(legs);
        var taken = ImmutableArray.CreateBuilder<EscrowLeg>();
        var deferred = ImmutableArray.CreateBuilder<EscrowLeg>();
        var signatures = new HashSet<ByteString>();
        var window = legs[0].Window;
        foreach (var leg in legs)
        {
            var limit = leg.Datum.Family == EscrowFamily.V1 || legs[0].Datum.Family == EscrowFamily.V1 ? 1 : most;
            if (taken.Count < limit && window.Intersect(leg.Window) is { } shared && signatures.Add(leg.Datum.ReferenceSignature))
            {
                window = shared;
                taken.Add(leg);
            }
            else
            {
                deferred.Add(leg);
            }
        }

        var pieces = new EscrowPieces(
            [.. taken.Select(l => l.Input)],
            [.. taken.SelectMany(l => l.Outputs)],
            [.. taken.SelectMany(l => l.RequiredSigners).Distinct()],
            window,
            AuxiliaryData.FromMetadata([TransactionMetadata.Message(taken.Select(l => l.Action.Label()))])
        );
        return (pieces, taken.ToImmutable(), deferred.ToImmutable());
    }
}
