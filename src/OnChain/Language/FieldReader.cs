namespace Masumi.OnChain.Language;

/// <summary>Reads fields one after the other, walking the list once.</summary>
internal sealed class FieldReader<T>(Block block, Fields<T> fields)
    where T : Data
{
    private Fields<T> _rest = fields;
    private bool _started;

    public Term<TField> Next<TField>(string name = "field")
        where TField : IDataType
    {
        if (_started)
        {
            _rest = block.Open(_rest.From(1));
        }

        _started = true;
        return block.Let(_rest.At<TField>(0), name);
    }

    public Term<Bool> AtEnd => _rest.From(1).AreEmpty;
}
