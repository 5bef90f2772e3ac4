using System.Numerics;
using System.Text;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Cbor;
using Masumi.Cardano.Transactions;

namespace Masumi.Cardano.Tests.Transactions;

/// <summary>Quantities are exact over their whole range: to 2^64-1 in outputs, signed 64-bit in mints, unlimited in sums.</summary>
public sealed class ValueTests(ITestOutputHelper output)
{
    private const int Runs = 2000;
    private const string Hash = "5820" + "1111111111111111111111111111111111111111111111111111111111111111";
    private const string Home = "581d60" + "33333333333333333333333333333333333333333333333333333333";
    private const string Policy = "581c" + "22222222222222222222222222222222222222222222222222222222";

    private static readonly AssetId Token = new(PolicyId.Parse(Policy[4..]), default);

    private static readonly ulong[] Edges = [1, 23, 24, 255, 256, 65_535, 65_536, uint.MaxValue, 1UL << 32, long.MaxValue, 1UL << 63, ulong.MaxValue];

    [Fact]
    public void Outputs_of_any_quantities_are_read_exactly_and_written_back_byte_for_byte()
    {
        var random = Seeded();
        var aboveSigned = 0;
        for (var run = 0; run < Runs; run++)
        {
            var assets = RandomAssets(random);
            var coin = random.NextInt64(0, long.MaxValue);
            aboveSigned += assets.Values.Count(q => q > long.MaxValue);
            var bytes = Convert.FromHexString($"a200{Home}0182{Head(0, (ulong)coin)}{Bundle(assets)}");

            var received = TxOutput.FromCbor(bytes);

            Assert.Equal(coin, received.Value.Coin.Amount);
            Assert.Equal(assets.Select(a => (a.Key, (BigInteger)a.Value)), received.Value.Assets.Select(a => (a.Key, (BigInteger)a.Value)));
            Assert.Equal(bytes, new TxOutput(received.Address, received.Value).Bytes.ToArray());
        }

        Assert.True(aboveSigned > Runs / 10, $"{aboveSigned} quantities above 2^63-1");
    }

    [Fact]
    public void Sums_and_differences_equal_those_of_unlimited_numbers()
    {
        var random = Seeded();
        var beyond = 0;
        for (var run = 0; run < Runs; run++)
        {
            var values = Enumerable.Range(0, random.Next(2, 6)).Select(_ => RandomAssets(random)).ToArray();
            var signs = values.Select(_ => random.Next(3) == 0 ? -1 : 1).ToArray();
            var expected = new Dictionary<AssetId, BigInteger>();
            var sum = Value.Zero;
            for (var i = 0; i < values.Length; i++)
            {
                var value = Value.Of(new Lovelace(i), values[i].Select(a => KeyValuePair.Create(a.Key, (Int128)a.Value)));
                sum = signs[i] > 0 ? sum + value : sum - value;
                foreach (var (asset, quantity) in values[i])
                {
                    expected[asset] = expected.GetValueOrDefault(asset) + (signs[i] * (BigInteger)quantity);
                }
            }

            var left = expected.Where(a => !a.Value.IsZero).OrderBy(a => a.Key).ToArray();
            Assert.Equal(left.Select(a => (a.Key, a.Value)), sum.Assets.Select(a => (a.Key, (BigInteger)a.Value)));
            Assert.Equal(left.All(a => a.Value.Sign >= 0) && sum.Coin >= Lovelace.Zero, sum.IsNonNegative);
            beyond += left.Count(a => BigInteger.Abs(a.Value) > ulong.MaxValue);
        }

        Assert.True(beyond > Runs / 100, $"{beyond} sums beyond 64 bits");
    }

    [Theory]
    [InlineData(long.MinValue, "3b7fffffffffffffff")]
    [InlineData(-1, "20")]
    [InlineData(1, "01")]
    [InlineData(long.MaxValue, "1b7fffffffffffffff")]
    public void Mints_are_signed_64_bit_numbers(long quantity, string cbor)
    {
        var transaction = Transaction.FromCbor(Minting(cbor));
        Assert.Equal(quantity, transaction.Body.Mint[Token]);
        var again = Transaction.Create(transaction.Body, WitnessSet.Empty);
        Assert.Contains($"09a1{Policy}a140{cbor}", Convert.ToHexStringLower(again.Bytes.Span), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1b8000000000000000")]
    [InlineData("1bffffffffffffffff")]
    [InlineData("3b8000000000000000")]
    [InlineData("c249010000000000000000")]
    public void A_mint_beyond_64_bits_is_refused(string cbor) => Assert.Throws<CborFormatException>(() => Transaction.FromCbor(Minting(cbor)));

    [Theory]
    [InlineData("00")]
    [InlineData("20")]
    [InlineData("c249010000000000000000")]
    [InlineData("c24101")]
    public void An_output_quantity_outside_1_to_2_64_less_1_is_refused(string cbor) =>
        Assert.Throws<CborFormatException>(() => TxOutput.FromCbor(Convert.FromHexString($"82{Home}8201a1{Policy}a140{cbor}")));

    [Theory]
    [InlineData("-1")]
    [InlineData("18446744073709551616")]
    public void What_no_output_can_hold_is_not_written(string quantity)
    {
        var value = Value.Of(new Lovelace(2_000_000), Token, Int128.Parse(quantity, System.Globalization.CultureInfo.InvariantCulture));
        Assert.Throws<ArgumentException>(() => new TxOutput(Address.FromBytes(Convert.FromHexString(Home[4..])), value).Bytes);
    }

    [Theory]
    [InlineData("-9223372036854775809")]
    [InlineData("9223372036854775808")]
    public void What_no_mint_can_say_is_not_written(string quantity)
    {
        var body = Transaction.FromCbor(Minting("01")).Body;
        var mint = Value.Of(Lovelace.Zero, Token, Int128.Parse(quantity, System.Globalization.CultureInfo.InvariantCulture));
        Assert.Throws<ArgumentException>(() => Transaction.Create(body with { Mint = mint }, WitnessSet.Empty));
    }

    private static byte[] Minting(string quantity) => Convert.FromHexString($"84a40081{"82" + Hash + "00"}0180020009a1{Policy}a140{quantity}a0f5f6");

    private Random Seeded()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("MASUMI_TEST_SEED"), out var given) ? given : Environment.TickCount;
        output.WriteLine($"MASUMI_TEST_SEED={seed}");
        return new Random(seed);
    }

    private static SortedDictionary<AssetId, ulong> RandomAssets(Random random)
    {
        var assets = new SortedDictionary<AssetId, ulong>();
        for (var left = random.Next(1, 6); left > 0; left--)
        {
            var name = Enumerable.Repeat((byte)random.Next(3), random.Next(4)).ToArray();
            var quantity = random.Next(2) == 0 ? Edges[random.Next(Edges.Length)] : (ulong)random.NextInt64(1, long.MaxValue);
            assets[new AssetId(new PolicyId(new Hash28([.. Enumerable.Repeat((byte)random.Next(3), 28)])), new AssetName(name))] = quantity;
        }

        return assets;
    }

    /// <summary>The assets in canonical order, spelled out independently of our encoder.</summary>
    private static string Bundle(SortedDictionary<AssetId, ulong> assets)
    {
        var policies = assets.GroupBy(a => a.Key.Policy).ToList();
        var text = new StringBuilder(Head(5, (ulong)policies.Count));
        foreach (var policy in policies)
        {
            text.Append("581c").Append(policy.Key).Append(Head(5, (ulong)policy.Count()));
            foreach (var (asset, quantity) in policy.OrderBy(a => a.Key.Name.Bytes.Length).ThenBy(a => a.Key.Name.ToString(), StringComparer.Ordinal))
            {
                text.Append(Head(2, (ulong)asset.Name.Bytes.Length)).Append(asset.Name).Append(Head(0, quantity));
            }
        }

        return text.ToString();
    }

    private static string Head(int major, ulong number) =>
        number switch
        {
            < 24 => $"{(major << 5) | (int)number:x2}",
            <= 0xff => $"{(major << 5) | 24:x2}{number:x2}",
            <= 0xffff => $"{(major << 5) | 25:x2}{number:x4}",
            <= 0xffffffff => $"{(major << 5) | 26:x2}{number:x8}",
            _ => $"{(major << 5) | 27:x2}{number:x16}",
        };
}
