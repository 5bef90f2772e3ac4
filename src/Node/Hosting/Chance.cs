using System.Security.Cryptography;

namespace Masumi.Node.Hosting;

/// <summary>Where real randomness comes from. Everything else is handed it.</summary>
internal static class Chance
{
#pragma warning disable RS0030 // The one place of the program where the real source is made.
    /// <summary>Unpredictable; safe for concurrent use.</summary>
    public static RandomNumberGenerator Source { get; } = RandomNumberGenerator.Create();
#pragma warning restore RS0030

    /// <summary>Fresh bytes.</summary>
    public static byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        Source.GetBytes(bytes);
        return bytes;
    }
}
