using System.Globalization;
using System.Text;
using Masumi.Plutus.Syntax;

namespace Masumi.OnChain.Language;

/// <summary>
/// A program as text for people, with the names and the rules of its source. It hides nothing: every form stands for exactly one piece of UPLC, so that the
/// program can be read back from it, which a test does for every contract and build. The forms (docs/contracts.md has them too):
/// <list type="bullet">
/// <item><c>let x = e</c> and the rest of the block: <c>[(lam x rest) e]</c>; <c>let (x, y) = e</c>: <c>(case e (lam x (lam y rest)))</c>;</item>
/// <item><c>share headList</c>: the builtin, forced, bound once for the rest; wherever else its name stands it is the builtin with its forces;</item>
/// <item><c>require c else "rule"</c>: the rest if <c>c</c> holds, otherwise the error; <c>fail "rule"</c>: the error alone, its text is in traced builds only;</item>
/// <item><c>if c { a } else { b }</c>: <c>ifThenElse</c> with both branches delayed; <c>a and b</c>, <c>a or b</c>: the same with a constant for a branch;</item>
/// <item><c>if empty(l) { a } else { b }</c>: <c>chooseList</c>, likewise; <c>not a</c>: <c>ifThenElse a false true</c>, nothing delayed;</item>
/// <item><c>fn (x, y) { b }</c>: functions; <c>f(a, b)</c>, <c>apply(e, a, b)</c>: applications, one after the other; <c>pack(a, b)</c>: <c>(constr 0 a b)</c>.</item>
/// </list>
/// </summary>
internal sealed class Listing
{
    private const int Width = 120;
    private const int Step = 2;

    private readonly ListingNames _names = new();
    private readonly Dictionary<BuiltinFunction, Variable> _shared = [];
    private readonly StringBuilder _text = new();

    private Listing() { }

    /// <summary>The text; the same program always has the same.</summary>
    public static string Of(Expr program)
    {
        var listing = new Listing();
        listing.Block(program, 0);
        return listing._text.ToString();
    }

    // A block is its statements, one a line, and what it comes to.
    private void Block(Expr expr, int indent)
    {
        for (; Statement(expr, indent, out var rest); expr = rest) { }

        Line(indent);
        Write(expr, indent);
        _text.Append('\n');
    }

    private bool Statement(Expr expr, int indent, out Expr rest)
    {
        switch (expr)
        {
            case Expr.App(Expr.Lam(var x, var body), var value):
                rest = body;
                Line(indent);
                if (indent == 0 && Builtin(value) is { } function && !_shared.ContainsKey(function))
                {
                    _text.Append("share ").Append(UplcText.NameOf(function)).Append('\n');
                    _shared.Add(function, x);
                    return true;
                }

                // The name comes first in the text and is in scope only after the value.
                Write(value, indent, $"let {_names[x]} = ");
                _text.Append('\n');
                return true;
            case Expr.Case(var scrutinee, Expr.Lam branch):
                var parts = Parameters(branch, out rest);
                Line(indent);
                Write(scrutinee, indent, $"let ({Pattern(parts, indent)}) = ");
                _text.Append('\n');
                return true;
            case var choice when Choice(choice) is (var condition, var then, var otherwise) && IsFailure(otherwise):
                rest = then;
                Line(indent);
                Write(condition, indent, "require ");
                _text.Append(" else ").Append(Atom(otherwise)["fail ".Length..]).Append('\n');
                return true;
            default:
                rest = expr;
                return false;
        }
    }

    private void Line(int indent) => _text.Append(' ', indent);

    // Many names stand in as many lines as they need.
    private static string Pattern(IEnumerable<string> names, int indent)
    {
        var text = new StringBuilder();
        var room = Width - indent;
        foreach (var name in names)
        {
            room -= name.Length + 2;
            if (text.Length > 0)
            {
                text.Append(room > 0 ? ", " : ",\n" + new string(' ', indent + Step));
                room = room > 0 ? room : Width - indent - name.Length;
            }

            text.Append(name);
        }

        return text.ToString();
    }

    /// <summary>Writes an expression where the line stands; on this line when it fits.</summary>
    private void Write(Expr expr, int indent, string before = "")
    {
        _text.Append(before);
        if (Short(expr, Width - indent - before.Length) is { } line)
        {
            _text.Append(line);
            return;
        }

        switch (expr)
        {
            case Expr.Lam:
                _text.Append("fn (").AppendJoin(", ", Parameters(expr, out var body)).Append(") ");
                Braces(body, indent);
                break;
            case var negation when Negated(negation) is { } condition:
                _text.Append("not ");
                Operand(condition, indent);
                break;
            case var choice when Choice(choice) is (var condition, var then, var otherwise) && !IsFailure(otherwise):
                WriteChoice(condition, then, otherwise, indent);
                break;
            case var choice when ListChoice(choice) is (var list, var whenEmpty, var otherwise):
                Arguments("if empty", [list], indent);
                Branches(whenEmpty, otherwise, indent);
                break;
            case var _ when IsStatement(expr):
                Braces(expr, indent);
                break;
            case Expr.App:
                var (head, arguments) = Spine(expr);
                Arguments(Callee(head) is { } name ? name : "apply", Callee(head) is null ? [head, .. arguments] : arguments, indent);
                break;
            case Expr.Constr(var fields):
                Arguments("pack", fields, indent);
                break;
            case Expr.Case(var scrutinee, var branch):
                Arguments("unpack", [scrutinee, branch], indent);
                break;
            case Expr.Delay(var delayed):
                Arguments("delay", [delayed], indent);
                break;
            case Expr.Force(var forced):
                Arguments("force", [forced], indent);
                break;
            default:
                _text.Append(Atom(expr));
                break;
        }
    }

    private void WriteChoice(Expr condition, Expr then, Expr otherwise, int indent)
    {
        if (IsBool(otherwise, false) || IsBool(then, true))
        {
            var isAnd = IsBool(otherwise, false);
            Operand(condition, indent);
            _text.Append('\n');
            Line(indent + Step);
            _text.Append(isAnd ? "and " : "or ");
            Operand(isAnd ? then : otherwise, indent + Step);
            return;
        }

        Write(condition, indent, "if ");
        Branches(then, otherwise, indent);
    }

    // A choice between more than two stays at its indentation.
    private void Branches(Expr then, Expr otherwise, int indent)
    {
        _text.Append(' ');
        Braces(then, indent);
        _text.Append(" else ");
        if (Junction(otherwise) is null && Choice(otherwise) is (_, _, var last) && !IsFailure(last))
        {
            Write(otherwise, indent);
            return;
        }

        Braces(otherwise, indent);
    }

    private void Operand(Expr expr, int indent)
    {
        var bare = Junction(expr) is null && Negated(expr) is null;
        if (!bare)
        {
            _text.Append('(');
        }

        Write(expr, indent);
        if (!bare)
        {
            _text.Append(')');
        }
    }

    private void Braces(Expr body, int indent)
    {
        _text.Append("{\n");
        Block(body, indent + Step);
        Line(indent);
        _text.Append('}');
    }

    private void Arguments(string name, IReadOnlyList<Expr> arguments, int indent)
    {
        if (ShortCall(name, arguments, Width - indent) is { } line)
        {
            _text.Append(line);
            return;
        }

        _text.Append(name).Append("(\n");
        var first = true;
        foreach (var argument in arguments)
        {
            _text.Append(first ? "" : ",\n");
            first = false;
            Line(indent + Step);
            Write(argument, indent + Step);
        }

        _text.Append('\n');
        Line(indent);
        _text.Append(')');
    }

    /// <summary>The expression in one line, when it has no statements and so many characters are enough for it.</summary>
    private string? Short(Expr expr, int room)
    {
        var text = Negated(expr) is { } condition
            ? ShortOperand(condition, room - 4) is { } negated
                ? "not " + negated
                : null
            : Junction(expr) is (var left, var word, var right)
                ? ShortOperand(left, room) is { } l && ShortOperand(right, room - l.Length - word.Length - 2) is { } r
                    ? $"{l} {word} {r}"
                    : null
                : IsStatement(expr)
                    ? null
                    : ListChoice(expr) is (var list, var whenEmpty, var otherwise)
                        ? ShortChoice("if empty(", list, ")", whenEmpty, otherwise, room)
                        : Choice(expr) is (var chosenBy, var then, var or)
                            ? ShortChoice("if ", chosenBy, "", then, or, room)
                            : expr is Expr.Lam
                                ? ShortFunction(expr, room)
                                : expr switch
                                {
                                    Expr.App when Spine(expr) is var (head, arguments) => Callee(head) is { } name
                                        ? ShortCall(name, arguments, room)
                                        : ShortCall("apply", [head, .. arguments], room),
                                    Expr.Constr(var fields) => ShortCall("pack", fields, room),
                                    Expr.Case(var scrutinee, var branch) => ShortCall("unpack", [scrutinee, branch], room),
                                    Expr.Delay(var body) => ShortCall("delay", [body], room),
                                    Expr.Force(var body) when Builtin(expr) is null && !IsTracedFailure(expr) => ShortCall("force", [body], room),
                                    _ => Atom(expr),
                                };
        return text?.Length <= room ? text : null;
    }

    private string? ShortChoice(string before, Expr condition, string after, Expr then, Expr otherwise, int room) =>
        Short(condition, room) is { } c && Short(then, room - c.Length) is { } t && Short(otherwise, room - c.Length - t.Length) is { } o
            ? $"{before}{c}{after} {{ {t} }} else {{ {o} }}"
            : null;

    private string? ShortFunction(Expr function, int room) =>
        $"fn ({string.Join(", ", Parameters(function, out var body))})" is var head && Short(body, room - head.Length - 4) is { } line
            ? $"{head} {{ {line} }}"
            : null;

    private string? ShortOperand(Expr expr, int room) =>
        Junction(expr) is null && Negated(expr) is null ? Short(expr, room)
        : Short(expr, room - 2) is { } inner ? $"({inner})"
        : null;

    private string? ShortCall(string name, IEnumerable<Expr> arguments, int room)
    {
        var text = new StringBuilder(name).Append('(');
        var first = true;
        foreach (var argument in arguments)
        {
            text.Append(first ? "" : ", ");
            first = false;
            if (text.Length > room || Short(argument, room - text.Length) is not { } line)
            {
                return null;
            }

            text.Append(line);
        }

        return text.Append(')').ToString();
    }

    private string Atom(Expr expr) =>
        expr switch
        {
            _ when IsTracedFailure(expr) => "fail traced " + Quoted(((Constant.String)((Expr.Const)TracedRule(expr)!).Value).Value),
            _ when Builtin(expr) is { } function && !_shared.ContainsKey(function) => UplcText.NameOf(function),
            Expr.Var(var variable) when _shared.ContainsValue(variable) => UplcText.NameOf(_shared.First(s => s.Value == variable).Key),
            Expr.Var(var variable) => _names[variable],
            Expr.Fail(var rule) => rule.Length == 0 ? "fail" : "fail " + Quoted(rule),
            Expr.Builtin(var function) => $"builtin({UplcText.NameOf(function)})",
            Expr.Force(var body) => $"force({Atom(body)})",
            Expr.Const(var value) => Literal(value),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    private static string Literal(Constant value) =>
        value switch
        {
            Constant.Integer number => number.Value.ToString(CultureInfo.InvariantCulture),
            Constant.ByteString(var bytes) => "#" + Convert.ToHexStringLower(bytes.Span),
            Constant.String(var text) => Quoted(text),
            Constant.Bool(var isTrue) => isTrue ? "true" : "false",
            Constant.Unit => "unit",
            Constant.Data(var data) => $"data(#{Convert.ToHexStringLower(data.ToCbor())})",
            _ when new Expr.Const(value) == Expr.EmptyList => "emptyList",
            _ when new Expr.Const(value) == Expr.EmptyMap => "emptyMap",
            _ => $"con({Quoted(UplcText.Print(new Term.Const(value)))})",
        };

    // As in JSON, as far as rules need it.
    private static string Quoted(string text) =>
        "\"" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"";

    private List<string> Parameters(Expr function, out Expr body)
    {
        var parameters = new List<string>();
        for (body = function; body is Expr.Lam(var parameter, var inner); body = inner)
        {
            parameters.Add(_names[parameter]);
        }

        return parameters;
    }

    private static (Expr Head, List<Expr> Arguments) Spine(Expr expr)
    {
        var arguments = new List<Expr>();
        // A bound value is a statement, not an application.
        for (; expr is Expr.App(var function, var argument) && expr is not Expr.App(Expr.Lam, _); expr = function)
        {
            arguments.Add(argument);
        }

        arguments.Reverse();
        return (expr, arguments);
    }

    // What can stand before brackets: a name.
    private string? Callee(Expr head) => head is Expr.Var || (Builtin(head) is { } function && !_shared.ContainsKey(function)) ? Atom(head) : null;

    private bool IsStatement(Expr expr) =>
        expr is Expr.App(Expr.Lam, _) or Expr.Case(_, Expr.Lam) || (Choice(expr) is (_, _, var otherwise) && IsFailure(otherwise));

    /// <summary>A builtin with all the forces its type demands.</summary>
    private static BuiltinFunction? Builtin(Expr expr)
    {
        var forces = 0;
        for (; expr is Expr.Force(var body); expr = body)
        {
            forces++;
        }

        return expr is Expr.Builtin(var function) && forces == Expr.Forces(function) ? function : null;
    }

    // The builtin as it is called here: where it is shared by its shared name, elsewhere as it is.
    private bool Is(Expr expr, BuiltinFunction function) =>
        _shared.TryGetValue(function, out var variable) ? expr is Expr.Var(var name) && name == variable : Builtin(expr) == function;

    private (Expr Condition, Expr Then, Expr Otherwise)? Choice(Expr expr) =>
        expr is Expr.Force(Expr.App(Expr.App(Expr.App(var choose, var condition), Expr.Delay(var then)), Expr.Delay(var otherwise)))
        && Is(choose, BuiltinFunction.IfThenElse)
            ? (condition, then, otherwise)
            : null;

    private (Expr List, Expr WhenEmpty, Expr Otherwise)? ListChoice(Expr expr) =>
        expr is Expr.Force(Expr.App(Expr.App(Expr.App(var choose, var list), Expr.Delay(var whenEmpty)), Expr.Delay(var otherwise)))
        && Is(choose, BuiltinFunction.ChooseList)
            ? (list, whenEmpty, otherwise)
            : null;

    private (Expr Left, string Word, Expr Right)? Junction(Expr expr) =>
        Choice(expr) is not (var condition, var then, var otherwise) ? null
        : IsBool(otherwise, false) ? (condition, "and", then)
        : IsBool(then, true) && !IsFailure(otherwise) ? (condition, "or", otherwise)
        : null;

    private Expr? Negated(Expr expr) =>
        expr is Expr.App(Expr.App(Expr.App(var choose, var condition), var no), var yes)
        && Is(choose, BuiltinFunction.IfThenElse)
        && IsBool(no, false)
        && IsBool(yes, true)
            ? condition
            : null;

    // A failure that says which rule it is.
    private bool IsFailure(Expr expr) => expr is Expr.Fail(var rule) ? rule.Length > 0 : IsTracedFailure(expr);

    private bool IsTracedFailure(Expr expr) => TracedRule(expr) is Expr.Const(Constant.String);

    private Expr? TracedRule(Expr expr) =>
        expr is Expr.Force(Expr.App(Expr.App(var trace, var rule), Expr.Delay(Expr.Fail("")))) && Is(trace, BuiltinFunction.Trace) ? rule : null;

    private static bool IsBool(Expr expr, bool value) => expr is Expr.Const(Constant.Bool(var constant)) && constant == value;
}
