using Masumi.OnChain.Language;

namespace Masumi.Contracts.Escrow.V1;

/// <summary>The escrow datum of the V1 rules as data: C0 with 16 fields (spec escrow.md 2.4).</summary>
internal sealed class OnChainDatumV1 : Data;

/// <summary>The fields the validator reads without decoding the whole datum.</summary>
internal static class OnChainDatumV1Fields
{
    extension(Fields<OnChainDatumV1> self)
    {
        public Term<Bytes> ResultHash => self.At<Bytes>(8);

        public Term<Int> SellerCooldownTime => self.At<Int>(13);

        public Term<Int> BuyerCooldownTime => self.At<Int>(14);
    }
}
