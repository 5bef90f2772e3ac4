using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Building;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow.Common;

namespace Masumi.Contracts.Tests.Escrow.Common;

public sealed class EscrowWatcherTests
{
    private static readonly Value Ten = Value.Of(Lovelace.FromAda(10));
    private static readonly EscrowContract V2 = Scenes.Contract(EscrowFamily.V2);

    private static ImmutableArray<EscrowEvent> Interpret((Transaction Transaction, ImmutableDictionary<TxInput, TxOutput> Inputs) found, bool isValid = true) =>
        EscrowWatcher.Interpret(found.Transaction, isValid, found.Inputs, EscrowFamily.V2, V2.Address);

    private static (Transaction Transaction, ImmutableDictionary<TxInput, TxOutput> Inputs) Lock(params TxOutput[] outputs)
    {
        var wallet = Scenes.Wallet(Vectors.Buyer);
        var body = new TransactionBody
        {
            Inputs = [wallet.Input],
            Outputs = [.. outputs],
            Fee = new Lovelace(200_001),
        };
        return (Transaction.Create(body, WitnessSet.Empty), ImmutableDictionary<TxInput, TxOutput>.Empty.Add(wallet.Input, wallet.Output));
    }

    private static TxOutput Output(EscrowDatum datum, Value? value = null) => new(V2.Address, value ?? Ten, datum.ToInline());

    [Fact]
    public void Each_lock_of_a_batch_is_seen_with_its_identifier_and_its_part_of_the_fee()
    {
        var datum = Scenes.Datum(EscrowFamily.V2, EscrowState.FundsLocked);
        var other = datum with { BuyerNonce = ByteString.FromHex("aabbccddeeff00") };
        var found = Lock(Output(datum), new TxOutput(Vectors.Buyer, Ten), Output(other));
        var locks = Interpret(found).Cast<EscrowEvent.Locked>().ToArray();
        Assert.Equal([new TxInput(found.Transaction.Id, 0), new TxInput(found.Transaction.Id, 2)], locks.Select(l => l.At));
        Assert.Equal(Vectors.V2Identifier, locks[0].Identifier.Encode());
        Assert.Equal("aabbccddeeff00", locks[1].Identifier.PurchaserIdentifier);
        Assert.Equal([Vectors.Buyer], locks[0].Funders);
        Assert.Equal([new Lovelace(100_001), new Lovelace(100_000)], locks.Select(l => l.Fee));
    }

    [Fact]
    public void Stray_outputs_are_ignored_with_the_reason()
    {
        var bare = new TxOutput(V2.Address, Ten);
        var hash = new TxOutput(V2.Address, Ten, new TxDatum.ByHash(new DatumHash(Scenes.SomeId.Hash)));
        var foreign = new TxOutput(V2.Address, Ten, new TxDatum.Inline(Datum.Of(PlutusData.I(1))));
        var events = Interpret(Lock(bare, hash, foreign));
        Assert.Equal(3, events.Length);
        Assert.All(events, e => Assert.Equal(IgnoredReason.NoEscrowDatum, Assert.IsType<EscrowEvent.Ignored>(e).Reason));
    }

    [Fact]
    public void A_transaction_whose_scripts_failed_did_nothing()
    {
        var found = Lock(Output(Scenes.Datum(EscrowFamily.V2, EscrowState.FundsLocked)));
        Assert.Equal(IgnoredReason.PhaseTwoFailed, Assert.IsType<EscrowEvent.Ignored>(Assert.Single(Interpret(found, isValid: false))).Reason);
    }

    [Fact]
    public void A_new_lock_beside_a_refund_request_hides_neither()
    {
        var datum = Scenes.Datum(EscrowFamily.V2, EscrowState.FundsLocked);
        var leg = Scenes.Leg(Scenes.Transactions(EscrowFamily.V2).RequestRefund(Scenes.Utxo(datum, Ten), Vectors.Deadlines.PayBy));
        var lure = Output(datum with { ReferenceSignature = Scenes.Result });
        var events = Interpret(Scenes.Transaction(EscrowPieces.Of(leg), Scenes.Wallet(Vectors.Buyer), lure));
        Assert.Equal(EscrowState.RefundRequested, Assert.IsType<EscrowEvent.Moved>(events[0]).New.State);
        Assert.Equal(Scenes.Result, Assert.IsType<EscrowEvent.Locked>(events[1]).Datum.ReferenceSignature);
        Assert.Equal(2, events.Length);
    }

    [Fact]
    public void An_action_that_lost_its_continuation_and_an_unknown_redeemer_are_reported_not_thrown()
    {
        var datum = Scenes.Datum(EscrowFamily.V2, EscrowState.FundsLocked);
        var leg = Scenes.Leg(Scenes.Transactions(EscrowFamily.V2).RequestRefund(Scenes.Utxo(datum, Ten), Vectors.Deadlines.PayBy));
        var lost = EscrowPieces.Of(leg) with { Outputs = [] };
        Assert.Equal(
            IgnoredReason.NoContinuation,
            Assert
                .IsType<EscrowEvent.Ignored>(Assert.Single(Interpret(Scenes.Transaction(lost, Scenes.Wallet(Vectors.Buyer), new TxOutput(Vectors.Buyer, Ten)))))
                .Reason
        );
        var odd = EscrowPieces.Of(leg with { Input = leg.Input with { Redeemer = PlutusData.C(9) }, Outputs = [new TxOutput(Vectors.Buyer, Ten)] });
        Assert.Equal(
            IgnoredReason.UnknownAction,
            Assert.IsType<EscrowEvent.Ignored>(Assert.Single(Interpret(Scenes.Transaction(odd, Scenes.Wallet(Vectors.Buyer))))).Reason
        );
    }

    [Fact]
    public void A_stray_input_collected_with_an_escrow_does_not_hide_it()
    {
        var datum = Scenes.Datum(EscrowFamily.V2, EscrowState.FundsLocked);
        var leg = Scenes.Leg(Scenes.Transactions(EscrowFamily.V2).RequestRefund(Scenes.Utxo(datum, Ten), Vectors.Deadlines.PayBy));
        var stray = new Utxo(new TxInput(Scenes.SomeId, 7), new TxOutput(V2.Address, Ten));
        var pieces = EscrowPieces.Of(leg);
        pieces = pieces with { ScriptInputs = [.. pieces.ScriptInputs, new ScriptInput(stray, PlutusData.C(0))] };
        var events = Interpret(Scenes.Transaction(pieces, Scenes.Wallet(Vectors.Buyer)));
        Assert.Contains(events, e => e is EscrowEvent.Moved { Action: EscrowAction.SetRefundRequested });
        Assert.Contains(events, e => e is EscrowEvent.Ignored { Reason: IgnoredReason.NoEscrowDatum, At.Index: 7 });
    }

    [Fact]
    public void Fees_belong_to_the_acting_side()
    {
        Assert.Equal(EscrowParty.Seller, EscrowWatcher.FeePayer(EscrowAction.Withdraw));
        Assert.Equal(EscrowParty.Seller, EscrowWatcher.FeePayer(EscrowAction.SubmitResult));
        Assert.Equal(EscrowParty.Seller, EscrowWatcher.FeePayer(EscrowAction.AuthorizeRefund));
        Assert.Equal(EscrowParty.Buyer, EscrowWatcher.FeePayer(EscrowAction.WithdrawRefund));
        Assert.Null(EscrowWatcher.FeePayer(EscrowAction.WithdrawDisputed));
    }
}
