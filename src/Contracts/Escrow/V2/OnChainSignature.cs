using Masumi.OnChain.Language;

namespace Masumi.Contracts.Escrow.V2;

/// <summary>C0[verification key, protected headers, signature].</summary>
internal sealed class OnChainSignature : Data;

/// <summary>The fields of an admin's signature.</summary>
internal static class OnChainSignatureFields
{
    extension(Fields<OnChainSignature> self)
    {
        public Term<Bytes> VerificationKey => self.At<Bytes>(0);

        public Term<Bytes> ProtectedHeaders => self.At<Bytes>(1);

        public Term<Bytes> Signature => self.At<Bytes>(2);
    }
}
