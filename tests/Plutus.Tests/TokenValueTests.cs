using System.Numerics;
using Masumi.Cardano.Parameters;
using Masumi.Cardano.Scripts;
using Masumi.Plutus.Costs;
using Masumi.Plutus.Runtime;
using Masumi.Plutus.Syntax;

namespace Masumi.Plutus.Tests;

/// <summary>The value type against a plain dictionary, and its limits.</summary>
public class TokenValueTests
{
    [Fact]
    public void Behaves_like_a_dictionary_of_quantities()
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (var round = 0; round < 200; round++)
        {
            var (left, plainLeft) = Values(random);
            var (right, plainRight) = Values(random);
            Check(left, plainLeft, seed);

            var sum = plainLeft.Keys.Union(plainRight.Keys).ToDictionary(k => k, k => plainLeft.GetValueOrDefault(k) + plainRight.GetValueOrDefault(k));
            Assert.True(left.TryAdd(right, out var added));
            Check(added, sum, seed);

            var factor = random.Next(-3, 4);
            Assert.True(left.TryScale(factor, out var scaled));
            Check(scaled, plainLeft.ToDictionary(k => k.Key, k => k.Value * factor), seed);

            if (!left.HasNegative && !right.HasNegative)
            {
                Assert.Equal(plainRight.All(r => plainLeft.GetValueOrDefault(r.Key) >= r.Value), left.Contains(right));
                Assert.True(added.Contains(left) && added.Contains(right));
            }
        }
    }

    [Fact]
    public void Sums_and_products_of_more_than_128_bits_are_refused()
    {
        var largest = TokenValue.Empty.With(new byte[1], new byte[1], Int128.MaxValue);
        Assert.False(largest.TryAdd(TokenValue.Empty.With(new byte[1], new byte[1], 1), out _));
        Assert.True(largest.TryAdd(TokenValue.Empty.With(new byte[1], new byte[2], 1), out _));
        Assert.False(largest.TryScale(2, out _));
        Assert.True(largest.TryScale(BigInteger.Zero, out var nothing) && nothing.Equals(TokenValue.Empty));
        Assert.Null(TokenValue.Quantity(BigInteger.Pow(2, 127)));
        Assert.Equal(Int128.MinValue, TokenValue.Quantity(-BigInteger.Pow(2, 127)));
    }

    [Fact]
    public void More_than_forty_thousand_tokens_do_not_become_data()
    {
        var builder = new TokenValue.Builder();
        for (var i = 0; i < TokenValue.MaxDataTokens; i++)
        {
            Assert.Null(
                builder.Add(
                    new byte[] { (byte)(i >> 12) },
                    new byte[] { (byte)(i >> 4), (byte)i, 1 }
                        .Prepend((byte)(i >> 8))
                        .ToArray(),
                    1
                )
            );
        }

        var full = builder.Build();
        Assert.Null(ValueData(full).Failure);
        Assert.IsType<EvaluationFailure.BuiltinFailed>(ValueData(full.With(new byte[] { 250 }, new byte[1], 1)).Failure);
    }

    [Fact]
    public void Tokens_out_of_order_empty_policies_and_long_names_are_no_value()
    {
        static PlutusData Tokens(params (byte Name, int Quantity)[] tokens) =>
            new PlutusData.Map([.. tokens.Select(t => KeyValuePair.Create(PlutusData.B(new[] { t.Name }), PlutusData.I(t.Quantity)))]);
        static PlutusData Value(params (int Length, PlutusData Tokens)[] policies) =>
            new PlutusData.Map([.. policies.Select(p => KeyValuePair.Create(PlutusData.B(new byte[p.Length]), p.Tokens))]);

        Assert.NotNull(TokenValue.FromData(Value((1, Tokens((1, 1), (2, -1))), (32, Tokens((1, 1)))), out _));
        Assert.Null(TokenValue.FromData(Value((1, Tokens((2, 1), (1, 1)))), out _));
        Assert.Null(TokenValue.FromData(Value((1, Tokens((1, 1), (1, 1)))), out _));
        Assert.Null(TokenValue.FromData(Value((1, Tokens((1, 1))), (1, Tokens((2, 1)))), out _));
        Assert.Null(TokenValue.FromData(Value((1, Tokens((1, 0)))), out _));
        Assert.Null(TokenValue.FromData(Value((1, Tokens())), out _));
        Assert.Null(TokenValue.FromData(Value((33, Tokens((1, 1)))), out _));
    }

    private static EvaluationOutcome ValueData(TokenValue value) =>
        Evaluator.Evaluate(
            new UplcProgram(1, 1, 0, new Term.Apply(new Term.Builtin(BuiltinFunction.ValueData), new Term.Const(new Constant.Tokens(value)))),
            ScriptLanguage.PlutusV3,
            11,
            ProtocolParameters.Mainnet.CostModels[ScriptLanguage.PlutusV3],
            new ExUnits(long.MaxValue, long.MaxValue)
        );

    private static (TokenValue, Dictionary<(byte, byte), BigInteger>) Values(Random random)
    {
        var value = TokenValue.Empty;
        var plain = new Dictionary<(byte, byte), BigInteger>();
        var lowest = random.Next(2) == 0 ? -3 : 0;
        for (var i = random.Next(30); i > 0; i--)
        {
            var key = ((byte)random.Next(5), (byte)random.Next(5));
            var quantity = random.Next(lowest, 4);
            value = value.With(new[] { key.Item1 }, new[] { key.Item2 }, quantity);
            plain[key] = quantity;
        }

        return (value, plain);
    }

    private static void Check(TokenValue value, Dictionary<(byte, byte), BigInteger> plain, int seed)
    {
        var left = plain.Where(p => !p.Value.IsZero).ToDictionary(p => p.Key, p => p.Value);
        var policies = left.GroupBy(p => p.Key.Item1).ToList();
        Assert.True(value.TokenCount == left.Count, $"seed {seed}");
        Assert.Equal(policies.Count, value.PolicyCount);
        Assert.Equal(policies.Count == 0 ? 0 : policies.Max(p => p.Count()), value.LargestPolicy);
        Assert.Equal(left.Values.Any(q => q.Sign < 0), value.HasNegative);
        Assert.All(left, p => Assert.Equal(p.Value, (BigInteger)value[new[] { p.Key.Item1 }, new[] { p.Key.Item2 }]));
        Assert.Equal(value, TokenValue.FromData(value.ToData(), out _));
        Assert.Equal(1 + policies.Count * 2 + left.Count * 2, Sizes.Nodes(value.ToData()));
    }
}
