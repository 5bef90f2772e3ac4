using System.Formats.Cbor;
using System.Numerics;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Cbor;
using Masumi.Cardano.Crypto;

namespace Masumi.Cardano.Keys;

/// <summary>CIP-8 / CIP-30 message signatures (COSE_Sign1 and COSE_Key).</summary>
/// <param name="Protected">The protected headers, as received.</param>
/// <param name="Unprotected">The unprotected headers' CBOR map, as received.</param>
/// <param name="Payload">What was signed; null when detached.</param>
/// <param name="Signature">64 bytes.</param>
public sealed record CoseSign1(ReadOnlyMemory<byte> Protected, ReadOnlyMemory<byte> Unprotected, ReadOnlyMemory<byte>? Payload, ReadOnlyMemory<byte> Signature)
{
    private const int MaxBytes = 64 * 1024;

    // RFC 9053: labels and values of an octet key pair.
    private const int KeyType = 1;
    private const int Algorithm = 3;
    private const int Curve = -1;
    private const int PublicPart = -2;
    private const int OctetKeyPair = 1;
    private const int EdDsa = -8;
    private const int Ed25519Curve = 6;

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

    /// <summary>
    /// The 32-byte public key of a COSE_Key that says it is one for Ed25519 (CIP-8): kty OKP, crv Ed25519, x, and alg EdDSA when there is an
    /// alg. Throws <see cref="CborFormatException"/> for any other.
    /// </summary>
    public static byte[] PublicKeyOf(ReadOnlyMemory<byte> coseKey)
    {
        if (coseKey.Length > MaxBytes)
        {
            throw new CborFormatException($"A COSE_Key of {coseKey.Length} bytes; at most {MaxBytes} are read.");
        }

        var input = new CborInput(coseKey, "COSE_Key");
        BigInteger? type = null;
        BigInteger? algorithm = null;
        BigInteger? curve = null;
        ReadOnlyMemory<byte>? key = null;
        var entries = input.BeginMap();
        while (entries.Next())
        {
            if (input.PeekMajor() is not (CborMajor.UnsignedInteger or CborMajor.NegativeInteger))
            {
                input.ReadRaw();
                input.ReadRaw();
                continue;
            }

            var label = input.ReadInteger();
            if (label == KeyType)
            {
                type = Once(input, label, type, input.ReadInteger());
            }
            else if (label == Algorithm)
            {
                algorithm = Once(input, label, algorithm, input.ReadInteger());
            }
            else if (label == Curve)
            {
                curve = Once(input, label, curve, input.ReadInteger());
            }
            else if (label == PublicPart)
            {
                key = Once(input, label, key, input.ReadBytes(Ed25519.PublicKeySize));
            }
            else
            {
                input.ReadRaw();
            }
        }

        input.ExpectEnd();
        return type == OctetKeyPair && curve == Ed25519Curve && (algorithm is null || algorithm == EdDsa) && key is { } found
            ? found.ToArray()
            : throw new CborFormatException("A COSE_Key that is no Ed25519 public key.");
    }

    private static T Once<T>(CborInput input, BigInteger label, T? before, T value)
        where T : struct => before is null ? value : throw input.Error($"label {label} stands twice");
}
