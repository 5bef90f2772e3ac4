using System.Collections.Immutable;

namespace Masumi.OnChain.Language;

/// <summary>
/// Statements that run one after the other, so that a validator reads top to bottom. What a block binds may be used by its later
/// statements and its result only; the compiler refuses a name that escaped.
/// </summary>
internal sealed class Block
{
    private readonly System.Collections.Generic.List<Func<Expr, Expr>> _statements = [];

    /// <summary>Evaluates now, exactly once; the result is a name for the value.</summary>
    public Term<T> Let<T>(Term<T> value, string name = "x")
    {
        var variable = new Variable(name);
        _statements.Add(rest => Expr.Let(variable, value.Expr, rest));
        return new(new Expr.Var(variable));
    }

    /// <summary>Rejects the transaction unless the condition holds.</summary>
    public void Require(string rule, Term<Bool> condition) => _statements.Add(rest => Expr.If(condition.Expr, rest, new Expr.Fail(rule)));

    /// <summary>Evaluates for the sake of its failure: decoding that must succeed, a check that rejects by itself.</summary>
    public void Run<T>(Term<T> check) => Let(check, "_");

    /// <summary>Binds the fields of a record, to read several of them.</summary>
    public Fields<T> Open<T>(Term<T> record)
        where T : Data => Open(record.Fields);

    /// <summary>Binds fields.</summary>
    public Fields<T> Open<T>(Fields<T> fields)
        where T : Data => new(Let(new Term<T>(fields.Expr), "fields").Expr);

    /// <summary>Takes apart a value made by <see cref="Structure.Pack"/> with the same number of fields.</summary>
    internal ImmutableArray<Expr> Unpack(Expr packed, int count)
    {
        var variables = Enumerable.Range(0, count).Select(i => new Variable($"f{i}")).ToImmutableArray();
        _statements.Add(rest =>
        {
            var branch = rest;
            for (var i = count - 1; i >= 0; i--)
            {
                branch = new Expr.Lam(variables[i], branch);
            }

            return new Expr.Case(packed, branch);
        });
        return [.. variables.Select(v => (Expr)new Expr.Var(v))];
    }

    internal Term<T> Close<T>(Term<T> result)
    {
        var body = result.Expr;
        for (var i = _statements.Count - 1; i >= 0; i--)
        {
            body = _statements[i](body);
        }

        return new(body);
    }
}
