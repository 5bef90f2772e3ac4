using Masumi.OnChain.Language;

namespace Masumi.Contracts.Escrow.V2;

/// <summary>The escrow datum of the V2 rules as data: C0 with 19 fields (spec escrow.md 2.3).</summary>
internal sealed class OnChainDatumV2 : Data;

/// <summary>The fields the validator reads without decoding the whole datum.</summary>
internal static class OnChainDatumV2Fields
{
    extension(Fields<OnChainDatumV2> self)
    {
        public Term<Bytes> ReferenceSignature => self.At<Bytes>(5);

        public Term<Bytes> ResultHash => self.At<Bytes>(11);

        public Term<Int> SellerCooldownTime => self.At<Int>(16);

        public Term<Int> BuyerCooldownTime => self.At<Int>(17);
    }
}
