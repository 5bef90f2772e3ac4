using System.Collections.Immutable;
using System.Formats.Cbor;
using Masumi.Cardano;

namespace Masumi.Ledger;

/// <summary>A native script (spec cardano.md 3.4), evaluated against signatures and the transaction's own validity interval.</summary>
public abstract record NativeScript
{
    // The ledger has no limit of its own; a transaction's 16 KiB allow some 5000 levels. This bound keeps hostile input off the stack's end.
    private const int MaxDepth = 1000;

    private NativeScript() { }

    /// <summary>The key has signed.</summary>
    public sealed record Signature(Hash28 KeyHash) : NativeScript;

    /// <summary>Every one accepts.</summary>
    public sealed record All(ImmutableArray<NativeScript> Scripts) : NativeScript;

    /// <summary>At least one accepts.</summary>
    public sealed record Any(ImmutableArray<NativeScript> Scripts) : NativeScript;

    /// <summary>That many accept.</summary>
    public sealed record AtLeast(long Count, ImmutableArray<NativeScript> Scripts) : NativeScript;

    /// <summary>The transaction cannot be in a block before the slot.</summary>
    public sealed record InvalidBefore(ulong Slot) : NativeScript;

    /// <summary>The transaction cannot be in a block at or after the slot.</summary>
    public sealed record InvalidHereafter(ulong Slot) : NativeScript;

    /// <summary>Null when the bytes are no native script.</summary>
    public static NativeScript? TryRead(ReadOnlyMemory<byte> cbor)
    {
        try
        {
            var reader = new CborReader(cbor, CborConformanceMode.Lax);
            var script = Read(reader, 0);
            return reader.BytesRemaining == 0 ? script : null;
        }
        catch (Exception e) when (e is CborContentException or InvalidOperationException or OverflowException)
        {
            return null;
        }
    }

    /// <summary>True when the signers and the interval satisfy the script.</summary>
    public bool Accepts(IReadOnlySet<Hash28> signers, Slot? invalidBefore, Slot? invalidHereafter) =>
        this switch
        {
            Signature s => signers.Contains(s.KeyHash),
            All a => a.Scripts.All(s => s.Accepts(signers, invalidBefore, invalidHereafter)),
            Any a => a.Scripts.Any(s => s.Accepts(signers, invalidBefore, invalidHereafter)),
            AtLeast n => n.Scripts.Count(s => s.Accepts(signers, invalidBefore, invalidHereafter)) >= n.Count,
            InvalidBefore b => invalidBefore is { } lower && b.Slot <= (ulong)lower.Number,
            InvalidHereafter h => invalidHereafter is { } upper && (ulong)upper.Number <= h.Slot,
            _ => throw new InvalidOperationException("An unknown native script case."),
        };

    private static NativeScript Read(CborReader reader, int depth)
    {
        if (depth > MaxDepth)
        {
            throw new CborContentException("A native script nested too deeply.");
        }

        reader.ReadStartArray();
        NativeScript script = reader.ReadInt32() switch
        {
            0 => new Signature(ReadKeyHash(reader)),
            1 => new All(ReadList(reader, depth)),
            2 => new Any(ReadList(reader, depth)),
            3 => new AtLeast(reader.ReadInt64(), ReadList(reader, depth)),
            4 => new InvalidBefore(reader.ReadUInt64()),
            5 => new InvalidHereafter(reader.ReadUInt64()),
            var other => throw new CborContentException($"No native script has the kind {other}."),
        };
        reader.ReadEndArray();
        return script;
    }

    private static Hash28 ReadKeyHash(CborReader reader)
    {
        var bytes = reader.ReadByteString();
        return bytes.Length == Hash28.Size ? new Hash28(bytes) : throw new CborContentException("A key hash has 28 bytes.");
    }

    private static ImmutableArray<NativeScript> ReadList(CborReader reader, int depth)
    {
        var scripts = ImmutableArray.CreateBuilder<NativeScript>();
        reader.ReadStartArray();
        while (reader.PeekState() != CborReaderState.EndArray)
        {
            scripts.Add(Read(reader, depth + 1));
        }

        reader.ReadEndArray();
        return scripts.ToImmutable();
    }
}
