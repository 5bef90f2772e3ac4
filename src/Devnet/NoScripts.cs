using Masumi.Cardano;

namespace Masumi.Devnet;

/// <summary>Refuses every transaction with scripts.</summary>
internal sealed class NoScripts : IScriptEvaluator
{
    public TransactionEvaluation Evaluate(
        Transaction transaction,
        IReadOnlyDictionary<TxInput, TxOutput> utxos,
        ProtocolParameters parameters,
        SlotConfig slots,
        ExUnits? limit = null
    ) => new([], "this devnet was set up without a script evaluator");
}
