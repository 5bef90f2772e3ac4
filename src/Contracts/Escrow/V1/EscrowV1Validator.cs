using Masumi.Contracts.Escrow.Common;
using Masumi.OnChain.Language;
using Masumi.OnChain.Ledger;
using static Masumi.Contracts.Escrow.Common.DatumV1;
using static Masumi.Contracts.Escrow.Common.EscrowState;
using static Masumi.OnChain.Language.Syntax;

namespace Masumi.Contracts.Escrow.V1;

/// <summary>
/// The escrow validator of the V1 rules (spec escrow.md 4.2 and 4.4), for Plutus V3: one escrow per transaction, a protocol fee in thousandths, disputes
/// settled by admins who sign the transaction. First what every spend must obey, then one method per action.
/// </summary>
internal sealed class EscrowV1Validator
{
    private readonly Term<Int> _requiredAdmins;
    private readonly Term<ListOf<Bytes>> _admins;
    private readonly Term<OnChainAddress> _feeAddress;
    private readonly Term<Int> _feePermille;
    private readonly Term<Data> _redeemer;
    private readonly Term<OutputReference> _ownReference;
    private readonly Term<OnChainAddress> _ownAddress;
    private readonly Decoded<DatumV1> _datum;
    private readonly Term<Map<Bytes, Map<Bytes, Int>>> _value;
    private readonly Term<ListOf<OnChainOutput>> _outputs;
    private readonly Term<ListOf<OnChainOutput>> _escrowOutputs;
    private readonly Term<ListOf<Bytes>> _signers;
    private readonly Term<Int> _upper;
    private readonly Term<Int> _cooldownTime;
    private readonly Term<Fn<Int, Bool>> _startsAfter;
    private readonly Term<Fn<OnChainAddress, Bool>> _signedBy;

    /// <summary>The validator: five parameters and the script context, all data.</summary>
    public static Term<Fn<Data, Fn<Data, Fn<OnChainAddress, Fn<Data, Fn<Data, Fn<ScriptContext, Unit>>>>>>> Validator { get; } =
        Function<Data, Data, Fn<OnChainAddress, Fn<Data, Fn<Data, Fn<ScriptContext, Unit>>>>>(
            (requiredAdmins, admins) =>
                Function<OnChainAddress, Data, Fn<Data, Fn<ScriptContext, Unit>>>(
                    (feeAddress, feePermille) =>
                        Function<Data, ScriptContext, Unit>(
                            (cooldown, context) =>
                                Do(b =>
                                    new EscrowV1Validator(
                                        b,
                                        Decode<Int>(requiredAdmins),
                                        Decode<ListOf<Bytes>>(admins),
                                        feeAddress,
                                        Decode<Int>(feePermille),
                                        Decode<Int>(cooldown),
                                        context
                                    ).Act()
                                )
                        )
                )
        );

    /// <summary>The rules common to every spend, and names for what the actions speak of.</summary>
    private EscrowV1Validator(
        Block b,
        Term<Int> requiredAdmins,
        Term<ListOf<Bytes>> admins,
        Term<OnChainAddress> feeAddress,
        Term<Int> feePermille,
        Term<Int> cooldownPeriod,
        Term<ScriptContext> contextData
    )
    {
        (_requiredAdmins, _admins, _feeAddress, _feePermille) = (requiredAdmins, admins, feeAddress, feePermille);

        var context = b.Open(contextData);
        var transaction = b.Open(context.Transaction);
        _redeemer = b.Let(context.Redeemer, "redeemer");
        var purpose = b.Let(context.Info, "purpose");
        b.Require("this script only guards outputs", purpose.IsSpending);
        var spending = b.Open(purpose);
        _ownReference = b.Let(spending.OwnReference, "ownReference");
        var datum = b.Let(Decode<DatumV1>(spending.Datum.Value), "datum");
        _datum = Layout.Read(b, datum, DatumParsing.AddressCheck(b));

        var range = b.Open(transaction.ValidityRange);
        var upper = b.Let(range.Upper, "upper");
        b.Require("the validity range has an end", upper.IsFinite);
        _upper = b.Let(upper.Time, "upper");
        _cooldownTime = _upper + cooldownPeriod;

        var inputs = b.Let(transaction.Inputs, "inputs");
        var own = b.Open(inputs.First("the spent output is an input", input => input.Fields.Reference.Is(_ownReference)).Fields.Output.Fields);
        _ownAddress = b.Let(own.Address, "ownAddress");
        var script = b.Let(_ownAddress.Fields.Payment, "script");
        _value = b.Let(own.Value, "value");
        b.Require("one escrow is spent", inputs.Where(input => input.Fields.Output.Fields.Address.Fields.Payment.Is(script)).Tail.IsEmpty);

        _outputs = b.Let(transaction.Outputs, "outputs");
        _escrowOutputs = b.Let(_outputs.Where(output => output.Fields.Address.Fields.Payment.Is(script)), "escrowOutputs");
        b.Require("at most one escrow is created", _escrowOutputs.IsEmpty | _escrowOutputs.Tail.IsEmpty);
        b.Require("created escrow: no reference script", _escrowOutputs.All(output => !output.Fields.ReferenceScript.IsSome));

        _signers = b.Let(transaction.RequiredSigners, "signers");
        _startsAfter = b.Let(Function<Int, Bool>(time => SpendWords.StartsAfter(range, time)), "startsAfter");
        _signedBy = b.Let(Function<OnChainAddress, Bool>(party => SpendWords.IsSignedBy(_signers, party)), "signedBy");
    }

    private Term<Unit> Act() =>
        Do(b =>
        {
            var action = b.Let(_redeemer.Tag, "action");
            b.Require("actions have no arguments", _redeemer.Fields.AreEmpty);
            return EscrowRedeemer.V1.Switch(
                action,
                [(EscrowAction.Withdraw, Withdraw), (EscrowAction.WithdrawRefund, WithdrawRefund), (EscrowAction.WithdrawDisputed, WithdrawDisputed)],
                otherwise: Continue(next =>
                    EscrowRedeemer.V1.Switch(
                        action,
                        [
                            (EscrowAction.SubmitResult, SubmitResult(next)),
                            (EscrowAction.SetRefundRequested, SetRefundRequested(next)),
                            (EscrowAction.UnSetRefundRequested, UnSetRefundRequested(next)),
                            (EscrowAction.AuthorizeRefund, AuthorizeRefund(next)),
                        ],
                        otherwise: Reject<Change>("known action")
                    )
                )
            );
        });

    // Actions that keep the escrow: what must hold, then what changes in the datum (see Continue for what all four must keep).

    private Term<Change> SetRefundRequested(Fields<DatumV1> next) =>
        Do(b =>
        {
            b.Require("SetRefundRequested: the buyer signs", SignedBy(_datum.At(Buyer)));
            b.Require("SetRefundRequested: funds locked, result submitted or disputed", !_datum.At(State).Is(RefundRequested));
            b.Require("SetRefundRequested: before the unlock time", EndsBefore(_datum.At(UnlockTime)));
            b.Require("SetRefundRequested: after the buyer's cooldown", StartsAfter(_datum.At(BuyerCooldownTime)));
            return BuyerActed(next, If(_datum.At(ResultHash).IsEmpty, Constant(RefundRequested), Constant(Disputed)));
        });

    private Term<Change> UnSetRefundRequested(Fields<DatumV1> next) =>
        Do(b =>
        {
            b.Require("UnSetRefundRequested: the buyer signs", SignedBy(_datum.At(Buyer)));
            b.Require("UnSetRefundRequested: refund requested or disputed", _datum.At(State) >= RefundRequested);
            b.Require("UnSetRefundRequested: after the buyer's cooldown", StartsAfter(_datum.At(BuyerCooldownTime)));
            return BuyerActed(next, If(_datum.At(ResultHash).IsEmpty, Constant(FundsLocked), Constant(ResultSubmitted)));
        });

    private Term<Change> SubmitResult(Fields<DatumV1> next) =>
        Do(b =>
        {
            b.Require("SubmitResult: the seller signs", SignedBy(_datum.At(Seller)));
            b.Require("SubmitResult: after the seller's cooldown", StartsAfter(_datum.At(SellerCooldownTime)));
            b.Require(
                "SubmitResult: before the submit time, or a correction before the dispute unlock time",
                EndsBefore(_datum.At(SubmitResultTime)) | (EndsBefore(_datum.At(ExternalDisputeUnlockTime)) & !_datum.At(ResultHash).IsEmpty)
            );
            var result = b.Let(next.At(ResultHash), "result");
            b.Require("SubmitResult: the result is a hash of 32 bytes", result.Length.Is(SpendWords.ResultBytes));
            return SellerActed(next, result, If(_datum.At(State) <= ResultSubmitted, Constant(ResultSubmitted), Constant(Disputed)));
        });

    private Term<Change> AuthorizeRefund(Fields<DatumV1> next) =>
        Do(b =>
        {
            b.Require("AuthorizeRefund: the seller signs", SignedBy(_datum.At(Seller)));
            b.Require("AuthorizeRefund: disputed", _datum.At(State).Is(Disputed));
            b.Require("AuthorizeRefund: after the seller's cooldown", StartsAfter(_datum.At(SellerCooldownTime)));
            return SellerActed(next, ByteString(default), Constant(RefundRequested));
        });

    // Actions that end the escrow.

    private Term<Unit> Withdraw =>
        Do(b =>
        {
            b.Require("Withdraw: the seller signs", SignedBy(_datum.At(Seller)));
            b.Require("Withdraw: a result was submitted", _datum.At(State).Is(ResultSubmitted));
            b.Require("Withdraw: after the unlock time", StartsAfter(_datum.At(UnlockTime)));
            b.Require("Withdraw: there is a result", !_datum.At(ResultHash).IsEmpty);
            var tag = b.Let(SpendWords.Tag(_ownReference), "tag");
            b.Require(
                "Withdraw: the fee address gets its part of every asset",
                _value.IsCoveredBy(b.Let(SpendWords.Tagged(_outputs, _feeAddress, tag), "fee"), quantity => quantity * _feePermille / 1000)
            );
            b.Require(
                "Withdraw: the buyer gets the collateral",
                SpendWords.Ada(_datum.At(CollateralReturn)).IsCoveredBy(b.Let(SpendWords.Tagged(_outputs, _datum.At(Buyer), tag), "collateral"))
            );
            return Accept;
        });

    private Term<Unit> WithdrawRefund =>
        Do(b =>
        {
            b.Require("WithdrawRefund: the buyer signs", SignedBy(_datum.At(Buyer)));
            b.Require("WithdrawRefund: funds locked or refund requested", _datum.At(State).Is(FundsLocked) | _datum.At(State).Is(RefundRequested));
            b.Require("WithdrawRefund: after the submit time", StartsAfter(_datum.At(SubmitResultTime)));
            b.Require("WithdrawRefund: there is no result", _datum.At(ResultHash).IsEmpty);
            return Accept;
        });

    private Term<Unit> WithdrawDisputed =>
        Do(b =>
        {
            b.Require("WithdrawDisputed: disputed", _datum.At(State).Is(Disputed));
            b.Require("WithdrawDisputed: after the dispute unlock time", StartsAfter(_datum.At(ExternalDisputeUnlockTime)));
            b.Require("WithdrawDisputed: there is a result", !_datum.At(ResultHash).IsEmpty);
            b.Require("WithdrawDisputed: someone must sign", _requiredAdmins > 0);
            var votes = _admins.Sum(admin =>
                Do(c =>
                {
                    var key = c.Let(admin, "admin");
                    return If(_signers.Any(signer => signer.Is(key)), Integer(1), Integer(0));
                })
            );
            b.Require("WithdrawDisputed: enough admins sign", votes >= _requiredAdmins);
            return Accept;
        });

    // Words.

    private Term<Bool> SignedBy(Term<OnChainAddress> party) => _signedBy.Call(party);

    private Term<Bool> StartsAfter(Term<Int> time) => _startsAfter.Call(time);

    private Term<Bool> EndsBefore(Term<Int> time) => _upper < time;

    private Term<Change> BuyerActed(Fields<DatumV1> next, Term<Choice<EscrowState>> state) =>
        Do(b =>
            Change.Of(
                _datum.At(ResultHash),
                sellerCooldown: Integer(0),
                buyerCooldown: b.Let(SpendWords.NewCooldown(next.At(BuyerCooldownTime), _cooldownTime)),
                state
            )
        );

    private Term<Change> SellerActed(Fields<DatumV1> next, Term<Bytes> result, Term<Choice<EscrowState>> state) =>
        Do(b => Change.Of(result, sellerCooldown: b.Let(SpendWords.NewCooldown(next.At(SellerCooldownTime), _cooldownTime)), buyerCooldown: Integer(0), state));

    /// <summary>The escrow goes on: the output at the script holds the same datum but for the change, and the same value but for more ADA.</summary>
    private Term<Unit> Continue(Func<Fields<DatumV1>, Term<Change>> change) =>
        Do(b =>
        {
            b.Require("the escrow goes on", !_escrowOutputs.IsEmpty);
            var next = b.Open(_escrowOutputs.Head.Fields);
            b.Require("the escrow stays at its address", next.Address.Is(_ownAddress));
            var content = b.Let(next.Datum, "datum");
            b.Require("created escrow: inline datum", content.IsInline);
            var nextDatum = b.Let(Decode<DatumV1>(content.Content), "nextDatum");
            var changed = Change.Unpack(b, change(b.Open(nextDatum)));
            var expected = _datum
                .With(ResultHash, changed.ResultHash)
                .With(SellerCooldownTime, changed.SellerCooldown)
                .With(BuyerCooldownTime, changed.BuyerCooldown)
                .With(State, changed.State);
            b.Require("nothing else in the datum changes", nextDatum.Is(Layout.Construct(expected)));
            var nextValue = b.Let(next.Value, "nextValue");
            b.Require("no ADA is taken out", nextValue.Lovelace >= _value.Lovelace);
            b.Require("no token is taken out or put in", nextValue.Tokens.Is(_value.Tokens));
            return Accept;
        });
}
