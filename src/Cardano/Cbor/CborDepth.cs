using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Masumi.Cardano.Cbor;

/// <summary>
/// Lifts the bound of 64 that System.Formats.Cbor has for nested values since 10.0.15: Cardano knows none, and a node that refused what the chain accepted
/// would leave the chain. What recurses here bounds itself. A program that sets a bound of its own keeps it.
/// </summary>
internal static class CborDepth
{
    // Read once, at the first use of CborReader; our own programs have it in their runtime configuration (Directory.Build.props).
    private const string Bound = "System.Formats.Cbor.CborReader.MaxDepth";

    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "There is no other way to tell the reader, and it must be told before it is used.")]
    internal static void Lift()
    {
        if (AppContext.GetData(Bound) is null)
        {
            AppContext.SetData(Bound, int.MaxValue);
        }
    }
}
