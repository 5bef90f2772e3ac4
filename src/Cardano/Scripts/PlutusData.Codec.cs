namespace Masumi.Cardano;

public abstract partial class PlutusData
{
    /// <summary>
    /// The bytes the node's own encoder writes (<c>serialiseData</c>, spec cardano.md 8): indefinite non-empty lists and fields,
    /// definite maps, byte strings over 64 bytes in 64-byte chunks.
    /// </summary>
    public byte[] ToCbor() => throw new NotImplementedException();

    /// <summary>
    /// Reads one item that fills <paramref name="cbor"/> exactly, in any legal encoding. Throws <see cref="CborFormatException"/>
    /// for anything the ledger's decoder refuses. Nesting is limited only by memory, never by the stack.
    /// </summary>
    public static PlutusData FromCbor(ReadOnlyMemory<byte> cbor) => throw new NotImplementedException();

    /// <inheritdoc/>
    public bool Equals(PlutusData? other) => throw new NotImplementedException();

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as PlutusData);

    /// <inheritdoc/>
    public override int GetHashCode() => throw new NotImplementedException();
}
