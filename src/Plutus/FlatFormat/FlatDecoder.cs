using Masumi.Plutus.Syntax;

namespace Masumi.Plutus.FlatFormat;

/// <summary>Reads terms, with a stack of its own.</summary>
internal static class FlatDecoder
{
    public static UplcProgram Decode(ReadOnlySpan<byte> bytes)
    {
        var reader = new FlatReader(bytes);
        var major = reader.SmallNatural();
        var minor = reader.SmallNatural();
        var patch = reader.SmallNatural();
        var allowsConstr = major > 1 || (major == 1 && minor >= 1);
        var open = new Stack<Frame>();
        while (true)
        {
            var done = ReadHead(ref reader, open, allowsConstr);
            while (done is not null)
            {
                if (open.Count == 0)
                {
                    reader.Filler();
                    return reader.AtEnd
                        ? new UplcProgram(major, minor, patch, done)
                        : throw new FormatException($"Flat: the program ends at bit {reader.Position}, but there is more.");
                }

                done = Hand(ref reader, open, done);
            }
        }
    }

    /// <summary>A term that has no parts, or null after opening one that has.</summary>
    private static Term? ReadHead(ref FlatReader reader, Stack<Frame> open, bool allowsConstr)
    {
        var at = reader.Position;
        var tag = reader.Bits(4);
        switch (tag)
        {
            case 0:
                return new Term.Var(reader.SmallNatural());
            case 4:
                return new Term.Const(reader.ReadConstant(ConstantType.MaxNodes));
            case 6:
                return new Term.Error();
            case 7:
                return new Term.Builtin(Flat.BuiltinOf(reader.Bits(7), at));
            case 1 or 2 or 3 or 5:
                open.Push(new Frame(tag, 0, null, null));
                return null;
            case 8 when allowsConstr:
            {
                var constrTag = reader.Natural64();
                if (!reader.Bit())
                {
                    return new Term.Constr(constrTag, []);
                }

                open.Push(new Frame(tag, constrTag, null, []));
                return null;
            }

            case 9 when allowsConstr:
                open.Push(new Frame(tag, 0, null, []));
                return null;
            default:
                throw new FormatException($"Flat: the term tag {tag} is not allowed here (bit {at}).");
        }
    }

    /// <summary>Gives a part to the term that waits for it; that term when it is complete, or null.</summary>
    private static Term? Hand(ref FlatReader reader, Stack<Frame> open, Term part)
    {
        var frame = open.Pop();
        switch (frame.Tag)
        {
            case 1:
                return new Term.Delay(part);
            case 2:
                return new Term.Lam(part);
            case 5:
                return new Term.Force(part);
            case 3 when frame.First is not null:
                return new Term.Apply(frame.First, part);
            case 3:
                open.Push(frame with { First = part });
                return null;
            case 9 when frame.First is null:
                frame = frame with { First = part };
                break;
            default:
                frame.Parts!.Add(part);
                break;
        }

        if (reader.Bit())
        {
            if (frame.Tag == 8 && frame.Parts!.Count >= Flat.MaxConstrFields)
            {
                throw new FormatException($"Flat: more than {Flat.MaxConstrFields} fields of a constructor (bit {reader.Position}).");
            }

            open.Push(frame);
            return null;
        }

        return frame.Tag == 8 ? new Term.Constr(frame.ConstrTag, [.. frame.Parts!]) : new Term.Case(frame.First!, [.. frame.Parts!]);
    }

    /// <summary>A term being put together: the function or scrutinee first, then fields or branches.</summary>
    private readonly record struct Frame(int Tag, ulong ConstrTag, Term? First, List<Term>? Parts);
}
