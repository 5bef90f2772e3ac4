using System.Collections.Immutable;
using Masumi.Cardano.Scripts;
using Masumi.OnChain.Language;
using Masumi.Plutus.Syntax;
using static Masumi.OnChain.Language.Lists;
using static Masumi.OnChain.Language.Syntax;

namespace Masumi.Contracts.Tests.OnChain;

/// <summary>
/// A program of the contract language made at random: typed, of every construct there is, with values bound for one use, several or none, rules that name
/// themselves, builtins that fail, and traces in places where nothing fails, so that the order of evaluation shows. The same seed makes the same program.
/// </summary>
internal sealed class RandomProgram
{
    private readonly Random _random;

    // How much is still to be made; then only what is there already or constant.
    private int _left;
    private int _names;

    private RandomProgram(Random random)
    {
        _random = random;
        _left = random.Next(4, 90);
    }

    /// <summary>A function from data to data.</summary>
    public static Term<Fn<Data, Data>> Of(int seed)
    {
        var program = new RandomProgram(new Random(seed));
        return Function<Data, Data>(data => program.Block(Scope.Empty with { Datas = [data] }, program.Datum));
    }

    /// <summary>What to give it: mostly a constructor with fields of every kind.</summary>
    public static PlutusData Argument(Random random)
    {
        return random.Next(8) == 0 ? Any(1) : new PlutusData.Constr((ulong)random.Next(3), [.. Enumerable.Range(0, random.Next(1, 7)).Select(_ => Any(2))]);

        PlutusData Any(int depth) =>
            random.Next(depth > 0 ? 5 : 2) switch
            {
                0 => PlutusData.I(random.Next(-3, 300)),
                1 => PlutusData.B(Bytes(random)),
                2 => PlutusData.L([.. Enumerable.Range(0, random.Next(5)).Select(_ => random.Next(9) == 0 ? Any(0) : PlutusData.I(random.Next(-3, 9)))]),
                3 => PlutusData.M([
                    .. Enumerable.Range(0, random.Next(4)).Select(_ => KeyValuePair.Create(PlutusData.B(Bytes(random)), PlutusData.I(random.Next(-3, 9)))),
                ]),
                _ => new PlutusData.Constr((ulong)random.Next(3), [.. Enumerable.Range(0, random.Next(4)).Select(_ => Any(depth - 1))]),
            };
    }

    /// <summary>The names in reach, by type.</summary>
    private sealed record Scope(
        ImmutableArray<Term<Int>> Ints,
        ImmutableArray<Term<Bytes>> Bytes,
        ImmutableArray<Term<Bool>> Bools,
        ImmutableArray<Term<Data>> Datas,
        ImmutableArray<Term<ListOf<Int>>> Lists,
        ImmutableArray<Term<Map<Bytes, Int>>> Maps,
        ImmutableArray<Term<Fn<Int, Int>>> Functions,
        ImmutableArray<Term<Fn<Int, Fn<Bytes, Int>>>> Functions2
    )
    {
        public static Scope Empty { get; } = new([], [], [], [], [], [], [], []);

        public Scope With(Term<Int> value) => this with { Ints = Ints.Add(value) };

        public Scope With(Term<Bytes> value) => this with { Bytes = Bytes.Add(value) };
    }

    // Several values as one.
    private sealed class Structured;

    private delegate Term<T> Make<T>(Scope scope);

    private static byte[] Bytes(Random random)
    {
        var bytes = new byte[random.Next(4)];
        random.NextBytes(bytes);
        return bytes;
    }

    private string Name(string kind) => $"{kind} {_names++}";

    // A name of the scope, or what needs none.
    private Term<T> Leaf<T>(ImmutableArray<Term<T>> names, Func<Term<T>> constant) =>
        names.Length > 0 && _random.Next(4) > 0 ? names[_random.Next(names.Length)] : constant();

    // What every type can be made by, next to its own ways.
    private Term<T> Made<T>(Scope scope, Make<T> make, ImmutableArray<Term<T>> names, Func<Term<T>> constant, params ReadOnlySpan<Func<Term<T>>> ways)
    {
        _left--;
        if (_left <= 0 || _random.Next(5) == 0)
        {
            return Leaf(names, constant);
        }

        switch (_random.Next(ways.Length + 6))
        {
            case 0:
                return If(Truth(scope), make(scope), make(scope));
            case 1 when _random.Next(3) == 0:
                return Switch(Number(scope), [(0, make(scope)), (1, make(scope))], otherwise: make(scope));
            case 1 or 2:
                return Block(scope, make);
            case 3:
                return new Term<T>(Expr.Call(BuiltinFunction.Trace, new Expr.Const(new Constant.String(Name("trace"))), make(scope).Expr));
            case 4 when _random.Next(3) == 0:
                return Reject<T>(Name("reject"));
            case 4 or 5:
                return Leaf(names, constant);
            case var way:
                return ways[way - 6]();
        }
    }

    // Two operands, one of them perhaps bound before: what comes first then may fail or trace in another order than it is written.
    private Term<T> Both<TA, TB, T>(Scope s, Make<TA> a, Make<TB> b, Func<Term<TA>, Term<TB>, Term<T>> of) =>
        _random.Next(4) switch
        {
            0 => Do(block =>
            {
                var second = block.Let(b(s));
                return of(a(s), second);
            }),
            1 => Do(block =>
            {
                var first = block.Let(a(s));
                return of(first, b(s));
            }),
            2 => Do(block =>
            {
                var (second, first) = (block.Let(b(s)), block.Let(a(s)));
                return of(first, second);
            }),
            _ => of(a(s), b(s)),
        };

    private Term<Int> Number(Scope s) =>
        Made(
            s,
            Number,
            s.Ints,
            () => Integer(_random.Next(8) == 0 ? 1L << 40 : _random.Next(-2, 5)),
            () => Both(s, Number, Number, (a, b) => a + b),
            () => Both(s, Number, Number, (a, b) => a - b),
            () => Both(s, Number, Number, (a, b) => a * b),
            () => Number(s) / _random.Next(-1, 4),
            () => Twice(Number(s)),
            () => Text(s).Length,
            () => Text(s).At(_random.Next(3)),
            () => Text(s).FromBigEndian(),
            () => Numbers(s).Sum(x => Number(s.With(x))),
            () => Numbers(s).Count,
            () => Numbers(s).Head,
            () => Numbers(s).First(Name("first"), x => Truth(s.With(x))),
            () => Numbers(s).Walk(Number(s), (x, tail, rest) => Number(s.With(x) with { Lists = s.Lists.Add(tail) }) + rest),
            () => Amounts(s).Total,
            () => Amounts(s).Find(Text(s), Number(s), found => Number(s.With(found))),
            () => Amounts(s).Head.Value,
            () => Datum(s).Tag,
            () => Decode<Int>(Datum(s)),
            () => Datum(s).Fields.At<Int>(_random.Next(4)),
            () => Both(s, Called, Number, (f, x) => f.Call(x)),
            () => Called2(s).Call(Number(s), Text(s))
        );

    private static Term<Int> Twice(Term<Int> number) => number + number;

    private Term<Bytes> Text(Scope s) =>
        Made(
            s,
            Text,
            s.Bytes,
            () => ByteString(Bytes(_random)),
            () => Both(s, Text, Text, (a, b) => a + b),
            () => Text(s).Slice(_random.Next(-1, 3), _random.Next(4)),
            () => Both(s, Number, Text, (first, rest) => rest.Prepend(first)),
            () => Number(s).ToBigEndian(_random.Next(5)),
            () => Text(s).Hash224(),
            () => Datum(s).Serialised,
            () => Decode<Bytes>(Datum(s)),
            () => Amounts(s).Head.Key,
            () => Datum(s).Fields.At<Bytes>(_random.Next(4))
        );

    private Term<Bool> Truth(Scope s) =>
        Made(
            s,
            Truth,
            s.Bools,
            () => _random.Next(2) == 0 ? True : False,
            () => Both(s, Truth, Truth, (a, b) => a & b),
            () => Both(s, Truth, Truth, (a, b) => a | b),
            () => !Truth(s),
            () => Both(s, Number, Number, (a, b) => a < b),
            () => Both(s, Number, Number, (a, b) => a <= b),
            () => Both(s, Number, Number, (a, b) => a.Is(b)),
            () => Both(s, Text, Text, (a, b) => a.Is(b)),
            () => Both(s, Text, Text, (a, b) => a.ComesBefore(b)),
            () => Both(s, Datum, Datum, (a, b) => a.Is(b)),
            () => Numbers(s).Any(x => Truth(s.With(x))),
            () => Numbers(s).All(x => Truth(s.With(x))),
            () => Numbers(s).IsEmpty,
            () => Amounts(s).Any(e => Truth(s.With(e.Key).With(e.Value))),
            () => Amounts(s).KeysAscend,
            () => Amounts(s).KeysAreUnique,
            () => Both(s, Amounts, Amounts, (a, b) => a.Is(b)),
            () => Datum(s).Fields.From(_random.Next(3)).AreEmpty,
            () => new Term<Option<Int>>(Datum(s).Expr).IsSome,
            () => Both(s, Text, Text, (key, message) => key.Verifies(message, Text(s)))
        );

    private Term<Data> Datum(Scope s) =>
        Made(
            s,
            Datum,
            s.Datas,
            () => Literal<Data>(PlutusData.I(_random.Next(3))),
            () => Number(s).ToData(),
            () => Text(s).ToData(),
            () => Numbers(s).ToData(),
            () => Amounts(s).ToData(),
            () => Both(s, Datum, Number, (a, b) => Operators.Construct<Data>(_random.Next(3), a, b.ToData(), Datum(s))),
            () => Datum(s).Fields.At<Data>(_random.Next(4)),
            () => new Term<Option<Data>>(Datum(s).Expr).OrElse(Datum(s)),
            () => new Term<Option<Data>>(Datum(s).Expr).Value
        );

    private Term<ListOf<Int>> Numbers(Scope s) =>
        Made(
            s,
            Numbers,
            s.Lists,
            () => EmptyList<Int>().Prepend(Integer(_random.Next(3))).Prepend(Integer(_random.Next(3))),
            () => Both(s, Number, Numbers, (first, rest) => rest.Prepend(first)),
            () => Numbers(s).Tail,
            () => Numbers(s).Where(x => Truth(s.With(x))),
            () => Decode<ListOf<Int>>(Datum(s)),
            () => Datum(s).Fields.At<ListOf<Int>>(_random.Next(4)),
            () => EmptyList<Int>()
        );

    private Term<Map<Bytes, Int>> Amounts(Scope s) =>
        Made(
            s,
            Amounts,
            s.Maps,
            () => EmptyMap<Bytes, Int>().Prepend(ByteString(Bytes(_random)), Integer(_random.Next(3))),
            () => Both(s, Text, Number, (key, value) => Amounts(s).Prepend(key, value)),
            () => Amounts(s).Tail,
            () => Decode<Map<Bytes, Int>>(Datum(s)),
            () => Datum(s).Fields.At<Map<Bytes, Int>>(_random.Next(4))
        );

    private Term<Fn<Int, Int>> Called(Scope s) =>
        Made(
            s,
            Called,
            s.Functions,
            () => Function<Int, Int>(x => x + _random.Next(3)),
            () => Function<Int, Int>(x => Number(s.With(x))),
            () => Function<Int, Int>(x => Number(s.With(x))),
            () => Function<Int, Int, Int>((x, y) => Number(s.With(x).With(y))).Call(Number(s))
        );

    private Term<Fn<Int, Fn<Bytes, Int>>> Called2(Scope s) =>
        Made(
            s,
            Called2,
            s.Functions2,
            () => Function<Int, Bytes, Int>((x, y) => x + y.Length),
            () => Function<Int, Bytes, Int>((x, y) => Number(s.With(x).With(y))),
            () =>
                Function<Int, Fn<Bytes, Int>>(x =>
                    Do(b =>
                    {
                        var z = b.Let(Number(s.With(x)));
                        return Function<Bytes, Int>(y => Number(s.With(z).With(y)));
                    })
                )
        );

    // Statements, then a result. What a statement binds is used as chance will have it: never, once or often.
    private Term<T> Block<T>(Scope scope, Make<T> make) =>
        Do(b =>
        {
            var s = scope;
            for (var i = _random.Next(1, 5); i > 0; i--)
            {
                s = Statement(b, s);
            }

            return make(s);
        });

    private Scope Statement(Block b, Scope s)
    {
        switch (_random.Next(15))
        {
            case 0:
                b.Require(Name("require"), Truth(s) | Truth(s));
                return s;
            case 1:
                b.Run(Number(s));
                return s;
            case 2:
                b.Run(Datum(s));
                return s;
            case 3:
                return s with { Bools = s.Bools.Add(b.Let(Truth(s))) };
            case 4:
                return s with { Lists = s.Lists.Add(b.Let(Numbers(s))) };
            case 5:
                return s with { Maps = s.Maps.Add(b.Let(Amounts(s))) };
            case 6:
                return s with { Functions = s.Functions.Add(b.Let(Called(s))) };
            case 7:
                return s with { Functions2 = s.Functions2.Add(b.Let(Called2(s))) };
            case 8:
                return s with { Datas = s.Datas.Add(b.Let(Datum(s))) };
            case 9:
                return s.With(b.Let(Text(s)));
            case 10 or 12 or 13:
                var packed = new Term<Structured>(Structure.Pack(Number(s).Expr, Text(s).Expr, Truth(s).Expr));
                if (_random.Next(3) == 0)
                {
                    packed = b.Let(packed);
                    if (_random.Next(2) == 0)
                    {
                        return s;
                    }
                }

                var fields = b.Unpack(packed.Expr, "x", "y", "z");
                return s.With(new Term<Int>(fields[0])).With(new Term<Bytes>(fields[1])) with { Bools = s.Bools.Add(new Term<Bool>(fields[2])) };
            case 11:
                var read = new FieldReader<Data>(b, b.Open(Datum(s)));
                return s with { Datas = s.Datas.Add(read.Next<Data>()).Add(read.Next<Data>()), Bools = s.Bools.Add(read.AtEnd) };
            default:
                return s.With(b.Let(Number(s)));
        }
    }
}
