using System.Collections.Immutable;
using Masumi.Cardano.Parameters;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;

namespace Masumi.Cardano.Building;

/// <summary>Turns a plan into a balanced, evaluated, optionally signed transaction. Pure and deterministic.</summary>
public static class TransactionBuilder
{
    // From this pass on units only grow, so that scripts whose cost depends on the fee they cause cannot make it swing for ever.
    private const int GrowOnlyFrom = 4;
    private const int MaxPasses = 16;

    /// <summary>
    /// Builds; see <see cref="BuildResult"/>. The fee is the least the ledger accepts for the final bytes, counting one signature for
    /// every key needed and for every signer given. Throws <see cref="ArgumentException"/> for a plan that contradicts itself.
    /// </summary>
    public static BuildResult Build(TransactionPlan plan, ProtocolParameters parameters, SlotConfig slots, IScriptEvaluator evaluator)
    {
        if (OutputFailure(plan, parameters) is { } bad)
        {
            return new BuildResult.Failed(bad);
        }

        var scripts = new PlannedScripts(plan);
        var drafter = new Drafter(plan, scripts, parameters);
        ImmutableArray<ExUnits> declared = [.. scripts.Executions.Select(_ => default(ExUnits))];
        for (var pass = 0; pass < MaxPasses; pass++)
        {
            var (draft, failure) = drafter.Draft(declared);
            if (draft is null)
            {
                return new BuildResult.Failed(failure!);
            }

            if (scripts.Executions.IsEmpty)
            {
                return Signed(plan, draft, new TransactionEvaluation([], null));
            }

            // Everything a script sees may have changed since the last pass, so the units count only once they are confirmed.
            var evaluation = evaluator.Evaluate(draft.Transaction, Resolved(plan, draft), parameters, slots, parameters.MaxTxExUnits);
            if (!evaluation.Succeeded)
            {
                return new BuildResult.Failed(new BuildFailure.ScriptFailed(evaluation));
            }

            if (!evaluation.TotalUnits.FitsIn(parameters.MaxTxExUnits))
            {
                return new BuildResult.Failed(new BuildFailure.TooManyExUnits(evaluation.TotalUnits, parameters.MaxTxExUnits));
            }

            var used = Used(evaluation, draft);
            var wanted = WithMargin(used, plan.ExUnitsMarginPercent, parameters.MaxTxExUnits);
            if (pass >= GrowOnlyFrom)
            {
                wanted = [.. wanted.Zip(declared, (a, b) => new ExUnits(Math.Max(a.Memory, b.Memory), Math.Max(a.Steps, b.Steps)))];
            }

            if (wanted.SequenceEqual(declared))
            {
                var total = declared.Aggregate(default(ExUnits), (sum, u) => sum + u);
                return total.FitsIn(parameters.MaxTxExUnits)
                    ? Signed(plan, draft, evaluation)
                    : new BuildResult.Failed(new BuildFailure.TooManyExUnits(total, parameters.MaxTxExUnits));
            }

            declared = wanted;
        }

        throw new InvalidOperationException($"The execution units of a transaction did not settle in {MaxPasses} passes.");
    }

    private static BuildFailure? OutputFailure(TransactionPlan plan, ProtocolParameters parameters)
    {
        foreach (var (index, output) in plan.Outputs.Index())
        {
            if (Fees.MinUtxo(parameters, output) is var least && output.Value.Coin < least)
            {
                return new BuildFailure.OutputTooSmall(index, output.Value.Coin, least);
            }

            if (ChangeOutputs.SizeOf(output.Value) is var size && size > parameters.MaxValueSize)
            {
                return new BuildFailure.OutputTooBig(index, size, parameters.MaxValueSize);
            }
        }

        return null;
    }

    private static Dictionary<TxInput, TxOutput> Resolved(TransactionPlan plan, Draft draft) =>
        draft.Spent.Concat(plan.ReferenceInputs).DistinctBy(u => u.Input).ToDictionary(u => u.Input, u => u.Output);

    private static ImmutableArray<ExUnits> Used(TransactionEvaluation evaluation, Draft draft)
    {
        var byPointer = evaluation.Executions.ToDictionary(e => e.Pointer, e => e.Units);
        return [.. draft.Pointers.Select(p => byPointer[p])];
    }

    /// <summary>The margin is a convenience: it is left out where it alone would exceed what a transaction may use.</summary>
    private static ImmutableArray<ExUnits> WithMargin(ImmutableArray<ExUnits> used, int percent, ExUnits limit)
    {
        long Raised(long units) => checked((long)(((Int128)units * (100 + percent) + 99) / 100));
        ImmutableArray<ExUnits> raised = [.. used.Select(u => new ExUnits(Raised(u.Memory), Raised(u.Steps)))];
        return raised.Aggregate(default(ExUnits), (sum, u) => sum + u).FitsIn(limit) ? raised : used;
    }

    private static BuildResult.Built Signed(TransactionPlan plan, Draft draft, TransactionEvaluation evaluation)
    {
        var unsigned = draft.Transaction;
        var transaction = plan.Signers.IsEmpty ? unsigned : unsigned.WithVKeys(plan.Signers.DistinctBy(s => s.KeyHash).Select(s => s.Witness(unsigned.Id)));
        return transaction.Size <= draft.SignedSize
            ? new BuildResult.Built(transaction, evaluation, draft.ChangeIndex)
            : throw new InvalidOperationException($"A signed transaction has {transaction.Size} bytes, its fee was computed for {draft.SignedSize}.");
    }
}
