using Masumi.Cardano.Cbor;

namespace Masumi.Cardano.Tests.Transactions;

/// <summary>Cuts the transactions out of a block <c>[era, [header, bodies, witness sets, auxiliary data, invalid]]</c>, byte for byte.</summary>
internal static class BlockReader
{
    public static IReadOnlyList<byte[]> Transactions(ReadOnlyMemory<byte> block)
    {
        var input = new CborInput(block, "block");
        input.BeginTuple(2);
        Assert.Equal(7UL, input.ReadUInt64());
        input.BeginTuple(5);
        input.ReadRaw();
        var bodies = input.ReadList(i => i.ReadRaw());
        var witnesses = input.ReadList(i => i.ReadRaw());
        var auxiliary = new Dictionary<int, ReadOnlyMemory<byte>>();
        var entries = input.BeginMap();
        while (entries.Next())
        {
            auxiliary.Add((int)input.ReadUnsigned(), input.ReadRaw());
        }

        var invalid = input.ReadList(i => (int)i.ReadUnsigned()).ToHashSet();
        input.ExpectEnd();
        Assert.Equal(bodies.Length, witnesses.Length);
        return
        [
            .. bodies.Select(
                (body, i) =>
                    (byte[])
                        [
                            0x84,
                            .. body.Span,
                            .. witnesses[i].Span,
                            invalid.Contains(i) ? (byte)0xf4 : (byte)0xf5,
                            .. auxiliary.TryGetValue(i, out var aux) ? aux.Span : [0xf6],
                        ]
            ),
        ];
    }
}
