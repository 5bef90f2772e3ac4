using Masumi.Cardano.Keys;
using Masumi.Cardano.Scripts;
using Masumi.Contracts.Common;

namespace Masumi.Contracts.Escrow.V2;

/// <summary>An admin's CIP-8 signature of a settlement (spec escrow.md 3.2).</summary>
/// <param name="VerificationKey">32 bytes.</param>
/// <param name="ProtectedHeaders">At most 256 bytes, in whatever form the admin's wallet writes them.</param>
/// <param name="Signature">64 bytes.</param>
public sealed record AdminSignature(ByteString VerificationKey, ByteString ProtectedHeaders, ByteString Signature)
{
    /// <summary>The contract's limit on <see cref="ProtectedHeaders"/>.</summary>
    public const int MaxHeaderBytes = 256;

    /// <summary>From a COSE_Sign1 and the signer's key.</summary>
    public static AdminSignature From(CoseSign1 signature, ReadOnlySpan<byte> verificationKey)
    {
        ArgumentNullException.ThrowIfNull(signature);
        return new AdminSignature(new ByteString(verificationKey), new ByteString(signature.Protected.Span), new ByteString(signature.Signature.Span));
    }

    internal PlutusData ToData() =>
        PlutusData.C(0, PlutusData.B(VerificationKey.Memory), PlutusData.B(ProtectedHeaders.Memory), PlutusData.B(Signature.Memory));

    /// <summary>Reads what <see cref="ToData"/> writes; null for anything else.</summary>
    internal static AdminSignature? OfData(PlutusData data) =>
        data is PlutusData.Constr { Tag: 0, Fields: [PlutusData.Bytes key, PlutusData.Bytes headers, PlutusData.Bytes signature] }
            ? new AdminSignature(new ByteString(key.Value.Span), new ByteString(headers.Value.Span), new ByteString(signature.Value.Span))
            : null;
}
