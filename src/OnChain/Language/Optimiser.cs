using Masumi.Plutus.Syntax;

namespace Masumi.OnChain.Language;

/// <summary>
/// Makes a program smaller and cheaper without changing what it accepts: evaluation keeps its order, nothing that may fail is dropped,
/// duplicated or moved across another thing that may fail. The rules, each with a test:
/// <list type="number">
/// <item>forcing a delay is its body;</item>
/// <item>a bound value that is never used goes, when making it cannot fail;</item>
/// <item>a bound variable is replaced by what it stands for when that is itself a variable, or when it is used once and either
/// making it cannot fail or the use is the first thing the body evaluates;</item>
/// <item>choosing on a negated condition swaps the branches;</item>
/// <item>a polymorphic builtin used more than once is forced once, around the whole program.</item>
/// </list>
/// Every variable must have one binder (see <see cref="Compiler"/>).
/// </summary>
internal static class Optimiser
{
    public static Expr Optimise(Expr expr)
    {
        for (var round = 0; round < 50; round++)
        {
            var changed = false;
            expr = Simplify(expr, ref changed);
            if (!changed)
            {
                return HoistBuiltins(expr);
            }
        }

        throw new InvalidOperationException("The optimiser does not come to rest.");
    }

    internal static Expr Simplify(Expr expr, ref bool changed)
    {
        var any = changed;
        expr = MapChildren(expr, child => Simplify(child, ref any));
        changed = any;
        var better = SimplifyHere(expr);
        changed |= better is not null;
        return better ?? expr;
    }

    private static Expr? SimplifyHere(Expr expr) =>
        expr switch
        {
            Expr.Force(Expr.Delay(var body)) => body,
            Expr.App(Expr.Lam(var x, var body), var value) => Inline(x, value, body),
            Expr.App(Expr.App(Expr.App(var choose, Expr.App(Expr.App(Expr.App(var not, var condition), var no), var yes)), var then), var otherwise)
                when IsIfThenElse(choose) && IsIfThenElse(not) && IsConstant(no, false) && IsConstant(yes, true) => new Expr.App(
                new Expr.App(new Expr.App(choose, condition), otherwise),
                then
            ),
            _ => null,
        };

    private static Expr? Inline(Variable x, Expr value, Expr body)
    {
        var uses = Uses(body, x);
        var safe = CannotFail(value);
        return (uses, safe) switch
        {
            (0, true) => body,
            (_, _) when value is Expr.Var => Substitute(body, x, value),
            (1, true) => Substitute(body, x, value),
            (1, false) when EvaluatesFirst(body, x) == true => Substitute(body, x, value),
            _ => null,
        };
    }

    /// <summary>True for what is a value already, or a builtin still waiting for arguments.</summary>
    private static bool CannotFail(Expr expr) =>
        expr switch
        {
            Expr.Var or Expr.Lam or Expr.Delay or Expr.Const or Expr.Builtin => true,
            Expr.Force(Expr.Builtin or Expr.Force) => IsForcedBuiltin(expr, out _),
            Expr.Constr c => c.Fields.All(CannotFail),
            _ => false,
        };

    /// <summary>
    /// True when evaluating the body begins with this variable, false when something else that may fail or run comes first, null when the
    /// body finishes without either.
    /// </summary>
    private static bool? EvaluatesFirst(Expr body, Variable x) =>
        body switch
        {
            Expr.Var v => v.Variable == x ? true : null,
            Expr.Lam or Expr.Delay or Expr.Const or Expr.Builtin => null,
            Expr.Fail => false,
            // Function, then argument, then the call itself, which may fail or run anything.
            Expr.App a => EvaluatesFirst(a.Function, x) ?? EvaluatesFirst(a.Argument, x) ?? (IsPartialBuiltin(a) ? null : false),
            Expr.Force f => EvaluatesFirst(f.Body, x) ?? (IsForcedBuiltin(f, out _) ? null : false),
            Expr.Constr c => c.Fields.Select(f => EvaluatesFirst(f, x)).FirstOrDefault(first => first is not null),
            Expr.Case c => EvaluatesFirst(c.Scrutinee, x) ?? false,
            _ => false,
        };

    private static bool IsPartialBuiltin(Expr.App application)
    {
        var arguments = 0;
        Expr head = application;
        while (head is Expr.App(var function, _))
        {
            arguments++;
            head = function;
        }

        return IsForcedBuiltin(head, out var builtin) && arguments < Arity(builtin);
    }

    /// <summary>Enough for the order rule: never more than the real arity.</summary>
    private static int Arity(BuiltinFunction function) =>
        function switch
        {
            BuiltinFunction.ChooseData => 6,
            BuiltinFunction.IfThenElse or BuiltinFunction.ChooseList or BuiltinFunction.SliceByteString => 3,
            BuiltinFunction.VerifyEd25519Signature or BuiltinFunction.IntegerToByteString => 3,
            BuiltinFunction.AddInteger or BuiltinFunction.SubtractInteger or BuiltinFunction.MultiplyInteger => 2,
            BuiltinFunction.EqualsInteger or BuiltinFunction.LessThanInteger or BuiltinFunction.LessThanEqualsInteger => 2,
            BuiltinFunction.AppendByteString or BuiltinFunction.ConsByteString or BuiltinFunction.IndexByteString => 2,
            BuiltinFunction.EqualsByteString or BuiltinFunction.LessThanByteString or BuiltinFunction.ByteStringToInteger => 2,
            BuiltinFunction.Trace or BuiltinFunction.MkCons or BuiltinFunction.MkPairData => 2,
            BuiltinFunction.ConstrData or BuiltinFunction.EqualsData => 2,
            _ => 1,
        };

    private static bool IsIfThenElse(Expr expr) => expr is Expr.Force(Expr.Builtin(BuiltinFunction.IfThenElse));

    private static bool IsConstant(Expr expr, bool value) => expr is Expr.Const(Constant.Bool(var constant)) && constant == value;

    private static bool IsForcedBuiltin(Expr expr, out BuiltinFunction function)
    {
        var forces = 0;
        while (expr is Expr.Force(var body))
        {
            forces++;
            expr = body;
        }

        function = expr is Expr.Builtin(var found) ? found : default;
        return expr is Expr.Builtin && forces == Expr.Forces(function);
    }

    /// <summary>Binds every polymorphic builtin that is used more than once, outermost, in the order of their tags.</summary>
    private static Expr HoistBuiltins(Expr expr)
    {
        var uses = new SortedDictionary<BuiltinFunction, int>();
        Count(expr);
        var names = uses.Where(u => u.Value > 1).Select(u => u.Key).ToDictionary(f => f, f => new Variable($"{f}"));
        expr = Replace(expr);
        foreach (var (function, _) in uses.Reverse().Where(u => u.Value > 1))
        {
            expr = Expr.Let(names[function], Expr.Call(function), expr);
        }

        return expr;

        void Count(Expr e)
        {
            if (e is Expr.Force && IsForcedBuiltin(e, out var function))
            {
                uses[function] = uses.GetValueOrDefault(function) + 1;
                return;
            }

            MapChildren(
                e,
                child =>
                {
                    Count(child);
                    return child;
                }
            );
        }

        Expr Replace(Expr e) =>
            e is Expr.Force && IsForcedBuiltin(e, out var function) && names.TryGetValue(function, out var name) ? new Expr.Var(name) : MapChildren(e, Replace);
    }

    // Asked for every binding of a program, so it makes nothing.
    private static int Uses(Expr expr, Variable x)
    {
        switch (expr)
        {
            case Expr.Var v:
                return v.Variable == x ? 1 : 0;
            case Expr.Lam l:
                return Uses(l.Body, x);
            case Expr.App a:
                return Uses(a.Function, x) + Uses(a.Argument, x);
            case Expr.Delay d:
                return Uses(d.Body, x);
            case Expr.Force f:
                return Uses(f.Body, x);
            case Expr.Constr c:
                var sum = 0;
                foreach (var field in c.Fields)
                {
                    sum += Uses(field, x);
                }

                return sum;
            case Expr.Case c:
                return Uses(c.Scrutinee, x) + Uses(c.Branch, x);
            default:
                return 0;
        }
    }

    private static Expr Substitute(Expr expr, Variable x, Expr value) =>
        expr is Expr.Var(var variable) && variable == x ? value : MapChildren(expr, child => Substitute(child, x, value));

    /// <summary>The same node with other children; the very same object when no child changed.</summary>
    internal static Expr MapChildren(Expr expr, Func<Expr, Expr> map)
    {
        switch (expr)
        {
            case Expr.Lam l:
                var body = map(l.Body);
                return ReferenceEquals(body, l.Body) ? l : new Expr.Lam(l.Parameter, body);
            case Expr.App a:
                var (function, argument) = (map(a.Function), map(a.Argument));
                return ReferenceEquals(function, a.Function) && ReferenceEquals(argument, a.Argument) ? a : new Expr.App(function, argument);
            case Expr.Delay d:
                var delayed = map(d.Body);
                return ReferenceEquals(delayed, d.Body) ? d : new Expr.Delay(delayed);
            case Expr.Force f:
                var forced = map(f.Body);
                return ReferenceEquals(forced, f.Body) ? f : new Expr.Force(forced);
            case Expr.Constr c:
                return new Expr.Constr([.. c.Fields.Select(map)]);
            case Expr.Case c:
                return new Expr.Case(map(c.Scrutinee), map(c.Branch));
            default:
                return expr;
        }
    }
}
