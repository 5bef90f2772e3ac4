using System.Collections.Immutable;
using Masumi.Plutus.Syntax;

namespace Masumi.Plutus.FlatFormat;

/// <summary>Writes terms, with a stack of its own.</summary>
internal static class FlatEncoder
{
    public static byte[] Encode(UplcProgram program)
    {
        var writer = new FlatWriter();
        writer.Natural((ulong)program.Major);
        writer.Natural((ulong)program.Minor);
        writer.Natural((ulong)program.Patch);
        var todo = new Stack<Item>();
        todo.Push(new Item(program.Term, false));
        while (todo.TryPop(out var item))
        {
            // No term ends a list of terms; a term inside a list carries its continuation bit in front.
            if (item.Term is null || item.InList)
            {
                writer.Bit(item.Term is not null);
            }

            if (item.Term is not null)
            {
                Write(writer, todo, item.Term);
            }
        }

        writer.Fill();
        return writer.ToArray();
    }

    private static void Write(FlatWriter writer, Stack<Item> todo, Term term)
    {
        switch (term)
        {
            case Term.Var v:
                writer.Bits(0, 4);
                writer.Natural((ulong)v.Index);
                break;
            case Term.Delay delay:
                writer.Bits(1, 4);
                todo.Push(new Item(delay.Body, false));
                break;
            case Term.Lam lambda:
                writer.Bits(2, 4);
                todo.Push(new Item(lambda.Body, false));
                break;
            case Term.Apply apply:
                writer.Bits(3, 4);
                todo.Push(new Item(apply.Argument, false));
                todo.Push(new Item(apply.Function, false));
                break;
            case Term.Const constant:
                writer.Bits(4, 4);
                writer.WriteConstant(constant.Value);
                break;
            case Term.Force force:
                writer.Bits(5, 4);
                todo.Push(new Item(force.Body, false));
                break;
            case Term.Error:
                writer.Bits(6, 4);
                break;
            case Term.Builtin builtin:
                writer.Bits(7, 4);
                writer.Bits((int)builtin.Function, 7);
                break;
            case Term.Constr constr:
                writer.Bits(8, 4);
                writer.Natural(constr.Tag);
                PushList(todo, constr.Fields);
                break;
            case Term.Case @case:
                writer.Bits(9, 4);
                PushList(todo, @case.Branches);
                todo.Push(new Item(@case.Scrutinee, false));
                break;
            default:
                throw new InvalidOperationException($"Not a term: {term.GetType().Name}.");
        }
    }

    private static void PushList(Stack<Item> todo, ImmutableArray<Term> terms)
    {
        todo.Push(new Item(null, true));
        for (var i = terms.Length - 1; i >= 0; i--)
        {
            todo.Push(new Item(terms[i], true));
        }
    }

    private readonly record struct Item(Term? Term, bool InList);
}
