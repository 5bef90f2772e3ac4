using System.Diagnostics.CodeAnalysis;

namespace Masumi.Plutus.Costs;

/// <summary>
/// The price of a builtin as a function of its arguments' sizes (spec cardano.md 9.5). 64-bit saturating arithmetic, as the node's.
/// </summary>
internal abstract class CostFunction
{
    /// <summary>True when the sizes do not matter, so that nobody needs to measure them.</summary>
    public virtual bool IsConstant => false;

    public abstract long Of(long x, long y, long z, long u);

    [SuppressMessage("Design", "MA0051", Justification = "One case for each shape of a cost function: a table.")]
    public static CostFunction Parse(string shape, string prefix, Func<string, long> value)
    {
        var slash = shape.IndexOf('/', StringComparison.Ordinal);
        if (slash >= 0)
        {
            var outer = shape[..slash];
            var inner = Parse(shape[(slash + 1)..], $"{prefix}-model-arguments", value);
            var constant = value($"{prefix}-constant");
            return outer switch
            {
                "const_above_diagonal" => new F((x, y, z, u) => x < y ? constant : inner.Of(x, y, z, u)),
                "const_below_diagonal" => new F((x, y, z, u) => x > y ? constant : inner.Of(x, y, z, u)),
                "above_and_below_diagonal" => new F((x, y, z, u) => inner.Of(Math.Max(x, y), Math.Min(x, y), z, u)),
                _ => throw new InvalidOperationException($"Unknown cost shape {shape}."),
            };
        }

        long P(string name) => value($"{prefix}-{name}");
        if (shape == "constant_cost")
        {
            var constant = value(prefix);
            return new Constant(constant);
        }

        switch (shape)
        {
            case "quadratic_in_x" or "quadratic_in_y" or "quadratic_in_z":
            {
                long c0 = P("c0"),
                    c1 = P("c1"),
                    c2 = P("c2");
                var axis = shape[^1];
                return new F(
                    (x, y, z, _) =>
                    {
                        var v =
                            axis == 'x' ? x
                            : axis == 'y' ? y
                            : z;
                        return Add(c0, Add(Mul(c1, v), Mul(c2, Mul(v, v))));
                    }
                );
            }

            case "quadratic_in_x_and_y":
            {
                long min = P("minimum"),
                    c00 = P("c00"),
                    c10 = P("c10"),
                    c01 = P("c01"),
                    c20 = P("c20"),
                    c11 = P("c11"),
                    c02 = P("c02");
                return new F(
                    (x, y, _, _) =>
                        Math.Max(min, Add(Add(Add(c00, Mul(c10, x)), Add(Mul(c01, y), Mul(c20, Mul(x, x)))), Add(Mul(c11, Mul(x, y)), Mul(c02, Mul(y, y)))))
                );
            }

            case "with_interaction_in_x_and_y":
            {
                long c00 = P("c00"),
                    c10 = P("c10"),
                    c01 = P("c01"),
                    c11 = P("c11");
                return new F((x, y, _, _) => Add(Add(c00, Mul(c10, x)), Add(Mul(c01, y), Mul(c11, Mul(x, y)))));
            }

            case "exp_mod_cost":
            {
                // Arguments: base, exponent, modulus. A base larger than the modulus costs half as much again.
                long c00 = P("coefficient00"),
                    c11 = P("coefficient11"),
                    c12 = P("coefficient12");
                return new F(
                    (b, e, m, _) =>
                    {
                        var cost = Add(c00, Add(Mul(c11, Mul(e, m)), Mul(c12, Mul(e, Mul(m, m)))));
                        return b > m ? Add(cost, cost / 2) : cost;
                    }
                );
            }

            case "linear_in_x_and_y":
            {
                long i = P("intercept"),
                    s1 = P("slope1"),
                    s2 = P("slope2");
                return new F((x, y, _, _) => Add(i, Add(Mul(s1, x), Mul(s2, y))));
            }

            case "linear_in_y_and_z":
            {
                long i = P("intercept"),
                    s1 = P("slope1"),
                    s2 = P("slope2");
                return new F((_, y, z, _) => Add(i, Add(Mul(s1, y), Mul(s2, z))));
            }
        }

        long intercept = P("intercept"),
            slope = P("slope");
        switch (shape)
        {
            case "linear_on_diagonal":
            {
                var constant = P("constant");
                return new F((x, y, _, _) => x == y ? Add(intercept, Mul(slope, x)) : constant);
            }

            case "subtracted_sizes":
            {
                var minimum = P("minimum");
                return new F((x, y, _, _) => Add(intercept, Mul(slope, Math.Max(minimum, x - y))));
            }
        }

        return shape switch
        {
            "linear_in_x" => new F((x, _, _, _) => Add(intercept, Mul(slope, x))),
            "linear_in_y" or "linear_in_y2" => new F((_, y, _, _) => Add(intercept, Mul(slope, y))),
            "linear_in_z" => new F((_, _, z, _) => Add(intercept, Mul(slope, z))),
            "linear_in_u" => new F((_, _, _, u) => Add(intercept, Mul(slope, u))),
            "added_sizes" => new F((x, y, _, _) => Add(intercept, Mul(slope, Add(x, y)))),
            "multiplied_sizes" => new F((x, y, _, _) => Add(intercept, Mul(slope, Mul(x, y)))),
            "min_size" => new F((x, y, _, _) => Add(intercept, Mul(slope, Math.Min(x, y)))),
            "max_size" => new F((x, y, _, _) => Add(intercept, Mul(slope, Math.Max(x, y)))),
            "linear_in_max_yz" => new F((_, y, z, _) => Add(intercept, Mul(slope, Math.Max(y, z)))),
            "literal_in_y_or_linear_in_z" => new F((_, y, z, _) => y == 0 ? Add(intercept, Mul(slope, z)) : y),
            _ => throw new InvalidOperationException($"Unknown cost shape {shape}."),
        };
    }

    internal static long Add(long a, long b)
    {
        var sum = unchecked(a + b);
        return ((a ^ sum) & (b ^ sum)) < 0 ? (a < 0 ? long.MinValue : long.MaxValue) : sum;
    }

    internal static long Mul(long a, long b)
    {
        var high = Math.BigMul(a, b, out var low);
        return high == low >> 63 ? low
            : (a < 0) == (b < 0) ? long.MaxValue
            : long.MinValue;
    }

    private sealed class F(Func<long, long, long, long, long> of) : CostFunction
    {
        public override long Of(long x, long y, long z, long u) => of(x, y, z, u);
    }

    private sealed class Constant(long cost) : CostFunction
    {
        public override bool IsConstant => true;

        public override long Of(long x, long y, long z, long u) => cost;
    }
}
