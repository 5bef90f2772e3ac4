using System.Formats.Cbor;

namespace Masumi.Cardano;

/// <summary>CIP-8 / CIP-30 message signatures (COSE_Sign1 and COSE_Key).</summary>
/// <param name="Protected">The protected headers, as received.</param>
/// <param name="Unprotected">The unprotected headers' CBOR map, as received.</param>
/// <param name="Payload">What was signed; null when detached.</param>
/// <param name="Signature">64 bytes.</param>
public sealed record CoseSign1(ReadOnlyMemory<byte> Protected, ReadOnlyMemory<byte> Unprotected, ReadOnlyMemory<byte>? Payload, ReadOnlyMemory<byte> Signature)
{
    private const int MaxBytes = 64 * 1024;

    /// <summary>Signs as Masumi wallets do: protected {1:-8, 4:key, "address":address}, unprotected {"hashed":false} (spec escrow.md 6.4).</summary>
    public static CoseSign1 Sign(SigningKey key, Address address, ReadOnlyMemory<byte> payload)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(address);
        var headers = new CborWriter(CborConformanceMode.Lax);
        headers.WriteStartMap(3);
        headers.WriteInt32(1);
        headers.WriteInt32(-8);
        headers.WriteInt32(4);
        headers.WriteByteString(key.PublicKey.Span);
        headers.WriteTextString("address");
        headers.WriteByteString(address.Bytes.Span);
        headers.WriteEndMap();
        var unprotected = new CborWriter(CborConformanceMode.Lax);
        unprotected.WriteStartMap(1);
        unprotected.WriteTextString("hashed");
        unprotected.WriteBoolean(false);
        unprotected.WriteEndMap();
        var unsigned = new CoseSign1(headers.Encode(), unprotected.Encode(), payload, ReadOnlyMemory<byte>.Empty);
        return unsigned with { Signature = key.Sign(unsigned.SigStructure()) };
    }

    /// <summary>Reads an untagged or 18-tagged COSE_Sign1; throws <see cref="CborFormatException"/>.</summary>
    public static CoseSign1 FromCbor(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length > MaxBytes)
        {
            throw new CborFormatException($"A COSE_Sign1 of {bytes.Length} bytes; at most {MaxBytes} are read.");
        }

        try
        {
            var reader = new CborReader(bytes, CborConformanceMode.Lax);
            if (reader.PeekState() == CborReaderState.Tag && (ulong)reader.ReadTag() != 18)
            {
                throw new CborFormatException("A COSE_Sign1 with a tag other than 18.");
            }

            var length = reader.ReadStartArray();
            var headers = reader.ReadByteString();
            if (reader.PeekState() != CborReaderState.StartMap)
            {
                throw new CborFormatException("A COSE_Sign1 whose unprotected headers are no map.");
            }

            var unprotected = reader.ReadEncodedValue().ToArray();
            byte[]? payload = null;
            if (reader.PeekState() == CborReaderState.Null)
            {
                reader.ReadNull();
            }
            else
            {
                payload = reader.ReadByteString();
            }

            var signature = reader.ReadByteString();
            reader.ReadEndArray();
            if (length is not (4 or null) || reader.BytesRemaining != 0)
            {
                throw new CborFormatException("A COSE_Sign1 is an array of four and nothing more.");
            }

            return new CoseSign1(headers, unprotected, payload is null ? null : new ReadOnlyMemory<byte>(payload), signature);
        }
        catch (Exception e) when (e is CborContentException or InvalidOperationException or OverflowException)
        {
            throw new CborFormatException("Not a COSE_Sign1: " + e.Message, e);
        }
    }

    /// <summary>The untagged CBOR.</summary>
    public byte[] ToCbor()
    {
        var writer = new CborWriter(CborConformanceMode.Lax);
        writer.WriteStartArray(4);
        writer.WriteByteString(Protected.Span);
        writer.WriteEncodedValue(Unprotected.Span);
        if (Payload is { } payload)
        {
            writer.WriteByteString(payload.Span);
        }
        else
        {
            writer.WriteNull();
        }

        writer.WriteByteString(Signature.Span);
        writer.WriteEndArray();
        return writer.Encode();
    }

    /// <summary>The bytes that were signed: ["Signature1", protected, h'', payload].</summary>
    public byte[] SigStructure()
    {
        var writer = new CborWriter(CborConformanceMode.Lax);
        writer.WriteStartArray(4);
        writer.WriteTextString("Signature1");
        writer.WriteByteString(Protected.Span);
        writer.WriteByteString([]);
        writer.WriteByteString(Payload is { } payload ? payload.Span : []);
        writer.WriteEndArray();
        return writer.Encode();
    }

    /// <summary>True when the signature verifies under the 32-byte key.</summary>
    public bool Verify(ReadOnlySpan<byte> publicKey) => Ed25519.Verify(publicKey, SigStructure(), Signature.Span);

    /// <summary>The COSE_Key of an Ed25519 public key: a4 01 01 03 27 20 06 21 5820 key.</summary>
    public static byte[] CoseKey(ReadOnlySpan<byte> publicKey) => [0xa4, 0x01, 0x01, 0x03, 0x27, 0x20, 0x06, 0x21, 0x58, 0x20, .. publicKey];

    /// <summary>The 32-byte public key of a COSE_Key (OKP, EdDSA, Ed25519); throws <see cref="CborFormatException"/>.</summary>
    public static byte[] PublicKeyOf(ReadOnlyMemory<byte> coseKey)
    {
        if (coseKey.Length > MaxBytes)
        {
            throw new CborFormatException($"A COSE_Key of {coseKey.Length} bytes; at most {MaxBytes} are read.");
        }

        try
        {
            var reader = new CborReader(coseKey, CborConformanceMode.Lax);
            byte[]? key = null;
            reader.ReadStartMap();
            while (reader.PeekState() != CborReaderState.EndMap)
            {
                if (reader.PeekState() is not (CborReaderState.UnsignedInteger or CborReaderState.NegativeInteger))
                {
                    reader.SkipValue();
                    reader.SkipValue();
                    continue;
                }

                var label = reader.ReadInt64();
                switch (label)
                {
                    case 1 when reader.ReadInt64() != 1:
                    case 3 when reader.ReadInt64() != -8:
                    case -1 when reader.ReadInt64() != 6:
                        throw new CborFormatException("A COSE_Key that is no Ed25519 key.");
                    case 1 or 3 or -1:
                        break;
                    case -2:
                        key = reader.ReadByteString();
                        break;
                    default:
                        reader.SkipValue();
                        break;
                }
            }

            reader.ReadEndMap();
            return key is { Length: 32 } && reader.BytesRemaining == 0 ? key : throw new CborFormatException("A COSE_Key without a 32-byte x.");
        }
        catch (Exception e) when (e is CborContentException or InvalidOperationException or OverflowException)
        {
            throw new CborFormatException("Not a COSE_Key: " + e.Message, e);
        }
    }
}
