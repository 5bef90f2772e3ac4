using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Masumi.Storage.Secrets;

/// <summary>
/// Seals what must not stand readable in the database (mnemonics, webhook secrets, provider keys): AES-256-GCM under a key derived with
/// Argon2id from the operator's secret. The sealed text carries its parameters:
/// <c>masumi1.argon2id.{passes}.{KiB}.{salt}.{nonce}.{ciphertext and tag}</c> (base64url).
/// </summary>
public sealed class SecretBox : IDisposable
{
    /// <summary>The shortest operator's secret that is accepted, in characters.</summary>
    public const int MinSecretLength = 20;

    private const string Scheme = "masumi1.argon2id";
    private const int KeySize = 32;
    private const int NonceSize = 12;
    private const int TagSize = 16;
    private readonly byte[] _secret;
    private readonly RandomNumberGenerator _random;
    private readonly Argon2Cost _cost;

    // One salt per process: a derivation costs 64 MiB and a tenth of a second, so rows sealed together share it. Nonces are fresh.
    private readonly byte[] _salt = new byte[Argon2id.SaltSize];
    private readonly ConcurrentDictionary<string, Lazy<byte[]>> _keys = new();

    /// <summary>A box for the operator's secret. Throws <see cref="ArgumentException"/> when it is shorter than <see cref="MinSecretLength"/>.</summary>
    /// <param name="operatorSecret">The operator's secret.</param>
    /// <param name="random">Makes salts and nonces; must be unpredictable, and safe for concurrent use.</param>
    public SecretBox(string operatorSecret, RandomNumberGenerator random)
        : this(operatorSecret, random, Argon2Cost.Interactive) { }

    internal SecretBox(string operatorSecret, RandomNumberGenerator random, Argon2Cost cost)
    {
        if (operatorSecret.Length < MinSecretLength)
        {
            throw new ArgumentException(
                $"The operator's secret needs at least {MinSecretLength} characters, it has {operatorSecret.Length}.",
                nameof(operatorSecret)
            );
        }

        _secret = Encoding.UTF8.GetBytes(operatorSecret);
        _random = random;
        _cost = cost;
        _random.GetBytes(_salt);
    }

    /// <summary>Derives now the key that new things are sealed under: a tenth of a second, which whoever seals first need not wait for then.</summary>
    public void Prepare() => Key(Header(), _salt, _cost);

    /// <summary>Seals bytes. The purpose (such as <c>wallet:{id}</c>) must be the same when opening, so sealed texts cannot be swapped between rows.</summary>
    public string Seal(ReadOnlySpan<byte> plain, string purpose)
    {
        var header = Header();
        Span<byte> nonce = stackalloc byte[NonceSize];
        _random.GetBytes(nonce);
        var sealedBytes = new byte[plain.Length + TagSize];
        using var aes = new AesGcm(Key(header, _salt, _cost), TagSize);
        aes.Encrypt(nonce, plain, sealedBytes.AsSpan(0, plain.Length), sealedBytes.AsSpan(plain.Length), AssociatedData(header, purpose));
        return $"{header}.{Base64Url.EncodeToString(nonce)}.{Base64Url.EncodeToString(sealedBytes)}";
    }

    /// <summary>Seals text.</summary>
    public string SealText(string plain, string purpose)
    {
        var bytes = Encoding.UTF8.GetBytes(plain);
        try
        {
            return Seal(bytes, purpose);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    /// <summary>
    /// Opens what <see cref="Seal"/> made. Throws <see cref="CryptographicException"/> when it was sealed under another secret or for another
    /// purpose, or was altered. The caller clears the result.
    /// </summary>
    public byte[] Open(string sealedText, string purpose)
    {
        var parts = sealedText.Split('.');
        if (parts.Length != 7 || $"{parts[0]}.{parts[1]}" != Scheme)
        {
            throw new CryptographicException("Not a sealed text of this program.");
        }

        try
        {
            var cost = new Argon2Cost(Digits.ReadSigned<int>(parts[2]), Digits.ReadSigned<int>(parts[3]));
            var salt = Base64Url.DecodeFromChars(parts[4]);
            var nonce = Base64Url.DecodeFromChars(parts[5]);
            var body = Base64Url.DecodeFromChars(parts[6]).AsSpan();
            if (!cost.IsAcceptable || salt.Length != Argon2id.SaltSize || nonce.Length != NonceSize || body.Length < TagSize)
            {
                throw new FormatException("parameters out of range");
            }

            var header = string.Join('.', parts[..5]);
            var plain = new byte[body.Length - TagSize];
            using var aes = new AesGcm(Key(header, salt, cost), TagSize);
            aes.Decrypt(nonce, body[..^TagSize], body[^TagSize..], plain, AssociatedData(header, purpose));
            return plain;
        }
        catch (Exception e) when (e is FormatException or OverflowException or AuthenticationTagMismatchException)
        {
            throw new CryptographicException($"The sealed '{purpose}' cannot be opened: it was sealed under another operator's secret, or altered.", e);
        }
    }

    /// <summary>Opens text.</summary>
    public string OpenText(string sealedText, string purpose)
    {
        var bytes = Open(sealedText, purpose);
        try
        {
            return Encoding.UTF8.GetString(bytes);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    /// <summary>Clears the secret and the derived keys.</summary>
    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_secret);
        foreach (var key in _keys.Values.Where(k => k.IsValueCreated))
        {
            CryptographicOperations.ZeroMemory(key.Value);
        }

        _keys.Clear();
    }

    private string Header() => string.Create(CultureInfo.InvariantCulture, $"{Scheme}.{_cost.Passes}.{_cost.MemoryKiB}.{Base64Url.EncodeToString(_salt)}");

    private static byte[] AssociatedData(string header, string purpose) => Encoding.UTF8.GetBytes($"{header}\n{purpose}");

    private byte[] Key(string header, byte[] salt, Argon2Cost cost) =>
        _keys.GetOrAdd(header, _ => new Lazy<byte[]>(() => Argon2id.Derive(_secret, salt, cost, KeySize))).Value;
}
