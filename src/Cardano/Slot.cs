using System.Globalization;

namespace Masumi.Cardano;

/// <summary>A slot number of the chain's clock. Slots of the eras served here last <see cref="SlotConfig.SlotLength"/>.</summary>
public readonly record struct Slot(long Number) : IComparable<Slot>
{
    /// <inheritdoc/>
    public int CompareTo(Slot other) => Number.CompareTo(other.Number);

    /// <summary>The slot <paramref name="slots"/> later.</summary>
    public static Slot operator +(Slot slot, long slots) => new(checked(slot.Number + slots));

    /// <summary>The slot <paramref name="slots"/> earlier.</summary>
    public static Slot operator -(Slot slot, long slots) => new(checked(slot.Number - slots));

    /// <summary>Chain order.</summary>
    public static bool operator <(Slot a, Slot b) => a.Number < b.Number;

    /// <summary>Chain order.</summary>
    public static bool operator >(Slot a, Slot b) => a.Number > b.Number;

    /// <summary>Chain order.</summary>
    public static bool operator <=(Slot a, Slot b) => a.Number <= b.Number;

    /// <summary>Chain order.</summary>
    public static bool operator >=(Slot a, Slot b) => a.Number >= b.Number;

    /// <summary>The number in decimal.</summary>
    public override string ToString() => Number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>How a network's slots map to time (spec cardano.md 1.1): linear from the first 1-second slot on.</summary>
/// <param name="ZeroTime">The start of <paramref name="ZeroSlot"/>, UTC.</param>
/// <param name="ZeroSlot">The first slot of this length.</param>
/// <param name="SlotLength">The duration of a slot, a whole number of milliseconds.</param>
public sealed record SlotConfig(DateTimeOffset ZeroTime, Slot ZeroSlot, TimeSpan SlotLength)
{
    /// <summary>Mainnet.</summary>
    public static SlotConfig Mainnet { get; } = new(DateTimeOffset.FromUnixTimeMilliseconds(1_596_059_091_000), new Slot(4_492_800), TimeSpan.FromSeconds(1));

    /// <summary>The preprod test network.</summary>
    public static SlotConfig Preprod { get; } = new(DateTimeOffset.FromUnixTimeMilliseconds(1_655_769_600_000), new Slot(86_400), TimeSpan.FromSeconds(1));

    /// <summary>The preview test network.</summary>
    public static SlotConfig Preview { get; } = new(DateTimeOffset.FromUnixTimeMilliseconds(1_666_656_000_000), new Slot(0), TimeSpan.FromSeconds(1));

    /// <summary>The slot in progress at a time (floor).</summary>
    public Slot SlotAt(DateTimeOffset time) => new(checked(ZeroSlot.Number + FloorDiv((time - ZeroTime).Ticks, SlotLength.Ticks)));

    /// <summary>When a slot starts.</summary>
    public DateTimeOffset TimeOf(Slot slot) => ZeroTime.AddTicks(checked(SlotLength.Ticks * (slot.Number - ZeroSlot.Number)));

    /// <summary>When a slot starts, in POSIX milliseconds, as script contexts carry it.</summary>
    public long PosixMilliseconds(Slot slot) => TimeOf(slot).ToUnixTimeMilliseconds();

    private static long FloorDiv(long a, long b) => (a / b) - (a % b < 0 ? 1 : 0);
}
