using Masumi.Cardano.Cbor;
using Masumi.Cardano.Parameters;
using Masumi.Cardano.Scripts;
using Masumi.Plutus.FlatFormat;
using Masumi.Plutus.Runtime;
using Masumi.Plutus.Syntax;

namespace Masumi.Plutus.Tests;

/// <summary>Whatever bytes come: a value or the one error that says no, never another exception, and never more work than the input is long.</summary>
public class HostileInputTests
{
    private static readonly ExUnits Little = new(200_000, 100_000_000);

    [Fact]
    public void Mutated_flat_ends_in_a_program_or_a_format_error_and_its_evaluation_in_an_outcome()
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (var i = 0; i < 6000; i++)
        {
            var bytes = Mutate(random, Flat.Encode(new RandomConstants(random, withGroupElements: false).Program(20)));
            string? refusal = null;
            try
            {
                _ = Flat.Decode(bytes);
            }
            catch (FormatException e)
            {
                refusal = e.Message;
            }

            // The way that reads without making terms says no to the same programs, and to unbound variables.
            var outcome = Evaluator.EvaluateFlat(bytes, ScriptLanguage.PlutusV3, 11, ProtocolParameters.Mainnet.CostModels[ScriptLanguage.PlutusV3], Little);
            Assert.True(refusal is null || outcome.Failure is EvaluationFailure.Malformed, $"seed {seed}, program {i}: {refusal} against {outcome.Failure}");
        }
    }

    [Fact]
    public void Mutated_data_ends_in_data_or_a_format_error()
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = Mutate(random, new RandomConstants(random, withGroupElements: false).Data(4).ToCbor());
            try
            {
                var data = PlutusData.FromCbor(bytes);
                Assert.Equal(data, PlutusData.FromCbor(data.ToCbor()));
            }
            catch (CborFormatException)
            {
                // The only way to say no.
            }
        }
    }

    [Fact]
    public void Mutated_text_ends_in_a_program_or_a_syntax_error_with_its_place()
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        const string Alphabet = "()[]#\"\\-,0x1 Icon`{}\n\ud800\uffff";
        for (var i = 0; i < 6000; i++)
        {
            var text = UplcText.Print(new RandomConstants(random, withGroupElements: false).Program(15)).ToCharArray();
            for (var n = random.Next(1, 4); n > 0; n--)
            {
                text[random.Next(text.Length)] = Alphabet[random.Next(Alphabet.Length)];
            }

            try
            {
                _ = UplcText.Print(UplcText.Parse(new string(text)));
            }
            catch (UplcSyntaxException e)
            {
                Assert.True(e.Line >= 1 && e.Column >= 1);
            }
        }
    }

    [Fact]
    public void Lengths_and_nesting_that_are_lies_are_refused_without_believing_them()
    {
        // A list, a map and a byte string of 2^64 - 1 parts; a million open lists; a million open terms; an endless number.
        Assert.Throws<CborFormatException>(() => PlutusData.FromCbor(Convert.FromHexString("9bffffffffffffffff")));
        Assert.Throws<CborFormatException>(() => PlutusData.FromCbor(Convert.FromHexString("bbffffffffffffffff")));
        Assert.Throws<CborFormatException>(() => PlutusData.FromCbor(Convert.FromHexString("5bffffffffffffffff")));
        Assert.Throws<CborFormatException>(() => PlutusData.FromCbor(Enumerable.Repeat((byte)0x9f, 1_000_000).ToArray()));
        Assert.Throws<CborFormatException>(() => PlutusData.FromCbor(Enumerable.Repeat((byte)0x81, 1_000_000).ToArray()));
        Assert.Throws<FormatException>(() => Flat.Decode([1, 1, 0, .. Enumerable.Repeat((byte)0x22, 500_000)]));
        Assert.Throws<FormatException>(() => Flat.Decode([1, 1, 0, 0x48, .. Enumerable.Repeat((byte)0xff, 1_000_000)]));
        Assert.Throws<FormatException>(() => Flat.Decode(Enumerable.Repeat((byte)0xff, 1_000_000).ToArray()));
        Assert.Throws<UplcSyntaxException>(() => UplcText.Parse("(program 1.1.0 " + string.Concat(Enumerable.Repeat("[", 1_000_000))));
        Assert.Throws<UplcSyntaxException>(() => UplcText.Parse(string.Concat(Enumerable.Repeat("{-", 1_000_000))));
        Assert.Throws<UplcSyntaxException>(() => UplcText.Parse("(program 1.1.0 (con integer " + new string('9', UplcText.MaxDigits + 1) + "))"));
    }

    [Fact]
    public void A_number_of_a_million_bits_is_read_and_written_in_linear_steps()
    {
        var program = new UplcProgram(1, 1, 0, new Term.Const(new Constant.Integer(System.Numerics.BigInteger.One << 1_000_000)));
        var flat = Flat.Encode(program);
        Assert.InRange(flat.Length, 140_000, 145_000);
        Assert.Equal(program.Term, Flat.Decode(flat).Term);
        Assert.Throws<FormatException>(() =>
            UplcText.Print(program with { Term = new Term.Const(new Constant.Integer(System.Numerics.BigInteger.One << 4_000_000)) })
        );
    }

    [Fact]
    public void A_deep_program_with_a_bad_end_or_version_is_refused_and_not_run()
    {
        Term term = new Term.Const(Constant.UnitValue);
        for (var i = 0; i < 200_000; i++)
        {
            term = new Term.Delay(term);
        }

        byte[] flat = Flat.Encode(new UplcProgram(1, 1, 0, term));
        Assert.Null(OnLittleStack(flat).Failure);
        Assert.IsType<EvaluationFailure.Malformed>(OnLittleStack([.. flat, 0]).Failure);
        Assert.IsType<EvaluationFailure.Malformed>(OnLittleStack([7, .. flat.AsSpan(1)]).Failure);
    }

    private static EvaluationOutcome OnLittleStack(byte[] flat)
    {
        EvaluationOutcome? outcome = null;
        var thread = new Thread(
            () => outcome = Evaluator.EvaluateFlat(flat, ScriptLanguage.PlutusV3, 11, ProtocolParameters.Mainnet.CostModels[ScriptLanguage.PlutusV3], Little),
            256 * 1024
        );
        thread.Start();
        thread.Join();
        return outcome!;
    }

    private static byte[] Mutate(Random random, byte[] bytes)
    {
        bytes = (byte[])bytes.Clone();
        for (var n = random.Next(1, 5); n > 0; n--)
        {
            var at = random.Next(bytes.Length);
            switch (random.Next(4))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1 when at > 0:
                    bytes = bytes[..at];
                    break;
                case 2:
                    bytes = [.. bytes.AsSpan(0, at), (byte)random.Next(256), .. bytes.AsSpan(at)];
                    break;
                default:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
            }
        }

        return bytes;
    }
}
