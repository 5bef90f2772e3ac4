namespace Masumi.OnChain.Language;

/// <summary>The name of a field: which place it has in its record, and what stands there. A record declares each of its fields once.</summary>
internal sealed record Field<TRecord, TField>(int Index)
    where TRecord : Data
    where TField : IDataType;
