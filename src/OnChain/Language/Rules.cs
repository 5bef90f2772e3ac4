using Masumi.Plutus.Syntax;

namespace Masumi.OnChain.Language;

/// <summary>The rules of a program by the names they reject with: what a program would be if one of them were not written.</summary>
internal static class Rules
{
    /// <summary>Every name that something rejects with, once.</summary>
    public static IReadOnlyList<string> Of(Expr expr)
    {
        var names = new List<string>();
        Go(expr);
        return names;

        Expr Go(Expr e)
        {
            if (e is Expr.Fail(var name) && !names.Contains(name))
            {
                names.Add(name);
            }

            return Optimiser.MapChildren(e, Go);
        }
    }

    /// <summary>
    /// The program as if the rule were written nowhere: what it would reject goes on, and its condition is not evaluated. Where the rule is that a list has
    /// something in it, what follows takes the first element of an empty one. Throws <see cref="ArgumentException"/> for a rule that the program does not have.
    /// </summary>
    public static Expr Without(Expr expr, string rule)
    {
        var found = false;
        var rest = Go(expr);
        return found ? rest : throw new ArgumentException($"The program has no rule '{rule}'.", nameof(rule));

        Expr Go(Expr e)
        {
            if (Guarded(e, rule) is not { } guarded)
            {
                return Optimiser.MapChildren(e, Go);
            }

            found = true;
            return Go(guarded);
        }
    }

    /// <summary>What is evaluated when the rule holds; null for anything but a choice between that and rejecting.</summary>
    public static Expr? Guarded(Expr expr, string rule) =>
        expr is Expr.Force(Expr.App(Expr.App(Expr.App(Expr.Force(var choose), _), Expr.Delay(var first)), Expr.Delay(var second)))
            ? (choose, first, second) switch
            {
                (Expr.Builtin(BuiltinFunction.IfThenElse), _, Expr.Fail(var name)) when name == rule => first,
                (Expr.Force(Expr.Builtin(BuiltinFunction.ChooseList)), Expr.Fail(var name), _) when name == rule => second,
                _ => null,
            }
            : null;
}
