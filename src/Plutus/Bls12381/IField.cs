namespace Masumi.Plutus.Bls12381;

/// <summary>What the curve arithmetic needs of a field; G1 lives over <see cref="Fp"/>, G2 over <see cref="Fp2"/>.</summary>
internal interface IField<TSelf> : IEquatable<TSelf>
    where TSelf : unmanaged, IField<TSelf>
{
    static abstract TSelf Zero { get; }

    static abstract TSelf One { get; }

    /// <summary>Bytes of an element's encoding.</summary>
    static abstract int Size { get; }

    bool IsZero { get; }

    /// <summary>True for the larger of an element and its negative, which is what the sign flag of a compressed point says about y.</summary>
    bool IsLarger { get; }

    /// <summary>The "sign" of RFC 9380, section 4.1: the parity of the first coefficient that is not zero.</summary>
    bool Sign { get; }

    static abstract TSelf operator +(in TSelf a, in TSelf b);

    static abstract TSelf operator -(in TSelf a, in TSelf b);

    static abstract TSelf operator *(in TSelf a, in TSelf b);

    static abstract TSelf operator -(in TSelf a);

    /// <summary>Reads an element, most significant byte first; null when a coefficient is p or above.</summary>
    static abstract TSelf? FromBytes(ReadOnlySpan<byte> bytes);

    void WriteTo(Span<byte> bytes);

    TSelf Square();

    TSelf Double();

    /// <summary>The inverse; zero for zero.</summary>
    TSelf Inverse();

    /// <summary>One of the two square roots, when there are any.</summary>
    bool TrySqrt(out TSelf root);
}
