using Masumi.Plutus.FlatFormat;
using Masumi.Plutus.Syntax;

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
                return Functions(depth);
            case 3:
                return Applications(depth);
            case 4:
                return CodeBuilder.Constant(_reader.ReadConstant(ConstantType.MaxNodes));
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

    // Functions in functions, without going deeper for each.
    private Code Functions(int depth)
    {
        var outer = depth++;
        for (; _reader.Peek(4) == 2; depth++)
        {
            _reader.Skip(4);
        }

        var code = Term(depth);
        while (depth > outer)
        {
            code = CodeBuilder.Lam(code, --depth);
        }

        return code;
    }

    // What is applied comes after all the applications it stands in; then one argument for each of them.
    private Code Applications(int depth)
    {
        var count = 1;
        for (; _reader.Peek(4) == 3; count++)
        {
            _reader.Skip(4);
        }

        var code = Term(depth);
        while (count > 0)
        {
            var arguments = CodeBuilder.Wanted(code, count);
            count -= arguments;
            switch (arguments)
            {
                case 1:
                    code = CodeBuilder.Apply(code, Term(depth));
                    break;
                case 2:
                    code = CodeBuilder.Apply(code, Term(depth), Term(depth));
                    break;
                case 3:
                    code = CodeBuilder.Apply(code, Term(depth), Term(depth), Term(depth));
                    break;
                default:
                    var terms = new Code[arguments];
                    for (var i = 0; i < arguments; i++)
                    {
                        terms[i] = Term(depth);
                    }

                    code = CodeBuilder.Apply(code, terms);
                    break;
            }
        }

        return code;
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
