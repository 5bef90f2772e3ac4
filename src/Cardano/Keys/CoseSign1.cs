namespace Masumi.Cardano;

/// <summary>CIP-8 / CIP-30 message signatures (COSE_Sign1 and COSE_Key).</summary>
public sealed record CoseSign1(ReadOnlyMemory<byte> Protected, ReadOnlyMemory<byte> Unprotected, ReadOnlyMemory<byte>? Payload, ReadOnlyMemory<byte> Signature)
{
    /// <summary>Signs as Masumi wallets do: protected {1:-8, 4:key, "address":address}, unprotected {"hashed":false} (spec escrow.md 6.4).</summary>
    public static CoseSign1 Sign(SigningKey key, Address address, ReadOnlyMemory<byte> payload) => throw new NotImplementedException();

    /// <summary>Reads an untagged or 18-tagged COSE_Sign1; throws <see cref="CborFormatException"/>.</summary>
    public static CoseSign1 FromCbor(ReadOnlyMemory<byte> bytes) => throw new NotImplementedException();

    /// <summary>The untagged CBOR.</summary>
    public byte[] ToCbor() => throw new NotImplementedException();

    /// <summary>The bytes that were signed: ["Signature1", protected, h'', payload].</summary>
    public byte[] SigStructure() => throw new NotImplementedException();

    /// <summary>True when the signature verifies under the 32-byte key.</summary>
    public bool Verify(ReadOnlySpan<byte> publicKey) => throw new NotImplementedException();

    /// <summary>The COSE_Key of an Ed25519 public key: a4 01 01 03 27 20 06 21 5820 key.</summary>
    public static byte[] CoseKey(ReadOnlySpan<byte> publicKey) => throw new NotImplementedException();

    /// <summary>The 32-byte public key of a COSE_Key (OKP, EdDSA, Ed25519); throws <see cref="CborFormatException"/>.</summary>
    public static byte[] PublicKeyOf(ReadOnlyMemory<byte> coseKey) => throw new NotImplementedException();
}
