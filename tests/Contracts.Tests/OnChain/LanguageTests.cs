using Masumi.Cardano.Scripts;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow;
using Masumi.Contracts.Registry;
using Masumi.Contracts.Tests.Scenarios;
using Masumi.OnChain.Language;
using Masumi.Plutus.FlatFormat;
using static Masumi.OnChain.Language.Lists;
using static Masumi.OnChain.Language.Syntax;

namespace Masumi.Contracts.Tests.OnChain;

/// <summary>What the contract language promises its readers.</summary>
public class LanguageTests
{
    private static readonly PlutusData Nothing = PlutusData.C(0);

    /// <summary>Accepts when the condition holds, rejects otherwise; the same in every build.</summary>
    private static bool Holds(Func<Term<Data>, Term<Bool>> condition, PlutusData? argument = null)
    {
        var validator = Function<Data, Unit>(data =>
            Do(b =>
            {
                b.Require("holds", condition(data));
                return Accept;
            })
        );
        var verdicts = new[]
        {
            Machine.Run(Compiler.Compile(validator, new(Optimise: true)), argument ?? Nothing).Accepted,
            Machine.Run(Compiler.Compile(validator, new(Optimise: false)), argument ?? Nothing).Accepted,
            Machine.Run(Compiler.Compile(validator, new(Optimise: true, Traces: true)), argument ?? Nothing).Accepted,
        };
        Assert.Single(verdicts.Distinct());
        return verdicts[0];
    }

    private static Term<Bool> Fails => Reject<Bool>("evaluated");

    [Fact]
    public void The_right_side_of_and_is_evaluated_only_when_needed()
    {
        Assert.True(Holds(_ => !(False & Fails)));
        Assert.False(Holds(_ => !(True & Fails)));
    }

    [Fact]
    public void The_right_side_of_or_is_evaluated_only_when_needed()
    {
        Assert.True(Holds(_ => True | Fails));
        Assert.False(Holds(_ => False | Fails));
    }

    [Fact]
    public void Only_the_branch_taken_is_evaluated()
    {
        Assert.True(Holds(_ => If(True, True, Fails)));
        Assert.True(Holds(_ => If(False, Fails, True)));
        Assert.True(Holds(_ => Switch(Integer(2), [(1, Fails), (2, True), (3, Fails)], otherwise: Fails)));
        Assert.True(Holds(_ => Switch(Integer(9), [(1, Fails), (2, Fails)], otherwise: True)));
    }

    [Fact]
    public void A_binding_is_evaluated_even_when_nobody_uses_it() =>
        Assert.False(
            Holds(_ =>
                Do(b =>
                {
                    b.Run(Fails);
                    return True;
                })
            )
        );

    [Fact]
    public void A_binding_that_fails_does_so_where_it_stands() =>
        Assert.False(
            Holds(data =>
                Do(b =>
                {
                    var number = b.Let(Decode<Int>(data));
                    return True | number.Is(1);
                })
            )
        );

    [Fact]
    public void Walks_stop_early()
    {
        var list = PlutusData.L(PlutusData.I(1), PlutusData.I(2), PlutusData.B(default));
        Assert.True(Holds(data => Decode<ListOf<Int>>(data).Any(x => x.Is(2)), list));
        Assert.False(Holds(data => Decode<ListOf<Int>>(data).Any(x => x.Is(3)), list));
        Assert.True(Holds(data => !Decode<ListOf<Int>>(data).All(x => x.Is(1)), list));
    }

    [Fact]
    public void Lists_are_filtered_summed_and_counted_in_order()
    {
        var list = PlutusData.L(PlutusData.I(1), PlutusData.I(5), PlutusData.I(2), PlutusData.I(7));
        Assert.True(
            Holds(
                data =>
                    Do(b =>
                    {
                        var big = b.Let(Decode<ListOf<Int>>(data).Where(x => x > 2));
                        return big.Count.Is(2) & big.Sum(x => x).Is(12) & big.First("none", x => x > 0).Is(5) & big.Tail.First("none", x => x > 0).Is(7);
                    }),
                list
            )
        );
        Assert.True(Holds(_ => EmptyList<Int>().IsEmpty));
        Assert.True(Holds(_ => !EmptyList<Int>().Prepend(Integer(1)).IsEmpty));
    }

    [Theory]
    [InlineData("", true, true)]
    [InlineData("01", true, true)]
    [InlineData("01,02,0203", true, true)]
    [InlineData("02,01", false, true)]
    [InlineData("01,01", false, false)]
    [InlineData("01,02,01", false, false)]
    public void Keys_of_maps_are_compared(string keys, bool ascend, bool unique)
    {
        var map = PlutusData.M([.. keys.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(k => Ledger.Entry(Ledger.Hex(k), PlutusData.I(1)))]);
        Assert.Equal(ascend, Holds(data => Decode<Map<Bytes, Int>>(data).KeysAscend, map));
        Assert.Equal(unique, Holds(data => Decode<Map<Bytes, Int>>(data).KeysAreUnique, map));
    }

    [Fact]
    public void Integers_compare_as_written()
    {
        Assert.True(Holds(_ => Integer(1) < 2 & Integer(2) > 1 & Integer(2) <= 2 & Integer(2) >= 2 & (Integer(2) + 3 - Integer(1)).Is(4)));
        Assert.False(Holds(_ => Integer(2) < 2));
        Assert.False(Holds(_ => Integer(2) > 2));
        Assert.False(Holds(_ => Integer(3) <= 2));
        Assert.False(Holds(_ => Integer(1) >= 2));
    }

    [Fact]
    public void Byte_strings_are_cut_joined_and_read()
    {
        Assert.True(Holds(_ => (Hex("0102") + Hex("03")).Is(Hex("010203"))));
        Assert.True(Holds(_ => Hex("010203").Slice(1, 1).Is(Hex("02")) & Hex("010203").At(2).Is(3) & Hex("").IsEmpty & Hex("01ff").Length.Is(2)));
        Assert.True(Holds(_ => Hex("0100").FromBigEndian().Is(256) & Integer(256).ToBigEndian(4).Is(Hex("00000100"))));
        Assert.True(Holds(_ => Hex("02").Prepend(Integer(1)).Is(Hex("0102"))));
        Assert.False(Holds(_ => Hex("02").Prepend(Integer(256)).IsEmpty | True));
        Assert.False(Holds(_ => Integer(256).ToBigEndian(1).IsEmpty | True));
    }

    [Fact]
    public void A_name_that_left_its_block_is_refused_by_the_compiler()
    {
        Term<Int>? escaped = null;
        var kept = Do(b =>
        {
            escaped = b.Let(Integer(1), "lost");
            return True;
        });
        Assert.NotNull(Compiler.Compile(kept));
        var failure = Assert.Throws<InvalidOperationException>(() => Compiler.Compile(escaped!));
        Assert.Contains("lost", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_traced_build_says_which_rule_rejected()
    {
        var validator = Function<Data, Unit>(_ =>
            Do(b =>
            {
                b.Require("first", True);
                b.Require("second", False);
                return Accept;
            })
        );
        Assert.Equal(["second"], Machine.Run(Compiler.Compile(validator, new(Traces: true)), Nothing).Logs);
        Assert.Empty(Machine.Run(Compiler.Compile(validator), Nothing).Logs);
    }

    [Fact]
    public void A_rule_can_be_left_out_and_its_condition_is_not_evaluated_then()
    {
        var validator = Function<Data, Unit>(data =>
            Do(b =>
            {
                b.Require("first", Decode<Int>(data).Is(1));
                b.Require("second", False);
                b.Run(Decode<ListOf<Int>>(data).First("none", x => x.Is(1)));
                return Accept;
            })
        );
        Assert.Equal(["first", "none", "second"], Rules.Of(validator.Expr).Order(StringComparer.Ordinal));
        var list = PlutusData.L(PlutusData.I(1));
        Assert.False(Machine.Run(Compiler.Compile(validator, new(Without: ["first"])), list).Accepted);
        Assert.False(Machine.Run(Compiler.Compile(validator, new(Without: ["second"])), list).Accepted);
        Assert.True(Machine.Run(Compiler.Compile(validator, new(Without: ["first", "second"])), list).Accepted);
        Assert.Throws<ArgumentException>(() => Compiler.Compile(validator, new(Without: ["third"])));
    }

    [Fact]
    public void Compiling_twice_gives_the_same_script()
    {
        foreach (var family in Enum.GetValues<EscrowFamily>())
        {
            Assert.Equal(
                Flat.Encode(EscrowScript.Program(family, CompilerOptions.Release)),
                Flat.Encode(EscrowScript.Program(family, CompilerOptions.Release))
            );
            Assert.Equal(
                Flat.Encode(RegistryScript.Program(family, CompilerOptions.Release)),
                Flat.Encode(RegistryScript.Program(family, CompilerOptions.Release))
            );
        }
    }
}
