using System.Security.Cryptography;

namespace Masumi.Registry.Keys;

/// <summary>Makes API keys and their ids.</summary>
internal sealed class KeySource(RandomNumberGenerator random)
{
    private const string Letters = "abcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>An id: <c>c</c> and 24 hexadecimal digits.</summary>
    public string NewId()
    {
        Span<byte> bytes = stackalloc byte[12];
        random.GetBytes(bytes);
        return "c" + Convert.ToHexStringLower(bytes);
    }

    /// <summary>A key nobody guesses: 24 letters and digits, about 124 bits.</summary>
    public string NewToken(bool admin)
    {
        Span<char> secret = stackalloc char[24];
        Span<byte> one = stackalloc byte[1];
        for (var i = 0; i < secret.Length; )
        {
            random.GetBytes(one);

            // Numbers of 36 values from bytes below 252 = 7 * 36, so that none is likelier.
            if (one[0] < 252)
            {
                secret[i++] = Letters[one[0] % 36];
            }
        }

        return $"masumi-registry-{(admin ? "admin" : "user")}-{secret}";
    }
}
