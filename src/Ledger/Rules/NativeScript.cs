using System.Collections.Immutable;
using System.Formats.Cbor;
using Masumi.Cardano;

namespace Masumi.Ledger.Rules;

/// <summary>A native script (spec cardano.md 3.4), evaluated against signatures and the transaction's own validity interval.</summary>
public abstract record NativeScript
{
    private NativeScript() { }

    /// <summary>The key has signed.</summary>
    public sealed record Signature(KeyHash KeyHash) : NativeScript;

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

    /// <summary>
    /// Null when the bytes are no native script. The ledger has no limit of depth, and a transaction has room for some 5000 levels, so
    /// neither this nor <see cref="Accepts"/> recurses.
    /// </summary>
    public static NativeScript? TryRead(ReadOnlyMemory<byte> cbor)
    {
        try
        {
            var reader = new CborReader(cbor, CborConformanceMode.Lax);
            var script = Read(reader);
            return reader.BytesRemaining == 0 ? script : null;
        }
        catch (Exception e) when (e is CborContentException or InvalidOperationException or OverflowException)
        {
            return null;
        }
    }

    /// <summary>True when the signers and the interval satisfy the script.</summary>
    public bool Accepts(IReadOnlySet<KeyHash> signers, Slot? invalidBefore, Slot? invalidHereafter)
    {
        // Post-order: a combinator is decided when the last of its scripts is.
        var open = new Stack<Open>();
        var current = this;
        while (true)
        {
            if (current.Children is { } children)
            {
                open.Push(new Open(current, children, 0, 0));
            }
            else
            {
                var accepts = current switch
                {
                    Signature s => signers.Contains(s.KeyHash),
                    InvalidBefore b => invalidBefore is { } lower && b.Slot <= (ulong)lower.Number,
                    // From 2^63-1 on a body's bound is not known exactly, only that it is at most 2^64-1.
                    InvalidHereafter h => invalidHereafter is { } upper
                        && (upper.Number == long.MaxValue ? h.Slot == ulong.MaxValue : (ulong)upper.Number <= h.Slot),
                    _ => throw new InvalidOperationException("An unknown native script case."),
                };
                if (open.Count == 0)
                {
                    return accepts;
                }

                open.Push(open.Pop().Decided(accepts));
            }

            while (open.Peek() is { IsDone: true } done)
            {
                open.Pop();
                if (open.Count == 0)
                {
                    return done.Accepts;
                }

                open.Push(open.Pop().Decided(done.Accepts));
            }

            current = open.Peek().Next;
        }
    }

    private ImmutableArray<NativeScript>? Children =>
        this switch
        {
            All a => a.Scripts,
            Any a => a.Scripts,
            AtLeast n => n.Scripts,
            _ => null,
        };

    private static NativeScript Read(CborReader reader)
    {
        var open = new Stack<(int Kind, long Count, ImmutableArray<NativeScript>.Builder Scripts)>();
        while (true)
        {
            reader.ReadStartArray();
            NativeScript? finished = null;
            switch (reader.ReadInt32())
            {
                case 0:
                    finished = new Signature(ReadKeyHash(reader));
                    break;
                case 1:
                    Begin(1, 0);
                    break;
                case 2:
                    Begin(2, 0);
                    break;
                case 3:
                    Begin(3, reader.ReadInt64());
                    break;
                case 4:
                    finished = new InvalidBefore(reader.ReadUInt64());
                    break;
                case 5:
                    finished = new InvalidHereafter(reader.ReadUInt64());
                    break;
                case var other:
                    throw new CborContentException($"No native script has the kind {other}.");
            }

            while (finished is not null || reader.PeekState() == CborReaderState.EndArray)
            {
                if (finished is null)
                {
                    reader.ReadEndArray();
                    var (kind, count, scripts) = open.Pop();
                    finished = kind switch
                    {
                        1 => new All(scripts.ToImmutable()),
                        2 => new Any(scripts.ToImmutable()),
                        _ => new AtLeast(count, scripts.ToImmutable()),
                    };
                }

                reader.ReadEndArray();
                if (open.Count == 0)
                {
                    return finished;
                }

                open.Peek().Scripts.Add(finished);
                finished = null;
            }
        }

        void Begin(int kind, long count)
        {
            reader.ReadStartArray();
            open.Push((kind, count, ImmutableArray.CreateBuilder<NativeScript>()));
        }
    }

    private static KeyHash ReadKeyHash(CborReader reader)
    {
        var bytes = reader.ReadByteString();
        return bytes.Length == Hash28.Size ? new KeyHash(new Hash28(bytes)) : throw new CborContentException("A key hash has 28 bytes.");
    }

    /// <summary>A combinator some of whose scripts are decided.</summary>
    private readonly record struct Open(NativeScript Script, ImmutableArray<NativeScript> Children, int Seen, int Accepting)
    {
        public bool IsDone => Seen == Children.Length;

        public NativeScript Next => Children[Seen];

        public bool Accepts =>
            Script switch
            {
                All => Accepting == Seen,
                Any => Accepting > 0,
                AtLeast n => Accepting >= n.Count,
                _ => throw new InvalidOperationException("Not a combinator."),
            };

        public Open Decided(bool accepts) => this with { Seen = Seen + 1, Accepting = Accepting + (accepts ? 1 : 0) };
    }
}
