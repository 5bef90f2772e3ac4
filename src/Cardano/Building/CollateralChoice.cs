using System.Collections.Immutable;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Parameters;
using Masumi.Cardano.Transactions;

namespace Masumi.Cardano.Building;

/// <summary>The collateral of a transaction with scripts (spec cardano.md 5.5).</summary>
/// <param name="Inputs">What is taken when a script fails, in ledger order.</param>
/// <param name="Return">What then comes back; null when nothing does.</param>
/// <param name="Total">The inputs' ADA less the return's: what is lost then.</param>
internal sealed record CollateralChoice(ImmutableArray<Utxo> Inputs, TxOutput? Return, Lovelace Total)
{
    /// <summary>
    /// The smallest single output that covers the need and leaves a return the ledger accepts, those without tokens first; then the
    /// largest few together; at last ADA-only outputs too small for a return, which are then at stake whole. Null when nothing does.
    /// </summary>
    public static CollateralChoice? For(Lovelace needed, ImmutableArray<Utxo> candidates, Address returnAddress, ProtocolParameters parameters)
    {
        var smallestFirst = candidates
            .OrderBy(u => u.Output.Value.Assets.Count)
            .ThenBy(u => u.Output.Value.Coin)
            .ThenBy(u => u.Input)
            .Select(u => ImmutableArray.Create(u));
        var adaOnly = candidates.Where(u => u.Output.Value.IsAdaOnly).ToList();
        var sets = smallestFirst.Concat(LargestTogether(adaOnly, parameters)).Concat(LargestTogether(candidates, parameters)).ToList();
        return sets.Select(s => WithReturn(s, needed, returnAddress, parameters)).FirstOrDefault(c => c is not null)
            ?? sets.Select(s => WithoutReturn(s, needed)).FirstOrDefault(c => c is not null);
    }

    /// <summary>The smallest ADA-only output that covers the need and may be at stake whole; null when there is none.</summary>
    public static CollateralChoice? Whole(Lovelace needed, Lovelace most, ImmutableArray<Utxo> candidates) =>
        candidates
            .Where(u => u.Output.Value.IsAdaOnly && u.Output.Value.Coin >= needed && u.Output.Value.Coin <= most)
            .OrderBy(u => u.Output.Value.Coin)
            .ThenBy(u => u.Input)
            .Select(u => WithoutReturn([u], needed))
            .FirstOrDefault();

    /// <summary>The same inputs in the same shape for a lower need.</summary>
    public CollateralChoice? For(Lovelace needed, Address returnAddress, ProtocolParameters parameters) =>
        Return is null ? WithoutReturn(Inputs, needed) : WithReturn(Inputs, needed, returnAddress, parameters);

    /// <summary>The most ADA that could be put up.</summary>
    public static Lovelace Available(ImmutableArray<Utxo> candidates, ProtocolParameters parameters) =>
        candidates.Select(u => u.Output.Value.Coin).OrderDescending().Take(parameters.MaxCollateralInputs).Aggregate(Lovelace.Zero, (sum, coin) => sum + coin);

    private static IEnumerable<ImmutableArray<Utxo>> LargestTogether(IEnumerable<Utxo> candidates, ProtocolParameters parameters)
    {
        var largest = candidates.OrderByDescending(u => u.Output.Value.Coin).ThenBy(u => u.Input).Take(parameters.MaxCollateralInputs).ToImmutableArray();
        return Enumerable.Range(2, Math.Max(0, largest.Length - 1)).Select(count => largest[..count]);
    }

    private static CollateralChoice? WithReturn(ImmutableArray<Utxo> inputs, Lovelace needed, Address address, ProtocolParameters parameters)
    {
        var back = new TxOutput(address, Sum(inputs) - Value.Of(needed));
        return
            ValueCodec.FitsOutput(back.Value)
            && back.Value.Coin >= Fees.MinUtxo(parameters, back)
            && ChangeOutputs.SizeOf(back.Value) <= parameters.MaxValueSize
            ? new CollateralChoice([.. inputs.OrderBy(u => u.Input)], back, needed)
            : null;
    }

    private static CollateralChoice? WithoutReturn(ImmutableArray<Utxo> inputs, Lovelace needed) =>
        Sum(inputs) is { IsAdaOnly: true } sum && sum.Coin >= needed ? new CollateralChoice([.. inputs.OrderBy(u => u.Input)], null, sum.Coin) : null;

    private static Value Sum(ImmutableArray<Utxo> inputs) => inputs.Aggregate(Value.Zero, (sum, u) => sum + u.Output.Value);
}
