namespace Masumi.Ledger.Tests;

/// <summary>Fixtures this ledger refuses as outside its scope.</summary>
internal static class FixturesOutOfScope
{
    public static bool Contains(string file) => false;
}
