using System.Globalization;

namespace Masumi.Cardano;

/// <summary>
/// An amount of ADA in lovelace (1 ADA = 1,000,000 lovelace). Signed, so that differences are representable. Arithmetic is checked.
/// A transaction may say any coin up to 2^64-1 (CDDL <c>coin</c>), so that much is held; all there is and every computed amount fit 63 bits.
/// </summary>
public readonly record struct Lovelace : IComparable<Lovelace>
{
    /// <summary>An amount of money, or a difference of two.</summary>
    public Lovelace(long amount)
    {
        Exact = amount;
    }

    private Lovelace(Int128 exact)
    {
        Exact = exact;
    }

    /// <summary>The amount, also when a foreign transaction says more than there can be.</summary>
    public Int128 Exact { get; }

    /// <summary>The amount; throws <see cref="OverflowException"/> for a coin of 2^63 or more, which no valid transaction contains.</summary>
    public long Amount => checked((long)Exact);

    /// <summary>A coin as a transaction may say it.</summary>
    public static Lovelace FromCoin(ulong coin) => new((Int128)coin);

    /// <summary>No money.</summary>
    public static Lovelace Zero => default;

    /// <summary>The largest supply there can be: 45,000,000,000 ADA.</summary>
    public static Lovelace MaxSupply => new(45_000_000_000_000_000);

    /// <summary>A whole number of ADA.</summary>
    public static Lovelace FromAda(long ada) => new(checked(ada * 1_000_000));

    /// <inheritdoc/>
    public int CompareTo(Lovelace other) => Exact.CompareTo(other.Exact);

    /// <summary>The larger of two amounts.</summary>
    public static Lovelace Max(Lovelace a, Lovelace b) => a >= b ? a : b;

    /// <summary>The smaller of two amounts.</summary>
    public static Lovelace Min(Lovelace a, Lovelace b) => a <= b ? a : b;

    /// <summary>Sum; throws <see cref="OverflowException"/> beyond 64 bits.</summary>
    public static Lovelace operator +(Lovelace a, Lovelace b) => new(checked((long)(a.Exact + b.Exact)));

    /// <summary>Difference; throws <see cref="OverflowException"/> beyond 64 bits.</summary>
    public static Lovelace operator -(Lovelace a, Lovelace b) => new(checked((long)(a.Exact - b.Exact)));

    /// <summary>The opposite amount.</summary>
    public static Lovelace operator -(Lovelace a) => new(checked((long)-a.Exact));

    /// <summary>Numeric order.</summary>
    public static bool operator <(Lovelace a, Lovelace b) => a.Exact < b.Exact;

    /// <summary>Numeric order.</summary>
    public static bool operator >(Lovelace a, Lovelace b) => a.Exact > b.Exact;

    /// <summary>Numeric order.</summary>
    public static bool operator <=(Lovelace a, Lovelace b) => a.Exact <= b.Exact;

    /// <summary>Numeric order.</summary>
    public static bool operator >=(Lovelace a, Lovelace b) => a.Exact >= b.Exact;

    /// <summary>The number of lovelace in decimal, as the HTTP APIs carry it.</summary>
    public override string ToString() => Exact.ToString(CultureInfo.InvariantCulture);
}
