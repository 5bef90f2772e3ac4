using System.Collections.Immutable;
using Masumi.Cardano.Transactions;

namespace Masumi.Cardano.Building;

/// <summary>
/// Chooses wallet outputs one at a time: for a missing asset the output with most of it, for missing ADA the largest. Few inputs, always
/// the same for the same wallet.
/// </summary>
internal static class CoinSelection
{
    /// <summary>
    /// Outputs that may be chosen: locked by a key, each once, in ledger order. One that carries a script is there to be referenced and
    /// is left alone.
    /// </summary>
    public static ImmutableArray<Utxo> Spendable(IEnumerable<Utxo> utxos) =>
        [.. utxos.Where(u => u.Output.Address.Payment is { IsKey: true } && u.Output.ReferenceScript is null).DistinctBy(u => u.Input).OrderBy(u => u.Input)];

    /// <summary>The next output to spend towards what is missing, or null when none helps.</summary>
    /// <param name="candidates">From <see cref="Spendable"/>, without what is spent already.</param>
    /// <param name="missing">What is still needed; no negative quantities.</param>
    public static Utxo? Next(IEnumerable<Utxo> candidates, Value missing)
    {
        if (missing.IsAdaOnly)
        {
            return candidates.OrderByDescending(u => u.Output.Value.Coin).ThenBy(u => u.Output.Value.Assets.Count).ThenBy(u => u.Input).FirstOrDefault();
        }

        var asset = missing.Assets.Keys.First();
        return candidates
            .Where(u => u.Output.Value.Assets.ContainsKey(asset))
            .OrderByDescending(u => u.Output.Value.Assets[asset])
            .ThenBy(u => u.Output.Value.Assets.Count)
            .ThenByDescending(u => u.Output.Value.Coin)
            .ThenBy(u => u.Input)
            .FirstOrDefault();
    }
}
