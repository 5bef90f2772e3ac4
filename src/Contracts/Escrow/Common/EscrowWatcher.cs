using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Common;

namespace Masumi.Contracts.Escrow.Common;

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
    /// <param name="inputs">The outputs its inputs spend, as far as they are known: what is not known is taken to be no escrow and nobody's money.</param>
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
        return transaction
            .Body.Inputs.Select(i => inputs.GetValueOrDefault(i))
            .OfType<TxOutput>()
            .Where(o => o.Address.Payment == party.Payment)
            .Aggregate(got, (sum, o) => sum - o.Value);
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
                if (inputs.TryGetValue(sorted[index], out var spent) && spent.Address == escrow)
                {
                    ReadInput(sorted[index], spent, index);
                }
            }

            var funders = sorted.Select(i => inputs.GetValueOrDefault(i)?.Address).OfType<Address>().ToImmutableHashSet();
            foreach (var (at, output, datum) in _outputs)
            {
                _events.Add(new EscrowEvent.Locked(at, datum, output.Value, IdentifierParts.Of(datum, escrow), output.ReferenceScript is not null, funders));
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

        // A share follows from the transaction alone, not from how much of what it spends is known here: those who know less must not pay more. What is spent
        // by scripts shares among itself, the first taking what is left over; locks share where nothing is spent so.
        private void ShareFee()
        {
            var fee = transaction.Body.Fee.Amount;
            var sorted = transaction.Body.Inputs.Sort();
            var spending = transaction.Witnesses.Redeemers.Where(r => r.Pointer.Tag == RedeemerTag.Spend).Select(r => r.Pointer.Index).Order().ToList();
            var locks = 0;
            var allLocks = _events.Count(e => e is EscrowEvent.Locked);
            for (var i = 0; i < _events.Count; i++)
            {
                var (place, count) = _events[i] switch
                {
                    EscrowEvent.Moved moved => (spending.IndexOf(sorted.IndexOf(moved.Spent)), spending.Count),
                    EscrowEvent.Closed closed => (spending.IndexOf(sorted.IndexOf(closed.Spent)), spending.Count),
                    EscrowEvent.Locked when spending.Count == 0 => (locks++, allLocks),
                    _ => (0, 0),
                };
                if (count > 0)
                {
                    _events[i] = _events[i] with { Fee = new Lovelace((fee / count) + (place == 0 ? fee % count : 0)) };
                }
            }
        }
    }
}
