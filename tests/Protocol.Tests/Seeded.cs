using System.Globalization;

namespace Masumi.Protocol.Tests;

/// <summary>Random input that can be had again: the seed is printed, and <c>MASUMI_SEED</c> sets it.</summary>
internal static class Seeded
{
    public static Random Random()
    {
        var seed = Environment.GetEnvironmentVariable("MASUMI_SEED") is { Length: > 0 } named
            ? int.Parse(named, CultureInfo.InvariantCulture)
            : new Random().Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"MASUMI_SEED={seed}");
        return new Random(seed);
    }

    public static string Hex(this Random random, int bytes)
    {
        var buffer = new byte[bytes];
        random.NextBytes(buffer);
        return Convert.ToHexStringLower(buffer);
    }
}
