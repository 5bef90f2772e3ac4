using System.Globalization;

namespace Masumi.Cardano;

/// <summary>An amount of ADA in lovelace (1 ADA = 1,000,000 lovelace). Signed, so that differences are representable. Arithmetic is checked.</summary>
public readonly record struct Lovelace(long Amount) : IComparable<Lovelace>
{
    /// <summary>No money.</summary>
    public static Lovelace Zero => default;

    /// <summary>The largest supply there can be: 45,000,000,000 ADA.</summary>
    public static Lovelace MaxSupply => new(45_000_000_000_000_000);

    /// <summary>A whole number of ADA.</summary>
    public static Lovelace FromAda(long ada) => new(checked(ada * 1_000_000));

    /// <inheritdoc/>
    public int CompareTo(Lovelace other) => Amount.CompareTo(other.Amount);

    /// <summary>The larger of two amounts.</summary>
    public static Lovelace Max(Lovelace a, Lovelace b) => a >= b ? a : b;

    /// <summary>The smaller of two amounts.</summary>
    public static Lovelace Min(Lovelace a, Lovelace b) => a <= b ? a : b;

    /// <summary>Sum; throws <see cref="OverflowException"/> beyond 64 bits.</summary>
    public static Lovelace operator +(Lovelace a, Lovelace b) => new(checked(a.Amount + b.Amount));

    /// <summary>Difference; throws <see cref="OverflowException"/> beyond 64 bits.</summary>
    public static Lovelace operator -(Lovelace a, Lovelace b) => new(checked(a.Amount - b.Amount));

    /// <summary>The opposite amount.</summary>
    public static Lovelace operator -(Lovelace a) => new(checked(-a.Amount));

    /// <summary>Numeric order.</summary>
    public static bool operator <(Lovelace a, Lovelace b) => a.Amount < b.Amount;

    /// <summary>Numeric order.</summary>
    public static bool operator >(Lovelace a, Lovelace b) => a.Amount > b.Amount;

    /// <summary>Numeric order.</summary>
    public static bool operator <=(Lovelace a, Lovelace b) => a.Amount <= b.Amount;

    /// <summary>Numeric order.</summary>
    public static bool operator >=(Lovelace a, Lovelace b) => a.Amount >= b.Amount;

    /// <summary>The number of lovelace in decimal, as the HTTP APIs carry it.</summary>
    public override string ToString() => Amount.ToString(CultureInfo.InvariantCulture);
}
