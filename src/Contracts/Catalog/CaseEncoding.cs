using System.Collections.Immutable;
using Masumi.Plutus.Syntax;

namespace Masumi.Contracts.Catalog;

/// <summary>
/// The pass the deployed V1 scripts went through after their parameters were applied (spec escrow.md 1.5): a function of more than two arguments takes them
/// as the fields of a constructor, and what is delayed only to be forced is neither. The program means the same; its bytes, and so its hash, differ.
/// </summary>
public static class CaseEncoding
{
    // Up to here plain applications are shorter.
    private const int MostApplications = 2;

    /// <summary>
    /// The program re-encoded. Throws <see cref="FormatException"/> for a program older than 1.1.0, which has neither constructors nor cases. Nesting is
    /// limited by memory, never by the stack.
    /// </summary>
    public static UplcProgram Reencode(UplcProgram program)
    {
        ArgumentNullException.ThrowIfNull(program);
        if ((program.Major, program.Minor).CompareTo((1, 1)) < 0)
        {
            throw new FormatException($"A program of version {program.Major}.{program.Minor}.{program.Patch} has no constructors; 1.1.0 has.");
        }

        var open = new Stack<Step>([new Step.Enter(program.Term)]);
        var done = new Stack<Term>();
        while (open.TryPop(out var step))
        {
            if (step is Step.Join(var count, var make))
            {
                var parts = new Term[count];
                for (var i = count - 1; i >= 0; i--)
                {
                    parts[i] = done.Pop();
                }

                done.Push(make(parts));
                continue;
            }

            var term = ((Step.Enter)step).Term;
            switch (term)
            {
                case Term.Apply:
                    Enter(open, Joined, Spine(term));
                    break;
                case Term.Force { Body: Term.Delay { Body: var body } }:
                    open.Push(new Step.Enter(body));
                    break;
                case Term.Force { Body: var body }:
                    Enter(open, p => new Term.Force(p[0]), [body]);
                    break;
                case Term.Delay { Body: var body }:
                    Enter(open, p => new Term.Delay(p[0]), [body]);
                    break;
                case Term.Lam { Body: var body }:
                    Enter(open, p => new Term.Lam(p[0]), [body]);
                    break;
                case Term.Constr { Tag: var tag, Fields: var fields }:
                    Enter(open, p => new Term.Constr(tag, [.. p]), [.. fields]);
                    break;
                case Term.Case { Scrutinee: var scrutinee, Branches: var branches }:
                    Enter(open, p => new Term.Case(p[0], [.. p.Skip(1)]), [scrutinee, .. branches]);
                    break;
                default:
                    done.Push(term);
                    break;
            }
        }

        return program with
        {
            Term = done.Pop(),
        };
    }

    // The head, then the arguments in order.
    private static List<Term> Spine(Term term)
    {
        var spine = new List<Term>();
        while (term is Term.Apply apply)
        {
            spine.Add(apply.Argument);
            term = apply.Function;
        }

        spine.Add(term);
        spine.Reverse();
        return spine;
    }

    private static Term Joined(Term[] spine) =>
        spine.Length - 1 > MostApplications
            ? new Term.Case(new Term.Constr(0, ImmutableArray.Create(spine, 1, spine.Length - 1)), [spine[0]])
            : spine.Aggregate((function, argument) => new Term.Apply(function, argument));

    private static void Enter(Stack<Step> open, Func<Term[], Term> make, List<Term> parts)
    {
        open.Push(new Step.Join(parts.Count, make));
        for (var i = parts.Count - 1; i >= 0; i--)
        {
            open.Push(new Step.Enter(parts[i]));
        }
    }

    private abstract record Step
    {
        public sealed record Enter(Term Term) : Step;

        public sealed record Join(int Count, Func<Term[], Term> Make) : Step;
    }
}
