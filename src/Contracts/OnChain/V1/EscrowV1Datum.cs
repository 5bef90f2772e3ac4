using Masumi.Contracts.OnChain.Language;
using Masumi.Contracts.OnChain.Ledger;
using static Masumi.Contracts.OnChain.Language.Syntax;

namespace Masumi.Contracts.OnChain.V1;

/// <summary>The escrow datum of the V1 rules as data: C0 with 16 fields (spec escrow.md 2.4).</summary>
internal sealed class EscrowV1DatumData : Data;

/// <summary>The fields the validator reads without decoding the whole datum.</summary>
internal static class EscrowV1DatumFields
{
    extension(Fields<EscrowV1DatumData> self)
    {
        public Term<Bytes> ResultHash => self.At<Bytes>(8);

        public Term<Int> SellerCooldownTime => self.At<Int>(13);

        public Term<Int> BuyerCooldownTime => self.At<Int>(14);
    }
}

/// <summary>A decoded datum: all fields checked in depth. <c>with</c> and <see cref="ToTerm"/> give a changed one.</summary>
internal sealed record EscrowV1Datum(
    Term<AddressData> Buyer,
    Term<AddressData> Seller,
    Term<Bytes> ReferenceKey,
    Term<Bytes> ReferenceSignature,
    Term<Bytes> SellerNonce,
    Term<Bytes> BuyerNonce,
    Term<Int> CollateralReturn,
    Term<Bytes> InputHash,
    Term<Bytes> ResultHash,
    Term<Int> PayByTime,
    Term<Int> SubmitResultTime,
    Term<Int> UnlockTime,
    Term<Int> ExternalDisputeUnlockTime,
    Term<Int> SellerCooldownTime,
    Term<Int> BuyerCooldownTime,
    Term<Int> State
)
{
    /// <summary>The datum as data.</summary>
    public Term<EscrowV1DatumData> ToTerm() =>
        Operators.Construct<EscrowV1DatumData>(
            0,
            Buyer.ToData(),
            Seller.ToData(),
            ReferenceKey.ToData(),
            ReferenceSignature.ToData(),
            SellerNonce.ToData(),
            BuyerNonce.ToData(),
            CollateralReturn.ToData(),
            InputHash.ToData(),
            ResultHash.ToData(),
            PayByTime.ToData(),
            SubmitResultTime.ToData(),
            UnlockTime.ToData(),
            ExternalDisputeUnlockTime.ToData(),
            SellerCooldownTime.ToData(),
            BuyerCooldownTime.ToData(),
            new Term<Data>(Expr.Call(Plutus.Syntax.BuiltinFunction.ConstrData, State.Expr, Expr.EmptyList))
        );

    /// <summary>Decodes a datum in depth and rejects anything else: exact constructors, exact field counts, kinds of every leaf.</summary>
    public static EscrowV1Datum Parse(Block b, Term<EscrowV1DatumData> datum)
    {
        var data = b.Let(datum, "datum");
        var address = b.Let(Function<AddressData, Unit>(DatumParsing.CheckAddress), "checkAddress");
        b.Require("datum: constructor 0", data.Tag.Is(0));
        var read = new FieldReader<EscrowV1DatumData>(b, b.Open(data));
        var buyer = read.Next<AddressData>();
        b.Run(address.Call(buyer));
        var seller = read.Next<AddressData>();
        b.Run(address.Call(seller));
        var parsed = new EscrowV1Datum(
            buyer,
            seller,
            read.Next<Bytes>(),
            read.Next<Bytes>(),
            read.Next<Bytes>(),
            read.Next<Bytes>(),
            read.Next<Int>(),
            read.Next<Bytes>(),
            read.Next<Bytes>(),
            read.Next<Int>(),
            read.Next<Int>(),
            read.Next<Int>(),
            read.Next<Int>(),
            read.Next<Int>(),
            read.Next<Int>(),
            Integer(0)
        );
        var state = b.Let(read.Next<Data>(), "state");
        b.Require("datum: state without fields", state.Fields.AreEmpty);
        var tag = b.Let(state.Tag, "state");
        b.Require("datum: known state", tag <= EscrowStates.Disputed);
        b.Require("datum: 16 fields", read.AtEnd);
        return parsed with { State = tag };
    }
}
