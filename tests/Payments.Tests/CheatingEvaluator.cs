using Masumi.Cardano;
using Masumi.Cardano.Building;
using Masumi.Cardano.Parameters;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;

namespace Masumi.Payments.Tests;

/// <summary>Calls every script a success and grants plenty of units: what a cheat's own builder would do.</summary>
internal sealed class CheatingEvaluator(IScriptEvaluator real) : IScriptEvaluator
{
    public TransactionEvaluation Evaluate(
        Transaction transaction,
        IReadOnlyDictionary<TxInput, TxOutput> utxos,
        ProtocolParameters parameters,
        SlotConfig slots,
        ExUnits? limit = null
    )
    {
        var evaluation = real.Evaluate(transaction, utxos, parameters, slots, limit);
        return evaluation with { Executions = [.. evaluation.Executions.Select(e => e with { Failure = null, Units = new ExUnits(2_000_000, 900_000_000) })] };
    }
}
