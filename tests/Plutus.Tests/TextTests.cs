using Masumi.Plutus.Syntax;

namespace Masumi.Plutus.Tests;

/// <summary>The textual form: what is read, what is refused and where.</summary>
public class TextTests
{
    [Theory]
    [InlineData("", 1, 1)]
    [InlineData("(program 1.1.0 (con integer 1)) x", 1, 33)]
    [InlineData("(program 1.1 (con integer 1))", 1, 14)]
    [InlineData("(programme 1.1.0 (con unit ()))", 1, 2)]
    [InlineData("(program 1.1.0\n  (lam x y))", 2, 10)]
    [InlineData("(program 1.1.0\n  [(lam x x)])", 2, 13)]
    [InlineData("(program 1.1.0 [])", 1, 17)]
    [InlineData("(program 1.1.0 [(lam x x) (con unit ()) x])", 1, 41)]
    [InlineData("(program 1.0.0 (constr 0))", 1, 17)]
    [InlineData("(program 1.0.0 (case (con unit ())))", 1, 17)]
    [InlineData("(program 1.1.0 (constr -1))", 1, 24)]
    [InlineData("(program 1.1.0 (constr 18446744073709551616))", 1, 24)]
    [InlineData("(program 1.1.0 (builtin addIntegers))", 1, 25)]
    [InlineData("(program 1.1.0 (con list(bool) [True]))", 1, 21)]
    [InlineData("(program 1.1.0 (con (list bool) [5]))", 1, 34)]
    [InlineData("(program 1.1.0 (con integer 0.5))", 1, 30)]
    [InlineData("(program 1.1.0 (con integer - 5))", 1, 29)]
    [InlineData("(program 1.1.0 (con bytestring #123))", 1, 32)]
    [InlineData("(program 1.1.0 (con string \"abc))", 1, 28)]
    [InlineData("(program 1.1.0 (con string \"\\q\"))", 1, 29)]
    [InlineData("(program 1.1.0 (con string \"\\1114112\"))", 1, 29)]
    [InlineData("(program 1.1.0 (con data I 1))", 1, 26)]
    [InlineData("(program 1.1.0 (con data (Constr [I 1])))", 1, 34)]
    [InlineData("(program 1.1.0 (con value [(#, [(#, 0)])]))", 1, 34)]
    [InlineData("(program 1.1.0 (con value [(#bb, [(#, 1)]), (#aa, [(#, 1)])]))", 1, 53)]
    [InlineData("(program 1.1.0 (con bls12_381_mlresult 0x))", 1, 39)]
    [InlineData("(program 1.1.0 {- (con unit ()))", 1, 16)]
    public void Refuses_with_line_and_column(string text, int line, int column)
    {
        var refusal = Assert.Throws<UplcSyntaxException>(() => UplcText.Parse(text));
        Assert.True((refusal.Line, refusal.Column) == (line, column), refusal.Message);
    }

    [Theory]
    [InlineData("\"\\t\\\"\\83\\x75\\x63\\o143e\\x73s\\o041\\o042\\n\"", "\t\"Success!\"\n")]
    [InlineData("\"\\SOH\\SO\\DEL\\^A\\^[\\NULx\"", "\u0001\u000e\u007f\u0001\u001b\0x")]
    [InlineData("\"\\955\\x1F600\\o101\"", "λ😀A")]
    [InlineData("\"\\xD800\"", "\ufffd")]
    [InlineData("\"a\nb\"", "a\nb")]
    public void Reads_the_escapes_of_text(string literal, string meaning) =>
        Assert.Equal(new Term.Const(new Constant.String(meaning)), UplcText.ParseTerm($"(con string {literal})"));

    [Fact]
    public void A_digit_after_an_escaped_number_stays_a_character_of_its_own()
    {
        var term = new Term.Const(new Constant.String("\u000112\u007f9"));
        Assert.Equal(term, UplcText.ParseTerm(UplcText.Print(term)));
    }

    [Fact]
    public void Names_are_compared_as_written_and_the_innermost_binder_wins()
    {
        Assert.Equal("(lam x-0 (lam x-1 [x-1 x-0 x-1]))", UplcText.Print(UplcText.ParseTerm("(lam x (lam x-7 [x-7 x x-7]))")));
        Assert.Equal("(lam x-0 [(lam x-1 x-1) x-0])", UplcText.Print(UplcText.ParseTerm("(lam x [(lam x x) x])")));
        Assert.Equal("(lam x-0 x-0)", UplcText.Print(UplcText.ParseTerm("(lam `a+b!`-3 `a+b!`-3)")));
    }

    [Fact]
    public void Applications_are_written_as_one_row()
    {
        var term = UplcText.ParseTerm("[[[(builtin ifThenElse) (error)] [(lam x x) (error)]] (error)]");
        Assert.Equal("[(builtin ifThenElse) (error) [(lam x-0 x-0) (error)] (error)]", UplcText.Print(term));
    }

    [Fact]
    public void A_text_longer_than_allowed_is_not_written()
    {
        // Each variable stands for the whole of the next: a small term with a large text.
        Term term = new Term.Error();
        for (var i = 0; i < 60; i++)
        {
            term = new Term.Apply(term, term);
        }

        Assert.Throws<FormatException>(() => UplcText.Print(term, 1_000_000));
        Assert.Equal("a large Apply", term.ToString());
    }
}
