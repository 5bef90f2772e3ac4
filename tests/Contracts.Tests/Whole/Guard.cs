using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;
using Masumi.Plutus;

namespace Masumi.Contracts.Tests.Whole;

/// <summary>A validator that judges a draft in place of the one it was built for: every trace of that one's hash becomes its own.</summary>
internal sealed class Guard(Script script)
{
    private static readonly PlutusEvaluator Evaluator = new();

    /// <summary>The failures of its executions, none when it accepts; null when the transaction never came to its scripts.</summary>
    public ImmutableArray<string>? Refusals(Draft draft)
    {
        var (own, mine) = (draft.Contract.ScriptHash, script.Hash);
        var transaction = draft.ToTransaction();
        var body = transaction.Body with { Outputs = [.. transaction.Body.Outputs.Select(o => Replace(o, own, mine))] };
        var witnesses = transaction.Witnesses with
        {
            Scripts = [script],
            Redeemers = [.. transaction.Witnesses.Redeemers.Select(r => r with { Data = Datum.Of(Replace(r.Data.Data, own, mine)) })],
        };
        var spent = draft.Spent.ToDictionary(s => s.Input, s => Replace(s.Output, own, mine));
        var evaluation = Evaluator.Evaluate(Transaction.Create(body, witnesses), spent, WholeTransactions.Parameters, WholeTransactions.Slots);
        if (evaluation.ContextFailure is not null || evaluation.Executions.Length != draft.Escrows.Length)
        {
            return null;
        }

        return
        [
            .. evaluation
                .Executions.Select(e =>
                    e.Failure is null ? null
                    : e.Logs is [.., var rule] ? rule
                    : e.Failure
                )
                .OfType<string>(),
        ];
    }

    private static TxOutput Replace(TxOutput output, ScriptHash from, ScriptHash to) =>
        output with
        {
            Address =
                output.Address.Payment?.AsScript == from ? Address.Create(output.Address.Network, Credential.Script(to), output.Address.Stake) : output.Address,
            Datum = output.Datum is TxDatum.Inline inline ? new TxDatum.Inline(Datum.Of(Replace(inline.Datum.Data, from, to))) : output.Datum,
        };

    private static PlutusData Replace(PlutusData data, ScriptHash from, ScriptHash to) =>
        data switch
        {
            PlutusData.Constr constr => new PlutusData.Constr(constr.Tag, [.. constr.Fields.Select(f => Replace(f, from, to))]),
            PlutusData.List list => new PlutusData.List([.. list.Items.Select(i => Replace(i, from, to))]),
            PlutusData.Map map => new PlutusData.Map([.. map.Entries.Select(e => KeyValuePair.Create(Replace(e.Key, from, to), Replace(e.Value, from, to)))]),
            PlutusData.Bytes bytes when bytes.Value.Span.SequenceEqual(from.ToArray()) => PlutusData.B(to.ToArray()),
            _ => data,
        };
}
