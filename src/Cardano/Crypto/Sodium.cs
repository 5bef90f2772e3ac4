using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Masumi.Cardano.Crypto;

/// <summary>The functions of the system's libsodium that Cardano's cryptography is made of.</summary>
internal static unsafe partial class Sodium
{
    private const string Library = "sodium";

    // Debian's file first, then the names other systems use.
    private static readonly string[] Names = ["libsodium.so.23", "libsodium.so.26", "libsodium.so", "libsodium.dylib", "libsodium"];

    [ModuleInitializer]
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Usage", "CA2255", Justification = "The resolver must stand before the first call, whoever makes it.")]
    internal static void Register() => NativeLibrary.SetDllImportResolver(typeof(Sodium).Assembly, Resolve);

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (name != Library)
        {
            return 0;
        }

        foreach (var candidate in Names)
        {
            if (NativeLibrary.TryLoad(candidate, assembly, path, out var handle))
            {
                var init = (delegate* unmanaged<int>)NativeLibrary.GetExport(handle, "sodium_init");
                return init() >= 0 ? handle : throw new DllNotFoundException("libsodium could not be initialised.");
            }
        }

        throw new DllNotFoundException("libsodium is missing; install it (Debian/Ubuntu: apt-get install libsodium23).");
    }

    [LibraryImport(Library, EntryPoint = "crypto_generichash_blake2b")]
    internal static partial int Blake2b(byte* output, nuint outputLength, byte* input, ulong inputLength, byte* key, nuint keyLength);

    [LibraryImport(Library, EntryPoint = "crypto_sign_ed25519_verify_detached")]
    internal static partial int Verify(byte* signature, byte* message, ulong messageLength, byte* publicKey);

    [LibraryImport(Library, EntryPoint = "crypto_sign_ed25519_seed_keypair")]
    internal static partial int SeedKeyPair(byte* publicKey, byte* secretKey, byte* seed);

    [LibraryImport(Library, EntryPoint = "crypto_sign_ed25519_detached")]
    internal static partial int SignDetached(byte* signature, ulong* signatureLength, byte* message, ulong messageLength, byte* secretKey);

    [LibraryImport(Library, EntryPoint = "crypto_scalarmult_ed25519_base_noclamp")]
    internal static partial int ScalarMultBase(byte* point, byte* scalar);

    [LibraryImport(Library, EntryPoint = "crypto_core_ed25519_add")]
    internal static partial int AddPoints(byte* sum, byte* p, byte* q);

    [LibraryImport(Library, EntryPoint = "crypto_core_ed25519_scalar_reduce")]
    internal static partial void ReduceScalar(byte* reduced, byte* wide);

    [LibraryImport(Library, EntryPoint = "crypto_core_ed25519_scalar_mul")]
    internal static partial void MultiplyScalars(byte* product, byte* x, byte* y);

    [LibraryImport(Library, EntryPoint = "crypto_core_ed25519_scalar_add")]
    internal static partial void AddScalars(byte* sum, byte* x, byte* y);
}
