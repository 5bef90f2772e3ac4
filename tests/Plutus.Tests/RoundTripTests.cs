using Masumi.Plutus.FlatFormat;
using Masumi.Plutus.Syntax;

namespace Masumi.Plutus.Tests;

/// <summary>What is written is read back as the same, in flat and in text, for programs of every kind and of any depth.</summary>
public class RoundTripTests
{
    private const int Deep = 100_000;
    private static readonly Term One = new Term.Const(new Constant.Integer(1));

    /// <summary>Terms of great depth by the way they nest.</summary>
    public static TheoryData<string> Nestings() => ["argument", "function", "lam", "delay", "force", "constr", "scrutinee", "branch", "data"];

    [Fact]
    public void Random_programs_survive_flat_and_text()
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (var i = 0; i < 500; i++)
        {
            var inText = new RandomConstants(random, withGroupElements: true).Program(30);
            var text = UplcText.Print(inText);
            Assert.Equal(text, UplcText.Print(UplcText.Parse(text)));

            var program = new RandomConstants(random, withGroupElements: false).Program(30);
            var flat = Flat.Encode(program);
            var decoded = Flat.Decode(flat);
            Assert.True(Flat.Encode(decoded).AsSpan().SequenceEqual(flat), $"seed {seed}, program {i}");

            // Text keeps everything that flat does.
            var parsed = UplcText.Parse(UplcText.Print(decoded));
            Assert.True(Flat.Encode(parsed).AsSpan().SequenceEqual(flat), $"seed {seed}, program {i}: {UplcText.Print(program)}");
        }
    }

    [Theory]
    [MemberData(nameof(Nestings))]
    public void Deep_programs_survive_flat_and_text_on_a_thread_with_little_stack(string nesting)
    {
        var program = new UplcProgram(1, 1, 0, Nest(nesting));
        Exception? thrown = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    var text = UplcText.Print(program);
                    var flat = Flat.Encode(program);
                    Assert.True(Flat.Encode(UplcText.Parse(text)).AsSpan().SequenceEqual(flat));
                    Assert.Equal(text, UplcText.Print(Flat.Decode(flat)));
                    Assert.NotNull(program.Term.ToString());
                    var outcome = Evaluator.EvaluateToTerm(
                        program,
                        Cardano.Scripts.ScriptLanguage.PlutusV3,
                        11,
                        Cardano.Parameters.ProtocolParameters.Mainnet.CostModels[Cardano.Scripts.ScriptLanguage.PlutusV3],
                        new Cardano.Scripts.ExUnits(long.MaxValue, long.MaxValue),
                        out var result
                    );
                    Assert.Equal(result is null, outcome.Failure is not null);
                    if (result is not null)
                    {
                        Assert.NotEmpty(UplcText.Print(result));
                    }
                }
                catch (Exception e)
                {
                    thrown = e;
                }
            },
            256 * 1024
        );
        thread.Start();
        thread.Join();
        Assert.Null(thrown);
    }

    private static Term Nest(string nesting)
    {
        if (nesting == "data")
        {
            var data = Cardano.Scripts.PlutusData.I(1);
            for (var i = 0; i < Deep; i++)
            {
                data =
                    i % 2 == 0
                        ? Cardano.Scripts.PlutusData.L(data)
                        : Cardano.Scripts.PlutusData.M(
                            new KeyValuePair<Cardano.Scripts.PlutusData, Cardano.Scripts.PlutusData>(Cardano.Scripts.PlutusData.I(0), data)
                        );
            }

            return new Term.Const(new Constant.Data(data));
        }

        var term = One;
        for (var i = 0; i < Deep; i++)
        {
            term = nesting switch
            {
                "argument" => new Term.Apply(new Term.Lam(new Term.Var(1)), term),
                "function" => new Term.Apply(term, One),
                "lam" => new Term.Lam(term),
                "delay" => new Term.Delay(term),
                "force" => new Term.Force(term),
                "constr" => new Term.Constr((ulong)i, [One, term]),
                "scrutinee" => new Term.Case(term, [One, new Term.Constr(1, [])]),
                _ => new Term.Case(new Term.Constr(0, []), [term]),
            };
        }

        return term;
    }
}
