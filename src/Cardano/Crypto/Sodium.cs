using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Masumi.Cardano.Crypto;

/// <summary>The functions of libsodium that Cardano's cryptography is made of. The library comes with the program, never from the operating system.</summary>
internal static unsafe partial class Sodium
{
    private const string Library = "libsodium";

    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "The resolver must stand before the first call, whoever makes it.")]
    internal static void Register() => NativeLibrary.SetDllImportResolver(typeof(Sodium).Assembly, Resolve);

    // Loads and initialises the library at the first call; without that it is slower and not safe for threads.
    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (name != Library)
        {
            return 0;
        }

        var handle = NativeLibrary.Load(name, assembly, DllImportSearchPath.AssemblyDirectory);
        var init = (delegate* unmanaged<int>)NativeLibrary.GetExport(handle, "sodium_init");
        return init() >= 0 ? handle : throw new DllNotFoundException("libsodium could not be initialised.");
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

    [LibraryImport(Library, EntryPoint = "crypto_core_ed25519_scalar_reduce")]
    internal static partial void ReduceScalar(byte* reduced, byte* wide);

    [LibraryImport(Library, EntryPoint = "crypto_core_ed25519_scalar_mul")]
    internal static partial void MultiplyScalars(byte* product, byte* x, byte* y);

    [LibraryImport(Library, EntryPoint = "crypto_core_ed25519_scalar_add")]
    internal static partial void AddScalars(byte* sum, byte* x, byte* y);
}
