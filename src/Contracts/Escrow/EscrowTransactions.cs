using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Building;
using Masumi.Cardano.Metadata;
using Masumi.Cardano.Parameters;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow.Common;
using Masumi.Contracts.Escrow.V1;
using Masumi.Contracts.Escrow.V2;
using Masumi.Protocol;

namespace Masumi.Contracts.Escrow;

/// <summary>
/// Plans the escrow's side of every transaction (spec escrow.md 5.5, 5.6). Each action is checked against <see cref="EscrowRules"/> before
/// it is planned. Pure.
/// </summary>
/// <param name="contract">The contract instance.</param>
/// <param name="script">The contract's script for the witnesses; null when a reference input carries it.</param>
/// <param name="parameters">For minimum ADA.</param>
/// <param name="slots">For validity intervals.</param>
public sealed class EscrowTransactions(EscrowContract contract, Script? script, ProtocolParameters parameters, SlotConfig slots)
{
    /// <summary>
    /// How the legs are written. In the shortest form the new datum has definite lengths, the escrow gets ADA only where the ledger demands it, and the interval
    /// starts at slot 0 where no rule asks for a later start; the plan they are added to should have it too (docs/contracts.md, "When a result is too large").
    /// </summary>
    public TransactionForm Form { get; init; }

    /// <summary>The least ADA of a V1 fee output, whatever the percentage says.</summary>
    public static Lovelace LeastFee => LockSizing.LeastCollateral;

    /// <summary>
    /// Locks several escrows in one transaction. The wallet's side must spend at least one output at exactly the buyer's address, and the transaction must
    /// run no script, or other nodes do not see the locks (spec escrow.md 8.2). Null with the refusal when the earliest deadline is too close.
    /// </summary>
    /// <param name="locks">Sizes from <see cref="LockSizing.Of"/>.</param>
    /// <param name="now">Chain time.</param>
    /// <param name="refusal">Why not.</param>
    public EscrowPieces? Lock(IReadOnlyList<LockSize> locks, DateTimeOffset now, out WindowRefusal? refusal)
    {
        ArgumentNullException.ThrowIfNull(locks);
        if (!ValidityWindow.TryForLock(locks.Min(l => l.Datum.Deadlines.PayBy), now, slots, out var window, out refusal))
        {
            return null;
        }

        return new EscrowPieces(
            [],
            [.. locks.Select(l => new TxOutput(contract.Address, l.Value, l.Datum.ToInline()))],
            [],
            window,
            AuxiliaryData.FromMetadata([TransactionMetadata.Message(["PaymentBatched"])])
        );
    }

    /// <summary>Seller: puts a result hash on chain.</summary>
    public LegResult SubmitResult(Utxo escrow, ResultHash resultHash, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(resultHash);
        var hash = new ByteString(resultHash.ToBytes());
        return Plan(EscrowAction.SubmitResult, escrow, now, spend => spend with { NewResultHash = hash }, Continue);
    }

    /// <summary>Buyer: asks for a refund.</summary>
    /// <param name="escrow">The escrow output.</param>
    /// <param name="now">Chain time.</param>
    /// <param name="added">
    /// ADA put into the escrow, where change would take bytes that there are not; whoever gets the escrow's money in the end gets it too.
    /// </param>
    public LegResult RequestRefund(Utxo escrow, DateTimeOffset now, Lovelace added = default) =>
        Plan(
            EscrowAction.SetRefundRequested,
            escrow,
            now,
            s => s,
            (datum, utxo, verdict) =>
            {
                var (next, outputs) = Continue(datum, utxo, verdict);
                return (next, [outputs[0] with { Value = outputs[0].Value + Value.Of(added) }]);
            }
        );

    /// <summary>Buyer, V1: takes the request back.</summary>
    public LegResult CancelRefundRequest(Utxo escrow, DateTimeOffset now) => Plan(EscrowAction.UnSetRefundRequested, escrow, now, s => s, Continue);

    /// <summary>Seller: agrees to a refund.</summary>
    public LegResult AuthorizeRefund(Utxo escrow, DateTimeOffset now) => Plan(EscrowAction.AuthorizeRefund, escrow, now, s => s, Continue);

    /// <summary>Buyer, V2: gives a disputed escrow (in ours also one with a result) to the seller. Irrevocable.</summary>
    public LegResult AuthorizeWithdrawal(Utxo escrow, DateTimeOffset now) => Plan(EscrowAction.AuthorizeWithdrawal, escrow, now, s => s, Continue);

    /// <summary>Seller: collects.</summary>
    /// <param name="escrow">The escrow output.</param>
    /// <param name="payout">Where the money goes when the datum does not say.</param>
    /// <param name="now">Chain time.</param>
    public LegResult Withdraw(Utxo escrow, Address payout, DateTimeOffset now) =>
        Plan(EscrowAction.Withdraw, escrow, now, s => s, (datum, utxo, _) => (null, Collect(datum, utxo, payout)));

    /// <summary>Buyer: collects the refund.</summary>
    /// <param name="escrow">The escrow output.</param>
    /// <param name="payout">Where the money goes when the datum does not say.</param>
    /// <param name="now">Chain time.</param>
    public LegResult WithdrawRefund(Utxo escrow, Address payout, DateTimeOffset now) =>
        Plan(
            EscrowAction.WithdrawRefund,
            escrow,
            now,
            s => s,
            (datum, utxo, _) => (null, [Payout(datum.BuyerReturn ?? payout, utxo.Output.Value, datum.Family == EscrowFamily.V2 ? utxo.Input : null)])
        );

    /// <summary>Anyone, V2: settles a dispute as enough admins signed it. What the two parties do not get goes to the change of whoever submits.</summary>
    public LegResult SettleDispute(Utxo escrow, DisputeSettlement settlement, ImmutableArray<AdminSignature> signatures, DateTimeOffset now) =>
        Plan(
            EscrowAction.WithdrawDisputed,
            escrow,
            now,
            spend => new SettlingSpend(spend) { Settlement = settlement, Signatures = signatures },
            (_, utxo, verdict) => (null, [.. ((EscrowVerdict.Closes)verdict).Payouts.Select(p => Payout(p.Address, p.AtLeast, utxo.Input))]),
            settlement.Redeemer(signatures)
        );

    /// <summary>
    /// The admins, V1: divide a disputed escrow as they see fit. They sign the transaction itself; the contract asks nothing of the outputs (spec escrow.md 4.4).
    /// </summary>
    /// <param name="escrow">The escrow output.</param>
    /// <param name="shares">Who gets what.</param>
    /// <param name="admins">Key hashes of the admins who will sign; as many as the contract requires.</param>
    /// <param name="now">Chain time.</param>
    public LegResult SettleDispute(Utxo escrow, IReadOnlyList<(Address Address, Value Value)> shares, ImmutableArray<KeyHash> admins, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(shares);
        return Plan(
            EscrowAction.WithdrawDisputed,
            escrow,
            now,
            s => s,
            (_, _, _) => (null, [.. shares.Select(s => Payout(s.Address, s.Value, null))]),
            EscrowRedeemer.Of(EscrowAction.WithdrawDisputed, EscrowFamily.V1),
            admins
        );
    }

    private delegate (EscrowDatum? Next, ImmutableArray<TxOutput> Outputs) Outcome(EscrowDatum datum, Utxo escrow, EscrowVerdict verdict);

    private LegResult Plan(
        EscrowAction action,
        Utxo escrow,
        DateTimeOffset now,
        Func<EscrowSpend, EscrowSpend> complete,
        Outcome outcome,
        PlutusData? redeemer = null,
        ImmutableArray<KeyHash> cosigners = default
    )
    {
        cosigners = cosigners.IsDefault ? [] : cosigners;
        ArgumentNullException.ThrowIfNull(escrow);
        if (!EscrowDatum.TryRead(escrow.Output, contract.Family, out var datum, out var notAnEscrow))
        {
            return new LegResult.Failed(new LegRefusal.NotAnEscrow(notAnEscrow));
        }

        var party = action.Actor() switch
        {
            EscrowParty.Buyer => datum.Buyer.Payment?.AsKey,
            EscrowParty.Seller => datum.Seller.Payment?.AsKey,
            _ => null,
        };
        ImmutableArray<KeyHash> signers = party is { } key ? [key] : cosigners;
        var spend = complete(
            new EscrowSpend
            {
                Contract = contract,
                Escrow = escrow.Input,
                Value = escrow.Output.Value,
                Signers = signers.ToImmutableHashSet(),
            }
        );
        if (!ValidityWindow.TryFor(action, datum, now, slots, out var window, out var noWindow))
        {
            // The wrong moment is only the reason when the contract has no other: bounds that satisfy every deadline tell.
            var timeless = EscrowRules.Check(action, datum, spend with { Lower = long.MaxValue, Upper = long.MinValue });
            return new LegResult.Failed(
                timeless is EscrowVerdict.Refused impossible && !impossible.Refusals.All(r => r.Rule == EscrowRule.StartAfter)
                    ? new LegRefusal.Refused(impossible.Refusals)
                    : new LegRefusal.NoWindow(noWindow)
            );
        }

        spend = spend with { Lower = slots.PosixMilliseconds(window.InvalidBefore), Upper = slots.PosixMilliseconds(window.InvalidHereafter) };
        var verdict = EscrowRules.Check(action, datum, spend);
        if (verdict is EscrowVerdict.Refused refused)
        {
            return new LegResult.Failed(new LegRefusal.Refused(refused.Refusals));
        }

        if (
            Form == TransactionForm.Shortest
            && EscrowRules.Check(action, datum, spend with { Lower = slots.PosixMilliseconds(default) }) is not EscrowVerdict.Refused
        )
        {
            window = window with { InvalidBefore = default };
        }

        var (next, outputs) = outcome(datum, escrow, verdict);
        var input = new ScriptInput(escrow, redeemer ?? EscrowRedeemer.Of(action, contract.Family), script);
        return new LegResult.Ready(new EscrowLeg(action, datum, input, outputs, signers, window, next));
    }

    // The assets stay exactly; ADA only grows, and only when the new datum needs it. A batch may end earlier than this leg's interval, never later,
    // so the cooldown, counted from this interval's end, holds there too.
    private (EscrowDatum? Next, ImmutableArray<TxOutput> Outputs) Continue(EscrowDatum datum, Utxo escrow, EscrowVerdict verdict)
    {
        var continues = (EscrowVerdict.Continues)verdict;
        var value = continues.AtLeast;
        if (Form == TransactionForm.Shortest)
        {
            var inline = new TxDatum.Inline(Datum.Shortest(continues.Datum.ToData()));
            return (continues.Datum, [new TxOutput(contract.Address, value, inline).WithMinUtxo(parameters)]);
        }

        var least = LockSizing.Least(continues.Datum, value, contract.Address, parameters);
        var output = new TxOutput(contract.Address, value.WithCoin(Lovelace.Max(value.Coin, least)), continues.Datum.ToInline());
        return (continues.Datum, [output]);
    }

    private ImmutableArray<TxOutput> Collect(EscrowDatum datum, Utxo escrow, Address payout)
    {
        var outputs = ImmutableArray.CreateBuilder<TxOutput>();
        var rest = escrow.Output.Value - Value.Of(datum.CollateralReturn);
        TxOutput? fee = null;
        if (datum.Family == EscrowFamily.V1)
        {
            var share = EscrowV1Rules.ProtocolFee(contract, escrow.Output.Value);
            fee = Payout(contract.FeeAddress!, share.WithCoin(Lovelace.Max(share.Coin, LeastFee)), escrow.Input);
            rest -= fee.Value;
        }

        // What fee and collateral leave of the ADA can be nothing, or even a debt: then the seller's wallet pays for the output's minimum.
        rest = rest.WithCoin(Lovelace.Max(rest.Coin, Lovelace.Zero));
        if (!rest.IsZero || datum.SellerReturn is not null)
        {
            outputs.Add(Payout(datum.SellerReturn ?? payout, rest, datum.Family == EscrowFamily.V2 ? escrow.Input : null));
        }

        if (fee is not null)
        {
            outputs.Add(fee);
        }

        if (datum.CollateralReturn > Lovelace.Zero)
        {
            outputs.Add(Payout(datum.BuyerPayout, Value.Of(datum.CollateralReturn), escrow.Input));
        }

        return outputs.ToImmutable();
    }

    private TxOutput Payout(Address address, Value value, TxInput? tag) =>
        new TxOutput(address, value, tag is { } reference ? OutputReferenceData.Tag(reference) : null).WithMinUtxo(parameters);
}
