namespace Masumi.Plutus.Machine;

/// <summary>
/// Reads flat programs straight into <see cref="Code"/>, with the same refusals as <see cref="Flat.Decode"/>. Throws <see cref="FormatException"/> for
/// anything malformed or unbound, and <see cref="StackExhausted"/> for terms nested too deep.
/// </summary>
internal ref struct CodeReader
{
    private FlatReader _reader;
    private bool _allowsConstr;
    private int _terms;
    private StackGuard _stack;

    /// <summary>The code, and the version the program states.</summary>
    public static Code Read(ReadOnlySpan<byte> flat, out (int Major, int Minor, int Patch) version)
    {
        var reader = new CodeReader { _reader = new FlatReader(flat) };
        version = (reader._reader.SmallNatural(), reader._reader.SmallNatural(), reader._reader.SmallNatural());
        reader._allowsConstr = version.Major > 1 || (version.Major == 1 && version.Minor >= 1);
        var code = reader.Term(0);
        reader._reader.Filler();
        return reader._reader.AtEnd ? code : throw new FormatException($"Flat: the program ends at bit {reader._reader.Position}, but there is more.");
    }

    private Code Term(int depth)
    {
        if ((++_terms & 31) == 0)
        {
            _stack.Check();
        }

        var tag = _reader.Bits(4);
        switch (tag)
        {
            case 0:
                return CodeBuilder.Variable(_reader.SmallNatural(), depth);
            case 1:
                return CodeBuilder.Delay(Term(depth));
            case 2:
                return CodeBuilder.Lam(Term(depth + 1), depth);
            case 3:
                var function = Term(depth);
                return CodeBuilder.Apply(function, Term(depth));
            case 4:
                return CodeBuilder.Constant(_reader.ReadConstant(Flat.MaxTypeSize));
            case 5:
                return CodeBuilder.Force(Term(depth));
            case 6:
                return CodeBuilder.Error;
            case 7:
                return CodeBuilder.Builtin(Flat.BuiltinOf(_reader.Bits(7), _reader.Position - 11));
            case 8 when _allowsConstr:
                return CodeBuilder.Constr(_reader.Natural64(), Terms(depth, Flat.MaxConstrFields));
            case 9 when _allowsConstr:
                var scrutinee = Term(depth);
                return CodeBuilder.Case(scrutinee, Terms(depth, int.MaxValue));
            default:
                throw new FormatException($"Flat: the term tag {tag} is not allowed here (bit {_reader.Position - 4}).");
        }
    }

    private Code[] Terms(int depth, int limit)
    {
        if (!_reader.Bit())
        {
            return [];
        }

        var terms = new List<Code>(4);
        do
        {
            terms.Add(terms.Count < limit ? Term(depth) : throw new FormatException($"Flat: more than {limit} fields of a constructor."));
        } while (_reader.Bit());
        return [.. terms];
    }
}
