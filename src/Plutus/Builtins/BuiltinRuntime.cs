using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using Masumi.Cardano.Crypto;
using Masumi.Cardano.Scripts;
using Masumi.Plutus.Costs;
using Masumi.Plutus.FlatFormat;
using Masumi.Plutus.Runtime;
using Masumi.Plutus.Syntax;
using static Masumi.Plutus.Syntax.BuiltinFunction;

namespace Masumi.Plutus.Builtins;

/// <summary>What the builtins do once they are paid for (spec cardano.md 9.3). Each refuses bad arguments by ending the evaluation.</summary>
internal static partial class BuiltinRuntime
{
    private static readonly Constant.Bool True = new(true);
    private static readonly Constant.Bool False = new(false);
    private static readonly Constant.Integer[] Small = [.. Enumerable.Range(-16, 1040).Select(i => new Constant.Integer(i))];

    [SuppressMessage("Maintainability", "CA1502", Justification = "One case for each builtin: a table.")]
    [SuppressMessage("Design", "MA0051", Justification = "One case for each builtin: a table.")]
    public static object Call(BuiltinFunction function, object[] a, SemanticsVariant variant, List<string> logs)
    {
        switch (function)
        {
            case AddInteger:
                return Int(I(function, a[0]) + I(function, a[1]));
            case SubtractInteger:
                return Int(I(function, a[0]) - I(function, a[1]));
            case MultiplyInteger:
                return Int(I(function, a[0]) * I(function, a[1]));
            case DivideInteger or ModInteger or QuotientInteger or RemainderInteger:
                return Divide(function, I(function, a[0]), I(function, a[1]));
            case EqualsInteger:
                return Bool(I(function, a[0]) == I(function, a[1]));
            case LessThanInteger:
                return Bool(I(function, a[0]) < I(function, a[1]));
            case LessThanEqualsInteger:
                return Bool(I(function, a[0]) <= I(function, a[1]));
            case ExpModInteger:
                return ExpMod(I(function, a[0]), I(function, a[1]), I(function, a[2]));

            case AppendByteString:
                return Bytes((byte[])[.. B(function, a[0]).Span, .. B(function, a[1]).Span]);
            case ConsByteString:
                return Cons(I(function, a[0]), B(function, a[1]), variant);
            case SliceByteString:
                return Slice(I(function, a[0]), I(function, a[1]), B(function, a[2]));
            case LengthOfByteString:
                return Int(B(function, a[0]).Length);
            case IndexByteString:
            {
                var bytes = B(function, a[0]);
                var index = I(function, a[1]);
                return index >= 0 && index < bytes.Length ? Int(bytes.Span[(int)index]) : throw Refuse(function, $"index {index} of {bytes.Length} bytes");
            }

            case EqualsByteString:
                return Bool(B(function, a[0]).Span.SequenceEqual(B(function, a[1]).Span));
            case LessThanByteString:
                return Bool(B(function, a[0]).Span.SequenceCompareTo(B(function, a[1]).Span) < 0);
            case LessThanEqualsByteString:
                return Bool(B(function, a[0]).Span.SequenceCompareTo(B(function, a[1]).Span) <= 0);

            case Sha2_256:
                return Bytes(SHA256.HashData(B(function, a[0]).Span));
            case Sha3_256:
                return Bytes(Crypto.Sha3(B(function, a[0]).Span));
            case Blake2b_256:
                return Bytes(Blake2b.Hash256(B(function, a[0]).Span).ToArray());
            case Blake2b_224:
                return Bytes(Blake2b.Hash224(B(function, a[0]).Span).ToArray());
            case Keccak_256:
                return Bytes(Crypto.Keccak(B(function, a[0]).Span));
            case Ripemd_160:
                return Bytes(Crypto.Ripemd(B(function, a[0]).Span));
            case VerifyEd25519Signature:
                return VerifyEd25519(B(function, a[0]), B(function, a[1]), B(function, a[2]));
            case VerifyEcdsaSecp256k1Signature:
                return Verified(function, Secp256k1.VerifyEcdsa(B(function, a[0]).Span, B(function, a[1]).Span, B(function, a[2]).Span));
            case VerifySchnorrSecp256k1Signature:
                return Verified(function, Secp256k1.VerifySchnorr(B(function, a[0]).Span, B(function, a[1]).Span, B(function, a[2]).Span));

            case AppendString:
                return new Constant.String(S(function, a[0]) + S(function, a[1]));
            case EqualsString:
                return Bool(string.Equals(S(function, a[0]), S(function, a[1]), StringComparison.Ordinal));
            case EncodeUtf8:
                return Bytes(Encoding.UTF8.GetBytes(S(function, a[0])));
            case DecodeUtf8:
                return Decode(B(function, a[0]));

            case IfThenElse:
                return Truth(function, a[0]) ? a[1] : a[2];
            case ChooseUnit:
                return a[0] is Constant.Unit ? a[1] : throw Type(function, "unit", a[0]);
            case Trace:
                logs.Add(S(function, a[0]));
                return a[1];

            case FstPair:
                return a[0] is RuntimePair first ? first.First : throw Type(function, "pair", a[0]);
            case SndPair:
                return a[0] is RuntimePair second ? second.Second : throw Type(function, "pair", a[0]);
            case ChooseList:
                return L(function, a[0]).Length == 0 ? a[1] : a[2];
            case MkCons:
                return Prepend(a[0], L(function, a[1]));
            case HeadList:
                return L(function, a[0]) is { Length: > 0 } head ? head.Head : throw Refuse(function, "an empty list");
            case TailList:
                return L(function, a[0]) is { Length: > 0 } tail ? tail.Tail : throw Refuse(function, "an empty list");
            case NullList:
                return Bool(L(function, a[0]).Length == 0);
            case DropList:
            {
                var count = I(function, a[0]);
                var list = L(function, a[1]);
                return count <= 0 ? list : list.Drop(count > list.Length ? list.Length : (int)count);
            }

            case LengthOfArray:
                return Int(A(function, a[0]).Items.Length);
            case ListToArray:
            {
                var list = L(function, a[0]);
                return new RuntimeArray(list.Element, [.. list.Items()]);
            }

            case IndexArray:
            {
                var array = A(function, a[0]);
                var index = I(function, a[1]);
                return index >= 0 && index < array.Items.Length
                    ? array.Items[(int)index]
                    : throw Refuse(function, $"index {index} of {array.Items.Length} items");
            }

            default:
                return CallData(function, a)
                    ?? CallBits(function, a)
                    ?? CallBls(function, a)
                    ?? CallValue(function, a)
                    ?? throw new System.Diagnostics.UnreachableException($"{function} is not implemented.");
        }
    }

    [SuppressMessage("Maintainability", "CA1502", Justification = "One case for each builtin: a table.")]
    [SuppressMessage("Design", "MA0051", Justification = "One case for each builtin: a table.")]
    private static object? CallData(BuiltinFunction function, object[] a)
    {
        switch (function)
        {
            case ChooseData:
                return D(function, a[0]) switch
                {
                    PlutusData.Constr => a[1],
                    PlutusData.Map => a[2],
                    PlutusData.List => a[3],
                    PlutusData.Integer => a[4],
                    _ => a[5],
                };
            case ConstrData:
            {
                var tag = I(function, a[0]);
                var fields = DataItems(function, a[1]);
                return tag >= 0 && tag <= ulong.MaxValue
                    ? new Constant.Data(new PlutusData.Constr((ulong)tag, fields))
                    : throw Refuse(function, $"the constructor index {tag}");
            }

            case MapData:
            {
                var entries = ImmutableArray.CreateBuilder<KeyValuePair<PlutusData, PlutusData>>();
                foreach (var item in L(function, a[0]).Items())
                {
                    entries.Add(
                        item is RuntimePair { First: Constant.Data key, Second: Constant.Data value }
                            ? new(key.Value, value.Value)
                            : throw Type(function, "list of pairs of data", a[0])
                    );
                }

                return
                    L(function, a[0]).Element
                        is ConstantType.Pair { First: ConstantType.Simple { Kind: SimpleType.Data }, Second: ConstantType.Simple { Kind: SimpleType.Data } }
                    ? new Constant.Data(new PlutusData.Map(entries.ToImmutable()))
                    : throw Type(function, "list of pairs of data", a[0]);
            }

            case ListData:
                return new Constant.Data(new PlutusData.List(DataItems(function, a[0])));
            case IData:
                return new Constant.Data(new PlutusData.Integer(I(function, a[0])));
            case BData:
                return new Constant.Data(new PlutusData.Bytes(B(function, a[0])));
            case UnConstrData:
                return D(function, a[0]) is PlutusData.Constr constr
                    ? new RuntimePair(Int(constr.Tag), RuntimeList.Of(constr.Fields))
                    : throw Refuse(function, "data that is no constructor");
            case UnMapData:
                return D(function, a[0]) is PlutusData.Map map ? RuntimeList.Of(map.Entries) : throw Refuse(function, "data that is no map");
            case UnListData:
                return D(function, a[0]) is PlutusData.List list ? RuntimeList.Of(list.Items) : throw Refuse(function, "data that is no list");
            case UnIData:
                return D(function, a[0]) is PlutusData.Integer integer ? Int(integer.Value) : throw Refuse(function, "data that is no integer");
            case UnBData:
                return D(function, a[0]) is PlutusData.Bytes bytes ? Bytes(bytes.Value) : throw Refuse(function, "data that is no byte string");
            case EqualsData:
                return Bool(D(function, a[0]).Equals(D(function, a[1])));
            case MkPairData:
                return new RuntimePair(new Constant.Data(D(function, a[0])), new Constant.Data(D(function, a[1])));
            case MkNilData:
                return a[0] is Constant.Unit ? RuntimeList.Empty(ConstantType.Data) : throw Type(function, "unit", a[0]);
            case MkNilPairData:
                return a[0] is Constant.Unit ? RuntimeList.Empty(ConstantType.DataPair) : throw Type(function, "unit", a[0]);
            case SerialiseData:
                return Bytes(D(function, a[0]).ToCbor());
            default:
                return null;
        }
    }

    private static Constant.Integer Divide(BuiltinFunction function, BigInteger x, BigInteger y)
    {
        if (y.IsZero)
        {
            throw Refuse(function, "division by zero");
        }

        var quotient = BigInteger.DivRem(x, y, out var remainder);
        var floors = !remainder.IsZero && (remainder.Sign < 0) != (y.Sign < 0);
        return Int(
            function switch
            {
                DivideInteger => floors ? quotient - 1 : quotient,
                ModInteger => floors ? remainder + y : remainder,
                QuotientInteger => quotient,
                _ => remainder,
            }
        );
    }

    private static Constant.Integer ExpMod(BigInteger b, BigInteger exponent, BigInteger modulus)
    {
        if (modulus.Sign <= 0)
        {
            throw Refuse(ExpModInteger, "a modulus that is not positive");
        }

        if (modulus.IsOne)
        {
            return Int(0);
        }

        if (exponent.Sign < 0)
        {
            // b^-e is the e-th power of b's inverse, when there is one.
            b = Inverse(BigInteger.Remainder(b, modulus), modulus) ?? throw Refuse(ExpModInteger, "no inverse");
            exponent = -exponent;
        }

        var power = BigInteger.ModPow(b, exponent, modulus);
        return Int(power.Sign < 0 ? power + modulus : power);
    }

    private static BigInteger? Inverse(BigInteger value, BigInteger modulus)
    {
        var (r0, r1) = (modulus, value.Sign < 0 ? value + modulus : value);
        var (t0, t1) = (BigInteger.Zero, BigInteger.One);
        while (!r1.IsZero)
        {
            var q = r0 / r1;
            (r0, r1) = (r1, r0 - (q * r1));
            (t0, t1) = (t1, t0 - (q * t1));
        }

        return r0.IsOne ? (t0.Sign < 0 ? t0 + modulus : t0) : null;
    }

    private static Constant.ByteString Cons(BigInteger head, ReadOnlyMemory<byte> tail, SemanticsVariant variant)
    {
        // V3 refuses what is no byte; the older languages wrap around.
        if (variant is SemanticsVariant.C or SemanticsVariant.E)
        {
            if (head < 0 || head > 255)
            {
                throw Refuse(ConsByteString, $"{head} is no byte");
            }
        }
        else
        {
            head = ((head % 256) + 256) % 256;
        }

        return Bytes((byte[])[(byte)head, .. tail.Span]);
    }

    private static Constant.ByteString Slice(BigInteger start, BigInteger length, ReadOnlyMemory<byte> bytes)
    {
        var from =
            start.Sign < 0 ? 0
            : start > bytes.Length ? bytes.Length
            : (int)start;
        var left = bytes.Length - from;
        var count =
            length.Sign < 0 ? 0
            : length > left ? left
            : (int)length;
        return Bytes(bytes.Slice(from, count));
    }

    private static Constant.Bool VerifyEd25519(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> message, ReadOnlyMemory<byte> signature)
    {
        if (key.Length != 32 || signature.Length != 64)
        {
            throw Refuse(VerifyEd25519Signature, $"a key of {key.Length} bytes and a signature of {signature.Length}");
        }

        return Bool(Ed25519.Verify(key.Span, message.Span, signature.Span));
    }

    private static Constant.Bool Verified(BuiltinFunction function, bool? verified) =>
        verified is { } valid ? Bool(valid) : throw Refuse(function, "a malformed key, message or signature");

    private static Constant.String Decode(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return new Constant.String(FlatReader.StrictUtf8.GetString(bytes.Span));
        }
        catch (DecoderFallbackException)
        {
            throw Refuse(DecodeUtf8, "bytes that are no UTF-8");
        }
    }

    private static RuntimeList Prepend(object head, RuntimeList tail) =>
        ConstantTypes.OfValue(head) is { } type && type == tail.Element
            ? RuntimeList.Cons(head, tail)
            : throw Refuse(MkCons, "an element of another type than the list's");

    private static ImmutableArray<PlutusData> DataItems(BuiltinFunction function, object value)
    {
        var list = L(function, value);
        if (list.Element is not ConstantType.Simple { Kind: SimpleType.Data })
        {
            throw Type(function, "list of data", value);
        }

        var items = ImmutableArray.CreateBuilder<PlutusData>(list.Length);
        foreach (var item in list.Items())
        {
            items.Add(((Constant.Data)item).Value);
        }

        return items.MoveToImmutable();
    }

    private static BigInteger I(BuiltinFunction function, object value) => value is Constant.Integer i ? i.Value : throw Type(function, "integer", value);

    private static ReadOnlyMemory<byte> B(BuiltinFunction function, object value) =>
        value is Constant.ByteString b ? b.Value : throw Type(function, "bytestring", value);

    private static string S(BuiltinFunction function, object value) => value is Constant.String s ? s.Value : throw Type(function, "string", value);

    private static bool Truth(BuiltinFunction function, object value) => value is Constant.Bool b ? b.Value : throw Type(function, "bool", value);

    private static PlutusData D(BuiltinFunction function, object value) => value is Constant.Data d ? d.Value : throw Type(function, "data", value);

    private static RuntimeList L(BuiltinFunction function, object value) => value as RuntimeList ?? throw Type(function, "list", value);

    private static RuntimeArray A(BuiltinFunction function, object value) => value as RuntimeArray ?? throw Type(function, "array", value);

    internal static Constant.Integer Int(long value) => value is >= -16 and < 1024 ? Small[value + 16] : new Constant.Integer(value);

    internal static Constant.Integer Int(BigInteger value) => value >= -16 && value < 1024 ? Small[(int)value + 16] : new Constant.Integer(value);

    internal static Constant.Bool Bool(bool value) => value ? True : False;

    private static Constant.ByteString Bytes(ReadOnlyMemory<byte> value) => new(value);

    private static EvaluationEnded Type(BuiltinFunction function, string expected, object found) =>
        Refuse(function, $"expected {expected}, found {(ConstantTypes.OfValue(found) is { } type ? Syntax.TypeNames.Of(type) : "a function")}");

    private static EvaluationEnded Refuse(BuiltinFunction function, string reason) => new(new EvaluationFailure.BuiltinFailed(function, reason));
}
