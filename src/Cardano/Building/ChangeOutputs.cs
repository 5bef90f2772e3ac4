using System.Collections.Immutable;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Cbor;
using Masumi.Cardano.Parameters;
using Masumi.Cardano.Transactions;

namespace Masumi.Cardano.Building;

/// <summary>Turns what is left over into outputs that the ledger accepts.</summary>
internal static class ChangeOutputs
{
    private static readonly Lovelace WidestCoin = Lovelace.MaxSupply;

    /// <summary>
    /// Usually one output; more when the tokens exceed maxValueSize, the ADA then stays in the first. When there is not enough ADA for
    /// them, the outputs are null and <c>Missing</c> says how much.
    /// </summary>
    public static (ImmutableArray<TxOutput>? Outputs, Lovelace Missing) For(Value leftover, Address address, ProtocolParameters parameters)
    {
        if (leftover.IsZero)
        {
            return ([], Lovelace.Zero);
        }

        var bundles = Bundles(leftover, parameters);
        var rest = bundles.Skip(1).Select(b => new TxOutput(address, b).WithMinUtxo(parameters)).ToList();
        var coin = rest.Aggregate(leftover.Coin, (left, output) => left - output.Value.Coin);
        var first = new TxOutput(address, Value.Of(Lovelace.Max(coin, Lovelace.Zero), bundles[0].Assets));
        var least = Fees.MinUtxo(parameters, first);
        return coin >= least ? ([first, .. rest], Lovelace.Zero) : (null, first.WithMinUtxo(parameters).Value.Coin - coin);
    }

    /// <summary>The serialised size of a value, as maxValueSize limits it.</summary>
    public static int SizeOf(Value value) => CborWriting.Encode(w => ValueCodec.Write(w, value)).Length;

    private static List<Value> Bundles(Value leftover, ProtocolParameters parameters)
    {
        if (leftover.IsAdaOnly || (ValueCodec.FitsOutput(leftover) && SizeOf(leftover.WithCoin(WidestCoin)) <= parameters.MaxValueSize))
        {
            return [leftover.WithCoin(Lovelace.Zero)];
        }

        var bundles = new List<Value>();
        var bundle = Value.Of(WidestCoin);
        foreach (var (asset, quantity) in Portions(leftover))
        {
            var larger = bundle + Value.Of(Lovelace.Zero, asset, quantity);
            if (!bundle.IsAdaOnly && (!ValueCodec.FitsOutput(larger) || SizeOf(larger) > parameters.MaxValueSize))
            {
                bundles.Add(bundle.WithCoin(Lovelace.Zero));
                larger = Value.Of(WidestCoin, asset, quantity);
            }

            bundle = larger;
        }

        bundles.Add(bundle.WithCoin(Lovelace.Zero));
        return bundles;
    }

    // Anybody can send a wallet so many tokens of their own that together they exceed what one output holds.
    private static IEnumerable<KeyValuePair<AssetId, Int128>> Portions(Value leftover)
    {
        foreach (var (asset, quantity) in leftover.Assets)
        {
            for (var left = quantity; left > 0; left -= ValueCodec.MaxQuantity)
            {
                yield return new(asset, Int128.Min(left, ValueCodec.MaxQuantity));
            }
        }
    }
}
