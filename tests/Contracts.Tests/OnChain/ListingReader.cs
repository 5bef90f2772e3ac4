using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using Masumi.Cardano.Scripts;
using Masumi.OnChain.Language;
using Masumi.Plutus.Syntax;

namespace Masumi.Contracts.Tests.OnChain;

/// <summary>Reads a listing back into the program it shows: UPLC with de Bruijn indices. It knows the grammar and nothing of our compiler.</summary>
internal sealed class ListingReader
{
    private static readonly Dictionary<string, BuiltinFunction> Builtins = Enum.GetValues<BuiltinFunction>().ToDictionary(UplcText.NameOf);

    private readonly ImmutableArray<string> _tokens;
    private readonly ImmutableArray<bool> _touches;
    private int _next;

    private ListingReader(string text)
    {
        var (tokens, touches) = (ImmutableArray.CreateBuilder<string>(), ImmutableArray.CreateBuilder<bool>());
        for (var i = 0; i < text.Length; )
        {
            var start = i;
            if (char.IsWhiteSpace(text[i]))
            {
                i++;
                continue;
            }

            if (text[i] == '-' && text[i + 1] == '-')
            {
                i = text.IndexOf('\n', i);
                continue;
            }

            if (text[i] == '"')
            {
                for (i++; text[i] != '"'; i++)
                {
                    i += text[i] == '\\' ? 1 : 0;
                }

                i++;
            }
            else if (text[i] == '-' || text[i] == '#' || char.IsAsciiLetterOrDigit(text[i]))
            {
                for (i++; i < text.Length && (char.IsAsciiLetterOrDigit(text[i]) || text[i] == '_'); i++) { }
            }
            else
            {
                i++;
            }

            touches.Add(i < text.Length && text[i] == '(');
            tokens.Add(text[start..i]);
        }

        (_tokens, _touches) = (tokens.ToImmutable(), touches.ToImmutable());
    }

    public static UplcProgram Read(string text)
    {
        var reader = new ListingReader(text);
        var term = reader.Block(Scope.Empty);
        return reader._next == reader._tokens.Length ? new UplcProgram(1, 1, 0, term) : throw reader.Unexpected();
    }

    private string Peek => _next < _tokens.Length ? _tokens[_next] : "";

    private Term Block(Scope scope)
    {
        switch (Peek)
        {
            case "share":
                Take("share");
                var shared = Name();
                return new Term.Apply(new Term.Lam(Block(scope.With(shared))), Forced(shared));
            case "let":
                Take("let");
                if (Peek != "(")
                {
                    var name = Name();
                    Take("=");
                    var value = Expression(scope);
                    return new Term.Apply(new Term.Lam(Block(scope.With(name))), value);
                }

                var names = Names();
                Take("=");
                var packed = Expression(scope);
                return new Term.Case(packed, [Function(names, scope)]);
            case "require":
                Take("require");
                var condition = Expression(scope);
                Take("else");
                var failure = Rule(scope);
                return Chosen("ifThenElse", scope, condition, Block(scope), failure);
            default:
                return Expression(scope);
        }
    }

    private Term Function(List<string> names, Scope scope)
    {
        var body = Block(names.Aggregate(scope, (s, name) => s.With(name)));
        return names.Aggregate(body, (inner, _) => new Term.Lam(inner));
    }

    private Term Expression(Scope scope)
    {
        var left = Operand(scope);
        if (Peek is "and")
        {
            Take("and");
            return Chosen("ifThenElse", scope, left, Expression(scope), Bool(false));
        }

        if (Peek is "or")
        {
            Take("or");
            return Chosen("ifThenElse", scope, left, Bool(true), Expression(scope));
        }

        return left;
    }

    private Term Operand(Scope scope)
    {
        var token = Peek;
        var calls = _next < _touches.Length && _touches[_next];
        switch (token)
        {
            case "{":
                return Braces(scope);
            case "(":
                Take("(");
                var inner = Expression(scope);
                Take(")");
                return inner;
            case "not":
                Take("not");
                return Apply(Named("ifThenElse", scope), [Operand(scope), Bool(false), Bool(true)]);
            case "if":
                Take("if");
                return If(scope);
            case "fn":
                Take("fn");
                var parameters = Names();
                Take("{");
                var function = Function(parameters, scope);
                Take("}");
                return function;
            case "fail":
                Take("fail");
                return Peek.StartsWith('"') || Peek == "traced" ? Rule(scope) : new Term.Error();
        }

        if (Literal(token) is { } literal)
        {
            Take(token);
            return new Term.Const(literal);
        }

        var name = Name();
        if (!calls)
        {
            return Named(name, scope);
        }

        if (name is "data" or "con" or "builtin")
        {
            Take("(");
            var text = Peek;
            Take(text);
            Take(")");
            return name switch
            {
                "data" => new Term.Const(new Constant.Data(PlutusData.FromCbor(Convert.FromHexString(text[1..])))),
                "con" => UplcText.ParseTerm(Text(text)),
                _ => new Term.Builtin(Builtins[text]),
            };
        }

        var arguments = Arguments(scope);
        return name switch
        {
            "apply" => Apply(arguments[0], arguments.Skip(1)),
            "pack" => new Term.Constr(0, [.. arguments]),
            "unpack" => new Term.Case(arguments[0], [arguments[1]]),
            "delay" => new Term.Delay(arguments[0]),
            "force" => new Term.Force(arguments[0]),
            _ => Apply(Named(name, scope), arguments),
        };
    }

    private Term.Force If(Scope scope)
    {
        var chooser = "ifThenElse";
        Term condition;
        if (Peek == "empty")
        {
            Take("empty");
            (chooser, condition) = ("chooseList", Arguments(scope)[0]);
        }
        else
        {
            condition = Expression(scope);
        }

        var then = Braces(scope);
        Take("else");
        return Chosen(chooser, scope, condition, then, Peek == "if" ? Operand(scope) : Braces(scope));
    }

    private Term Rule(Scope scope)
    {
        var traced = Peek == "traced";
        if (traced)
        {
            Take("traced");
        }

        var rule = Text(Peek);
        Take(Peek);
        return traced
            ? new Term.Force(Apply(Named("trace", scope), [new Term.Const(new Constant.String(rule)), new Term.Delay(new Term.Error())]))
            : new Term.Error();
    }

    private Term Braces(Scope scope)
    {
        Take("{");
        var block = Block(scope);
        Take("}");
        return block;
    }

    private List<Term> Arguments(Scope scope)
    {
        var arguments = new List<Term>();
        Take("(");
        while (Peek != ")")
        {
            arguments.Add(Expression(scope));
            if (Peek == ",")
            {
                Take(",");
            }
        }

        Take(")");
        return arguments;
    }

    private List<string> Names()
    {
        var names = new List<string>();
        Take("(");
        while (Peek != ")")
        {
            names.Add(Name());
            if (Peek == ",")
            {
                Take(",");
            }
        }

        Take(")");
        return names;
    }

    private static Constant? Literal(string token) =>
        token switch
        {
            "true" => new Constant.Bool(true),
            "false" => new Constant.Bool(false),
            "unit" => new Constant.Unit(),
            "emptyList" => ((Term.Const)UplcText.ParseTerm("(con (list data) [])")).Value,
            "emptyMap" => ((Term.Const)UplcText.ParseTerm("(con (list (pair data data)) [])")).Value,
            ['#', .. var hex] => new Constant.ByteString(Convert.FromHexString(hex)),
            ['"', ..] => new Constant.String(Text(token)),
            [var first, ..] when first == '-' || char.IsAsciiDigit(first) => new Constant.Integer(BigInteger.Parse(token, CultureInfo.InvariantCulture)),
            _ => null,
        };

    private static string Text(string token) => token[1..^1].Replace("\\\"", "\"", StringComparison.Ordinal).Replace("\\\\", "\\", StringComparison.Ordinal);

    private static Term.Const Bool(bool value) => new Term.Const(new Constant.Bool(value));

    private static Term Named(string name, Scope scope) => (Term?)scope.Find(name) ?? Forced(name);

    private static Term Forced(string builtin)
    {
        Term term = new Term.Builtin(Builtins[builtin]);
        for (var i = Expr.Forces(Builtins[builtin]); i > 0; i--)
        {
            term = new Term.Force(term);
        }

        return term;
    }

    private static Term Apply(Term function, IEnumerable<Term> arguments) => arguments.Aggregate(function, (f, a) => new Term.Apply(f, a));

    private static Term.Force Chosen(string builtin, Scope scope, Term condition, Term then, Term otherwise) =>
        new(Apply(Named(builtin, scope), [condition, new Term.Delay(then), new Term.Delay(otherwise)]));

    private string Name()
    {
        var name = Peek;
        Take(name);
        return name.Length > 0 && char.IsAsciiLetter(name[0]) ? name : throw new FormatException($"'{name}' is no name.");
    }

    private void Take(string token)
    {
        if (Peek != token)
        {
            throw Unexpected();
        }

        _next++;
    }

    private FormatException Unexpected() => new($"Unexpected '{Peek}' after '{string.Join(' ', _tokens.Take(_next).TakeLast(12))}'.");

    private sealed record Scope(ImmutableDictionary<string, int> Levels)
    {
        public static Scope Empty { get; } = new(ImmutableDictionary<string, int>.Empty);

        // Names are unique, so a name's level is how many there were before it.
        public Scope With(string name) => new(Levels.Add(name, Levels.Count));

        public Term.Var? Find(string name) => Levels.TryGetValue(name, out var level) ? new Term.Var(Levels.Count - level) : null;
    }
}
