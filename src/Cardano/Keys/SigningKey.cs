using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace Masumi.Cardano;

/// <summary>A private key that signs transactions and messages: extended (BIP32-Ed25519) or a plain RFC 8032 seed.</summary>
public abstract class SigningKey
{
    // Boxed: a reference is published whole to other threads, 28 bytes are not.
    private object? _keyHash;

    /// <summary>The 32-byte public key.</summary>
    public abstract ReadOnlyMemory<byte> PublicKey { get; }

    /// <summary>The 64-byte signature of a message.</summary>
    public abstract byte[] Sign(ReadOnlySpan<byte> message);

    /// <summary>blake2b-224 of the public key.</summary>
    public Hash28 KeyHash => (Hash28)(_keyHash ??= Blake2b.Hash224(PublicKey.Span));

    /// <summary>The witness of a transaction id.</summary>
    public VKeyWitness Witness(Hash32 txId) => new(PublicKey, Sign(txId.ToArray()));

    /// <summary>A key from a 32-byte seed, as cardano-cli's <c>.skey</c> files hold it.</summary>
    public static SigningKey FromSeed(ReadOnlySpan<byte> seed) => new SeedKey(seed);

    private sealed unsafe class SeedKey : SigningKey
    {
        private readonly byte[] _secret = new byte[64];
        private readonly byte[] _public = new byte[32];

        public SeedKey(ReadOnlySpan<byte> seed)
        {
            if (seed.Length != 32)
            {
                throw new ArgumentException($"A seed has 32 bytes, got {seed.Length}.", nameof(seed));
            }

            fixed (byte* pk = _public)
            fixed (byte* sk = _secret)
            fixed (byte* s = seed)
            {
                _ = Sodium.SeedKeyPair(pk, sk, s);
            }
        }

        public override ReadOnlyMemory<byte> PublicKey => _public;

        public override byte[] Sign(ReadOnlySpan<byte> message)
        {
            var signature = new byte[Ed25519.SignatureSize];
            fixed (byte* output = signature)
            fixed (byte* text = message)
            fixed (byte* sk = _secret)
            {
                _ = Sodium.SignDetached(output, null, text, (ulong)message.Length, sk);
            }

            return signature;
        }
    }
}

/// <summary>An extended private key with its chain code: derives children and signs (BIP32-Ed25519 version 2, spec cardano.md 2.1).</summary>
public sealed unsafe class ExtendedSigningKey : SigningKey
{
    /// <summary>Added to an index for hardened derivation.</summary>
    public const uint Hardened = 0x8000_0000;

    private readonly byte[] _scalar;
    private readonly byte[] _right;
    private readonly byte[] _chainCode;
    private readonly byte[] _public = new byte[32];

    private ExtendedSigningKey(byte[] scalar, byte[] right, byte[] chainCode)
    {
        _scalar = scalar;
        _right = right;
        _chainCode = chainCode;

        // kL may exceed the group order; the point is the same for kL mod L, which is what libsodium wants to see.
        var reduced = Reduce(scalar);
        fixed (byte* point = _public)
        fixed (byte* s = reduced)
        {
            if (Sodium.ScalarMultBase(point, s) != 0)
            {
                throw new CryptographicException("An extended key of the order of the group.");
            }
        }
    }

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> PublicKey => _public;

    /// <summary>The root key of some entropy (Icarus): PBKDF2-HMAC-SHA512, 4096 rounds, the passphrase as password and the entropy as salt.</summary>
    public static ExtendedSigningKey Root(ReadOnlySpan<byte> entropy, string passphrase = "")
    {
        var bytes = Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(passphrase), entropy, 4096, HashAlgorithmName.SHA512, 96);
        bytes[0] &= 0xf8;
        bytes[31] &= 0x1f;
        bytes[31] |= 0x40;
        return FromBytes(bytes);
    }

    /// <summary>From 96 bytes: kL, kR, chain code.</summary>
    public static ExtendedSigningKey FromBytes(ReadOnlySpan<byte> bytes) =>
        bytes.Length == 96
            ? new ExtendedSigningKey(bytes[..32].ToArray(), bytes[32..64].ToArray(), bytes[64..].ToArray())
            : throw new ArgumentException($"An extended key has 96 bytes, got {bytes.Length}.", nameof(bytes));

    /// <summary>kL, kR and chain code: 96 bytes.</summary>
    public byte[] ToBytes() => [.. _scalar, .. _right, .. _chainCode];

    /// <summary>The child of an index; hardened when it has <see cref="Hardened"/>.</summary>
    public ExtendedSigningKey Derive(uint index)
    {
        var hardened = index >= Hardened;
        byte[] number = [(byte)index, (byte)(index >> 8), (byte)(index >> 16), (byte)(index >> 24)];
        byte[] Input(byte hardTag, byte softTag) => hardened ? [hardTag, .. _scalar, .. _right, .. number] : [softTag, .. _public, .. number];

        var z = HMACSHA512.HashData(_chainCode, Input(0x00, 0x02));
        var chain = HMACSHA512.HashData(_chainCode, Input(0x01, 0x03));
        var left = Little(_scalar) + (8 * Little(z.AsSpan(0, 28)));
        var right = Little(_right) + Little(z.AsSpan(32, 32));
        return new ExtendedSigningKey(Bytes32(left), Bytes32(right), chain[32..]);
    }

    /// <inheritdoc/>
    public override byte[] Sign(ReadOnlySpan<byte> message)
    {
        // r = SHA512(kR || m) mod L, R = r*G, S = r + SHA512(R || A || m) * kL mod L
        var nonce = SHA512.HashData([.. _right, .. message]);
        var signature = new byte[Ed25519.SignatureSize];
        Span<byte> r = stackalloc byte[32];
        Span<byte> h = stackalloc byte[32];
        Span<byte> product = stackalloc byte[32];
        var scalar = Reduce(_scalar);
        fixed (byte* wide = nonce)
        fixed (byte* rp = r)
        fixed (byte* output = signature)
        {
            Sodium.ReduceScalar(rp, wide);
            _ = Sodium.ScalarMultBase(output, rp);
        }

        var challenge = SHA512.HashData([.. signature.AsSpan(0, 32), .. _public, .. message]);
        fixed (byte* wide = challenge)
        fixed (byte* hp = h)
        fixed (byte* rp = r)
        fixed (byte* kp = scalar)
        fixed (byte* pp = product)
        fixed (byte* output = signature)
        {
            Sodium.ReduceScalar(hp, wide);
            Sodium.MultiplyScalars(pp, hp, kp);
            Sodium.AddScalars(output + 32, pp, rp);
        }

        CryptographicOperations.ZeroMemory(nonce);
        CryptographicOperations.ZeroMemory(scalar);
        CryptographicOperations.ZeroMemory(r);
        return signature;
    }

    private static byte[] Reduce(ReadOnlySpan<byte> scalar)
    {
        Span<byte> wide = stackalloc byte[64];
        wide.Clear();
        scalar.CopyTo(wide);
        var reduced = new byte[32];
        fixed (byte* w = wide)
        fixed (byte* r = reduced)
        {
            Sodium.ReduceScalar(r, w);
        }

        CryptographicOperations.ZeroMemory(wide);
        return reduced;
    }

    private static BigInteger Little(ReadOnlySpan<byte> bytes) => new(bytes, isUnsigned: true);

    private static byte[] Bytes32(BigInteger number)
    {
        var bytes = new byte[32];
        var all = number.ToByteArray(isUnsigned: true);
        all.AsSpan(0, Math.Min(32, all.Length)).CopyTo(bytes);
        return bytes;
    }
}

/// <summary>The keys of one account of one mnemonic (CIP-1852): payment 0/0 and stake 2/0.</summary>
public sealed class WalletKeys
{
    private WalletKeys(SigningKey payment, SigningKey stake)
    {
        Payment = payment;
        Stake = stake;
    }

    /// <summary>m/1852'/1815'/account'/0/0.</summary>
    public SigningKey Payment { get; }

    /// <summary>m/1852'/1815'/account'/2/0.</summary>
    public SigningKey Stake { get; }

    /// <summary>Derives from an English BIP-39 mnemonic (12, 15, 18, 21 or 24 words; checksum checked). Throws <see cref="FormatException"/>.</summary>
    public static WalletKeys FromMnemonic(string mnemonic, string passphrase = "", uint account = 0)
    {
        var entropy = Mnemonic.ToEntropy(mnemonic);
        var keys = ExtendedSigningKey
            .Root(entropy, passphrase)
            .Derive(ExtendedSigningKey.Hardened + 1852)
            .Derive(ExtendedSigningKey.Hardened + 1815)
            .Derive(ExtendedSigningKey.Hardened + account);
        CryptographicOperations.ZeroMemory(entropy);
        return new WalletKeys(keys.Derive(0).Derive(0), keys.Derive(2).Derive(0));
    }

    /// <summary>The base address of both keys.</summary>
    public Address BaseAddress(NetworkId network) => Address.Create(network, Credential.Key(Payment.KeyHash), Credential.Key(Stake.KeyHash));
}
