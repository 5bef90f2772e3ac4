using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Digests;

namespace Masumi.Plutus.Builtins;

/// <summary>Digests that neither .NET nor libsodium has everywhere, and the two secp256k1 signatures of the system's libsecp256k1.</summary>
internal static unsafe partial class Crypto
{
    // The library's file by its interface version; all of these have the same functions, as Load checks.
    private static readonly Lazy<Secp256k1> Library = new(() =>
        Secp256k1.Load(["libsecp256k1.so.1", "libsecp256k1.so.2", "libsecp256k1.so.5", "libsecp256k1.so.6", "secp256k1"])
    );

    public static byte[] Sha3(ReadOnlySpan<byte> data) => SHA3_256.IsSupported ? SHA3_256.HashData(data) : Digest(new Sha3Digest(256), data);

    public static byte[] Keccak(ReadOnlySpan<byte> data) => Digest(new KeccakDigest(256), data);

    public static byte[] Ripemd(ReadOnlySpan<byte> data) => Digest(new RipeMD160Digest(), data);

    /// <summary>
    /// Null when the key, message or signature is malformed: the key no compressed point of the curve, a number of the signature not below the order. A
    /// signature with the larger of the two s is well-formed and false.
    /// </summary>
    public static bool? VerifyEcdsa(ReadOnlySpan<byte> key, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        if (key.Length != 33 || message.Length != 32 || signature.Length != 64)
        {
            return null;
        }

        var library = Library.Value;
        Span<byte> parsedKey = stackalloc byte[64];
        Span<byte> parsedSignature = stackalloc byte[64];
        fixed (byte* pk = parsedKey)
        fixed (byte* sig = parsedSignature)
        fixed (byte* k = key)
        fixed (byte* m = message)
        fixed (byte* s = signature)
        {
            return library.ParseKey(library.Context, pk, k, 33) == 1 && library.ParseSignature(library.Context, sig, s) == 1
                ? library.VerifyEcdsa(library.Context, sig, m, pk) == 1
                : null;
        }
    }

    /// <summary>Null when the key is no x of the curve (BIP-340) or the signature has another length; any 64 bytes make a signature, true or false.</summary>
    public static bool? VerifySchnorr(ReadOnlySpan<byte> key, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        if (key.Length != 32 || signature.Length != 64)
        {
            return null;
        }

        var library = Library.Value;
        Span<byte> parsedKey = stackalloc byte[64];
        fixed (byte* pk = parsedKey)
        fixed (byte* k = key)
        fixed (byte* m = message)
        fixed (byte* s = signature)
        {
            return library.ParseXOnly(library.Context, pk, k) == 1 ? library.VerifySchnorr(library.Context, s, m, (nuint)message.Length, pk) == 1 : null;
        }
    }

    private static byte[] Digest(IDigest digest, ReadOnlySpan<byte> data)
    {
        var bytes = data.ToArray();
        digest.BlockUpdate(bytes, 0, bytes.Length);
        var result = new byte[digest.GetDigestSize()];
        digest.DoFinal(result, 0);
        return result;
    }

    /// <summary>libsecp256k1, loaded when the first script asks for it.</summary>
    internal sealed class Secp256k1
    {
        private const uint ContextVerify = 0x0101;

        public readonly nint Context;
        public readonly delegate* unmanaged<nint, byte*, byte*, nuint, int> ParseKey;
        public readonly delegate* unmanaged<nint, byte*, byte*, int> ParseSignature;
        public readonly delegate* unmanaged<nint, byte*, byte*, byte*, int> VerifyEcdsa;
        public readonly delegate* unmanaged<nint, byte*, byte*, int> ParseXOnly;
        public readonly delegate* unmanaged<nint, byte*, byte*, nuint, byte*, int> VerifySchnorr;

        private Secp256k1(nint handle)
        {
            var create = (delegate* unmanaged<uint, nint>)NativeLibrary.GetExport(handle, "secp256k1_context_create");
            Context = create(ContextVerify);
            ParseKey = (delegate* unmanaged<nint, byte*, byte*, nuint, int>)NativeLibrary.GetExport(handle, "secp256k1_ec_pubkey_parse");
            ParseSignature = (delegate* unmanaged<nint, byte*, byte*, int>)NativeLibrary.GetExport(handle, "secp256k1_ecdsa_signature_parse_compact");
            VerifyEcdsa = (delegate* unmanaged<nint, byte*, byte*, byte*, int>)NativeLibrary.GetExport(handle, "secp256k1_ecdsa_verify");
            ParseXOnly = (delegate* unmanaged<nint, byte*, byte*, int>)NativeLibrary.GetExport(handle, "secp256k1_xonly_pubkey_parse");
            VerifySchnorr = (delegate* unmanaged<nint, byte*, byte*, nuint, byte*, int>)NativeLibrary.GetExport(handle, "secp256k1_schnorrsig_verify");
        }

        /// <summary>Throws <see cref="DllNotFoundException"/> when none of these is there with what is needed.</summary>
        public static Secp256k1 Load(ReadOnlySpan<string> names)
        {
            foreach (var name in names)
            {
                // Before messages of any length came (with secp256k1_schnorrsig_sign_custom), verifying took one argument less.
                if (
                    NativeLibrary.TryLoad(name, typeof(Secp256k1).Assembly, null, out var handle)
                    && NativeLibrary.TryGetExport(handle, "secp256k1_schnorrsig_sign_custom", out _)
                )
                {
                    return new Secp256k1(handle);
                }
            }

            throw new DllNotFoundException(
                "A script verifies a secp256k1 signature, and libsecp256k1 (0.2 or later, with Schnorr signatures) is missing;"
                    + " install it (Debian: apt-get install libsecp256k1-1)."
            );
        }
    }
}
