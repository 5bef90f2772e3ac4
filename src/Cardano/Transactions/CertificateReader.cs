using System.Formats.Cbor;
using Masumi.Cardano.Cbor;

namespace Masumi.Cardano.Transactions;

/// <summary>Checks certificates to the last field (CDDL <c>certificate</c>, spec cardano.md 3.3) and keeps their bytes.</summary>
internal static class CertificateReader
{
    private const int UrlLimit = 128;
    private const int IPv4Length = 4;
    private const int IPv6Length = 16;
    private const ulong RationalTag = 30;
    private const int PoolRegistration = 3;

    private delegate void Field(CborInput input);

    /// <summary>The fields after the kind.</summary>
    private static readonly Dictionary<int, Field[]> Fields = new()
    {
        [0] = [Credential],
        [1] = [Credential],
        [2] = [Credential, Hash28Field],
        [PoolRegistration] = [Hash28Field, Hash32Field, Coin, Coin, UnitInterval, RewardAccount, Owners, Relays, PoolMetadata],
        [4] = [Hash28Field, Number],
        [7] = [Credential, Coin],
        [8] = [Credential, Coin],
        [9] = [Credential, DRep],
        [10] = [Credential, Hash28Field, DRep],
        [11] = [Credential, Hash28Field, Coin],
        [12] = [Credential, DRep, Coin],
        [13] = [Credential, Hash28Field, DRep, Coin],
        [14] = [Credential, Credential],
        [15] = [Credential, OptionalAnchor],
        [16] = [Credential, Coin, OptionalAnchor],
        [17] = [Credential, Coin],
        [18] = [Credential, OptionalAnchor],
    };

    public static Certificate Read(CborInput input)
    {
        var start = input.Position;
        var items = input.BeginArray();
        var kind = (int)input.ReadUnsigned(Fields.Keys.Max());
        if (!Fields.TryGetValue(kind, out var fields))
        {
            throw input.Error($"unknown certificate {kind}");
        }

        ExpectCount(input, items, fields.Length + 1);
        foreach (var field in fields)
        {
            field(input);
        }

        items.End();
        return new Certificate(kind, input.Since(start));
    }

    /// <summary>The same bytes for the same certificate, however its numbers, lengths and sets were encoded.</summary>
    public static byte[] Normalized(Certificate certificate) => CborWriting.Encode(w => Copy(new CborInput(certificate.Cbor, "certificate"), w));

    // No certificate nests more than a few levels.
    private static void Copy(CborInput input, CborWriter writer)
    {
        switch (input.PeekMajor())
        {
            case CborMajor.UnsignedInteger:
                writer.WriteUInt64(input.ReadUInt64());
                break;
            case CborMajor.Bytes:
                writer.WriteByteString(input.ReadBytes().Span);
                break;
            case CborMajor.Text:
                writer.WriteTextString(input.ReadDefiniteText(UrlLimit));
                break;
            case CborMajor.Array:
                writer.WriteStartArray(null);
                for (var items = input.BeginArray(); items.Next(); )
                {
                    Copy(input, writer);
                }

                writer.WriteEndArray();
                break;
            case CborMajor.Tag:
                if (input.ReadTag() is var tag and not CborSets.SetTag)
                {
                    writer.WriteTag((CborTag)tag);
                }

                Copy(input, writer);
                break;
            default:
                input.ReadRaw();
                writer.WriteNull();
                break;
        }
    }

    /// <summary>Anchor: URL and hash.</summary>
    public static void Anchor(CborInput input)
    {
        var pair = input.BeginTuple(2);
        input.ReadDefiniteText(UrlLimit);
        input.ReadHash32();
        pair.End();
    }

    public static void OptionalAnchor(CborInput input)
    {
        if (!input.TryReadNull())
        {
            Anchor(input);
        }
    }

    private static void ExpectCount(CborInput input, CborItems items, int expected)
    {
        if (items.Remaining is { } count && count != expected)
        {
            throw input.Error($"{count} fields, {expected} expected");
        }
    }

    private static void Credential(CborInput input)
    {
        var pair = input.BeginTuple(2);
        input.ReadUnsigned(1);
        input.ReadHash28();
        pair.End();
    }

    private static void Hash28Field(CborInput input) => input.ReadHash28();

    private static void Hash32Field(CborInput input) => input.ReadHash32();

    private static void Coin(CborInput input) => ValueCodec.ReadCoin(input);

    private static void Number(CborInput input) => input.ReadUInt64();

    private static void RewardAccount(CborInput input) => AddressCodec.ReadRewardAccount(input);

    private static void DRep(CborInput input)
    {
        var items = input.BeginArray();
        var byHash = input.ReadUnsigned(3) <= 1;
        ExpectCount(input, items, byHash ? 2 : 1);
        if (byHash)
        {
            input.ReadHash28();
        }

        items.End();
    }

    private static void UnitInterval(CborInput input)
    {
        input.ExpectTag(RationalTag);
        var pair = input.BeginTuple(2);
        var numerator = input.ReadUInt64();
        var denominator = input.ReadUInt64();
        if (denominator == 0 || numerator > denominator)
        {
            throw input.Error($"{numerator}/{denominator} is not between 0 and 1");
        }

        pair.End();
    }

    private static void Owners(CborInput input) => input.ReadSet(i => i.ReadHash28());

    private static void Relays(CborInput input) => input.ReadList(Relay);

    private static bool Relay(CborInput input)
    {
        var items = input.BeginArray();
        var kind = input.ReadUnsigned(2);
        ExpectCount(
            input,
            items,
            kind == 0 ? 4
                : kind == 1 ? 3
                : 2
        );
        if (kind <= 1 && !input.TryReadNull())
        {
            input.ReadUnsigned(ushort.MaxValue);
        }

        if (kind == 0)
        {
            OptionalBytes(input, IPv4Length);
            OptionalBytes(input, IPv6Length);
        }
        else
        {
            input.ReadDefiniteText(UrlLimit);
        }

        items.End();
        return true;
    }

    private static void OptionalBytes(CborInput input, int length)
    {
        if (!input.TryReadNull())
        {
            input.ReadBytes(length);
        }
    }

    private static void PoolMetadata(CborInput input)
    {
        if (!input.TryReadNull())
        {
            var pair = input.BeginTuple(2);
            input.ReadDefiniteText(UrlLimit);
            input.ReadBytes();
            pair.End();
        }
    }
}
