using System.Collections.Immutable;
using Masumi.Cardano.Transactions;

namespace Masumi.Cardano.Building;

/// <summary>
/// Chooses wallet outputs one at a time: for a missing asset the output with most of it, for missing ADA the largest; for the shortest form that
/// with the fewest tokens, which the change would have to carry. Few inputs, always the same for the same wallet.
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
    /// <param name="form">How the transaction will be written.</param>
    public static Utxo? Next(IReadOnlyCollection<Utxo> candidates, Value missing, TransactionForm form)
    {
        if (missing.IsAdaOnly)
        {
            if (form == TransactionForm.Shortest)
            {
                return Lightest(candidates, missing.Coin);
            }

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

    // The smallest that is enough alone, or else the largest. A second coin without tokens takes fewer bytes than one token in the change.
    private static Utxo? Lightest(IReadOnlyCollection<Utxo> candidates, Lovelace missing)
    {
        var plain = candidates.Where(u => u.Output.Value.IsAdaOnly).ToList();
        var isPlainEnough = plain.Aggregate(Lovelace.Zero, (sum, u) => sum + u.Output.Value.Coin) >= missing;
        return (isPlainEnough ? plain : candidates)
            .OrderByDescending(u => u.Output.Value.Coin >= missing)
            .ThenBy(u => u.Output.Value.Assets.Count)
            .ThenBy(u => u.Output.Value.Coin >= missing ? u.Output.Value.Coin : -u.Output.Value.Coin)
            .ThenBy(u => u.Input)
            .FirstOrDefault();
    }
}
