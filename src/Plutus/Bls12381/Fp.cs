using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Masumi.Plutus.Bls12381;

// None of the arithmetic in this folder runs in constant time: everything a script computes with is public.

/// <summary>
/// The field of integers modulo p, p = (z - 1)^2 (z^4 - z^2 + 1) / 3 + z with z = -0xd201000000010000. An element a is held as a * 2^384 mod p
/// (Montgomery form) in six 64-bit limbs, least significant first, always below p.
/// </summary>
internal readonly struct Fp : IField<Fp>
{
    private const int Limbs = 6;

    private const ulong P0 = 0xb9feffffffffaaab;
    private const ulong P1 = 0x1eabfffeb153ffff;
    private const ulong P2 = 0x6730d2a0f6b0f624;
    private const ulong P3 = 0x64774b84f38512bf;
    private const ulong P4 = 0x4b1ba7b6434bacd7;
    private const ulong P5 = 0x1a0111ea397fe69a;

    /// <summary>-1/p mod 2^64.</summary>
    private const ulong MinusInverse = 0x89f3fffcfffcfffd;

    /// <summary>The modulus p.</summary>
    public static readonly BigInteger Modulus = BigInteger.Parse(
        "01a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaab",
        NumberStyles.AllowHexSpecifier,
        CultureInfo.InvariantCulture
    );

    // p = 3 mod 4, so a^((p+1)/4) is a root of a if there is one.
    private static readonly BigInteger RootExponent = (Modulus + 1) / 4;
    private static readonly BigInteger InverseExponent = Modulus - 2;
    private static readonly BigInteger Half = (Modulus - 1) / 2;
    private static readonly Fp MontgomeryOne = Raw((BigInteger.One << 384) % Modulus);
    private static readonly Fp MontgomerySquare = Raw((BigInteger.One << 768) % Modulus);

    private readonly ulong _0;
    private readonly ulong _1;
    private readonly ulong _2;
    private readonly ulong _3;
    private readonly ulong _4;
    private readonly ulong _5;

    private Fp(ulong l0, ulong l1, ulong l2, ulong l3, ulong l4, ulong l5)
    {
        _0 = l0;
        _1 = l1;
        _2 = l2;
        _3 = l3;
        _4 = l4;
        _5 = l5;
    }

    public static int Size => 48;

    public static Fp Zero => default;

    public static Fp One => MontgomeryOne;

    public bool IsZero => (_0 | _1 | _2 | _3 | _4 | _5) == 0;

    public bool Sign => (Canonical()._0 & 1) != 0;

    public bool IsLarger => ToInteger() > Half;

    /// <summary>The element that an integer of any size and sign stands for.</summary>
    public static Fp Of(BigInteger value)
    {
        var rest = BigInteger.Remainder(value, Modulus);
        return Raw(rest.Sign < 0 ? rest + Modulus : rest) * MontgomerySquare;
    }

    public static Fp? FromBytes(ReadOnlySpan<byte> bytes)
    {
        var value = new BigInteger(bytes[..Size], isUnsigned: true, isBigEndian: true);
        return value < Modulus ? Raw(value) * MontgomerySquare : null;
    }

    public void WriteTo(Span<byte> bytes)
    {
        var plain = Canonical();
        BinaryPrimitives.WriteUInt64BigEndian(bytes, plain._5);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], plain._4);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[16..], plain._3);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[24..], plain._2);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[32..], plain._1);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[40..], plain._0);
    }

    public BigInteger ToInteger()
    {
        Span<byte> bytes = stackalloc byte[Size];
        WriteTo(bytes);
        return new BigInteger(bytes, isUnsigned: true, isBigEndian: true);
    }

    public static Fp operator +(in Fp a, in Fp b)
    {
        // Both are below p < 2^381, so the sum has room in six limbs.
        ulong carry = 0;
        var s0 = AddCarry(a._0, b._0, ref carry);
        var s1 = AddCarry(a._1, b._1, ref carry);
        var s2 = AddCarry(a._2, b._2, ref carry);
        var s3 = AddCarry(a._3, b._3, ref carry);
        var s4 = AddCarry(a._4, b._4, ref carry);
        return Reduced(s0, s1, s2, s3, s4, a._5 + b._5 + carry);
    }

    public static Fp operator -(in Fp a, in Fp b)
    {
        ulong borrow = 0;
        var d0 = SubtractBorrow(a._0, b._0, ref borrow);
        var d1 = SubtractBorrow(a._1, b._1, ref borrow);
        var d2 = SubtractBorrow(a._2, b._2, ref borrow);
        var d3 = SubtractBorrow(a._3, b._3, ref borrow);
        var d4 = SubtractBorrow(a._4, b._4, ref borrow);
        var d5 = SubtractBorrow(a._5, b._5, ref borrow);

        // Below zero: add p.
        var mask = 0 - borrow;
        ulong carry = 0;
        return new Fp(
            AddCarry(d0, P0 & mask, ref carry),
            AddCarry(d1, P1 & mask, ref carry),
            AddCarry(d2, P2 & mask, ref carry),
            AddCarry(d3, P3 & mask, ref carry),
            AddCarry(d4, P4 & mask, ref carry),
            d5 + (P5 & mask) + carry
        );
    }

    public static Fp operator -(in Fp a) => default(Fp) - a;

    /// <summary>
    /// The Montgomery product a * b / 2^384 mod p, multiplication and reduction interleaved limb by limb. Because the top limb of p is below 2^63, the
    /// running sum never needs a seventh limb.
    /// </summary>
    public static Fp operator *(in Fp a, in Fp b)
    {
        ulong t0 = 0,
            t1 = 0,
            t2 = 0,
            t3 = 0,
            t4 = 0,
            t5 = 0;
        ref var limb = ref Unsafe.AsRef(in b._0);
        for (var i = 0; i < Limbs; i++)
        {
            var y = Unsafe.Add(ref limb, i);
            ulong carry = 0;
            ulong fold = 0;
            t0 = MultiplyAdd(a._0, y, t0, ref carry);
            var m = unchecked(t0 * MinusInverse);
            _ = MultiplyAdd(m, P0, t0, ref fold);
            t1 = MultiplyAdd(a._1, y, t1, ref carry);
            t0 = MultiplyAdd(m, P1, t1, ref fold);
            t2 = MultiplyAdd(a._2, y, t2, ref carry);
            t1 = MultiplyAdd(m, P2, t2, ref fold);
            t3 = MultiplyAdd(a._3, y, t3, ref carry);
            t2 = MultiplyAdd(m, P3, t3, ref fold);
            t4 = MultiplyAdd(a._4, y, t4, ref carry);
            t3 = MultiplyAdd(m, P4, t4, ref fold);
            t5 = MultiplyAdd(a._5, y, t5, ref carry);
            t4 = MultiplyAdd(m, P5, t5, ref fold);
            t5 = carry + fold;
        }

        return Reduced(t0, t1, t2, t3, t4, t5);
    }

    public Fp Square() => this * this;

    public Fp Double() => this + this;

    /// <summary>The power with a non-negative exponent.</summary>
    public Fp Pow(BigInteger exponent)
    {
        // Four bits at a time.
        Span<Fp> powers = stackalloc Fp[16];
        powers[0] = One;
        for (var i = 1; i < powers.Length; i++)
        {
            powers[i] = powers[i - 1] * this;
        }

        var result = One;
        foreach (var b in exponent.ToByteArray(isUnsigned: true, isBigEndian: true))
        {
            result = result.Square().Square().Square().Square() * powers[b >> 4];
            result = result.Square().Square().Square().Square() * powers[b & 15];
        }

        return result;
    }

    public Fp Inverse() => Pow(InverseExponent);

    public bool TrySqrt(out Fp root)
    {
        root = Pow(RootExponent);
        return root.Square().Equals(this);
    }

    public bool Equals(Fp other) => _0 == other._0 && _1 == other._1 && _2 == other._2 && _3 == other._3 && _4 == other._4 && _5 == other._5;

    public override bool Equals(object? obj) => obj is Fp other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(_0, _1, _2, _3, _4, _5);

    public override string ToString() => "0x" + ToInteger().ToString("x", CultureInfo.InvariantCulture);

    /// <summary>Out of Montgomery form: the product with a bare 1.</summary>
    private Fp Canonical() => this * new Fp(1, 0, 0, 0, 0, 0);

    private static Fp Raw(BigInteger value)
    {
        Span<ulong> limbs = stackalloc ulong[Limbs];
        for (var i = 0; i < Limbs; i++)
        {
            limbs[i] = (ulong)((value >> (64 * i)) & ulong.MaxValue);
        }

        return new Fp(limbs[0], limbs[1], limbs[2], limbs[3], limbs[4], limbs[5]);
    }

    /// <summary>The number given, less p if that is not below zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Fp Reduced(ulong t0, ulong t1, ulong t2, ulong t3, ulong t4, ulong t5)
    {
        ulong borrow = 0;
        var d0 = SubtractBorrow(t0, P0, ref borrow);
        var d1 = SubtractBorrow(t1, P1, ref borrow);
        var d2 = SubtractBorrow(t2, P2, ref borrow);
        var d3 = SubtractBorrow(t3, P3, ref borrow);
        var d4 = SubtractBorrow(t4, P4, ref borrow);
        var d5 = SubtractBorrow(t5, P5, ref borrow);
        return borrow != 0 ? new Fp(t0, t1, t2, t3, t4, t5) : new Fp(d0, d1, d2, d3, d4, d5);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong AddCarry(ulong a, ulong b, ref ulong carry)
    {
        unchecked
        {
            var sum = a + b;
            var over = sum < a ? 1UL : 0UL;
            var result = sum + carry;
            carry = over + (result < sum ? 1UL : 0UL);
            return result;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong SubtractBorrow(ulong a, ulong b, ref ulong borrow)
    {
        unchecked
        {
            var difference = a - b;
            var under = a < b ? 1UL : 0UL;
            var result = difference - borrow;
            borrow = under + (difference < borrow ? 1UL : 0UL);
            return result;
        }
    }

    /// <summary>The low half of a * b + addend + carry; the high half becomes the carry. Two 64-bit addends always fit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong MultiplyAdd(ulong a, ulong b, ulong addend, ref ulong carry)
    {
        unchecked
        {
            var high = Math.BigMul(a, b, out var low);
            low += addend;
            high += low < addend ? 1UL : 0UL;
            low += carry;
            high += low < carry ? 1UL : 0UL;
            carry = high;
            return low;
        }
    }
}
