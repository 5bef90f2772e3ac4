using Masumi.Contracts.Escrow.Common;
using Masumi.OnChain.Language;
using Masumi.OnChain.Ledger;
using static Masumi.OnChain.Language.Syntax;

namespace Masumi.Contracts.Escrow.V1;

/// <summary>A decoded datum: all fields checked in depth. <c>with</c> and <see cref="ToTerm"/> give a changed one.</summary>
internal sealed record ParsedDatumV1(
    Term<OnChainAddress> Buyer,
    Term<OnChainAddress> Seller,
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
    public Term<OnChainDatumV1> ToTerm() =>
        Operators.Construct<OnChainDatumV1>(
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
    public static ParsedDatumV1 Parse(Block b, Term<OnChainDatumV1> datum)
    {
        var data = b.Let(datum, "datum");
        var address = b.Let(Function<OnChainAddress, Unit>(DatumParsing.CheckAddress), "checkAddress");
        b.Require("datum: constructor 0", data.Tag.Is(0));
        var read = new FieldReader<OnChainDatumV1>(b, b.Open(data));
        var buyer = read.Next<OnChainAddress>();
        b.Run(address.Call(buyer));
        var seller = read.Next<OnChainAddress>();
        b.Run(address.Call(seller));
        var parsed = new ParsedDatumV1(
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
        b.Require("datum: known state", tag <= StateIndex.Disputed);
        b.Require("datum: 16 fields", read.AtEnd);
        return parsed with { State = tag };
    }
}
