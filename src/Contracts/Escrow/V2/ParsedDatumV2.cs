using System.Collections.Immutable;
using Masumi.Contracts.Escrow.Common;
using Masumi.OnChain.Language;
using Masumi.OnChain.Ledger;
using static Masumi.OnChain.Language.Syntax;

namespace Masumi.Contracts.Escrow.V2;

/// <summary>A decoded datum: all fields checked in depth. <c>with</c> and <see cref="ToTerm"/> give a changed one.</summary>
internal sealed record ParsedDatumV2(
    Term<OnChainAddress> Buyer,
    Term<Option<OnChainAddress>> BuyerReturnAddress,
    Term<OnChainAddress> Seller,
    Term<Option<OnChainAddress>> SellerReturnAddress,
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
    public Term<OnChainAddress> BuyerPayout => BuyerReturnAddress.OrElse(Buyer);

    /// <summary>The payout target of the seller's side.</summary>
    public Term<OnChainAddress> SellerPayout => SellerReturnAddress.OrElse(Seller);

    /// <summary>The datum as data.</summary>
    public Term<OnChainDatumV2> ToTerm() =>
        Operators.Construct<OnChainDatumV2>(
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
    public static ParsedDatumV2 Unpack(Block block, Term<ParsedDatumV2> parsed)
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
    public static Term<Fn<OnChainDatumV2, ParsedDatumV2>> Parser(Block block)
    {
        var address = block.Let(Function<OnChainAddress, Unit>(DatumParsing.CheckAddress), "checkAddress");
        return block.Let(
            Function<OnChainDatumV2, ParsedDatumV2>(data =>
                Do(b =>
                {
                    b.Require("datum: constructor 0", data.Tag.Is(0));
                    var fields = b.Open(data);
                    var read = new FieldReader<OnChainDatumV2>(b, fields);

                    var buyer = read.Next<OnChainAddress>();
                    b.Run(address.Call(buyer));
                    var buyerReturn = read.Next<Option<OnChainAddress>>();
                    b.Run(DatumParsing.CheckOption(buyerReturn, address));
                    var seller = read.Next<OnChainAddress>();
                    b.Run(address.Call(seller));
                    var sellerReturn = read.Next<Option<OnChainAddress>>();
                    b.Run(DatumParsing.CheckOption(sellerReturn, address));

                    var middle = ImmutableArray.CreateBuilder<Expr>();
                    for (var i = 4; i <= 17; i++)
                    {
                        middle.Add(i is >= 4 and <= 8 or 10 or 11 ? read.Next<Bytes>().Expr : read.Next<Int>().Expr);
                    }

                    var state = b.Let(read.Next<Data>(), "state");
                    b.Require("datum: state without fields", state.Fields.AreEmpty);
                    var tag = b.Let(state.Tag, "state");
                    b.Require("datum: known state", tag <= StateIndex.RefundAuthorized);
                    b.Require("datum: 19 fields", read.AtEnd);
                    return new Term<ParsedDatumV2>(Structure.Pack([buyer.Expr, buyerReturn.Expr, seller.Expr, sellerReturn.Expr, .. middle, tag.Expr]));
                })
            ),
            "parseDatum"
        );
    }
}
