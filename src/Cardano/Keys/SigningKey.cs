using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Crypto;

namespace Masumi.Cardano.Keys;

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
    public KeyHash KeyHash => (KeyHash)(_keyHash ??= new KeyHash(Blake2b.Hash224(PublicKey.Span)));

    /// <summary>The witness of a transaction id.</summary>
    public VKeyWitness Witness(TransactionId txId) => new(PublicKey, Sign(txId.ToArray()));

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

    private const int Size = 96;

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
        Span<byte> bytes = stackalloc byte[Size];
        var password = Encoding.UTF8.GetBytes(passphrase);
        try
        {
            Rfc2898DeriveBytes.Pbkdf2(password, entropy, bytes, 4096, HashAlgorithmName.SHA512);
            bytes[0] &= 0xf8;
            bytes[31] &= 0x1f;
            bytes[31] |= 0x40;
            return FromBytes(bytes);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
            CryptographicOperations.ZeroMemory(password);
        }
    }

    /// <summary>From 96 bytes: kL, kR, chain code.</summary>
    public static ExtendedSigningKey FromBytes(ReadOnlySpan<byte> bytes) =>
        bytes.Length == Size
            ? new ExtendedSigningKey(bytes[..32].ToArray(), bytes[32..64].ToArray(), bytes[64..].ToArray())
            : throw new ArgumentException($"An extended key has {Size} bytes, got {bytes.Length}.", nameof(bytes));

    /// <summary>kL, kR and chain code: 96 bytes.</summary>
    public byte[] ToBytes() => [.. _scalar, .. _right, .. _chainCode];

    /// <summary>The child of an index; hardened when it has <see cref="Hardened"/>.</summary>
    public ExtendedSigningKey Derive(uint index)
    {
        // tag, then kL and kR or the public key, then the index, little endian
        Span<byte> input = stackalloc byte[1 + 64 + 4];
        Span<byte> z = stackalloc byte[64];
        Span<byte> chain = stackalloc byte[64];
        var hardened = index >= Hardened;
        if (hardened)
        {
            _scalar.CopyTo(input[1..]);
            _right.CopyTo(input[33..]);
        }
        else
        {
            input = input[..(1 + 32 + 4)];
            _public.CopyTo(input[1..]);
        }

        BinaryPrimitives.WriteUInt32LittleEndian(input[^4..], index);
        try
        {
            input[0] = (byte)(hardened ? 0x00 : 0x02);
            HMACSHA512.HashData(_chainCode, input, z);
            input[0] = (byte)(hardened ? 0x01 : 0x03);
            HMACSHA512.HashData(_chainCode, input, chain);
            return new ExtendedSigningKey(AddEightfold(_scalar, z[..28]), Add(_right, z[32..]), chain[32..].ToArray());
        }
        finally
        {
            CryptographicOperations.ZeroMemory(input);
            CryptographicOperations.ZeroMemory(z);
            CryptographicOperations.ZeroMemory(chain);
        }
    }

    /// <summary>The child of an index, this key's secrets being overwritten: for the steps of a path that nobody needs.</summary>
    internal ExtendedSigningKey DeriveLast(uint index)
    {
        var child = Derive(index);
        Forget();
        return child;
    }

    /// <summary>Overwrites the secrets; the key is not usable any more.</summary>
    internal void Forget()
    {
        CryptographicOperations.ZeroMemory(_scalar);
        CryptographicOperations.ZeroMemory(_right);
        CryptographicOperations.ZeroMemory(_chainCode);
    }

    /// <inheritdoc/>
    public override byte[] Sign(ReadOnlySpan<byte> message)
    {
        // r = SHA512(kR || m) mod L, R = r*G, S = r + SHA512(R || A || m) * kL mod L
        byte[] secret = [.. _right, .. message];
        var nonce = SHA512.HashData(secret);
        CryptographicOperations.ZeroMemory(secret);
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

    /// <summary>number + 8 * factor, little endian modulo 2^256.</summary>
    private static byte[] AddEightfold(ReadOnlySpan<byte> number, ReadOnlySpan<byte> factor)
    {
        var sum = new byte[32];
        var carry = 0;
        for (var i = 0; i < sum.Length; i++)
        {
            carry += number[i] + (i < factor.Length ? factor[i] << 3 : 0);
            sum[i] = (byte)carry;
            carry >>= 8;
        }

        return sum;
    }

    /// <summary>The sum, little endian modulo 2^256.</summary>
    private static byte[] Add(ReadOnlySpan<byte> number, ReadOnlySpan<byte> other)
    {
        var sum = new byte[32];
        var carry = 0;
        for (var i = 0; i < sum.Length; i++)
        {
            carry += number[i] + other[i];
            sum[i] = (byte)carry;
            carry >>= 8;
        }

        return sum;
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
    /// <param name="mnemonic">The words.</param>
    /// <param name="passphrase">Usually empty.</param>
    /// <param name="account">Below 2^31: the path's step is hardened.</param>
    public static WalletKeys FromMnemonic(string mnemonic, string passphrase = "", uint account = 0)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(account, ExtendedSigningKey.Hardened);
        var entropy = Mnemonic.ToEntropy(mnemonic);
        var root = ExtendedSigningKey.Root(entropy, passphrase);
        CryptographicOperations.ZeroMemory(entropy);
        var keys = root.DeriveLast(ExtendedSigningKey.Hardened + 1852)
            .DeriveLast(ExtendedSigningKey.Hardened + 1815)
            .DeriveLast(ExtendedSigningKey.Hardened + account);
        var wallet = new WalletKeys(keys.Derive(0).DeriveLast(0), keys.Derive(2).DeriveLast(0));
        keys.Forget();
        return wallet;
    }

    /// <summary>The base address of both keys.</summary>
    public Address BaseAddress(NetworkId network) => Address.Create(network, Credential.Key(Payment.KeyHash), Credential.Key(Stake.KeyHash));
}
