using Masumi.Arrows;

namespace Masumi.Architecture.Tests;

/// <summary>The product as it was compiled; measured once.</summary>
internal static class Measured
{
    private static readonly Lazy<House> Once = new(House.OfThisProgram);

    public static House House => Once.Value;
}
