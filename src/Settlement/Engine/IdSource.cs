using System.Security.Cryptography;

namespace Masumi.Settlement.Engine;

/// <summary>
/// Makes ids in the form the APIs promise: 25 lowercase letters and digits starting with <c>c</c>, roughly ordered by time, and each later than the one before:
/// attempts of one moment are sent in the order in which they spend each other's change.
/// </summary>
public sealed class IdSource(TimeProvider time, RandomNumberGenerator random)
{
    private const string Digits = "0123456789abcdefghijklmnopqrstuvwxyz";

    private readonly Lock _gate = new();
    private long _last;

    /// <summary>A new id.</summary>
    public string Next()
    {
        Span<char> id = stackalloc char[25];
        id[0] = 'c';
        var stamp = Stamp();
        for (var i = 8; i >= 1; i--)
        {
            id[i] = Digits[(int)(stamp % 36)];
            stamp /= 36;
        }

        // Numbers of 36 values from bytes below 252 = 7 * 36, so that none is likelier.
        Span<byte> one = stackalloc byte[1];
        for (var i = 9; i < id.Length; )
        {
            lock (random)
            {
                random.GetBytes(one);
            }

            if (one[0] < 252)
            {
                id[i++] = Digits[one[0] % 36];
            }
        }

        return new string(id);
    }

    private long Stamp()
    {
        lock (_gate)
        {
            return _last = Math.Max(time.GetUtcNow().ToUnixTimeMilliseconds(), _last + 1);
        }
    }

    /// <summary>Unpredictable bytes.</summary>
    public byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        lock (random)
        {
            random.GetBytes(bytes);
        }

        return bytes;
    }
}
