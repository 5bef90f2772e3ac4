using System.Numerics;
using Masumi.Plutus.Syntax;

namespace Masumi.Plutus.Tests;

/// <summary>Random closed terms, made so that a good part of them evaluates to something: all shapes, mostly of fitting types.</summary>
internal static class RandomTerms
{
    public static Term Closed(Random random, int size) => Int(random, size, 0);

    private static Term Int(Random random, int size, int depth)
    {
        if (size <= 1)
        {
            return depth > 0 && random.Next(3) > 0 ? new Term.Var(random.Next(1, depth + 1)) : Literal(random);
        }

        var half = size / 2;
        return random.Next(18) switch
        {
            0 => Literal(random),
            1 => new Term.Apply(new Term.Lam(Int(random, half, depth + 1)), Int(random, half, depth)),
            2 or 3 => Call(
                Pick(random, BuiltinFunction.AddInteger, BuiltinFunction.SubtractInteger, BuiltinFunction.MultiplyInteger, BuiltinFunction.DivideInteger),
                0,
                Int(random, half, depth),
                Int(random, half, depth)
            ),
            4 => new Term.Force(
                Call(
                    BuiltinFunction.IfThenElse,
                    1,
                    Bool(random, half, depth),
                    new Term.Delay(Int(random, half, depth)),
                    new Term.Delay(Int(random, half, depth))
                )
            ),
            5 => new Term.Apply(
                Call(
                    BuiltinFunction.IfThenElse,
                    1,
                    Bool(random, half, depth),
                    new Term.Lam(Int(random, half, depth + 1)),
                    new Term.Lam(Int(random, half, depth + 1))
                ),
                Int(random, half, depth)
            ),
            6 => Call(BuiltinFunction.IfThenElse, 1, Bool(random, half, depth), Int(random, half, depth), Int(random, half, depth)),
            7 => new Term.Case(
                new Term.Constr((ulong)random.Next(3), [Int(random, half, depth), Int(random, half, depth)]),
                [new Term.Lam(new Term.Lam(Int(random, half, depth + 2))), new Term.Lam(Function(random, half, depth + 1)), Int(random, half, depth)]
            ),
            8 => new Term.Case(Bool(random, half, depth), [Int(random, half, depth), Int(random, half, depth)]),
            9 => new Term.Apply(new Term.Apply(new Term.Lam(new Term.Lam(Int(random, half, depth + 2))), Int(random, half, depth)), Int(random, half, depth)),
            // A builtin, or a function of two arguments, under a name.
            10 => new Term.Apply(
                new Term.Lam(new Term.Apply(new Term.Apply(new Term.Var(1), Int(random, half, depth + 1)), Int(random, half, depth + 1))),
                random.Next(2) == 0 ? new Term.Builtin(BuiltinFunction.AddInteger) : new Term.Lam(new Term.Lam(Int(random, half, depth + 2)))
            ),
            // A polymorphic function under a name.
            11 => new Term.Apply(
                new Term.Lam(new Term.Apply(new Term.Force(new Term.Var(1)), Int(random, half, depth + 1))),
                new Term.Delay(Function(random, half, depth))
            ),
            12 => new Term.Force(new Term.Delay(Int(random, half, depth))),
            13 => Call(BuiltinFunction.Trace, 1, new Term.Const(new Constant.String("t" + random.Next(9))), Int(random, half, depth)),
            14 => Call(BuiltinFunction.UnIData, 0, Call(BuiltinFunction.IData, 0, Int(random, half, depth))),
            16 => Many(random, half, depth),
            15 => random.Next(6) == 0 ? new Term.Error() : Int(random, half, depth),
            _ => Call(BuiltinFunction.HeadList, 1, Call(BuiltinFunction.MkCons, 1, Int(random, half, depth), List(random))),
        };
    }

    // A function of several arguments, mostly as many as it gets, behind delays, by name or written where it is applied.
    private static Term Many(Random random, int size, int depth)
    {
        var arguments = random.Next(12) == 0 ? 20 : random.Next(1, 6);
        var wanted = random.Next(12) == 0 ? random.Next(1, 6) : arguments;
        var delays = random.Next(4);
        var isNamed = random.Next(2) == 0;
        var function = Curried(random, wanted, size, depth);
        for (var i = 0; i < delays; i++)
        {
            function = new Term.Delay(function);
        }

        var inner = isNamed ? depth + 1 : depth;
        var term = isNamed ? new Term.Var(1) : function;
        for (var i = 0; i < delays; i++)
        {
            term = new Term.Force(term);
        }

        for (var i = 0; i < arguments; i++)
        {
            term = new Term.Apply(term, Int(random, size / arguments, inner));
        }

        return isNamed ? new Term.Apply(new Term.Lam(term), function) : term;
    }

    private static Term Curried(Random random, int arguments, int size, int depth) =>
        arguments == 0
            ? Int(random, size, depth)
            : random.Next(6) switch
            {
                0 => new Term.Apply(new Term.Lam(Curried(random, arguments, size / 2, depth + 1)), Int(random, size / 4, depth)),
                1 => new Term.Force(new Term.Delay(Curried(random, arguments, size, depth))),
                _ => new Term.Lam(Curried(random, arguments - 1, size, depth + 1)),
            };

    private static Term Function(Random random, int size, int depth) =>
        random.Next(3) == 0
            ? new Term.Apply(new Term.Builtin(BuiltinFunction.AddInteger), Int(random, size / 2, depth))
            : new Term.Lam(Int(random, size, depth + 1));

    private static Term Bool(Random random, int size, int depth) =>
        random.Next(12) == 0
            ? Int(random, size, depth)
            : Call(
                Pick(random, BuiltinFunction.EqualsInteger, BuiltinFunction.LessThanInteger, BuiltinFunction.LessThanEqualsInteger),
                0,
                Int(random, size / 2, depth),
                Int(random, size / 2, depth)
            );

    private static Term.Const List(Random random) =>
        new Term.Const(new Constant.List(new ConstantType.Simple(random.Next(8) == 0 ? SimpleType.Bool : SimpleType.Integer), []));

    private static Term.Const Literal(Random random) =>
        new(
            new Constant.Integer(
                random.Next(5) switch
                {
                    0 => long.MaxValue - random.Next(3),
                    1 => long.MinValue + random.Next(3),
                    2 => BigInteger.Pow(2, random.Next(60, 130)) * (random.Next(2) == 0 ? 1 : -1),
                    _ => random.Next(-5, 2000),
                }
            )
        );

    private static BuiltinFunction Pick(Random random, params BuiltinFunction[] functions) => functions[random.Next(functions.Length)];

    private static Term Call(BuiltinFunction function, int forces, params Term[] arguments)
    {
        Term term = new Term.Builtin(function);
        for (; forces > 0; forces--)
        {
            term = new Term.Force(term);
        }

        return arguments.Aggregate(term, (t, a) => new Term.Apply(t, a));
    }
}
