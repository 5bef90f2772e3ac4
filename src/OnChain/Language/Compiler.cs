using System.Collections.Immutable;
using Masumi.Plutus.Syntax;

namespace Masumi.OnChain.Language;

/// <summary>How to compile.</summary>
/// <param name="Optimise">Off gives the program exactly as written.</param>
/// <param name="Traces">On keeps the rule's text at every rejection: a larger script with another hash, for finding out why.</param>
/// <param name="Without">Rules to leave out, each of which the program must have: for finding out whether anybody notices.</param>
internal sealed record CompilerOptions(bool Optimise = true, bool Traces = false, IReadOnlyList<string>? Without = null)
{
    public static CompilerOptions Release { get; } = new();
}

/// <summary>From named expressions to UPLC 1.1.0 with de Bruijn indices. The same input always gives the same program.</summary>
internal static class Compiler
{
    public static UplcProgram Compile<T>(Term<T> term, CompilerOptions? options = null) =>
        new(1, 1, 0, Index(Named(term, options), ImmutableDictionary<Variable, int>.Empty, 0));

    /// <summary>What <see cref="Compile"/> gives indices to: the same program with names and the texts of its rules, which a listing shows.</summary>
    public static Expr Named<T>(Term<T> term, CompilerOptions? options = null)
    {
        options ??= CompilerOptions.Release;
        var expr = Lower((options.Without ?? []).Aggregate(term.Expr, Rules.Without), options.Traces);
        return options.Optimise ? Optimiser.Optimise(expr) : expr;
    }

    /// <summary>
    /// Gives every binder a variable of its own (a term used twice in C# is the same object twice) and turns
    /// <see cref="Expr.Fail"/> into what the options ask for.
    /// </summary>
    private static Expr Lower(Expr expr, bool traces)
    {
        return Go(expr, ImmutableDictionary<Variable, Expr>.Empty);

        Expr Go(Expr e, ImmutableDictionary<Variable, Expr> names)
        {
            switch (e)
            {
                case Expr.Var(var variable):
                    return names.TryGetValue(variable, out var renamed)
                        ? renamed
                        : throw new InvalidOperationException($"'{variable}' is used outside the block or function that binds it.");
                case Expr.Lam(var parameter, var body):
                    var fresh = new Variable(parameter.ToString());
                    return new Expr.Lam(fresh, Go(body, names.SetItem(parameter, new Expr.Var(fresh))));
                case Expr.Fail(var message) when traces && message.Length > 0:
                    return new Expr.Force(Expr.Call(BuiltinFunction.Trace, new Expr.Const(new Constant.String(message)), new Expr.Delay(new Expr.Fail(""))));
                default:
                    return Optimiser.MapChildren(e, child => Go(child, names));
            }
        }
    }

    private static Term Index(Expr expr, ImmutableDictionary<Variable, int> levels, int depth) =>
        expr switch
        {
            Expr.Var v => new Term.Var(depth - levels[v.Variable]),
            Expr.Lam l => new Term.Lam(Index(l.Body, levels.SetItem(l.Parameter, depth), depth + 1)),
            Expr.App a => new Term.Apply(Index(a.Function, levels, depth), Index(a.Argument, levels, depth)),
            Expr.Delay d => new Term.Delay(Index(d.Body, levels, depth)),
            Expr.Force f => new Term.Force(Index(f.Body, levels, depth)),
            Expr.Fail => new Term.Error(),
            Expr.Const c => new Term.Const(c.Value),
            Expr.Builtin b => new Term.Builtin(b.Function),
            Expr.Constr c => new Term.Constr(0, [.. c.Fields.Select(f => Index(f, levels, depth))]),
            Expr.Case c => new Term.Case(Index(c.Scrutinee, levels, depth), [Index(c.Branch, levels, depth)]),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
}
