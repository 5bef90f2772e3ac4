using System.Globalization;

namespace Masumi.Plutus.Syntax;

/// <summary>Reads programs and terms, with a stack of its own; names become de Bruijn indices on the way.</summary>
internal sealed class TermParser(Scanner scanner)
{
    private readonly Stack<Frame> _open = new();
    private readonly Dictionary<string, Stack<int>> _scope = new(StringComparer.Ordinal);
    private int _depth;
    private bool _allowsConstr = true;

    private enum Kind
    {
        Lam,
        Delay,
        Force,
        Apply,
        Constr,
        Case,
    }

    public UplcProgram Program()
    {
        scanner.Expect('(');
        var at = scanner.Position;
        if (scanner.Word() != "program")
        {
            throw scanner.Wrong("expected 'program'", at);
        }

        var major = VersionPart(first: true);
        var minor = VersionPart(first: false);
        var patch = VersionPart(first: false);
        _allowsConstr = major > 1 || (major == 1 && minor >= 1);
        var term = Term();
        scanner.Expect(')');
        End();
        return new UplcProgram(major, minor, patch, term);
    }

    public Term WholeTerm()
    {
        var term = Term();
        End();
        return term;
    }

    private int VersionPart(bool first)
    {
        if (!first)
        {
            scanner.Expect('.');
        }

        return (int)scanner.Natural(int.MaxValue);
    }

    private void End()
    {
        scanner.Next();
        if (!scanner.AtEnd)
        {
            throw scanner.Expected("the end of the text");
        }
    }

    private Term Term()
    {
        while (true)
        {
            var done = Head();

            // A term is complete: hand it up until a term around it wants more.
            while (done is not null)
            {
                if (_open.Count == 0)
                {
                    return done;
                }

                done = Hand(done);
            }
        }
    }

    /// <summary>A term that has no parts, or null after opening one that has.</summary>
    private Term? Head()
    {
        switch (scanner.Next())
        {
            case '(':
                scanner.Read();
                return Form();
            case '[':
                _open.Push(new Frame(Kind.Apply, scanner.Position, 0, "", null));
                scanner.Read();
                return null;
            case '`' or '_':
            case var c when char.IsAsciiLetter(c):
                return Variable();
            default:
                throw scanner.Expected("a term");
        }
    }

    private Term.Var Variable()
    {
        var at = scanner.Position;
        var name = scanner.Name();
        return _scope.TryGetValue(name, out var binders) && binders.TryPeek(out var depth)
            ? new Term.Var(_depth - depth)
            : throw scanner.Wrong($"nothing binds the variable {name}", at);
    }

    private Term? Form()
    {
        scanner.Next();
        var at = scanner.Position;
        switch (scanner.Word())
        {
            case "lam":
            {
                var name = scanner.Name();
                if (!_scope.TryGetValue(name, out var binders))
                {
                    _scope[name] = binders = new Stack<int>();
                }

                binders.Push(_depth++);
                _open.Push(new Frame(Kind.Lam, at, 0, name, null));
                return null;
            }

            case "delay":
                _open.Push(new Frame(Kind.Delay, at, 0, "", null));
                return null;
            case "force":
                _open.Push(new Frame(Kind.Force, at, 0, "", null));
                return null;
            case "error":
                scanner.Expect(')');
                return new Term.Error();
            case "builtin":
            {
                scanner.Next();
                var place = scanner.Position;
                var name = scanner.Word();
                var function = BuiltinNames.Find(name) ?? throw scanner.Wrong($"no builtin is called '{name}'", place);
                scanner.Expect(')');
                return new Term.Builtin(function);
            }

            case "con":
            {
                var constant = new ConstantParser(scanner).Typed();
                scanner.Expect(')');
                return new Term.Const(constant);
            }

            case "constr" when _allowsConstr:
            {
                var tag = scanner.Natural(ulong.MaxValue);
                if (scanner.Take(')'))
                {
                    return new Term.Constr(tag, []);
                }

                _open.Push(new Frame(Kind.Constr, at, tag, "", []));
                return null;
            }

            case "case" when _allowsConstr:
                _open.Push(new Frame(Kind.Case, at, 0, "", []));
                return null;
            case "constr" or "case":
                throw scanner.Wrong("'constr' and 'case' need program version 1.1.0", at);
            case var word:
                throw scanner.Wrong(string.Create(CultureInfo.InvariantCulture, $"'{word}' starts no term"), at);
        }
    }

    /// <summary>Gives a part to the term that waits for it; that term when it is complete, or null.</summary>
    private Term? Hand(Term part)
    {
        var frame = _open.Pop();
        switch (frame.Kind)
        {
            case Kind.Lam:
                scanner.Expect(')');
                _scope[frame.Name].Pop();
                _depth--;
                return new Term.Lam(part);
            case Kind.Delay:
                scanner.Expect(')');
                return new Term.Delay(part);
            case Kind.Force:
                scanner.Expect(')');
                return new Term.Force(part);
            case Kind.Apply when frame.First is null:
                _open.Push(frame with { First = part });
                return null;
            case Kind.Apply:
            {
                // [f x y] is [[f x] y].
                var applied = new Term.Apply(frame.First, part);
                if (scanner.Take(']'))
                {
                    return applied;
                }

                _open.Push(frame with { First = applied });
                return null;
            }

            case Kind.Case when frame.First is null:
                frame = frame with { First = part };
                break;
            default:
                frame.Parts!.Add(part);
                break;
        }

        if (!scanner.Take(')'))
        {
            _open.Push(frame);
            return null;
        }

        return frame.Kind == Kind.Constr ? new Term.Constr(frame.Tag, [.. frame.Parts!]) : new Term.Case(frame.First!, [.. frame.Parts!]);
    }

    private readonly record struct Frame(Kind Kind, int At, ulong Tag, string Name, List<Term>? Parts, Term? First = null);
}
