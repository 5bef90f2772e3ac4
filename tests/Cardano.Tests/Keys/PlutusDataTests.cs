using System.Numerics;
using Masumi.Cardano.Cbor;
using Masumi.Cardano.Scripts;

namespace Masumi.Cardano.Tests.Keys;

public class PlutusDataTests
{
    [Theory]
    [InlineData("d8799f01ff")]
    [InlineData("d87980")]
    [InlineData("d87a9f4101ff")]
    [InlineData("a1410102")]
    [InlineData("c249010000000000000000")]
    [InlineData("c349010000000000000000")]
    [InlineData("d905009f01ff")]
    [InlineData("d8668218809f01ff")]
    [InlineData("3bffffffffffffffff")]
    [InlineData("80")]
    public void The_nodes_own_encoding_is_read_and_written_back(string hex) =>
        Assert.Equal(hex, Convert.ToHexStringLower(PlutusData.FromCbor(Convert.FromHexString(hex)).ToCbor()));

    [Theory]
    [InlineData("d8798101", "d8799f01ff")]
    [InlineData("d8669f009f01ffff", "d8799f01ff")]
    [InlineData("1800", "00")]
    [InlineData("bf0102ff", "a10102")]
    [InlineData("5f41014102ff", "420102")]
    public void Other_legal_encodings_are_read(string hex, string canonical) =>
        Assert.Equal(canonical, Convert.ToHexStringLower(PlutusData.FromCbor(Convert.FromHexString(hex)).ToCbor()));

    [Theory]
    [InlineData("")]
    [InlineData("f6")]
    [InlineData("6161")]
    [InlineData("d87901")]
    [InlineData("9f01")]
    [InlineData("0000")]
    [InlineData("bf01ff")]
    [InlineData("9bffffffffffffffff")]
    [InlineData("d866830080 00")]
    public void Anything_else_is_refused(string hex) =>
        Assert.Throws<CborFormatException>(() => PlutusData.FromCbor(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal))));

    [Fact]
    public void Long_byte_strings_are_chunked_and_whole_ones_refused()
    {
        var bytes = new byte[65];
        var cbor = PlutusData.B(bytes).ToCbor();
        Assert.Equal([0x5f, 0x58, 0x40], cbor[..3]);
        Assert.Equal(PlutusData.B(bytes), PlutusData.FromCbor(cbor));
        Assert.Throws<CborFormatException>(() =>
            PlutusData.FromCbor(
                new byte[] { 0x58, 65 }
                    .Concat(bytes)
                    .ToArray()
            )
        );
    }

    [Fact]
    public void A_hundred_thousand_levels_do_not_overflow_the_stack()
    {
        PlutusData deep = PlutusData.I(1);
        for (var i = 0; i < 100_000; i++)
        {
            deep = i % 2 == 0 ? PlutusData.L(deep) : PlutusData.C(3, deep);
        }

        var again = PlutusData.FromCbor(deep.ToCbor());
        Assert.True(deep.Equals(again));
        Assert.Equal(deep.GetHashCode(), again.GetHashCode());
    }

    [Fact]
    public void Random_data_survives_a_round_trip_and_mutated_bytes_end_in_a_refusal_or_a_value()
    {
        const int Seed = 20260711;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {Seed}");
        var random = new Random(Seed);
        for (var i = 0; i < 500; i++)
        {
            var data = Make(random, 4);
            var cbor = data.ToCbor();
            Assert.Equal(data, PlutusData.FromCbor(cbor));
            cbor[random.Next(cbor.Length)] ^= (byte)(1 << random.Next(8));
            try
            {
                _ = PlutusData.FromCbor(cbor).ToCbor();
            }
            catch (CborFormatException)
            {
                // The only way to say no.
            }
        }
    }

    private static PlutusData Make(Random random, int depth) =>
        random.Next(depth > 0 ? 5 : 2) switch
        {
            0 => PlutusData.I(new BigInteger(random.NextInt64(long.MinValue, long.MaxValue)) * (random.Next(3) == 0 ? long.MaxValue : 1)),
            1 => PlutusData.B(Bytes(random)),
            2 => PlutusData.L(Items(random, depth)),
            3 => PlutusData.C((ulong)random.Next(200), Items(random, depth)),
            _ => new PlutusData.Map([.. Items(random, depth).Select(k => new KeyValuePair<PlutusData, PlutusData>(k, Make(random, depth - 1)))]),
        };

    private static byte[] Bytes(Random random)
    {
        var bytes = new byte[random.Next(150)];
        random.NextBytes(bytes);
        return bytes;
    }

    private static PlutusData[] Items(Random random, int depth) => [.. Enumerable.Range(0, random.Next(4)).Select(_ => Make(random, depth - 1))];
}
