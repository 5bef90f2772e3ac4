using System.Collections.Immutable;
using Masumi.Cardano.Scripts;

namespace Masumi.Plutus.Syntax;

/// <summary>Reads Plutus data in its textual form, <c>Constr 0 [I 1, B #00, List [], Map [(I 1, I 2)]]</c>, with a stack of its own.</summary>
internal static class DataParser
{
    private enum Kind
    {
        Constr,
        List,
        Map,
    }

    public static PlutusData Read(Scanner scanner)
    {
        var open = new Stack<Frame>();
        while (true)
        {
            var done = Head(scanner, open);
            while (done is not null)
            {
                if (!open.TryPeek(out var parent))
                {
                    return done;
                }

                parent.Items.Add(done);
                done = TryClose(scanner, parent) ? open.Pop().Close() : null;
            }
        }
    }

    private static PlutusData? Head(Scanner scanner, Stack<Frame> open)
    {
        scanner.Next();
        var at = scanner.Position;
        switch (scanner.Word())
        {
            case "I":
                return new PlutusData.Integer(scanner.Integer());
            case "B":
                return new PlutusData.Bytes(scanner.Hex("#"));
            case "Constr":
                return Open(scanner, open, new Frame(Kind.Constr, scanner.Natural(ulong.MaxValue)));
            case "List":
                return Open(scanner, open, new Frame(Kind.List, 0));
            case "Map":
                return Open(scanner, open, new Frame(Kind.Map, 0));
            default:
                throw scanner.Wrong("expected data: 'Constr', 'Map', 'List', 'I' or 'B'", at);
        }
    }

    private static PlutusData? Open(Scanner scanner, Stack<Frame> open, Frame frame)
    {
        scanner.Expect('[');
        if (scanner.Take(']'))
        {
            return frame.Close();
        }

        if (frame.Kind == Kind.Map)
        {
            scanner.Expect('(');
        }

        open.Push(frame);
        return null;
    }

    /// <summary>Takes what follows an item: true when that was the end.</summary>
    private static bool TryClose(Scanner scanner, Frame frame)
    {
        if (frame.Kind == Kind.Map)
        {
            if (frame.Items.Count % 2 != 0)
            {
                scanner.Expect(',');
                return false;
            }

            scanner.Expect(')');
        }

        if (scanner.Take(']'))
        {
            return true;
        }

        scanner.Expect(',');
        if (frame.Kind == Kind.Map)
        {
            scanner.Expect('(');
        }

        return false;
    }

    private sealed class Frame(Kind kind, ulong tag)
    {
        public Kind Kind { get; } = kind;

        public List<PlutusData> Items { get; } = [];

        public PlutusData Close()
        {
            switch (Kind)
            {
                case Kind.Constr:
                    return new PlutusData.Constr(tag, [.. Items]);
                case Kind.List:
                    return new PlutusData.List([.. Items]);
                default:
                    var entries = ImmutableArray.CreateBuilder<KeyValuePair<PlutusData, PlutusData>>(Items.Count / 2);
                    for (var i = 0; i < Items.Count; i += 2)
                    {
                        entries.Add(new(Items[i], Items[i + 1]));
                    }

                    return new PlutusData.Map(entries.MoveToImmutable());
            }
        }
    }
}
