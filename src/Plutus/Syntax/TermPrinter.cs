using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Masumi.Plutus.Syntax;

/// <summary>Writes programs and terms in one line, with a stack of its own.</summary>
internal sealed class TermPrinter(int maxLength)
{
    private readonly StringBuilder _text = new();
    private readonly Stack<Item> _todo = new();

    public void Print(UplcProgram program)
    {
        _text.Append(CultureInfo.InvariantCulture, $"(program {program.Major}.{program.Minor}.{program.Patch} ");
        Print(program.Term);
        _text.Append(')');
    }

    public void Print(Term root)
    {
        _todo.Push(new Item(root, 0, ""));
        while (_todo.TryPop(out var item))
        {
            _text.Append(item.Before);
            if (item.Term is not null)
            {
                Write(item.Term, item.Depth);
            }

            if (_text.Length > maxLength)
            {
                throw new FormatException($"The text of the term would be longer than {maxLength} characters.");
            }
        }
    }

    public override string ToString() => _text.ToString();

    private void Write(Term term, int depth)
    {
        switch (term)
        {
            case Term.Var v:
                // Free variables, which only terms that were never parsed have, get names that nothing binds.
                _text.Append(v.Index >= 1 && v.Index <= depth ? "x-" : "free-");
                _text.Append(CultureInfo.InvariantCulture, $"{(v.Index <= depth ? depth - v.Index : v.Index - depth)}");
                break;
            case Term.Lam lambda:
                _text.Append(CultureInfo.InvariantCulture, $"(lam x-{depth} ");
                Then(")");
                Push(lambda.Body, depth + 1, "");
                break;
            case Term.Delay delay:
                _text.Append("(delay ");
                Then(")");
                Push(delay.Body, depth, "");
                break;
            case Term.Force force:
                _text.Append("(force ");
                Then(")");
                Push(force.Body, depth, "");
                break;
            case Term.Apply apply:
            {
                // The whole spine of applications in one pair of brackets.
                _text.Append('[');
                Then("]");
                Push(apply.Argument, depth, " ");
                var function = apply.Function;
                for (; function is Term.Apply inner; function = inner.Function)
                {
                    Push(inner.Argument, depth, " ");
                }

                Push(function, depth, "");
                break;
            }

            case Term.Error:
                _text.Append("(error)");
                break;
            case Term.Builtin builtin:
                _text.Append("(builtin ").Append(BuiltinNames.Of(builtin.Function)).Append(')');
                break;
            case Term.Const constant:
                _text.Append("(con ");
                new ConstantPrinter(_text, maxLength).Typed(constant.Value);
                _text.Append(')');
                break;
            case Term.Constr constr:
                _text.Append(CultureInfo.InvariantCulture, $"(constr {constr.Tag}");
                Then(")");
                PushAll(constr.Fields, depth);
                break;
            case Term.Case @case:
                _text.Append("(case ");
                Then(")");
                PushAll(@case.Branches, depth);
                Push(@case.Scrutinee, depth, "");
                break;
            default:
                throw new InvalidOperationException($"Not a term: {term.GetType().Name}.");
        }
    }

    private void PushAll(ImmutableArray<Term> terms, int depth)
    {
        for (var i = terms.Length - 1; i >= 0; i--)
        {
            Push(terms[i], depth, " ");
        }
    }

    private void Push(Term term, int depth, string before) => _todo.Push(new Item(term, depth, before));

    private void Then(string text) => _todo.Push(new Item(null, 0, text));

    private readonly record struct Item(Term? Term, int Depth, string Before);
}
