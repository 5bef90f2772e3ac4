using System.Collections.Immutable;
using Masumi.Contracts.OnChain.Language;
using Masumi.Contracts.OnChain.Ledger;
using static Masumi.Contracts.OnChain.Language.Syntax;

namespace Masumi.Contracts.OnChain;

/// <summary>The states of an escrow (spec escrow.md 2.5), by constructor index.</summary>
internal static class EscrowStates
{
    public const int FundsLocked = 0;
    public const int ResultSubmitted = 1;
    public const int RefundRequested = 2;
    public const int Disputed = 3;
    public const int WithdrawAuthorized = 4;
    public const int RefundAuthorized = 5;
}

/// <summary>The escrow datum of the V2 rules as data: C0 with 19 fields (spec escrow.md 2.3).</summary>
internal sealed class EscrowDatumData : Data;

/// <summary>The fields the validator reads without decoding the whole datum.</summary>
internal static class EscrowDatumFields
{
    extension(Fields<EscrowDatumData> self)
    {
        public Term<Bytes> ReferenceSignature => self.At<Bytes>(5);

        public Term<Bytes> ResultHash => self.At<Bytes>(11);

        public Term<Int> SellerCooldownTime => self.At<Int>(16);

        public Term<Int> BuyerCooldownTime => self.At<Int>(17);
    }
}

/// <summary>A decoded datum: all fields checked in depth. <c>with</c> and <see cref="ToTerm"/> give a changed one.</summary>
internal sealed record EscrowDatum(
    Term<AddressData> Buyer,
    Term<Option<AddressData>> BuyerReturnAddress,
    Term<AddressData> Seller,
    Term<Option<AddressData>> SellerReturnAddress,
    Term<Bytes> ReferenceKey,
    Term<Bytes> ReferenceSignature,
    Term<Bytes> SellerNonce,
    Term<Bytes> BuyerNonce,
    Term<Bytes> AgentIdentifier,
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
    private const int FieldCount = 19;

    /// <summary>The payout target of the buyer's side.</summary>
    public Term<AddressData> BuyerPayout => BuyerReturnAddress.OrElse(Buyer);

    /// <summary>The payout target of the seller's side.</summary>
    public Term<AddressData> SellerPayout => SellerReturnAddress.OrElse(Seller);

    /// <summary>The datum as data.</summary>
    public Term<EscrowDatumData> ToTerm() =>
        Operators.Construct<EscrowDatumData>(
            0,
            Buyer.ToData(),
            BuyerReturnAddress.ToData(),
            Seller.ToData(),
            SellerReturnAddress.ToData(),
            ReferenceKey.ToData(),
            ReferenceSignature.ToData(),
            SellerNonce.ToData(),
            BuyerNonce.ToData(),
            AgentIdentifier.ToData(),
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

    /// <summary>Takes apart what <see cref="Parser"/> gives.</summary>
    public static EscrowDatum Unpack(Block block, Term<EscrowDatum> parsed)
    {
        var f = block.Unpack(parsed.Expr, FieldCount);
        return new(
            new(f[0]),
            new(f[1]),
            new(f[2]),
            new(f[3]),
            new(f[4]),
            new(f[5]),
            new(f[6]),
            new(f[7]),
            new(f[8]),
            new(f[9]),
            new(f[10]),
            new(f[11]),
            new(f[12]),
            new(f[13]),
            new(f[14]),
            new(f[15]),
            new(f[16]),
            new(f[17]),
            new(f[18])
        );
    }

    /// <summary>
    /// The function that decodes a datum in depth and rejects anything else: exact constructors, exact field counts, kinds of every
    /// leaf. Lengths of hashes are not looked at, as the deployed contract does not.
    /// </summary>
    public static Term<Fn<EscrowDatumData, EscrowDatum>> Parser(Block block)
    {
        var address = block.Let(Function<AddressData, Unit>(DatumParsing.CheckAddress), "checkAddress");
        return block.Let(
            Function<EscrowDatumData, EscrowDatum>(data =>
                Do(b =>
                {
                    b.Require("datum: constructor 0", data.Tag.Is(0));
                    var fields = b.Open(data);
                    var read = new FieldReader<EscrowDatumData>(b, fields);

                    var buyer = read.Next<AddressData>();
                    b.Run(address.Call(buyer));
                    var buyerReturn = read.Next<Option<AddressData>>();
                    b.Run(DatumParsing.CheckOption(buyerReturn, address));
                    var seller = read.Next<AddressData>();
                    b.Run(address.Call(seller));
                    var sellerReturn = read.Next<Option<AddressData>>();
                    b.Run(DatumParsing.CheckOption(sellerReturn, address));

                    var middle = ImmutableArray.CreateBuilder<Expr>();
                    for (var i = 4; i <= 17; i++)
                    {
                        middle.Add(i is >= 4 and <= 8 or 10 or 11 ? read.Next<Bytes>().Expr : read.Next<Int>().Expr);
                    }

                    var state = b.Let(read.Next<Data>(), "state");
                    b.Require("datum: state without fields", state.Fields.AreEmpty);
                    var tag = b.Let(state.Tag, "state");
                    b.Require("datum: known state", tag <= EscrowStates.RefundAuthorized);
                    b.Require("datum: 19 fields", read.AtEnd);
                    return new Term<EscrowDatum>(Structure.Pack([buyer.Expr, buyerReturn.Expr, seller.Expr, sellerReturn.Expr, .. middle, tag.Expr]));
                })
            ),
            "parseDatum"
        );
    }
}
