using Masumi.OnChain.Language;
using Masumi.Plutus.Syntax;

namespace Masumi.Contracts.Tests.Weakened;

/// <summary>A contract with one small thing of its source otherwise.</summary>
/// <param name="Name">Where and what: the rule or the name that it is near, the kind of thing and how many of them come before, the change.</param>
/// <param name="Rule">The rule that it is near; null for what several rules use.</param>
/// <param name="Program">The changed contract.</param>
internal sealed record Mutant(string Name, string? Rule, Expr Program);

/// <summary>
/// What is finer than a rule: each side of <c>&amp;</c> and <c>|</c> left out, also where they make <c>Any</c> and <c>All</c> of a list; bounds that belong to
/// a range or do not; each place of a rule that stands in several; values that are made only for their failure; kinds of what users write.
/// </summary>
internal static class Operands
{
    // Bindings that read what users write, besides the fields of datums; the ledger's own data is always of its kind.
    private static readonly string[] Written = ["buyerValue", "sellerValue", "signatures"];

    // Names that do not say where one is.
    private static readonly string[] Common = ["x", "_", "walk", "field", "fields", "name", "policy", "key"];

    public static IEnumerable<Mutant> Of(Expr source)
    {
        var seen = new HashSet<Expr>(ReferenceEqualityComparer.Instance);
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        var changes = new List<(string Kind, string Name, string? Rule, Expr At, Expr Instead)>();
        Visit(source, "", null);
        // A rule of one place is left out elsewhere.
        return changes
            .Where(c => c.Kind != "rule" || changes.Count(o => o.Kind == "rule" && o.Rule == c.Rule) > 1)
            .Select(c => new Mutant(c.Name, c.Rule, Replace(source, c.At, c.Instead)));

        void Visit(Expr e, string where, string? rule)
        {
            if (!seen.Add(e))
            {
                return;
            }

            switch (e)
            {
                case Expr.App(Expr.Lam(var variable, var body), var value):
                    Binding(e, variable, value, body, where, rule);
                    var name = variable.ToString();
                    Visit(value, Common.Contains(name) ? where : name, rule);
                    Visit(body, where, rule);
                    return;
                case Expr.Force(
                    Expr.App
                    (Expr.App(Expr.App(Expr.Force(Expr.Builtin(BuiltinFunction.IfThenElse)), var condition), Expr.Delay(var then)), Expr.Delay(var otherwise))
                ):
                    if (otherwise is Expr.Fail(var guard))
                    {
                        Add(guard, "rule", guard, (e, then, "left out"));
                        Visit(condition, guard, guard);
                        Visit(then, where, rule);
                        return;
                    }

                    if (IsConstant(otherwise, false))
                    {
                        Add(where, "&", rule, (e, then, "without its left side"), (e, condition, "without its right side"));
                    }
                    else if (IsConstant(then, true))
                    {
                        Add(where, "|", rule, (e, otherwise, "without its left side"), (e, condition, "without its right side"));
                    }

                    break;
                case Expr.App(Expr.App(Expr.Builtin(BuiltinFunction.LessThanInteger), var less), var more):
                    Add(where, "<", rule, (e, Expr.Call(BuiltinFunction.LessThanEqualsInteger, less, more), "or equal"));
                    break;
                case Expr.App(Expr.App(Expr.Builtin(BuiltinFunction.LessThanEqualsInteger), var atMost), var bound):
                    Add(where, "<=", rule, (e, Expr.Call(BuiltinFunction.LessThanInteger, atMost, bound), "but not equal"));
                    break;
            }

            Optimiser.MapChildren(
                e,
                child =>
                {
                    Visit(child, where, rule);
                    return child;
                }
            );
        }

        void Binding(Expr e, Variable variable, Expr value, Expr body, string where, string? rule)
        {
            if (value is Expr.Lam or Expr.Var or Expr.Const)
            {
                return;
            }

            if (!Uses(body, variable))
            {
                Add(where, "unused value", rule, (e, body, "not made"));
            }
            else if (IsWritten(variable.ToString()) && value is Expr.App(Expr.Builtin(var decode), var data) && Lenient(decode, data) is { } lenient)
            {
                Add(where, $"{decode} of {variable}", rule, (e, Expr.Let(variable, lenient, body), "of any kind"));
            }
        }

        void Add(string where, string kind, string? rule, params ReadOnlySpan<(Expr At, Expr Instead, string Change)> ways)
        {
            var place = places[where + kind] = places.GetValueOrDefault(where + kind) + 1;
            foreach (var (at, instead, change) in ways)
            {
                changes.Add((kind, $"[{where}] {kind} {place}: {change}", rule, at, instead));
            }
        }
    }

    // Fields of datums are called as they are declared: nothing else has names of several words with lines between.
    private static bool IsWritten(string name) => Written.Contains(name) || (name.Length > 1 && name.Contains('_', StringComparison.Ordinal));

    private static bool IsConstant(Expr expr, bool value) => expr is Expr.Const(Constant.Bool(var constant)) && constant == value;

    private static bool Uses(Expr expr, Variable variable)
    {
        var uses = false;
        Go(expr);
        return uses;

        Expr Go(Expr e)
        {
            uses |= e is Expr.Var(var used) && used == variable;
            return uses ? e : Optimiser.MapChildren(e, Go);
        }
    }

    // What has another kind counts as nothing.
    private static Expr? Lenient(BuiltinFunction decode, Expr data)
    {
        var nothing = decode switch
        {
            BuiltinFunction.UnIData => Expr.Integer(0),
            BuiltinFunction.UnBData => Expr.Bytes(default),
            BuiltinFunction.UnListData => Expr.EmptyList,
            BuiltinFunction.UnMapData => Expr.EmptyMap,
            _ => null,
        };
        if (nothing is null)
        {
            return null;
        }

        // The order of the builtin's cases: constructor, map, list, integer, bytes.
        BuiltinFunction?[] cases = [null, BuiltinFunction.UnMapData, BuiltinFunction.UnListData, BuiltinFunction.UnIData, BuiltinFunction.UnBData];
        var value = new Variable("value");
        var choose = new Expr.App(new Expr.Force(new Expr.Builtin(BuiltinFunction.ChooseData)), new Expr.Var(value));
        foreach (var kind in cases)
        {
            choose = new Expr.App(choose, new Expr.Delay(kind == decode ? Expr.Call(decode, new Expr.Var(value)) : nothing));
        }

        return Expr.Let(value, data, new Expr.Force(choose));
    }

    private static Expr Replace(Expr expr, Expr at, Expr instead) =>
        ReferenceEquals(expr, at) ? instead : Optimiser.MapChildren(expr, child => Replace(child, at, instead));
}
