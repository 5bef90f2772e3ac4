using Masumi.Cardano.Parameters;
using Masumi.Cardano.Scripts;
using Masumi.Plutus.Costs;
using Masumi.Plutus.Machine;
using Masumi.Plutus.Syntax;

namespace Masumi.Plutus.Tests;

public sealed class VariableTests
{
    /// <summary>Far variables are reached by jumps that depend on both depth and index; 300 is beyond every prepared table.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(17)]
    [InlineData(24)]
    [InlineData(31)]
    [InlineData(45)]
    [InlineData(300)]
    public void Every_variable_is_found_from_every_depth(int depth)
    {
        var costs = CostModel.Resolve(ScriptLanguage.PlutusV3, 11, ProtocolParameters.Mainnet.CostModels[ScriptLanguage.PlutusV3]);
        for (var index = 1; index <= depth; index++)
        {
            Term term = new Term.Var(index);
            for (var i = depth; i >= 1; i--)
            {
                term = new Term.Apply(new Term.Lam(term), new Term.Const(new Constant.Integer(i)));
            }

            var outcome = new CodeMachine(costs, new ExUnits(long.MaxValue, long.MaxValue)).Run(CodeBuilder.Compile(term), out _);
            Assert.Equal(new Constant.Integer(depth - index + 1), outcome.Result);
        }
    }
}
