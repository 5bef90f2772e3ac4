using System.Security.Cryptography;
using System.Text;

namespace Masumi.Storage.Secrets;

/// <summary>
/// The form in which API keys stand in the database: HMAC-SHA-256 under a key of the node's own. API keys are long and random, so a keyed
/// hash is enough, and a request costs microseconds instead of a password hash.
/// </summary>
public sealed class ApiKeyHash
{
    /// <summary>Length of the key in bytes.</summary>
    public const int KeySize = 32;

    private readonly byte[] _key;

    /// <summary>Copies a key of <see cref="KeySize"/> bytes, normally from <see cref="SealedKeys"/>.</summary>
    public ApiKeyHash(ReadOnlySpan<byte> key)
    {
        if (key.Length != KeySize)
        {
            throw new ArgumentException($"The key has {KeySize} bytes, got {key.Length}.", nameof(key));
        }

        _key = key.ToArray();
    }

    /// <summary>The hash of an API key: 64 lowercase hex digits, the same each time.</summary>
    public string Of(string apiKey) => Convert.ToHexStringLower(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(apiKey)));
}
