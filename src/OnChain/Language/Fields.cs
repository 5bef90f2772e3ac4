using static Masumi.Plutus.Syntax.BuiltinFunction;

namespace Masumi.OnChain.Language;

/// <summary>
/// The fields of a constructor: what the extension properties of records read from. An expression like every term: bind it with
/// <c>Block.Open</c> before reading several fields.
/// </summary>
[MustBeUsed]
internal sealed class Fields<T>(Expr list)
    where T : Data
{
    internal Expr Expr { get; } = list;

    /// <summary>The field at an index, decoded; rejects when there is none or it is of another kind.</summary>
    public Term<TField> At<TField>(int index)
        where TField : IDataType => new(TField.Decode(Expr.Call(HeadList, From(index).Expr)));

    /// <summary>The field by its name, likewise.</summary>
    public Term<TField> At<TField>(Field<T, TField> field)
        where TField : IDataType => At<TField>(field.Index);

    /// <summary>The fields from an index on.</summary>
    public Fields<T> From(int index)
    {
        var rest = Expr;
        for (var i = 0; i < index; i++)
        {
            rest = Expr.Call(TailList, rest);
        }

        return new(rest);
    }

    public Term<Bool> AreEmpty => new(Expr.Call(NullList, Expr));
}
