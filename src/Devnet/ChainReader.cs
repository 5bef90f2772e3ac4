using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Building;
using Masumi.Cardano.Parameters;
using Masumi.Cardano.Transactions;
using Masumi.Ledger;

namespace Masumi.Devnet;

/// <summary>The chain as one request sees it: one view of it from beginning to end, which need not be the newest.</summary>
internal sealed class ChainReader(DevnetChain chain, DevnetView view)
{
    public DevnetView View => view;

    public LedgerBlock Tip => view.Tip;

    public DevnetClock Clock => chain.Clock;

    public SlotConfig Slots => chain.Slots;

    public DevnetOptions Options => chain.Options;

    public ProtocolParameters Parameters => chain.Parameters;

    /// <summary>What changes the parameters that are told; null: nothing.</summary>
    public Func<ProtocolParameters, ProtocolParameters>? Change { get; init; }

    /// <summary>Who takes submissions; null: the chain.</summary>
    public Func<Transaction, DevnetSubmission>? Taker { get; init; }

    /// <summary>Transactions that are not told of.</summary>
    public ImmutableHashSet<TransactionId> Hidden { get; init; } = [];

    public ProtocolParameters ParametersOf(long epoch)
    {
        var parameters = chain.ParametersOf(epoch);
        return Change is null ? parameters : Change(parameters);
    }

    public DevnetSubmission Submit(Transaction transaction) => Taker is null ? chain.Submit(transaction) : Taker(transaction);

    public TransactionEvaluation? Evaluate(Transaction transaction, IReadOnlyCollection<Utxo> additional, out ImmutableArray<TxInput> unknown) =>
        chain.EvaluateOn(view.MempoolState, transaction, additional, out unknown);

    public TransactionWords? Explain(Transaction transaction, Func<TxInput, TxOutput?> resolve) => chain.Explain(transaction, resolve);
}
