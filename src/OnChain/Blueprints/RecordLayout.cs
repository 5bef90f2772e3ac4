using System.Text.Json.Nodes;
using Masumi.OnChain.Language;

namespace Masumi.OnChain.Blueprints;

/// <summary>The fields of a record, declared once and in order: each gives its place on chain and its part of the schema.</summary>
internal sealed class RecordLayout<TRecord>
    where TRecord : Data
{
    private readonly List<JsonObject> _schemas = [];

    /// <summary>How many fields there are.</summary>
    public int Count => _schemas.Count;

    /// <summary>Their schemas.</summary>
    public JsonNode[] Schemas => [.. _schemas.Select(s => s.DeepClone())];

    /// <summary>The next field.</summary>
    public Field<TRecord, TField> Add<TField>(JsonObject schema)
        where TField : IDataType
    {
        _schemas.Add(schema);
        return new(Count - 1);
    }

    /// <summary>True when nothing follows the last field.</summary>
    public Term<Bool> Ends(Fields<TRecord> fields) => fields.From(Count).AreEmpty;
}
