using Masumi.OnChain.Language;

namespace Masumi.OnChain.Ledger;

/// <summary>The fields of the ledger's records by name, in the ledger's order.</summary>
internal static class LedgerFields
{
    extension(Fields<ScriptContext> self)
    {
        public Term<TxInfo> Transaction => self.At<TxInfo>(0);

        public Term<Data> Redeemer => self.At<Data>(1);

        public Term<ScriptInfo> Info => self.At<ScriptInfo>(2);
    }

    extension(Fields<TxInfo> self)
    {
        public Term<ListOf<OnChainInput>> Inputs => self.At<ListOf<OnChainInput>>(0);

        public Term<ListOf<OnChainOutput>> Outputs => self.At<ListOf<OnChainOutput>>(2);

        public Term<Map<Bytes, Map<Bytes, Int>>> Mint => self.At<Map<Bytes, Map<Bytes, Int>>>(4);

        public Term<TimeRange> ValidityRange => self.At<TimeRange>(7);

        public Term<ListOf<Bytes>> RequiredSigners => self.At<ListOf<Bytes>>(8);
    }

    extension(Fields<ScriptInfo> self)
    {
        /// <summary>Of a minting purpose.</summary>
        public Term<Bytes> Policy => self.At<Bytes>(0);

        /// <summary>Of a spending purpose.</summary>
        public Term<OutputReference> OwnReference => self.At<OutputReference>(0);

        /// <summary>Of a spending purpose: inline, or found by its hash.</summary>
        public Term<Option<Data>> Datum => self.At<Option<Data>>(1);
    }

    extension(Term<ScriptInfo> self)
    {
        public Term<Bool> IsMinting => self.Tag.Is(0);

        public Term<Bool> IsSpending => self.Tag.Is(1);
    }

    extension(Fields<OutputReference> self)
    {
        public Term<Bytes> TransactionId => self.At<Bytes>(0);

        public Term<Int> Index => self.At<Int>(1);
    }

    extension(Fields<OnChainInput> self)
    {
        public Term<OutputReference> Reference => self.At<OutputReference>(0);

        public Term<OnChainOutput> Output => self.At<OnChainOutput>(1);
    }

    extension(Fields<OnChainOutput> self)
    {
        public Term<OnChainAddress> Address => self.At<OnChainAddress>(0);

        /// <summary>Policies and names ascend; ADA (the empty policy) is always the first entry, even when zero.</summary>
        public Term<Map<Bytes, Map<Bytes, Int>>> Value => self.At<Map<Bytes, Map<Bytes, Int>>>(1);

        public Term<OutputDatum> Datum => self.At<OutputDatum>(2);

        public Term<Option<Bytes>> ReferenceScript => self.At<Option<Bytes>>(3);
    }

    extension(Term<OutputDatum> self)
    {
        public Term<Bool> IsInline => self.Tag.Is(2);

        /// <summary>The inline datum or, for a hash datum, the hash; rejects when there is none.</summary>
        public Term<Data> Content => self.Fields.At<Data>(0);
    }

    extension(Fields<OnChainAddress> self)
    {
        public Term<OnChainCredential> Payment => self.At<OnChainCredential>(0);
    }

    extension(Term<OnChainCredential> self)
    {
        public Term<Bool> IsKey => self.Tag.Is(0);

        public Term<Bytes> Hash => self.Fields.At<Bytes>(0);
    }

    extension(Fields<TimeRange> self)
    {
        public Term<BoundPoint> Lower => self.At<Bound>(0).Fields.At<BoundPoint>(0);

        public Term<BoundPoint> Upper => self.At<Bound>(1).Fields.At<BoundPoint>(0);
    }

    extension(Term<BoundPoint> self)
    {
        public Term<Bool> IsFinite => self.Tag.Is(1);

        /// <summary>Of a finite point; rejects an infinite one.</summary>
        public Term<Int> Time => self.Fields.At<Int>(0);
    }
}
