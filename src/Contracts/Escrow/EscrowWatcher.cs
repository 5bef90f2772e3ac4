using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Transactions;

namespace Masumi.Contracts.Escrow;

/// <summary>Why an input or output at the escrow's address means nothing to us.</summary>
public enum IgnoredReason
{
    /// <summary>The transaction's scripts failed: only collateral moved.</summary>
    PhaseTwoFailed,

    /// <summary>The datum is no escrow datum. Normal: anyone can send there.</summary>
    NoEscrowDatum,

    /// <summary>An escrow was spent without a redeemer the contract knows.</summary>
    UnknownAction,

    /// <summary>An action that continues the escrow has no output that does.</summary>
    NoContinuation,
}

/// <summary>What a transaction did at the escrow's address.</summary>
public abstract record EscrowEvent
{
    private EscrowEvent() { }

    /// <summary>This event's part of the network fee: even parts, the remainder with the first.</summary>
    public Lovelace Fee { get; init; }

    /// <summary>
    /// A new output that looks like an escrow. Anyone can make one: <see cref="LockAcceptance"/> says whether it is the one agreed on.
    /// </summary>
    /// <param name="At">Where it is.</param>
    /// <param name="Datum">Its datum.</param>
    /// <param name="Value">Its value.</param>
    /// <param name="Identifier">Which payment it claims to be.</param>
    /// <param name="HasReferenceScript">True when it carries a script, which makes it unspendable.</param>
    /// <param name="Funders">The addresses of the transaction's inputs.</param>
    public sealed record Locked(
        TxInput At,
        EscrowDatum Datum,
        Value Value,
        BlockchainIdentifier Identifier,
        bool HasReferenceScript,
        ImmutableHashSet<Address> Funders
    ) : EscrowEvent;

    /// <summary>An escrow went on in a new output; the contract has judged that the new datum is right.</summary>
    /// <param name="Action">What was done.</param>
    /// <param name="Spent">The escrow before.</param>
    /// <param name="Old">Its datum before.</param>
    /// <param name="OldValue">Its value before.</param>
    /// <param name="At">The escrow now.</param>
    /// <param name="New">Its datum now.</param>
    /// <param name="Value">Its value now.</param>
    public sealed record Moved(EscrowAction Action, TxInput Spent, EscrowDatum Old, Value OldValue, TxInput At, EscrowDatum New, Value Value) : EscrowEvent;

    /// <summary>An escrow ended.</summary>
    /// <param name="Action">What was done.</param>
    /// <param name="Spent">The escrow.</param>
    /// <param name="Old">Its last datum.</param>
    /// <param name="OldValue">Its last value.</param>
    /// <param name="ToBuyer">What the buyer's payment key gained in the whole transaction; negative when it paid.</param>
    /// <param name="ToSeller">What the seller's payment key gained in the whole transaction; negative when it paid.</param>
    public sealed record Closed(EscrowAction Action, TxInput Spent, EscrowDatum Old, Value OldValue, Value ToBuyer, Value ToSeller) : EscrowEvent;

    /// <summary>Something at the escrow's address that is no escrow of ours.</summary>
    /// <param name="At">The input or output; null when it is the whole transaction.</param>
    /// <param name="Reason">Why.</param>
    /// <param name="Detail">In words.</param>
    public sealed record Ignored(TxInput? At, IgnoredReason Reason, string Detail) : EscrowEvent;
}

/// <summary>
/// Reads transactions at an escrow's address (spec escrow.md 8). Each input and output is judged for itself: one strange output must not hide what happened
/// to the others, or a party could blind its counterpart by adding one.
/// </summary>
public static class EscrowWatcher
{
    /// <summary>Whose fee totals an action's network fee belongs to; null for a settled dispute.</summary>
    public static EscrowParty? FeePayer(EscrowAction action) => action.Actor() is var actor && actor == EscrowParty.Admins ? null : actor;

    /// <summary>What happened, escrow inputs first (in ledger order), then new outputs.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="isValid">False when its scripts failed on chain.</param>
    /// <param name="inputs">The outputs its inputs spend, all of them.</param>
    /// <param name="family">The contract's family.</param>
    /// <param name="escrow">The contract's address.</param>
    public static ImmutableArray<EscrowEvent> Interpret(
        Transaction transaction,
        bool isValid,
        IReadOnlyDictionary<TxInput, TxOutput> inputs,
        EscrowFamily family,
        Address escrow
    )
    {
        ArgumentNullException.ThrowIfNull(transaction);
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(escrow);
        return isValid
            ? new Reader(transaction, inputs, family, escrow).Read()
            : [new EscrowEvent.Ignored(null, IgnoredReason.PhaseTwoFailed, "its scripts failed on chain")];
    }

    /// <summary>What a payment key gained in a transaction: its outputs minus its inputs.</summary>
    public static Value Gain(Transaction transaction, IReadOnlyDictionary<TxInput, TxOutput> inputs, Address party)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(party);
        var got = transaction.Body.Outputs.Where(o => o.Address.Payment == party.Payment).Aggregate(Value.Zero, (sum, o) => sum + o.Value);
        return transaction.Body.Inputs.Select(i => inputs[i]).Where(o => o.Address.Payment == party.Payment).Aggregate(got, (sum, o) => sum - o.Value);
    }

    private sealed class Reader(Transaction transaction, IReadOnlyDictionary<TxInput, TxOutput> inputs, EscrowFamily family, Address escrow)
    {
        private readonly ImmutableArray<EscrowEvent>.Builder _events = ImmutableArray.CreateBuilder<EscrowEvent>();
        private readonly List<(TxInput At, TxOutput Output, EscrowDatum Datum)> _outputs = [];

        public ImmutableArray<EscrowEvent> Read()
        {
            CollectOutputs();

            // Redeemer pointers count inputs in ledger order, whatever order the body has.
            var sorted = transaction.Body.Inputs.Sort();
            for (var index = 0; index < sorted.Length; index++)
            {
                if (inputs[sorted[index]] is var spent && spent.Address == escrow)
                {
                    ReadInput(sorted[index], spent, index);
                }
            }

            var funders = sorted.Select(i => inputs[i].Address).ToImmutableHashSet();
            foreach (var (at, output, datum) in _outputs)
            {
                _events.Add(
                    new EscrowEvent.Locked(at, datum, output.Value, BlockchainIdentifier.Of(datum, escrow), output.ReferenceScript is not null, funders)
                );
            }

            ShareFee();
            return _events.ToImmutable();
        }

        private void CollectOutputs()
        {
            for (var index = 0; index < transaction.Body.Outputs.Length; index++)
            {
                var output = transaction.Body.Outputs[index];
                if (output.Address != escrow)
                {
                    continue;
                }

                var at = new TxInput(transaction.Id, index);
                if (EscrowDatum.TryRead(output, family, out var datum, out var refusal))
                {
                    _outputs.Add((at, output, datum));
                }
                else
                {
                    _events.Add(new EscrowEvent.Ignored(at, IgnoredReason.NoEscrowDatum, refusal.ToString()));
                }
            }
        }

        private void ReadInput(TxInput input, TxOutput spent, int index)
        {
            if (!EscrowDatum.TryRead(spent, family, out var old, out var refusal))
            {
                _events.Add(new EscrowEvent.Ignored(input, IgnoredReason.NoEscrowDatum, refusal.ToString()));
                return;
            }

            var redeemer = transaction.Witnesses.Redeemers.FirstOrDefault(r => r.Pointer == new RedeemerPointer(RedeemerTag.Spend, index));
            if (redeemer is null || EscrowRedeemer.Read(redeemer.Data.Data, family) is not { } action)
            {
                _events.Add(new EscrowEvent.Ignored(input, IgnoredReason.UnknownAction, redeemer is null ? "no redeemer" : "an unknown redeemer"));
                return;
            }

            if (action.IsTerminal())
            {
                _events.Add(
                    new EscrowEvent.Closed(action, input, old, spent.Value, Gain(transaction, inputs, old.Buyer), Gain(transaction, inputs, old.Seller))
                );
                return;
            }

            var next = _outputs.FindIndex(o => o.Datum.ReferenceSignature == old.ReferenceSignature);
            if (next < 0)
            {
                _events.Add(new EscrowEvent.Ignored(input, IgnoredReason.NoContinuation, $"{action} without a continuing output"));
                return;
            }

            var (at, output, datum) = _outputs[next];
            _outputs.RemoveAt(next);
            _events.Add(new EscrowEvent.Moved(action, input, old, spent.Value, at, datum, output.Value));
        }

        private void ShareFee()
        {
            var count = _events.Count(e => e is not EscrowEvent.Ignored);
            var first = true;
            for (var i = 0; i < _events.Count && count > 0; i++)
            {
                if (_events[i] is EscrowEvent.Ignored)
                {
                    continue;
                }

                var fee = transaction.Body.Fee.Amount;
                _events[i] = _events[i] with { Fee = new Lovelace((fee / count) + (first ? fee % count : 0)) };
                first = false;
            }
        }
    }
}
