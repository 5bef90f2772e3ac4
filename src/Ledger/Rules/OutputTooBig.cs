using Masumi.Cardano;
using Masumi.Cardano.Transactions;
using Masumi.Ledger.State;

namespace Masumi.Ledger.Rules;

/// <summary>UTXO: an output's value, serialised, is at most maxValueSize bytes.</summary>
internal static class OutputTooBig
{
    public static void Check(RuleContext tx, ICollection<LedgerFailure> failures)
    {
        var big = tx.AllOutputs.Select((output, index) => (Index: index, Size: SizeOf(output.Value))).Where(o => o.Size > tx.Parameters.MaxValueSize).ToArray();
        if (big.Length > 0)
        {
            failures.Add(
                new LedgerFailure(
                    LedgerRule.Utxo,
                    "OutputTooBigUTxO",
                    string.Join(", ", big.Select(o => $"output {o.Index}: {o.Size} bytes")),
                    $"{tx.Parameters.MaxValueSize} bytes"
                )
            );
        }
    }

    /// <summary>
    /// The ledger serialises the value itself (shortest heads; maps of more than 23 entries with indefinite length), so its size does not depend on
    /// the bytes received.
    /// </summary>
    internal static int SizeOf(Value value)
    {
        var size = HeadSize(value.Coin.Exact);
        if (value.IsAdaOnly)
        {
            return size;
        }

        var policies = 0;
        foreach (var policy in value.Assets.GroupBy(a => a.Key.Policy))
        {
            policies++;
            var names = 0;
            foreach (var (asset, quantity) in policy)
            {
                names++;
                size += HeadSize(asset.Name.Bytes.Length) + asset.Name.Bytes.Length + HeadSize(quantity);
            }

            size += HeadSize(Hash28.Size) + Hash28.Size + MapSize(names);
        }

        return 1 + size + MapSize(policies);
    }

    // The head, and from 24 entries on the break at the end.
    private static int MapSize(int entries) => entries <= 23 ? 1 : 2;

    private static int HeadSize(Int128 number) =>
        number switch
        {
            _ when number < 24 => 1,
            _ when number <= byte.MaxValue => 2,
            _ when number <= ushort.MaxValue => 3,
            _ when number <= uint.MaxValue => 5,
            _ => 9,
        };
}
