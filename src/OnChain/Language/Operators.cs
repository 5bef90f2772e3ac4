using static Masumi.OnChain.Language.Syntax;
using static Masumi.Plutus.Syntax.BuiltinFunction;

namespace Masumi.OnChain.Language;

/// <summary>What one can do with integers, byte strings, truth values and data.</summary>
internal static class Operators
{
    extension(Term<Int>)
    {
        public static Term<Int> operator +(Term<Int> a, Term<Int> b) => new(Expr.Call(AddInteger, a.Expr, b.Expr));

        public static Term<Int> operator -(Term<Int> a, Term<Int> b) => new(Expr.Call(SubtractInteger, a.Expr, b.Expr));

        public static Term<Int> operator *(Term<Int> a, Term<Int> b) => new(Expr.Call(MultiplyInteger, a.Expr, b.Expr));

        /// <summary>Rounds down; rejects division by zero.</summary>
        public static Term<Int> operator /(Term<Int> a, long b) => new(Expr.Call(DivideInteger, a.Expr, Expr.Integer(b)));

        public static Term<Bool> operator <(Term<Int> a, Term<Int> b) => new(Expr.Call(LessThanInteger, a.Expr, b.Expr));

        public static Term<Bool> operator >(Term<Int> a, Term<Int> b) => new(Expr.Call(LessThanInteger, b.Expr, a.Expr));

        public static Term<Bool> operator <=(Term<Int> a, Term<Int> b) => new(Expr.Call(LessThanEqualsInteger, a.Expr, b.Expr));

        public static Term<Bool> operator >=(Term<Int> a, Term<Int> b) => new(Expr.Call(LessThanEqualsInteger, b.Expr, a.Expr));

        public static Term<Int> operator +(Term<Int> a, long b) => a + Integer(b);

        public static Term<Bool> operator <(Term<Int> a, long b) => a < Integer(b);

        public static Term<Bool> operator >(Term<Int> a, long b) => a > Integer(b);

        public static Term<Bool> operator <=(Term<Int> a, long b) => a <= Integer(b);

        public static Term<Bool> operator >=(Term<Int> a, long b) => a >= Integer(b);
    }

    extension(Term<Int> self)
    {
        public Term<Bool> Is(Term<Int> other) => new(Expr.Call(EqualsInteger, self.Expr, other.Expr));

        public Term<Bool> Is(long other) => self.Is(Integer(other));

        /// <summary>Big-endian, exactly this wide; rejects a number that does not fit.</summary>
        public Term<Bytes> ToBigEndian(int width) => new(Expr.Call(IntegerToByteString, Expr.Bool(true), Expr.Integer(width), self.Expr));
    }

    extension(Term<Bytes>)
    {
        /// <summary>Concatenation.</summary>
        public static Term<Bytes> operator +(Term<Bytes> a, Term<Bytes> b) => new(Expr.Call(AppendByteString, a.Expr, b.Expr));
    }

    extension(Term<Bytes> self)
    {
        public Term<Int> Length => new(Expr.Call(LengthOfByteString, self.Expr));

        public Term<Bool> IsEmpty => self.Is(ByteString(default));

        public Term<Bool> Is(Term<Bytes> other) => new(Expr.Call(EqualsByteString, self.Expr, other.Expr));

        public Term<Bool> ComesBefore(Term<Bytes> other) => new(Expr.Call(LessThanByteString, self.Expr, other.Expr));

        /// <summary>The byte at an index; rejects when there is none.</summary>
        public Term<Int> At(int index) => new(Expr.Call(IndexByteString, self.Expr, Expr.Integer(index)));

        /// <summary>As many bytes of the range as there are.</summary>
        public Term<Bytes> Slice(int start, int length) => new(Expr.Call(SliceByteString, Expr.Integer(start), Expr.Integer(length), self.Expr));

        public Term<Int> FromBigEndian() => new(Expr.Call(ByteStringToInteger, Expr.Bool(true), self.Expr));

        /// <summary>Puts one byte (0..255, otherwise the script fails) in front.</summary>
        public Term<Bytes> Prepend(Term<Int> first) => new(Expr.Call(ConsByteString, first.Expr, self.Expr));

        public Term<Bytes> Hash256() => new(Expr.Call(Blake2b_256, self.Expr));

        public Term<Bytes> Hash224() => new(Expr.Call(Blake2b_224, self.Expr));

        /// <summary>Ed25519; the receiver is the key. Rejects when key or signature have the wrong length.</summary>
        public Term<Bool> Verifies(Term<Bytes> message, Term<Bytes> signature) =>
            new(Expr.Call(VerifyEd25519Signature, self.Expr, message.Expr, signature.Expr));
    }

    extension(Term<Bool>)
    {
        /// <summary>Evaluates the right side only when the left side holds.</summary>
        public static Term<Bool> operator &(Term<Bool> a, Term<Bool> b) => If(a, b, False);

        /// <summary>Evaluates the right side only when the left side does not hold.</summary>
        public static Term<Bool> operator |(Term<Bool> a, Term<Bool> b) => If(a, True, b);

        public static Term<Bool> operator !(Term<Bool> a) => new(Expr.Call(IfThenElse, a.Expr, Expr.Bool(false), Expr.Bool(true)));
    }

    extension<TEnum>(Term<Choice<TEnum>>)
        where TEnum : struct, Enum
    {
        public static Term<Bool> operator <=(Term<Choice<TEnum>> a, TEnum b) => a.Index <= Choice<TEnum>.IndexOf(b);

        public static Term<Bool> operator >=(Term<Choice<TEnum>> a, TEnum b) => a.Index >= Choice<TEnum>.IndexOf(b);
    }

    extension<TEnum>(Term<Choice<TEnum>> self)
        where TEnum : struct, Enum
    {
        private Term<Int> Index => new(self.Expr);

        public Term<Bool> Is(TEnum value) => self.Index.Is(Choice<TEnum>.IndexOf(value));
    }

    extension<T>(Term<T> self)
        where T : Data
    {
        /// <summary>Structural equality.</summary>
        public Term<Bool> Is(Term<T> other) => new(Expr.Call(EqualsData, self.Expr, other.Expr));

        /// <summary>The constructor's index; rejects data that is no constructor.</summary>
        public Term<Int> Tag => new(Expr.Call(FstPair, Expr.Call(UnConstrData, self.Expr)));

        /// <summary>The constructor's fields; rejects data that is no constructor.</summary>
        public Fields<T> Fields => new(Expr.Call(SndPair, Expr.Call(UnConstrData, self.Expr)));

        public Term<Bytes> Serialised => new(Expr.Call(SerialiseData, self.Expr));
    }

    extension<T>(Term<T> self)
        where T : IDataType
    {
        public Term<Data> ToData() => new(T.Encode(self.Expr));
    }

    extension<T>(Term<Option<T>> self)
        where T : IDataType
    {
        public Term<Bool> IsSome => self.Tag.Is(0);

        /// <summary>The value; rejects when there is none.</summary>
        public Term<T> Value => self.Fields.At<T>(0);

        public Term<T> OrElse(Term<T> other) => If(self.IsSome, self.Value, other);
    }

    /// <summary>A record or a case of a union.</summary>
    public static Term<T> Construct<T>(int tag, params ReadOnlySpan<Term<Data>> fields)
        where T : Data
    {
        var list = Expr.EmptyList;
        for (var i = fields.Length - 1; i >= 0; i--)
        {
            list = Expr.Call(MkCons, fields[i].Expr, list);
        }

        return new(Expr.Call(ConstrData, Expr.Integer(tag), list));
    }
}
