using System.Numerics;
using Masumi.Cardano;
using Masumi.Cardano.Transactions;

namespace Masumi.Ledger.State;

/// <summary>
/// A sum of values without a size limit. Amounts in a submitted transaction are chosen by whoever wrote it, so sums can exceed 64 bits;
/// that must end in a refusal, not in an overflow.
/// </summary>
internal sealed class Balance
{
    private readonly SortedDictionary<AssetId, BigInteger> _assets = [];

    private Balance() { }

    public BigInteger Coin { get; private set; }

    public bool IsAdaOnly => _assets.Count == 0;

    public static Balance Zero() => new();

    public Balance Add(Value value) => Add(value, 1);

    public Balance Subtract(Value value) => Add(value, -1);

    public Balance Add(Lovelace coin)
    {
        Coin += coin.Exact;
        return this;
    }

    public Balance Add(BigInteger coin)
    {
        Coin += coin;
        return this;
    }

    public bool SameAs(Balance other) => Coin == other.Coin && _assets.SequenceEqual(other._assets);

    public override string ToString() =>
        _assets.Count == 0 ? $"Coin {Coin}" : $"MaryValue (Coin {Coin}) ({string.Join(", ", _assets.Select(a => $"{a.Key} {a.Value}"))})";

    private Balance Add(Value value, int sign)
    {
        Coin += (BigInteger)value.Coin.Exact * sign;
        foreach (var (asset, quantity) in value.Assets)
        {
            _assets.TryGetValue(asset, out var before);
            var after = before + ((BigInteger)quantity * sign);
            if (after.IsZero)
            {
                _assets.Remove(asset);
            }
            else
            {
                _assets[asset] = after;
            }
        }

        return this;
    }
}
