using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Keys;
using Masumi.Cardano.Metadata;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow;
using Masumi.Contracts.Escrow.Common;
using Masumi.Contracts.Escrow.V2;

namespace Masumi.Contracts.Tests.Escrow;

public sealed class EscrowTransactionsTests
{
    private static readonly Value Ten = Value.Of(Lovelace.FromAda(10));
    private static readonly Address Enterprise = Address.Parse(Vectors.AbandonEnterprise);

    private static LegResult Act(EscrowAction action, EscrowDatum datum, Value value, TxInput? at = null)
    {
        var transactions = Scenes.Transactions(datum.Family);
        var escrow = Scenes.Utxo(datum, value, at);
        var times = datum.Deadlines;
        return action switch
        {
            EscrowAction.SubmitResult => transactions.SubmitResult(escrow, Scenes.ResultHash, times.PayBy),
            EscrowAction.SetRefundRequested => transactions.RequestRefund(escrow, times.PayBy),
            EscrowAction.UnSetRefundRequested => transactions.CancelRefundRequest(escrow, times.PayBy),
            EscrowAction.AuthorizeRefund => transactions.AuthorizeRefund(escrow, times.PayBy),
            EscrowAction.AuthorizeWithdrawal => transactions.AuthorizeWithdrawal(escrow, times.PayBy),
            EscrowAction.Withdraw => transactions.Withdraw(escrow, Enterprise, times.Unlock.AddMinutes(10)),
            EscrowAction.WithdrawRefund => transactions.WithdrawRefund(escrow, Enterprise, times.SubmitResult.AddMinutes(10)),
            _ => throw new ArgumentOutOfRangeException(nameof(action)),
        };
    }

    public static TheoryData<EscrowFamily, EscrowState, EscrowAction, bool> Actions
    {
        get
        {
            var data = new TheoryData<EscrowFamily, EscrowState, EscrowAction, bool>();
            foreach (var directed in (bool[])[false, true])
            {
                data.Add(EscrowFamily.V2, EscrowState.FundsLocked, EscrowAction.SubmitResult, directed);
                data.Add(EscrowFamily.V2, EscrowState.ResultSubmitted, EscrowAction.SetRefundRequested, directed);
                data.Add(EscrowFamily.V2, EscrowState.RefundRequested, EscrowAction.AuthorizeRefund, directed);
                data.Add(EscrowFamily.V2, EscrowState.Disputed, EscrowAction.AuthorizeWithdrawal, directed);
                data.Add(EscrowFamily.V2, EscrowState.ResultSubmitted, EscrowAction.Withdraw, directed);
                data.Add(EscrowFamily.V2, EscrowState.WithdrawAuthorized, EscrowAction.Withdraw, directed);
                data.Add(EscrowFamily.V2, EscrowState.FundsLocked, EscrowAction.WithdrawRefund, directed);
                data.Add(EscrowFamily.V2, EscrowState.RefundAuthorized, EscrowAction.WithdrawRefund, directed);
            }

            data.Add(EscrowFamily.V1, EscrowState.FundsLocked, EscrowAction.SubmitResult, false);
            data.Add(EscrowFamily.V1, EscrowState.FundsLocked, EscrowAction.SetRefundRequested, false);
            data.Add(EscrowFamily.V1, EscrowState.Disputed, EscrowAction.UnSetRefundRequested, false);
            data.Add(EscrowFamily.V1, EscrowState.Disputed, EscrowAction.AuthorizeRefund, false);
            data.Add(EscrowFamily.V1, EscrowState.ResultSubmitted, EscrowAction.Withdraw, false);
            data.Add(EscrowFamily.V1, EscrowState.RefundRequested, EscrowAction.WithdrawRefund, false);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Actions))]
    public void Every_action_makes_a_transaction_the_contract_and_the_ledger_accept_and_the_watcher_understands(
        EscrowFamily family,
        EscrowState state,
        EscrowAction action,
        bool directed
    )
    {
        var datum = Scenes.Datum(family, state);
        datum = directed ? datum with { BuyerReturn = Enterprise, SellerReturn = Vectors.Seller } : datum;
        foreach (
            var value in (Value[])
                [Ten, Value.Of(datum.CollateralReturn, Scenes.Usdm, 1_000), Value.Of(datum.CollateralReturn + new Lovelace(1), Scenes.Usdm, 3)]
        )
        {
            var leg = Scenes.Leg(Act(action, datum, value));
            var party = action.Actor() == EscrowParty.Buyer ? Vectors.Buyer : Vectors.Seller;
            var pieces = EscrowPieces.Of(leg);
            Assert.Equal([party.Payment!.Value.AsKey!.Value], pieces.RequiredSigners);
            Assert.All(leg.Outputs, o => Assert.True(o.Value.Coin >= Fees.MinUtxo(Scenes.Parameters, o), $"{o.Value}"));

            var (transaction, inputs) = Scenes.Transaction(pieces, Scenes.Wallet(party));
            Assert.Empty(EscrowTransactionRules.Check(transaction, inputs, Scenes.Contract(family), Scenes.Slots)[Scenes.At]);

            var happened = Assert.Single(EscrowWatcher.Interpret(transaction, true, inputs, family, Scenes.Contract(family).Address));
            if (action.IsTerminal())
            {
                var closed = Assert.IsType<EscrowEvent.Closed>(happened);
                Assert.Equal((action, Scenes.At, datum), (closed.Action, closed.Spent, closed.Old));
            }
            else
            {
                var moved = Assert.IsType<EscrowEvent.Moved>(happened);
                Assert.Equal((action, datum, leg.NewDatum), (moved.Action, moved.Old, moved.New));
                Assert.Equal(new TxInput(transaction.Id, 0), moved.At);
                Assert.Equal(value.Assets, moved.Value.Assets);
            }
        }
    }

    [Fact]
    public void Collecting_v2_pays_the_seller_the_rest_and_the_buyer_the_collateral_both_tagged()
    {
        var datum = Scenes.Datum(EscrowFamily.V2, EscrowState.ResultSubmitted);
        var leg = Scenes.Leg(Act(EscrowAction.Withdraw, datum, Ten));
        Assert.Equal(
            [
                new TxOutput(Enterprise, Ten - Value.Of(datum.CollateralReturn), OutputReferenceData.Tag(Scenes.At)),
                new TxOutput(Vectors.Buyer, Value.Of(datum.CollateralReturn), OutputReferenceData.Tag(Scenes.At)),
            ],
            leg.Outputs.ToArray()
        );
    }

    [Fact]
    public void Collecting_v1_pays_fee_and_collateral_out_of_the_escrow()
    {
        var datum = Scenes.Datum(EscrowFamily.V1, EscrowState.ResultSubmitted);
        var hundred = Value.Of(Lovelace.FromAda(100), Scenes.Usdm, 1_000);
        var leg = Scenes.Leg(Act(EscrowAction.Withdraw, datum, hundred));
        var fee = Value.Of(Lovelace.FromAda(5), Scenes.Usdm, 50);
        Assert.Equal(
            [
                new TxOutput(Enterprise, hundred - fee - Value.Of(datum.CollateralReturn)),
                new TxOutput(Scenes.Contract(EscrowFamily.V1).FeeAddress!, fee, OutputReferenceData.Tag(Scenes.At)),
                new TxOutput(Vectors.Buyer, Value.Of(datum.CollateralReturn), OutputReferenceData.Tag(Scenes.At)),
            ],
            leg.Outputs.ToArray()
        );
        Assert.Equal(EscrowTransactions.LeastFee, Scenes.Leg(Act(EscrowAction.Withdraw, datum, Ten)).Outputs[1].Value.Coin);
    }

    [Fact]
    public void A_refund_returns_everything_tagged_only_in_v2()
    {
        Assert.Equal(
            [new TxOutput(Enterprise, Ten, OutputReferenceData.Tag(Scenes.At))],
            Scenes.Leg(Act(EscrowAction.WithdrawRefund, Scenes.Datum(EscrowFamily.V2, EscrowState.FundsLocked), Ten)).Outputs.ToArray()
        );
        Assert.Equal(
            [new TxOutput(Enterprise, Ten)],
            Scenes.Leg(Act(EscrowAction.WithdrawRefund, Scenes.Datum(EscrowFamily.V1, EscrowState.FundsLocked), Ten)).Outputs.ToArray()
        );
    }

    [Fact]
    public void A_continuing_output_is_topped_up_when_its_datum_outgrew_its_ada()
    {
        var datum = Scenes.Datum(EscrowFamily.V2, EscrowState.FundsLocked);
        var leg = Scenes.Leg(Act(EscrowAction.SubmitResult, datum, Value.Of(new Lovelace(2_000_000))));
        var output = Assert.Single(leg.Outputs);
        Assert.Equal(LockSizing.Least(leg.NewDatum!, output.Value, output.Address, Scenes.Parameters), output.Value.Coin);
        Assert.Equal(Ten, Scenes.Leg(Act(EscrowAction.SubmitResult, datum, Ten)).Outputs[0].Value);
    }

    [Fact]
    public void Impossible_actions_say_why_and_untimely_ones_say_when()
    {
        Assert.Contains(
            Refusals(Act(EscrowAction.AuthorizeWithdrawal, Scenes.Datum(EscrowFamily.V2, EscrowState.FundsLocked), Ten)),
            r => r.Rule == EscrowRule.State
        );
        var early = Scenes
            .Transactions(EscrowFamily.V2)
            .Withdraw(Scenes.Utxo(Scenes.Datum(EscrowFamily.V2, EscrowState.FundsLocked), Ten), Enterprise, Vectors.Deadlines.PayBy);
        Assert.Contains(Refusals(early), r => r.Rule == EscrowRule.State);
        var wait = Scenes
            .Transactions(EscrowFamily.V2)
            .Withdraw(Scenes.Utxo(Scenes.Datum(EscrowFamily.V2, EscrowState.ResultSubmitted), Ten), Enterprise, Vectors.Deadlines.PayBy);
        var noWindow = Assert.IsType<LegRefusal.NoWindow>(Assert.IsType<LegResult.Failed>(wait).Reason);
        Assert.Equal(Vectors.Deadlines.Unlock.AddSeconds(1), noWindow.Reason.Required);

        static IEnumerable<RuleRefusal> Refusals(LegResult result) => Assert.IsType<LegRefusal.Refused>(Assert.IsType<LegResult.Failed>(result).Reason).Reasons;
    }

    [Fact]
    public void An_output_without_escrow_datum_is_never_spent()
    {
        var stray = new Utxo(Scenes.At, new TxOutput(Scenes.Contract(EscrowFamily.V2).Address, Ten));
        var failed = Assert.IsType<LegResult.Failed>(Scenes.Transactions(EscrowFamily.V2).RequestRefund(stray, Vectors.Deadlines.PayBy));
        Assert.IsType<LegRefusal.NotAnEscrow>(failed.Reason);
    }

    [Fact]
    public void V2_legs_share_a_transaction_and_a_copied_datum_is_left_out()
    {
        var legs = Enumerable
            .Range(0, 9)
            .Select(i =>
            {
                var datum = Scenes.Datum(EscrowFamily.V2, EscrowState.FundsLocked);
                var unique = datum with { ReferenceSignature = new ByteString([.. datum.ReferenceSignature.Span, (byte)(i == 8 ? 0 : i)]) };
                return Scenes.Leg(Act(i % 2 == 0 ? EscrowAction.SubmitResult : EscrowAction.AuthorizeRefund, unique, Ten, new TxInput(Scenes.SomeId, i)));
            })
            .ToList();
        legs.Insert(1, legs[8]);
        var (pieces, taken, deferred) = EscrowPieces.Combine(legs, most: 7);
        Assert.Equal(7, taken.Length);
        Assert.Equal(3, deferred.Length);
        Assert.DoesNotContain(legs[1], taken);
        var (transaction, inputs) = Scenes.Transaction(pieces, Scenes.Wallet(Vectors.Seller));
        Assert.All(EscrowTransactionRules.Check(transaction, inputs, Scenes.Contract(EscrowFamily.V2), Scenes.Slots), r => Assert.Empty(r.Value));
        var events = EscrowWatcher.Interpret(transaction, true, inputs, EscrowFamily.V2, Scenes.Contract(EscrowFamily.V2).Address);
        Assert.Equal(7, events.OfType<EscrowEvent.Moved>().Count());
        Assert.Equal(transaction.Body.Fee.Amount, events.Sum(e => e.Fee.Amount));

        // Who knows one of the escrows alone says the same of it as who knows them all.
        foreach (var moved in events.OfType<EscrowEvent.Moved>())
        {
            var known = inputs.Where(i => i.Key == moved.Spent).ToDictionary();
            var seen = EscrowWatcher.Interpret(transaction, true, known, EscrowFamily.V2, Scenes.Contract(EscrowFamily.V2).Address);
            Assert.Equal(moved.Fee, Assert.Single(seen.OfType<EscrowEvent.Moved>()).Fee);
        }

        var message = (Metadatum.List)((Metadatum.Map)pieces.AuxiliaryData.Metadata[674])["msg"]!;
        Assert.Equal(["Masumi", "SubmitResult", "AuthorizeRefund"], message.Items.Take(3).Select(i => ((Metadatum.Text)i).Value));
        Assert.Equal(8, message.Items.Length);
    }

    [Fact]
    public void V1_takes_one_leg_per_transaction()
    {
        var datum = Scenes.Datum(EscrowFamily.V1, EscrowState.FundsLocked);
        var leg = Scenes.Leg(Act(EscrowAction.SubmitResult, datum, Ten));
        var other = Scenes.Leg(Act(EscrowAction.SubmitResult, datum with { ReferenceSignature = Scenes.Result }, Ten, new TxInput(Scenes.SomeId, 1)));
        var (_, taken, deferred) = EscrowPieces.Combine([leg, other]);
        Assert.Equal([leg], taken);
        Assert.Equal([other], deferred);
    }

    [Fact]
    public void Locks_go_out_in_order_without_scripts_or_signers_and_before_the_earliest_deadline()
    {
        var size = Scenes.Lock(EscrowFamily.V2, Ten);
        var sooner = size with { Datum = size.Datum with { Deadlines = Vectors.Deadlines with { PayBy = Vectors.Deadlines.PayBy.AddMinutes(-2) } } };
        var pieces = Scenes.Transactions(EscrowFamily.V2).Lock([size, sooner], Vectors.Deadlines.PayBy.AddMinutes(-5), out var refusal);
        Assert.Null(refusal);
        Assert.NotNull(pieces);
        Assert.Equal([size.Datum.ToInline(), sooner.Datum.ToInline()], pieces.Outputs.Select(o => o.Datum!));
        Assert.Empty(pieces.RequiredSigners);
        Assert.True(Scenes.Slots.TimeOf(pieces.Window.InvalidHereafter) < sooner.Datum.Deadlines.PayBy);
        Assert.Equal("a1636d736782664d6173756d696e5061796d656e7442617463686564", Convert.ToHexStringLower(pieces.AuxiliaryData.Metadata[674].ToCbor()));
        Assert.Null(Scenes.Transactions(EscrowFamily.V2).Lock([size, sooner], sooner.Datum.Deadlines.PayBy, out refusal));
        Assert.Equal(WindowRule.TooLate, refusal?.Rule);
    }

    [Fact]
    public void A_signed_settlement_pays_both_sides_tagged()
    {
        var key = Vectors.SellerKeys.Payment;
        var contract = Scenes.Contract(EscrowFamily.V2) with { Admins = [key.KeyHash], RequiredAdmins = 1 };
        var settlement = new DisputeSettlement(Scenes.At, Value.Of(Lovelace.FromAda(4)), Value.Of(Lovelace.FromAda(5)));
        var signature = AdminSignature.From(CoseSign1.Sign(key, Vectors.Seller, settlement.Intent().ToArray()), key.PublicKey.Span);
        var escrow = Scenes.Utxo(Scenes.Datum(EscrowFamily.V2, EscrowState.Disputed), Ten);
        var leg = Scenes.Leg(
            new EscrowTransactions(contract, null, Scenes.Parameters, Scenes.Slots).SettleDispute(
                escrow,
                settlement,
                [signature],
                Vectors.Deadlines.ExternalDisputeUnlock.AddMinutes(1)
            )
        );
        Assert.Equal(
            [
                new TxOutput(Vectors.Buyer, settlement.BuyerValue, OutputReferenceData.Tag(Scenes.At)),
                new TxOutput(Vectors.Seller, settlement.SellerValue, OutputReferenceData.Tag(Scenes.At)),
            ],
            leg.Outputs.ToArray()
        );
        Assert.Empty(leg.RequiredSigners);
        var (transaction, inputs) = Scenes.Transaction(EscrowPieces.Of(leg), Scenes.Wallet(Enterprise));
        Assert.Empty(EscrowTransactionRules.Check(transaction, inputs, contract, Scenes.Slots)[Scenes.At]);
        var closed = Assert.IsType<EscrowEvent.Closed>(Assert.Single(EscrowWatcher.Interpret(transaction, true, inputs, EscrowFamily.V2, contract.Address)));
        Assert.Equal((settlement.BuyerValue - Value.Of(Lovelace.FromAda(100)), settlement.SellerValue), (closed.ToBuyer, closed.ToSeller));
    }
}
