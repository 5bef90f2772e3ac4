using System.Collections.Immutable;
using Masumi.Cardano.Cbor;

namespace Masumi.Cardano.Scripts;

public abstract partial class PlutusData
{
    /// <summary>Longest byte string, or chunk of one, that the ledger reads.</summary>
    private const int ChunkSize = 64;

    /// <summary>
    /// The bytes the node's own encoder writes (<c>serialiseData</c>, spec cardano.md 8): indefinite non-empty lists and fields,
    /// definite maps, byte strings over 64 bytes in 64-byte chunks.
    /// </summary>
    public byte[] ToCbor() => ToCbor(definite: false);

    /// <summary>
    /// The fewest bytes the ledger reads as this data: lists and fields of fewer than 24 items with their number in front, which is a byte less than an end
    /// mark. Contracts see the same data.
    /// </summary>
    public byte[] ToShortestCbor() => ToCbor(definite: true);

    private byte[] ToCbor(bool definite)
    {
        var writer = new Writer();
        var todo = new Stack<object>();
        todo.Push(this);
        while (todo.TryPop(out var item))
        {
            switch (item)
            {
                case Bytes bytes:
                    writer.ByteString(bytes.Value.Span);
                    break;
                case Integer integer:
                    writer.BigInteger(integer.Value);
                    break;
                case Constr constr:
                    writer.ConstrHead(constr.Tag);
                    Children(writer, todo, constr.Fields, definite);
                    break;
                case List list:
                    Children(writer, todo, list.Items, definite);
                    break;
                case Map map:
                    writer.Head(5, (ulong)map.Entries.Length);
                    for (var i = map.Entries.Length - 1; i >= 0; i--)
                    {
                        todo.Push(map.Entries[i].Value);
                        todo.Push(map.Entries[i].Key);
                    }

                    break;
                default:
                    writer.Byte(0xff);
                    break;
            }
        }

        return writer.ToArray();
    }

    /// <summary>
    /// Reads one item that fills <paramref name="cbor"/> exactly, in any legal encoding. Throws <see cref="CborFormatException"/>
    /// for anything the ledger's decoder refuses. Nesting is limited only by memory, never by the stack.
    /// </summary>
    public static PlutusData FromCbor(ReadOnlyMemory<byte> cbor)
    {
        var data = Read(cbor, out var consumed);
        return consumed == cbor.Length ? data : throw new CborFormatException($"Plutus data ends at byte {consumed}, but there are {cbor.Length}.");
    }

    /// <summary>Reads one item from the start of <paramref name="cbor"/> and says how many bytes it took; otherwise as <see cref="FromCbor"/>.</summary>
    public static PlutusData Read(ReadOnlyMemory<byte> cbor, out int consumed)
    {
        var reader = new Reader(cbor.Span);
        var open = new Stack<Frame>();
        while (true)
        {
            var done = reader.Next(open);

            // An item is complete: hand it up until a container wants more.
            while (done is not null)
            {
                if (!open.TryPeek(out var parent))
                {
                    consumed = reader.Position;
                    return done;
                }

                parent.Items.Add(done);
                done = reader.TryClose(parent) ? open.Pop().Close() : null;
            }
        }
    }

    /// <inheritdoc/>
    public bool Equals(PlutusData? other)
    {
        if (ReferenceEquals(this, other))
        {
            return true;
        }

        if (other is null)
        {
            return false;
        }

        var todo = new Stack<(PlutusData, PlutusData)>();
        todo.Push((this, other));
        while (todo.TryPop(out var pair))
        {
            if (ReferenceEquals(pair.Item1, pair.Item2))
            {
                continue;
            }

            switch (pair)
            {
                case (Integer a, Integer b) when a.Value == b.Value:
                case (Bytes c, Bytes d) when c.Value.Span.SequenceEqual(d.Value.Span):
                    break;
                case (Constr a, Constr b) when a.Tag == b.Tag && a.Fields.Length == b.Fields.Length:
                    PushAll(todo, a.Fields, b.Fields);
                    break;
                case (List a, List b) when a.Items.Length == b.Items.Length:
                    PushAll(todo, a.Items, b.Items);
                    break;
                case (Map a, Map b) when a.Entries.Length == b.Entries.Length:
                    for (var i = 0; i < a.Entries.Length; i++)
                    {
                        todo.Push((a.Entries[i].Value, b.Entries[i].Value));
                        todo.Push((a.Entries[i].Key, b.Entries[i].Key));
                    }

                    break;
                default:
                    return false;
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as PlutusData);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        // The shape of the top and a few leaves tell data apart well enough; going all the way down would cost more than a collision.
        var hash = default(HashCode);
        var todo = new Queue<PlutusData>();
        todo.Enqueue(this);
        for (var left = 16; left > 0 && todo.TryDequeue(out var item); left--)
        {
            switch (item)
            {
                case Integer integer:
                    hash.Add(integer.Value);
                    break;
                case Bytes bytes:
                    hash.AddBytes(bytes.Value.Span);
                    break;
                case Constr constr:
                    hash.Add(constr.Tag);
                    hash.Add(constr.Fields.Length);
                    Enqueue(todo, constr.Fields);
                    break;
                case List list:
                    hash.Add(list.Items.Length);
                    Enqueue(todo, list.Items);
                    break;
                case Map map:
                    hash.Add(map.Entries.Length);
                    break;
            }
        }

        return hash.ToHashCode();
    }

    private static void Enqueue(Queue<PlutusData> todo, ImmutableArray<PlutusData> items)
    {
        for (var i = 0; i < items.Length && i < 16; i++)
        {
            todo.Enqueue(items[i]);
        }
    }

    private static void PushAll(Stack<(PlutusData, PlutusData)> todo, ImmutableArray<PlutusData> a, ImmutableArray<PlutusData> b)
    {
        for (var i = a.Length - 1; i >= 0; i--)
        {
            todo.Push((a[i], b[i]));
        }
    }

    private static readonly object Break = new();

    private static void Children(Writer writer, Stack<object> todo, ImmutableArray<PlutusData> items, bool definite)
    {
        if (items.IsEmpty)
        {
            writer.Byte(0x80);
            return;
        }

        if (definite && items.Length < 24)
        {
            writer.Head(4, (ulong)items.Length);
        }
        else
        {
            writer.Byte(0x9f);
            todo.Push(Break);
        }

        for (var i = items.Length - 1; i >= 0; i--)
        {
            todo.Push(items[i]);
        }
    }
}
