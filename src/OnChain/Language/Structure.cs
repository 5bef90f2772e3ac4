using System.Collections.Immutable;

namespace Masumi.OnChain.Language;

/// <summary>Several values as one: sums of products, so that a function can return what it decoded.</summary>
internal static class Structure
{
    internal static Expr Pack(params ReadOnlySpan<Expr> fields) => new Expr.Constr([.. fields]);
}

/// <summary>A record whose fields have been decoded, in order. <see cref="With"/> gives a changed one.</summary>
[MustBeUsed]
internal sealed class Decoded<TRecord>
    where TRecord : Data
{
    private readonly ImmutableArray<Expr> _values;

    internal Decoded(ImmutableArray<Expr> values) => _values = values;

    /// <summary>Before the first field.</summary>
    public static Decoded<TRecord> Nothing { get; } = new([]);

    /// <summary>What has been decoded, and the field that follows.</summary>
    public Decoded<TRecord> Append<TField>(Term<TField> next) => new(_values.Add(next.Expr));

    /// <summary>The value of a field.</summary>
    public Term<TField> At<TField>(Field<TRecord, TField> field)
        where TField : IDataType => new(_values[field.Index]);

    /// <summary>The record with another value of a field.</summary>
    public Decoded<TRecord> With<TField>(Field<TRecord, TField> field, Term<TField> value)
        where TField : IDataType => new(_values.SetItem(field.Index, value.Expr));

    /// <summary>All of it as one value, for a function to return; <see cref="Unpack"/> takes it apart again.</summary>
    public Term<Decoded<TRecord>> Pack() => new(Structure.Pack(_values.AsSpan()));

    /// <summary>Takes apart what <see cref="Pack"/> made, once: a name for each field.</summary>
    public static Decoded<TRecord> Unpack(Block block, Term<Decoded<TRecord>> packed, params ReadOnlySpan<string> names) =>
        new(block.Unpack(packed.Expr, names));
}
