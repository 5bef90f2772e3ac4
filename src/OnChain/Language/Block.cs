using System.Collections.Immutable;

namespace Masumi.OnChain.Language;

/// <summary>
/// Statements that run one after the other, so that a validator reads top to bottom. What a block binds may be used by its later
/// statements and its result only; the compiler refuses a name that escaped. A statement belongs where it stands: a block takes none after its
/// <c>Do</c> has ended, and none while an inner <c>Do</c> or the body of a function or walk is being written, for it would run elsewhere than it reads.
/// </summary>
internal sealed class Block
{
    // What is being written: null in the body of a function, which no block outside it may add to.
    [ThreadStatic]
    private static Block? Innermost;

    private readonly List<Func<Expr, Expr>> _statements = [];
    private bool _isClosed;

    private Block() { }

    /// <summary>Evaluates now, exactly once; the result is a name for the value.</summary>
    public Term<T> Let<T>(Term<T> value, string name = "x")
    {
        var variable = new Variable(name);
        Add(rest => Expr.Let(variable, value.Expr, rest));
        return new(new Expr.Var(variable));
    }

    /// <summary>Rejects the transaction unless the condition holds.</summary>
    public void Require(string rule, Term<Bool> condition) => Add(rest => Expr.If(condition.Expr, rest, new Expr.Fail(rule)));

    /// <summary>Evaluates for the sake of its failure: decoding that must succeed, a check that rejects by itself.</summary>
    public void Run<T>(Term<T> check) => Add(rest => Expr.Let(new Variable("_"), check.Expr, rest));

    /// <summary>Binds the fields of a record, to read several of them.</summary>
    public Fields<T> Open<T>(Term<T> record)
        where T : Data => Open(record.Fields);

    /// <summary>Binds fields.</summary>
    public Fields<T> Open<T>(Fields<T> fields)
        where T : Data => new(Let(new Term<T>(fields.Expr), "fields").Expr);

    /// <summary>Takes apart a value made by <see cref="Structure.Pack"/>: a name for each of its fields.</summary>
    internal ImmutableArray<Expr> Unpack(Expr packed, params ReadOnlySpan<string> names)
    {
        var variables = ImmutableArray.CreateBuilder<Variable>(names.Length);
        foreach (var name in names)
        {
            variables.Add(new Variable(name));
        }

        var fields = variables.MoveToImmutable();
        Add(rest => new Expr.Case(packed, fields.Reverse().Aggregate(rest, (body, field) => new Expr.Lam(field, body))));
        return [.. fields.Select(v => (Expr)new Expr.Var(v))];
    }

    /// <summary>A block of its own: its statements, then its result.</summary>
    internal static Term<T> Write<T>(Func<Block, Term<T>> body)
    {
        var block = new Block();
        var result = Within(block, () => body(block)).Expr;
        block._isClosed = true;
        return new(block._statements.Reverse<Func<Expr, Expr>>().Aggregate(result, (rest, statement) => statement(rest)));
    }

    /// <summary>The body of a function: evaluated elsewhere and any number of times, so no block around it takes a statement meanwhile.</summary>
    internal static TResult WriteFunction<TResult>(Func<TResult> body) => Within(null, body);

    private static TResult Within<TResult>(Block? block, Func<TResult> write)
    {
        var outer = Innermost;
        Innermost = block;
        try
        {
            return write();
        }
        finally
        {
            Innermost = outer;
        }
    }

    private void Add(Func<Expr, Expr> statement)
    {
        if (_isClosed)
        {
            throw new InvalidOperationException("This block is closed: its Do has ended, and a further statement would be part of no program.");
        }

        if (Innermost != this)
        {
            throw new InvalidOperationException(
                "This block is not the innermost one: a statement written inside an inner Do or the body of a function would run outside it. Use the inner block."
            );
        }

        _statements.Add(statement);
    }
}
