namespace Masumi.Simulation.Scheduling;

/// <summary>
/// Chance as a pure function: what is drawn depends on the seed, on who draws, on what for, and on how often that one drew for it. Leaving one job or fault out
/// therefore shifts nobody else's luck, which is what makes a failing scenario shrink.
/// </summary>
internal readonly record struct Dice(ulong Seed)
{
    /// <summary>64 bits for an actor's n-th draw under a label.</summary>
    public ulong Number(string actor, string label, long count) => Mix(Mix(Mix(Seed ^ Hash(actor)) ^ Hash(label)) ^ (ulong)count);

    /// <summary>At least 0, below 1.</summary>
    public double Fraction(string actor, string label, long count) => ToFraction(Number(actor, label, count));

    /// <summary>The dice of something within this one.</summary>
    public Dice Of(string name, long number) => new(Number(name, "seed", number));

    /// <summary>The top 53 bits of a number as a fraction.</summary>
    public static double ToFraction(ulong number) => (number >> 11) * (1.0 / (1UL << 53));

    /// <summary>The same in every process, unlike the runtime's own.</summary>
    public static ulong Hash(string text)
    {
        var hash = 14_695_981_039_346_656_037UL;
        foreach (var c in text)
        {
            hash = (hash ^ c) * 1_099_511_628_211UL;
        }

        return hash;
    }

    /// <summary>SplitMix64's finaliser.</summary>
    public static ulong Mix(ulong x)
    {
        x += 0x9E37_79B9_7F4A_7C15UL;
        x = (x ^ (x >> 30)) * 0xBF58_476D_1CE4_E5B9UL;
        x = (x ^ (x >> 27)) * 0x94D0_49BB_1331_11EBUL;
        return x ^ (x >> 31);
    }
}

/// <summary>Somebody who draws. It outlives its processes, so that a restart does not begin the same luck again.</summary>
internal sealed class Actor(Dice dice, string name)
{
    private readonly Dictionary<string, long> _counts = new(StringComparer.Ordinal);

    /// <summary>Its name, unique in a world.</summary>
    public string Name { get; } = name;

    /// <summary>Its name's hash, for the trace.</summary>
    public ulong NameHash { get; } = Dice.Hash(name);

    /// <summary>The next 64 bits under a label.</summary>
    public ulong Number(string label)
    {
        var count = _counts.GetValueOrDefault(label);
        _counts[label] = count + 1;
        return dice.Number(Name, label, count);
    }

    /// <summary>At least 0, below 1.</summary>
    public double Fraction(string label) => Dice.ToFraction(Number(label));

    /// <summary>True at this rate.</summary>
    public bool Happens(string label, double rate) => rate > 0 && Fraction(label) < rate;

    /// <summary>A whole number from <paramref name="least"/> to <paramref name="most"/>, both included.</summary>
    public int Whole(string label, int least, int most) => least + (int)(Fraction(label) * (most - least + 1));

    /// <summary>A time in between.</summary>
    public TimeSpan Between(string label, TimeSpan least, TimeSpan most) => least + ((most - least) * Fraction(label));
}
