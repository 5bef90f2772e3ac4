using System.Collections.Immutable;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow.Common;
using Masumi.Contracts.Escrow.V2;

namespace Masumi.Contracts.Explaining;

/// <summary>
/// Reads what a transaction asks of escrows, whether or not they would allow it. Unlike <see cref="EscrowWatcher"/>, which reads what has happened, it must make
/// sense of what is wrong.
/// </summary>
internal sealed class EscrowActs(Transaction transaction, IReadOnlyDictionary<TxInput, TxOutput> outputs, ContractBook book)
{
    private readonly ImmutableArray<TxInput> _inputs = transaction.Body.Inputs.Sort();
    private readonly HashSet<TxInput> _goesOn = [];

    private bool AllKnown => _inputs.All(outputs.ContainsKey);

    public IEnumerable<ExplainedAct> Read(Func<TxInput, TxOutput, ExplainedOutput> show)
    {
        for (var index = 0; index < _inputs.Length; index++)
        {
            if (outputs.TryGetValue(_inputs[index], out var spent) && book.EscrowAt(spent.Address) is { } contract)
            {
                yield return Spend(contract, index, spent, show);
            }
        }

        // An unknown input with a redeemer may be an escrow that goes on in one of these.
        var mayGoOn = _inputs.Where((input, i) => !outputs.ContainsKey(input) && Redeemer(i) is not null).Any();
        foreach (var (at, output) in Created())
        {
            if (book.EscrowAt(output.Address) is not { } contract || _goesOn.Contains(at))
            {
                continue;
            }

            yield return EscrowDatum.TryRead(output, contract.Instance.Family, out var datum, out var refusal)
                ? new ExplainedAct.Locks(contract, at, datum, output.Value, mayGoOn)
                : new ExplainedAct.Odd(contract, at, $"an output that is no escrow: {refusal}");
        }
    }

    /// <summary>The datum of an output as the contract reads it; null when it is none.</summary>
    public static EscrowDatum? DatumOf(TxOutput output, KnownContract contract) =>
        output.Datum is TxDatum.Inline inline ? EscrowDatum.OfContract(inline.Datum.Data, contract.Instance.Family, contract.Instance.Address) : null;

    private ExplainedAct Spend(KnownContract contract, int index, TxOutput spent, Func<TxInput, TxOutput, ExplainedOutput> show)
    {
        var at = _inputs[index];
        if (DatumOf(spent, contract) is not { } old)
        {
            var why = EscrowDatum.TryRead(spent, contract.Instance.Family, out _, out var refusal) ? "" : $": {refusal}";
            return new ExplainedAct.Odd(contract, at, $"spends an output that is no escrow{why}");
        }

        if (Redeemer(index) is not { } redeemer || EscrowRedeemer.Read(redeemer.Data.Data, contract.Instance.Family) is not { } action)
        {
            return new ExplainedAct.Odd(contract, at, $"spends an escrow ({old.State}) with nothing that is an action of {contract.Instance.Family}");
        }

        if (action.IsTerminal())
        {
            return new ExplainedAct.Ends(
                contract,
                action,
                at,
                old,
                spent.Value,
                [.. Created().Where(o => Tags(o.Output) == at).Select(o => show(o.At, o.Output))],
                AllKnown ? Gains(old) : []
            )
            {
                Settlement = action == EscrowAction.WithdrawDisputed ? Settlement(contract, at, spent.Value, redeemer.Data.Data) : null,
            };
        }

        foreach (var (next, output) in Created())
        {
            if (
                output.Address.Payment == spent.Address.Payment
                && !_goesOn.Contains(next)
                && DatumOf(output, contract) is { } datum
                && (contract.Instance.Family == EscrowFamily.V1 || datum.ReferenceSignature == old.ReferenceSignature)
            )
            {
                _goesOn.Add(next);
                return new ExplainedAct.Moves(contract, action, at, old, spent.Value, next, datum, output.Value);
            }
        }

        return new ExplainedAct.Odd(contract, at, $"asks for {action} on an escrow ({old.State}), and no output carries it on");
    }

    // Nothing where a transaction promises more than there can be.
    private ImmutableArray<KeyValuePair<string, Value>> Gains(EscrowDatum old)
    {
        try
        {
            return
            [
                KeyValuePair.Create("buyer", EscrowWatcher.Gain(transaction, outputs, old.Buyer)),
                KeyValuePair.Create("seller", EscrowWatcher.Gain(transaction, outputs, old.Seller)),
            ];
        }
        catch (OverflowException)
        {
            return [];
        }
    }

    private static ExplainedSettlement? Settlement(KnownContract contract, TxInput at, Value held, PlutusData redeemer)
    {
        if (contract.Instance.Family != EscrowFamily.V2 || DisputeSettlement.ReadRedeemer(redeemer, at) is not { } read)
        {
            return null;
        }

        var (settlement, signatures) = read;
        Value? rest = null;
        try
        {
            rest = held - settlement.BuyerValue - settlement.SellerValue;
        }
        catch (OverflowException)
        {
            // More than there can be; the amounts themselves say so.
        }

        var admins = contract.Instance.Admins;
        return new(settlement.BuyerValue, settlement.SellerValue, rest, settlement.Votes(signatures, admins), contract.Instance.RequiredAdmins, admins.Length);
    }

    private IEnumerable<(TxInput At, TxOutput Output)> Created() => transaction.Body.Outputs.Select((o, i) => (new TxInput(transaction.Id, i), o));

    private Redeemer? Redeemer(int index) => transaction.Witnesses.Redeemers.FirstOrDefault(r => r.Pointer == new RedeemerPointer(RedeemerTag.Spend, index));

    private static TxInput? Tags(TxOutput output) => output.Datum is TxDatum.Inline tag ? OutputReferenceData.Decode(tag.Datum.Data) : null;
}
