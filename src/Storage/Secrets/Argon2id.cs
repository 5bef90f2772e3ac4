using System.Runtime.InteropServices;

namespace Masumi.Storage.Secrets;

/// <summary>The cost of a key derivation. Stored with what it protects, so that it can be raised later.</summary>
/// <param name="Passes">Passes over the memory.</param>
/// <param name="MemoryKiB">Memory in KiB.</param>
internal readonly record struct Argon2Cost(int Passes, int MemoryKiB)
{
    /// <summary>libsodium's interactive limits: 2 passes over 64 MiB, about a tenth of a second.</summary>
    public static Argon2Cost Interactive => new(2, 65_536);

    /// <summary>Bounds what a stored value can make this process spend.</summary>
    public bool IsAcceptable => Passes is >= 1 and <= 16 && MemoryKiB is >= 8 and <= 1_048_576;
}

/// <summary>Argon2id (RFC 9106), one lane, through libsodium.</summary>
internal static partial class Argon2id
{
    public const int SaltSize = 16;
    private const int Argon2id13 = 2;
    private const string Library = "libsodium";

    public static byte[] Derive(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, Argon2Cost cost, int length)
    {
        if (salt.Length != SaltSize || !cost.IsAcceptable)
        {
            throw new ArgumentException($"Argon2id needs a salt of {SaltSize} bytes and a bounded cost, got {salt.Length} bytes and {cost}.");
        }

        if (sodium_init() < 0)
        {
            throw new StorageUnavailableException("libsodium does not initialise.");
        }

        var key = new byte[length];
        return crypto_pwhash(key, (ulong)length, password, (ulong)password.Length, salt, (ulong)cost.Passes, (nuint)cost.MemoryKiB * 1024, Argon2id13) == 0
            ? key
            : throw new StorageUnavailableException($"Argon2id could not get {cost.MemoryKiB} KiB of memory.");
    }

    [LibraryImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory)]
    private static partial int sodium_init();

    [LibraryImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory)]
    private static partial int crypto_pwhash(
        Span<byte> output,
        ulong outputLength,
        ReadOnlySpan<byte> password,
        ulong passwordLength,
        ReadOnlySpan<byte> salt,
        ulong passes,
        nuint memoryBytes,
        int algorithm
    );
}
