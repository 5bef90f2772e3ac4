using System.Collections.Immutable;
using System.Numerics;
using Masumi.Cardano.Scripts;
using Masumi.Plutus.Bls12381;

namespace Masumi.Plutus.Syntax;

/// <summary>A UPLC term with de Bruijn indices (1 = innermost), as flat carries it.</summary>
public abstract record Term
{
    private protected Term() { }

    /// <summary>The term's text, or only that it is long: terms may be deeper than generated code can follow and larger than any text.</summary>
    public sealed override string ToString()
    {
        try
        {
            return UplcText.Print(this, 10_000);
        }
        catch (FormatException)
        {
            return $"a large {GetType().Name}";
        }
    }

    /// <summary>A variable.</summary>
    public sealed record Var(int Index) : Term;

    /// <summary>A lambda of one argument.</summary>
    public sealed record Lam(Term Body) : Term;

    /// <summary>Application.</summary>
    public sealed record Apply(Term Function, Term Argument) : Term;

    /// <summary>Delayed evaluation.</summary>
    public sealed record Delay(Term Body) : Term;

    /// <summary>Forces a delayed term or a polymorphic builtin.</summary>
    public sealed record Force(Term Body) : Term;

    /// <summary>Fails.</summary>
    public sealed record Error : Term;

    /// <summary>A constant.</summary>
    public sealed record Const(Constant Value) : Term;

    /// <summary>A builtin function.</summary>
    public sealed record Builtin(BuiltinFunction Function) : Term;

    /// <summary>A constructor (UPLC 1.1.0).</summary>
    public sealed record Constr(ulong Tag, ImmutableArray<Term> Fields) : Term;

    /// <summary>Case analysis (UPLC 1.1.0).</summary>
    public sealed record Case(Term Scrutinee, ImmutableArray<Term> Branches) : Term;
}

/// <summary>The type of a constant.</summary>
public abstract record ConstantType
{
    /// <summary>Largest constant type, in nodes, that is read (PV11).</summary>
    internal const int MaxNodes = 32;

    private ConstantType() { }

    /// <summary>A type without parameters.</summary>
    public sealed record Simple(SimpleType Kind) : ConstantType;

    /// <summary>A list.</summary>
    public sealed record List(ConstantType Element) : ConstantType;

    /// <summary>An array.</summary>
    public sealed record Array(ConstantType Element) : ConstantType;

    /// <summary>A pair.</summary>
    public sealed record Pair(ConstantType First, ConstantType Second) : ConstantType;

    internal static readonly ConstantType Data = new Simple(SimpleType.Data);

    internal static readonly ConstantType DataPair = new Pair(Data, Data);

    internal static ConstantType Of(Constant constant) =>
        constant switch
        {
            Constant.Integer => new Simple(SimpleType.Integer),
            Constant.ByteString => new Simple(SimpleType.ByteString),
            Constant.String => new Simple(SimpleType.String),
            Constant.Unit => new Simple(SimpleType.Unit),
            Constant.Bool => new Simple(SimpleType.Bool),
            Constant.Data => Data,
            Constant.G1 => new Simple(SimpleType.G1),
            Constant.G2 => new Simple(SimpleType.G2),
            Constant.MlResult => new Simple(SimpleType.MlResult),
            Constant.Tokens => new Simple(SimpleType.Value),
            Constant.List list => new List(list.Element),
            Constant.Array array => new Array(array.Element),
            Constant.Pair pair => new Pair(Of(pair.First), Of(pair.Second)),
            _ => throw new InvalidOperationException($"A constant without a type: {constant.GetType().Name}."),
        };
}

/// <summary>The constant types without parameters, with their flat tags.</summary>
public enum SimpleType
{
    /// <summary>Integer.</summary>
    Integer = 0,

    /// <summary>Byte string.</summary>
    ByteString = 1,

    /// <summary>Text.</summary>
    String = 2,

    /// <summary>Unit.</summary>
    Unit = 3,

    /// <summary>Boolean.</summary>
    Bool = 4,

    /// <summary>Plutus data.</summary>
    Data = 8,

    /// <summary>BLS12-381 G1.</summary>
    G1 = 9,

    /// <summary>BLS12-381 G2.</summary>
    G2 = 10,

    /// <summary>BLS12-381 Miller loop result.</summary>
    MlResult = 11,

    /// <summary>Multi-asset value.</summary>
    Value = 13,
}

/// <summary>A constant. Flat carries no BLS12-381 constants; text carries those of G1 and G2.</summary>
public abstract record Constant
{
    /// <summary>The unit.</summary>
    public static Unit UnitValue { get; } = new();

    /// <summary>An integer.</summary>
    public sealed record Integer : Constant
    {
        // Only for what a machine word cannot hold; everything else computes without it.
        private readonly object? _large;

        /// <summary>An integer of any size.</summary>
        public Integer(BigInteger value)
        {
            if (value >= long.MinValue && value <= long.MaxValue)
            {
                Word = (long)value;
            }
            else
            {
                _large = value;
            }
        }

        internal Integer(long value) => Word = value;

        /// <summary>The number.</summary>
        public BigInteger Value => _large is null ? Word : (BigInteger)_large;

        /// <summary>True when <see cref="Word"/> is the number.</summary>
        internal bool IsWord => _large is null;

        internal long Word { get; }
    }

    /// <summary>A byte string.</summary>
    public sealed record ByteString(ReadOnlyMemory<byte> Value) : Constant
    {
        /// <inheritdoc/>
        public bool Equals(ByteString? other) => other is not null && Value.Span.SequenceEqual(other.Value.Span);

        /// <inheritdoc/>
        public override int GetHashCode()
        {
            var hash = default(HashCode);
            hash.AddBytes(Value.Span);
            return hash.ToHashCode();
        }
    }

    /// <summary>Text.</summary>
    public sealed record String(string Value) : Constant;

    /// <summary>Unit.</summary>
    public sealed record Unit : Constant;

    /// <summary>Boolean.</summary>
    public sealed record Bool(bool Value) : Constant;

    /// <summary>Plutus data.</summary>
    public sealed record Data(PlutusData Value) : Constant;

    /// <summary>An element of the BLS12-381 group G1.</summary>
    public sealed record G1(G1Element Value) : Constant;

    /// <summary>An element of the BLS12-381 group G2.</summary>
    public sealed record G2(G2Element Value) : Constant;

    /// <summary>A result of the BLS12-381 Miller loop. It exists only while a program runs.</summary>
    public sealed record MlResult(MillerLoopResult Value) : Constant;

    /// <summary>Quantities of tokens.</summary>
    public sealed record Tokens(TokenValue Value) : Constant;

    /// <summary>A list of constants of one type.</summary>
    public sealed record List(ConstantType Element, ImmutableArray<Constant> Items) : Constant;

    /// <summary>An array of constants of one type.</summary>
    public sealed record Array(ConstantType Element, ImmutableArray<Constant> Items) : Constant;

    /// <summary>A pair.</summary>
    public sealed record Pair(Constant First, Constant Second) : Constant;
}
