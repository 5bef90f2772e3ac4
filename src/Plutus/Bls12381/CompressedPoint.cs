using System.Diagnostics.CodeAnalysis;

namespace Masumi.Plutus.Bls12381;

/// <summary>
/// The compressed form of points (the "ZCash" format; draft-irtf-cfrg-pairing-friendly-curves, appendix C): x with three flags in its top bits, which
/// are 1 for compressed, 1 for infinity, 1 for the larger y. Every point has exactly one form.
/// </summary>
internal static class CompressedPoint
{
    private const byte Compressed = 0x80;
    private const byte Infinity = 0x40;
    private const byte LargerY = 0x20;

    /// <summary>Reads a point of y^2 = x^3 + b, in the subgroup or not. On refusal says why.</summary>
    public static bool TryRead<F>(ReadOnlySpan<byte> bytes, F b, out CurvePoint<F> point, [NotNullWhen(false)] out string? refusal)
        where F : unmanaged, IField<F>
    {
        point = CurvePoint<F>.Infinity;
        refusal = null;
        if (bytes.Length != F.Size)
        {
            refusal = $"a compressed point has {F.Size} bytes, not {bytes.Length}";
            return false;
        }

        if ((bytes[0] & Compressed) == 0)
        {
            refusal = "the compression flag is not set";
            return false;
        }

        Span<byte> rest = stackalloc byte[F.Size];
        bytes.CopyTo(rest);
        rest[0] &= 0x1f;
        var larger = (bytes[0] & LargerY) != 0;
        if ((bytes[0] & Infinity) != 0)
        {
            refusal = larger || rest.ContainsAnyExcept((byte)0) ? "infinity with something besides" : null;
            return refusal is null;
        }

        if (F.FromBytes(rest) is not { } x)
        {
            refusal = "x is not below the field's modulus";
            return false;
        }

        if (!((x.Square() * x) + b).TrySqrt(out var y))
        {
            refusal = "no point of the curve has this x";
            return false;
        }

        point = new CurvePoint<F>(x, y.IsLarger == larger ? y : -y);
        return true;
    }

    public static byte[] Write<F>(in CurvePoint<F> point)
        where F : unmanaged, IField<F>
    {
        var bytes = new byte[F.Size];
        if (point.IsInfinity)
        {
            bytes[0] = Compressed | Infinity;
            return bytes;
        }

        var (x, y) = point.ToAffine();
        x.WriteTo(bytes);
        bytes[0] |= y.IsLarger ? (byte)(Compressed | LargerY) : Compressed;
        return bytes;
    }
}
