using Masumi.Contracts.OnChain.Language;

namespace Masumi.Contracts.OnChain.Ledger;

/// <summary>What a Plutus V3 script is given (spec cardano.md 7.5): transaction, redeemer, purpose.</summary>
internal sealed class ScriptContext : Data;

/// <summary>The transaction (16 fields in V3).</summary>
internal sealed class TxInfo : Data;

/// <summary>Why the script runs: minting C0[policy], spending C1[output reference, optional datum], and four more.</summary>
internal sealed class ScriptInfo : Data;

/// <summary>A transaction id and an output index.</summary>
internal sealed class OutputReference : Data;

/// <summary>A spent output with its reference.</summary>
internal sealed class TxInput : Data;

/// <summary>An output.</summary>
internal sealed class TxOutput : Data;

/// <summary>None C0, hash C1[hash], inline C2[data].</summary>
internal sealed class OutputDatum : Data;

/// <summary>A payment credential and an optional stake credential.</summary>
internal sealed class AddressData : Data;

/// <summary>Key C0[hash] or script C1[hash].</summary>
internal sealed class CredentialData : Data;

/// <summary>By credential C0[credential] or by pointer C1[slot, transaction, certificate].</summary>
internal sealed class StakeReference : Data;

/// <summary>The validity range: lower and upper bound.</summary>
internal sealed class TimeRange : Data;

/// <summary>A bound: a point and whether it is included.</summary>
internal sealed class Bound : Data;

/// <summary>Minus infinity C0, a time in POSIX milliseconds C1[time], plus infinity C2.</summary>
internal sealed class BoundPoint : Data;

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
        public Term<ListOf<TxInput>> Inputs => self.At<ListOf<TxInput>>(0);

        public Term<ListOf<TxOutput>> Outputs => self.At<ListOf<TxOutput>>(2);

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

    extension(Fields<TxInput> self)
    {
        public Term<OutputReference> Reference => self.At<OutputReference>(0);

        public Term<TxOutput> Output => self.At<TxOutput>(1);
    }

    extension(Fields<TxOutput> self)
    {
        public Term<AddressData> Address => self.At<AddressData>(0);

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

    extension(Fields<AddressData> self)
    {
        public Term<CredentialData> Payment => self.At<CredentialData>(0);
    }

    extension(Term<CredentialData> self)
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
