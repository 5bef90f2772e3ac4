using Masumi.Contracts.Escrow.Common;
using Masumi.OnChain.Language;
using Masumi.OnChain.Ledger;
using static Masumi.Contracts.Escrow.Common.DatumV2;
using static Masumi.Contracts.Escrow.Common.EscrowState;
using static Masumi.OnChain.Language.Syntax;

namespace Masumi.Contracts.Escrow.V2;

/// <summary>
/// The escrow validator of the V2 rules (spec escrow.md 4.2 and 4.3), for Plutus V3. This file is the rule table: what every spend
/// must obey, then one method per action. The words it uses (pays, signed by, starts after) are in the other parts of the class.
/// </summary>
internal sealed partial class EscrowV2Validator
{
    /// <summary>Shorter signatures cannot serve as identity of an escrow (spec escrow.md 4.2).</summary>
    private const int LeastReferenceSignatureBytes = 16;

    private readonly Term<Data> _redeemer;
    private readonly Term<Int> _requiredAdmins;
    private readonly Term<ListOf<Bytes>> _admins;
    private readonly Term<OutputReference> _ownReference;
    private readonly Term<OnChainAddress> _ownAddress;
    private readonly Decoded<DatumV2> _datum;
    private readonly Term<Map<Bytes, Map<Bytes, Int>>> _value;
    private readonly Term<ListOf<OnChainOutput>> _outputs;
    private readonly Term<ListOf<Bytes>> _signers;
    private readonly Fields<TimeRange> _range;
    private readonly Term<Int> _upper;
    private readonly Term<Int> _cooldownTime;
    private readonly Term<Fn<OnChainOutput, Bool>> _carriesOn;
    private readonly Term<Fn<Int, Bool>> _startsAfter;
    private readonly Term<Fn<OnChainAddress, Bool>> _signedBy;
    private readonly Term<Fn<OnChainAddress, Fn<Map<Bytes, Map<Bytes, Int>>, Bool>>> _pays;

    /// <summary>The validator: three parameters and the script context, all data.</summary>
    public static Term<Fn<Data, Fn<Data, Fn<Data, Fn<ScriptContext, Unit>>>>> Validator { get; } =
        Function<Data, Data, Fn<Data, Fn<ScriptContext, Unit>>>(
            (requiredAdmins, admins) =>
                Function<Data, ScriptContext, Unit>(
                    (cooldown, context) =>
                        Do(b => new EscrowV2Validator(b, Decode<Int>(requiredAdmins), Decode<ListOf<Bytes>>(admins), Decode<Int>(cooldown), context).Act())
                )
        );

    /// <summary>The rules common to every spend, and names for what the actions speak of.</summary>
    private EscrowV2Validator(Block b, Term<Int> requiredAdmins, Term<ListOf<Bytes>> admins, Term<Int> cooldownPeriod, Term<ScriptContext> contextData)
    {
        _requiredAdmins = requiredAdmins;
        _admins = admins;

        var context = b.Open(contextData);
        var transaction = b.Open(context.Transaction);
        _redeemer = b.Let(context.Redeemer, "redeemer");
        var purpose = b.Let(context.Info, "purpose");
        b.Require("this script only guards outputs", purpose.IsSpending);
        var spending = b.Open(purpose);
        _ownReference = b.Let(spending.OwnReference, "ownReference");
        var parse = Layout.Parser(b);
        _datum = Layout.Unpack(b, parse.Call(Decode<DatumV2>(spending.Datum.Value)));

        b.Require("the collateral return is not negative", _datum.At(CollateralReturn) >= 0);
        b.Require("the reference signature is long enough", _datum.At(ReferenceSignature).Length >= LeastReferenceSignatureBytes);

        _range = b.Open(transaction.ValidityRange);
        var upper = b.Let(_range.Upper, "upper");
        b.Require("the validity range has an end", upper.IsFinite);
        _upper = b.Let(upper.Time, "upper");
        _cooldownTime = _upper + cooldownPeriod;

        var inputs = b.Let(transaction.Inputs, "inputs");
        var own = b.Open(inputs.First("the spent output is an input", input => input.Fields.Reference.Is(_ownReference)).Fields.Output.Fields);
        _ownAddress = b.Let(own.Address, "ownAddress");
        var script = b.Let(_ownAddress.Fields.Payment, "script");
        _value = b.Let(own.Value, "value");
        _outputs = b.Let(transaction.Outputs, "outputs");

        // What concerns all escrows of the transaction is checked once, by the first of them: every one runs this script, so none gets past it.
        var first = inputs.First("the first escrow", input => input.Fields.Output.Fields.Address.Fields.Payment.Is(script));
        b.Run(If(first.Fields.Reference.Is(_ownReference), EscrowsAreWellFormed(inputs, _outputs, script, parse), Accept));
        _carriesOn = b.Let(Function<OnChainOutput, Bool>(output => CarriesOn(output, script)), "carriesOn");

        _signers = b.Let(transaction.RequiredSigners, "signers");
        _startsAfter = b.Let(Function<Int, Bool>(time => SpendWords.StartsAfter(_range, time)), "startsAfter");
        _signedBy = b.Let(Function<OnChainAddress, Bool>(party => SpendWords.IsSignedBy(_signers, party)), "signedBy");
        var tag = b.Let(SpendWords.Tag(_ownReference), "tag");
        _pays = b.Let(
            Function<OnChainAddress, Map<Bytes, Map<Bytes, Int>>, Bool>(
                (address, amount) => Do(c => amount.IsCoveredBy(c.Let(SpendWords.Tagged(_outputs, address, tag), "tagged")))
            ),
            "pays"
        );
    }

    private Term<Unit> Act() =>
        Do(b =>
        {
            var action = b.Let(_redeemer.Tag, "action");
            var arguments = b.Open(Decode<SettlementArguments>(_redeemer));
            return If(
                action.Is(EscrowRedeemer.V2.IndexOf(EscrowAction.WithdrawDisputed)),
                WithdrawDisputed(arguments),
                Do(c =>
                {
                    c.Require("this action has no arguments", arguments.AreEmpty);
                    return EscrowRedeemer.V2.Switch(
                        action,
                        [(EscrowAction.Withdraw, Withdraw), (EscrowAction.WithdrawRefund, WithdrawRefund)],
                        otherwise: Continue(
                            (next, escrow) =>
                                EscrowRedeemer.V2.Switch(
                                    action,
                                    [
                                        (EscrowAction.SubmitResult, SubmitResult(next, escrow)),
                                        (EscrowAction.SetRefundRequested, SetRefundRequested(next)),
                                        (EscrowAction.AuthorizeWithdrawal, AuthorizeWithdrawal(next)),
                                        (EscrowAction.AuthorizeRefund, AuthorizeRefund(next)),
                                    ],
                                    otherwise: Reject<Change>("known action")
                                )
                        )
                    );
                })
            );
        });

    // Actions that keep the escrow: what must hold, then what changes in the datum (see Continue for what all four must keep).

    private Term<Change> SetRefundRequested(Fields<DatumV2> next) =>
        Do(b =>
        {
            b.Require("SetRefundRequested: the buyer signs", SignedBy(_datum.At(Buyer)));
            b.Require(
                "SetRefundRequested: funds locked, result submitted or disputed",
                _datum.At(State).Is(FundsLocked) | _datum.At(State).Is(ResultSubmitted) | _datum.At(State).Is(Disputed)
            );
            b.Require("SetRefundRequested: before the unlock time", EndsBefore(_datum.At(UnlockTime)));
            b.Require("SetRefundRequested: after the buyer's cooldown", StartsAfter(_datum.At(BuyerCooldownTime)));
            return Change.Of(
                _datum.At(ResultHash),
                sellerCooldown: Integer(0),
                buyerCooldown: b.Let(NewCooldown(next.At(BuyerCooldownTime))),
                If(_datum.At(ResultHash).IsEmpty, Constant(RefundRequested), Constant(Disputed))
            );
        });

    private Term<Change> AuthorizeWithdrawal(Fields<DatumV2> next) =>
        Do(b =>
        {
            b.Require("AuthorizeWithdrawal: the buyer signs", SignedBy(_datum.At(Buyer)));
            b.Require("AuthorizeWithdrawal: a result submitted, or disputed", _datum.At(State).Is(ResultSubmitted) | _datum.At(State).Is(Disputed));
            b.Require("AuthorizeWithdrawal: after the buyer's cooldown", StartsAfter(_datum.At(BuyerCooldownTime)));
            b.Require("AuthorizeWithdrawal: there is a result", !_datum.At(ResultHash).IsEmpty);
            return Change.Of(
                _datum.At(ResultHash),
                sellerCooldown: Integer(0),
                buyerCooldown: b.Let(NewCooldown(next.At(BuyerCooldownTime))),
                Constant(WithdrawAuthorized)
            );
        });

    private Term<Change> SubmitResult(Fields<DatumV2> next, Term<Int> lovelace) =>
        Do(b =>
        {
            b.Require("SubmitResult: the seller signs", SignedBy(_datum.At(Seller)));
            b.Require("SubmitResult: nothing authorized yet", _datum.At(State) <= Disputed);
            b.Require("SubmitResult: after the seller's cooldown", StartsAfter(_datum.At(SellerCooldownTime)));
            b.Require(
                "SubmitResult: before the submit time, or a correction before the dispute unlock time",
                EndsBefore(_datum.At(SubmitResultTime)) | (EndsBefore(_datum.At(ExternalDisputeUnlockTime)) & !_datum.At(ResultHash).IsEmpty)
            );
            b.Require("SubmitResult: the escrow holds the collateral", lovelace >= _datum.At(CollateralReturn));
            var result = b.Let(next.At(ResultHash), "result");
            b.Require("SubmitResult: the result is a hash of 32 bytes", result.Length.Is(SpendWords.ResultBytes));
            return Change.Of(
                result,
                sellerCooldown: b.Let(NewCooldown(next.At(SellerCooldownTime))),
                buyerCooldown: Integer(0),
                If(_datum.At(State) <= ResultSubmitted, Constant(ResultSubmitted), Constant(Disputed))
            );
        });

    private Term<Change> AuthorizeRefund(Fields<DatumV2> next) =>
        Do(b =>
        {
            b.Require("AuthorizeRefund: the seller signs", SignedBy(_datum.At(Seller)));
            b.Require("AuthorizeRefund: nothing authorized yet", _datum.At(State) <= Disputed);
            b.Require("AuthorizeRefund: after the seller's cooldown", StartsAfter(_datum.At(SellerCooldownTime)));
            return Change.Of(
                ByteString(default),
                sellerCooldown: b.Let(NewCooldown(next.At(SellerCooldownTime))),
                buyerCooldown: Integer(0),
                Constant(RefundAuthorized)
            );
        });

    // Actions that end the escrow.

    private Term<Unit> Withdraw =>
        Do(b =>
        {
            b.Require("Withdraw: the seller signs", SignedBy(_datum.At(Seller)));
            b.Require(
                "Withdraw: authorized, or a result after the unlock time",
                _datum.At(State).Is(WithdrawAuthorized) | (_datum.At(State).Is(ResultSubmitted) & StartsAfter(_datum.At(UnlockTime)))
            );
            b.Require("Withdraw: there is a result", !_datum.At(ResultHash).IsEmpty);
            b.Require("Withdraw: the escrow ends", EscrowEnds);
            var lovelace = b.Let(_value.Lovelace, "lovelace");
            b.Require("Withdraw: the escrow holds the collateral", lovelace >= _datum.At(CollateralReturn));
            b.Require("Withdraw: the buyer's side gets the collateral", Pays(BuyerPayout, SpendWords.Ada(_datum.At(CollateralReturn))));
            b.Require(
                "Withdraw: the seller's return address gets the rest",
                !_datum.At(SellerReturnAddress).IsSome
                    | Pays(_datum.At(SellerReturnAddress).Value, _value.Tokens.WithLovelace(lovelace - _datum.At(CollateralReturn)))
            );
            return Accept;
        });

    private Term<Unit> WithdrawRefund =>
        Do(b =>
        {
            b.Require("WithdrawRefund: the buyer signs", SignedBy(_datum.At(Buyer)));
            b.Require(
                "WithdrawRefund: authorized, or no result by the submit time",
                _datum.At(State).Is(RefundAuthorized)
                    | ((_datum.At(State).Is(FundsLocked) | _datum.At(State).Is(RefundRequested)) & StartsAfter(_datum.At(SubmitResultTime)))
            );
            b.Require("WithdrawRefund: there is no result", _datum.At(ResultHash).IsEmpty);
            b.Require("WithdrawRefund: the escrow ends", EscrowEnds);
            b.Require(
                "WithdrawRefund: the buyer's return address gets everything",
                !_datum.At(BuyerReturnAddress).IsSome | Pays(_datum.At(BuyerReturnAddress).Value, _value)
            );
            return Accept;
        });

    private Term<Unit> WithdrawDisputed(Fields<SettlementArguments> arguments) =>
        Do(b =>
        {
            b.Require("WithdrawDisputed: disputed", _datum.At(State).Is(Disputed));
            b.Require("WithdrawDisputed: after the dispute unlock time", StartsAfter(_datum.At(ExternalDisputeUnlockTime)));
            b.Require("WithdrawDisputed: there is a result", !_datum.At(ResultHash).IsEmpty);
            b.Require("WithdrawDisputed: the escrow ends", EscrowEnds);

            var settlement = OnChainSettlement.Read(b, arguments);
            var canonical = b.Let(Function<Map<Bytes, Map<Bytes, Int>>, Bool>(amount => amount.IsCanonicalAmount), "canonical");
            b.Require("WithdrawDisputed: the buyer's amount is canonical", canonical.Call(settlement.BuyerValue));
            b.Require("WithdrawDisputed: the seller's amount is canonical", canonical.Call(settlement.SellerValue));
            b.Require("WithdrawDisputed: enough admins signed", settlement.IsSigned(_ownReference, _admins, _requiredAdmins));
            b.Require("WithdrawDisputed: the buyer's side gets its amount", Pays(BuyerPayout, settlement.BuyerValue));
            b.Require("WithdrawDisputed: the seller's side gets its amount", Pays(SellerPayout, settlement.SellerValue));
            return Accept;
        });
}
