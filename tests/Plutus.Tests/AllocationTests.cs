using System.Globalization;
using System.Text;
using Masumi.Cardano.Parameters;
using Masumi.Cardano.Scripts;
using Masumi.Plutus.Costs;
using Masumi.Plutus.Machine;
using Masumi.Plutus.Syntax;

namespace Masumi.Plutus.Tests;

/// <summary>What running costs in memory of the host: binding a variable takes an object, a look-up and arithmetic on small integers take none.</summary>
public sealed class AllocationTests
{
    // Neither the loop's function nor its number is a landmark then, so that both bindings are of one size.
    private const int Outer = 42;

    // Arguments of the next round, all of them n - 1. The constants live in outer variables, from the nearest (the last) to the farthest (c0), each its own index.
    private const string Plain = "[(builtin subtractInteger) n c1]";

    private static readonly string Busy = Enumerable
        .Range(0, Outer)
        .Reverse()
        .Aggregate(Plain, (term, i) => $"[(builtin subtractInteger) [(builtin addInteger) {term} c{i}] [(builtin multiplyInteger) c{i} c1]]");

    [Fact]
    public void A_round_of_a_loop_allocates_its_bindings_and_nothing_else()
    {
        var binding = OfScope();
        Assert.True(binding > 0);
        Assert.Equal(2 * 300 * binding, OfRun(Plain, 600) - OfRun(Plain, 300));
    }

    [Fact]
    public void Look_ups_and_arithmetic_on_small_integers_allocate_nothing()
    {
        var bindings = 2 * 300 * OfScope();
        Assert.Equal(bindings, OfRun(Busy, 600) - OfRun(Busy, 300));
        Assert.Equal(bindings, OfRun(Busy, 900) - OfRun(Busy, 600));
    }

    [Fact]
    public void Large_integers_are_seen_by_the_measure()
    {
        var large = Plain.Replace(
            " n ",
            " [(builtin subtractInteger) [(builtin addInteger) n (con integer 5000)] (con integer 5000)] ",
            StringComparison.Ordinal
        );
        Assert.True(OfRun(large, 600) - OfRun(large, 300) > 2 * 300 * OfScope());
    }

    private static long OfScope()
    {
        var value = new object();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var scope = new Scope(value, null);
        var after = GC.GetAllocatedBytesForCurrentThread();
        GC.KeepAlive(scope);
        return after - before;
    }

    /// <summary>Bytes allocated by counting down in a loop whose function takes itself and the number: two bindings a round.</summary>
    private static long OfRun(string next, int rounds)
    {
        var text = new StringBuilder("(program 1.1.0 ");
        for (var i = 0; i < Outer; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"[(lam c{i} ");
        }

        text.Append("[(lam loop [loop loop (con integer ").Append(rounds.ToString(CultureInfo.InvariantCulture)).Append(")]) ");
        text.Append("(lam self (lam n (force [(force (builtin ifThenElse)) [(builtin lessThanEqualsInteger) n c0] (delay n) (delay [self self ");
        text.Append(next).Append("])])))]");
        for (var i = Outer - 1; i >= 0; i--)
        {
            text.Append(CultureInfo.InvariantCulture, $") (con integer {i})]");
        }

        var code = CodeBuilder.Compile(UplcText.Parse(text.Append(')').ToString()).Term);
        var costs = CostModel.Resolve(ScriptLanguage.PlutusV3, 11, ProtocolParameters.Mainnet.CostModels[ScriptLanguage.PlutusV3]);
        long Once()
        {
            var machine = new CodeMachine(costs, new ExUnits(long.MaxValue, long.MaxValue));
            var before = GC.GetAllocatedBytesForCurrentThread();
            var outcome = machine.Run(code, out var value);
            var after = GC.GetAllocatedBytesForCurrentThread();
            Assert.Null(outcome.Failure);
            Assert.Equal(new Constant.Integer(0), value);
            return after - before;
        }

        // What the runtime makes for itself (a larger cache of its casts, say) falls into one run; what a round takes is in every one.
        return Enumerable.Range(0, 5).Min(_ => Once());
    }
}
