using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Building;
using Masumi.Cardano.Metadata;
using Masumi.Cardano.Transactions;
using Masumi.Protocol;

namespace Masumi.Contracts.Registry.Common;

/// <summary>A registry's side of a transaction; the wallet's side is added by the caller.</summary>
/// <param name="Inputs">Outputs that must be spent: the seed of new names, or the tokens.</param>
/// <param name="Mint">What is minted and burned.</param>
/// <param name="Outputs">One per new token.</param>
/// <param name="Agents">The identifiers after the transaction, in the order asked for; for burns the retired ones.</param>
/// <param name="RequiredSigner">The wallet that builds the transaction.</param>
/// <param name="InvalidHereafter">After this slot it is certain that the transaction never happens.</param>
/// <param name="AuxiliaryData">Message, and metadata of new tokens.</param>
public sealed record RegistryPieces(
    ImmutableArray<Utxo> Inputs,
    MintAction Mint,
    ImmutableArray<TxOutput> Outputs,
    ImmutableArray<AgentIdentifier> Agents,
    KeyHash RequiredSigner,
    Slot InvalidHereafter,
    AuxiliaryData AuxiliaryData
)
{
    /// <summary>The plan with these pieces in it.</summary>
    public TransactionPlan AddTo(TransactionPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return plan with
        {
            Inputs = [.. plan.Inputs, .. Inputs.Where(i => plan.Inputs.All(p => p.Input != i.Input))],
            Available = [.. plan.Available.Where(a => Inputs.All(i => i.Input != a.Input))],
            Mints = [.. plan.Mints, Mint],
            Outputs = [.. Outputs, .. plan.Outputs],
            RequiredSigners = [.. plan.RequiredSigners.Append(RequiredSigner).Distinct()],
            InvalidHereafter = InvalidHereafter,
            AuxiliaryData = AuxiliaryData,
        };
    }
}
