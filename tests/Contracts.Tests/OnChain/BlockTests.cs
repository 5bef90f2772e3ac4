using Masumi.OnChain.Language;
using static Masumi.OnChain.Language.Lists;
using static Masumi.OnChain.Language.Syntax;

namespace Masumi.Contracts.Tests.OnChain;

/// <summary>A statement is part of the program where it is written, or it is refused.</summary>
public class BlockTests
{
    public static TheoryData<string> Statements => ["Let", "Require", "Run", "Open", "Unpack"];

    private static void Write(string statement, Block b)
    {
        switch (statement)
        {
            case "Let":
                Keep(b.Let(Integer(1)));
                break;
            case "Require":
                b.Require("never", False);
                break;
            case "Run":
                b.Run(Integer(1));
                break;
            case "Open":
                Keep(b.Open(Literal<Data>(Masumi.Cardano.Scripts.PlutusData.C(0))).AreEmpty);
                break;
            default:
                Assert.NotNull(Decoded<Data>.Unpack(b, Decoded<Data>.Nothing.Pack()));
                break;
        }
    }

    [Theory]
    [MemberData(nameof(Statements))]
    public void A_block_that_is_closed_takes_no_statement(string statement)
    {
        Block? closed = null;
        Keep(
            Do(b =>
            {
                closed = b;
                return True;
            })
        );
        Assert.Contains("closed", Assert.Throws<InvalidOperationException>(() => Write(statement, closed!)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Statements))]
    public void A_statement_for_an_outer_block_is_refused_inside_an_inner_one(string statement) =>
        Refuses(b =>
            Do(_ =>
            {
                Write(statement, b);
                return True;
            })
        );

    [Fact]
    public void A_statement_for_an_outer_block_is_refused_in_the_body_of_a_function() =>
        Refuses(b =>
            Function<Int, Bool>(x =>
                {
                    b.Require("positive", x > 0);
                    return True;
                })
                .Call(Integer(1))
        );

    [Fact]
    public void A_statement_for_an_outer_block_is_refused_where_a_list_is_walked() =>
        Refuses(b =>
            EmptyList<Int>()
                .All(_ =>
                {
                    b.Require("for each", False);
                    return True;
                })
        );

    [Fact]
    public void An_outer_block_goes_on_when_an_inner_one_has_ended_well_or_not()
    {
        var term = Do(b =>
        {
            b.Require("inner", Do(_ => True));
            Assert.Throws<FormatException>(() => Keep(Do<Bool>(_ => throw new FormatException())));
            b.Require("walked", EmptyList<Int>().All(x => Do(c => c.Let(x).Is(1))));
            return Accept;
        });
        Assert.NotNull(Compiler.Compile(term));
    }

    private static void Refuses(Func<Block, Term<Bool>> body) =>
        Assert.Contains("innermost", Assert.Throws<InvalidOperationException>(() => Keep(Do(body))).Message, StringComparison.Ordinal);

    private static void Keep<T>(Term<T> term) => Assert.NotNull(term);
}
