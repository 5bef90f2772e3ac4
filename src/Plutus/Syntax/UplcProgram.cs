using Masumi.Cardano.Scripts;

namespace Masumi.Plutus.Syntax;

/// <summary>A program: version and term.</summary>
public sealed record UplcProgram(int Major, int Minor, int Patch, Term Term)
{
    /// <summary>The program applied to parameters, each a data constant (spec cardano.md 4).</summary>
    public UplcProgram ApplyParameters(params ReadOnlySpan<PlutusData> parameters)
    {
        var term = Term;
        foreach (var parameter in parameters)
        {
            term = new Term.Apply(term, new Term.Const(new Constant.Data(parameter)));
        }

        return this with
        {
            Term = term,
        };
    }
}
