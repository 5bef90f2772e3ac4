using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Metadata;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;
using Masumi.Chain;
using Masumi.Devnet;
using Masumi.Devnet.Index;
using Masumi.Ledger;
using Masumi.Simulation.Scheduling;

namespace Masumi.Simulation.Chain;

/// <summary>A provider's own: what it holds for its users, whichever process asks.</summary>
internal sealed class ProviderState(int node, int line, Actor actor)
{
    /// <summary>Whose provider it is.</summary>
    public int Node { get; } = node;

    /// <summary>Which of the node's.</summary>
    public int Line { get; } = line;

    /// <summary>Its dice.</summary>
    public Actor Actor { get; } = actor;

    /// <summary>What it took, whether or not it passed it on.</summary>
    public HashSet<TransactionId> Mempool { get; } = [];

    /// <summary>What it makes up, by fault.</summary>
    public Dictionary<int, Forgery> Forgeries { get; } = [];
}

/// <summary>
/// One process's way to one provider: every answer comes a step later, from whatever view the provider has for that question, or not at all.
/// </summary>
internal sealed class SimulatedProvider(Process process, ProviderState state, Truth truth, Weather weather, ISubmissions submissions) : IChainProvider
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private enum Question
    {
        Tip,
        Block,
        List,
        Unspent,
        Transaction,
        Parameters,
        Other,
    }

    public string Name => state.Actor.Name;

    public int PageSize => 100;

    public Task<BlockHeader> GetTipAsync(CancellationToken cancellation) =>
        AskAsync(
            "tip",
            Question.Tip,
            view =>
            {
                var tip = HeaderOf(view.Tip);
                if (weather.Bites(state.Node, Faults.Time, "tip", state.Line) is { } lie)
                {
                    var ahead = TimeSpan.FromMinutes(lie.Fault.Amount);
                    tip = tip with { Point = tip.Point with { Time = tip.Point.Time + ahead, Slot = tip.Point.Slot + (long)ahead.TotalSeconds } };
                }

                submissions.SawTip(state.Node, process, tip.Point);
                return tip;
            },
            cancellation
        );

    public Task<BlockHeader?> FindBlockAsync(Hash32 hash, CancellationToken cancellation) =>
        AskAsync("block", Question.Block, view => view.Index.Blocks.TryGetValue(hash, out var block) ? HeaderOf(block) : null, cancellation);

    public Task<BlockHeader?> FindBlockAsync(long height, CancellationToken cancellation) =>
        AskAsync("block", Question.Block, view => height >= 0 && height < view.Blocks.Count ? HeaderOf(view.Blocks[(int)height]) : null, cancellation);

    public Task<EpochParameters> GetParametersAsync(CancellationToken cancellation) =>
        AskAsync(
            "parameters",
            Question.Parameters,
            view => new EpochParameters(
                weather.Bites(state.Node, Faults.Parameters, "parameters", state.Line) is { } lie
                    ? truth.Parameters with
                    {
                        MinFeeConstant = new Lovelace(truth.Parameters.MinFeeConstant.Amount * lie.Fault.Amount),
                    }
                    : truth.Parameters,
                truth.Epoch
            ),
            cancellation
        );

    public Task<ChainGenesis> GetGenesisAsync(CancellationToken cancellation) =>
        AskAsync("genesis", Question.Other, _ => new ChainGenesis(42, truth.Slots), cancellation);

    public Task<ImmutableArray<ListedTransaction>> ListTransactionsAsync(Address address, long from, long to, int page, CancellationToken cancellation) =>
        AskAsync(
            "list",
            Question.List,
            view =>
                Page(
                    (view.Index.Addresses.GetValueOrDefault(address) ?? AddressRecord.Empty)
                        .Transactions.Reverse()
                        .SkipWhile(t => t.Block.Height > to)
                        .TakeWhile(t => t.Block.Height >= from)
                        .Where(t => IsListed(t.Transaction.Id))
                        .Reverse()
                        .Select(Row)
                        .Concat(
                            Forged is { } forgery && forgery.Contract == address && forgery.Lock.Block.Height >= from && forgery.Lock.Block.Height <= to
                                ? [new ListedTransaction(forgery.Lock.Transaction.Id, forgery.Lock.Block.Height, forgery.Lock.Index)]
                                : []
                        )
                        .OrderBy(t => t.Height)
                        .ThenBy(t => t.Index),
                    page
                ),
            cancellation
        );

    public Task<ImmutableArray<ListedTransaction>> ListTransactionsAsync(AssetId asset, int page, CancellationToken cancellation) =>
        AskAsync(
            "asset list",
            Question.List,
            view => view.Index.Assets.TryGetValue(asset, out var found) ? Page(found.Transactions.Reverse().Select(Row), page) : [],
            cancellation
        );

    public Task<ImmutableArray<(AssetId Asset, Int128 Supply)>> ListAssetsAsync(PolicyId policy, int page, CancellationToken cancellation) =>
        AskAsync(
            "assets",
            Question.List,
            view => view.Index.Policies.TryGetValue(policy, out var assets) ? Page(assets.Select(a => (a, view.Index.Assets[a].Quantity)), page) : [],
            cancellation
        );

    public Task<ImmutableArray<Utxo>> ListUtxosAsync(Address address, int page, CancellationToken cancellation) =>
        AskAsync(
            "unspent",
            Question.Unspent,
            view => Page((view.Index.Addresses.GetValueOrDefault(address) ?? AddressRecord.Empty).Utxos.Values.Where(u => IsListed(u.Input.TxId)), page),
            cancellation
        );

    public Task<ImmutableArray<(Address Address, long Quantity)>> ListHoldersAsync(AssetId asset, int page, CancellationToken cancellation) =>
        AskAsync(
            "holders",
            Question.Unspent,
            view =>
                view.Index.Assets.TryGetValue(asset, out var found)
                    ? Page(found.Holders.OrderBy(h => h.Key.ToString(), StringComparer.Ordinal).Select(h => (h.Key, (long)h.Value)), page)
                    : [],
            cancellation
        );

    public Task<ChainTransaction?> FindTransactionAsync(TransactionId txId, CancellationToken cancellation) =>
        AskAsync(
            "tx",
            Question.Transaction,
            view =>
                view.Index.Transactions.TryGetValue(txId, out var found) && !IsForgotten(txId)
                    ? new ChainTransaction(found.Transaction, PointOf(found.Block), found.Index, found.Transaction.IsValid)
                : Forged is { } forgery && forgery.Lock.Transaction.Id == txId ? forgery.Lock
                : null,
            cancellation
        );

    public Task<bool> IsInMempoolAsync(TransactionId txId, CancellationToken cancellation) =>
        AskAsync(
            "mempool",
            Question.Transaction,
            view => !view.Index.Transactions.ContainsKey(txId) && (state.Mempool.Contains(txId) || truth.Mempool.Any(t => t.Id == txId)),
            cancellation
        );

    public Task<ImmutableArray<Utxo>> ListOutputsAsync(TransactionId txId, CancellationToken cancellation) =>
        AskAsync<ImmutableArray<Utxo>>(
            "outputs",
            Question.Transaction,
            view =>
            {
                if (!view.Index.Transactions.TryGetValue(txId, out var found) || IsForgotten(txId))
                {
                    return Forged is { } forgery && forgery.Spent.Input.TxId == txId ? [forgery.Spent] : [];
                }

                var body = found.Transaction.Body;
                return
                [
                    .. Enumerable
                        .Range(0, body.Outputs.Length + 1)
                        .Select(i => (Index: i, Output: found.OutputAt(i)))
                        .Where(o => o.Output is not null)
                        .Select(o => new Utxo(new TxInput(txId, o.Index), o.Output!)),
                ];
            },
            cancellation
        );

    public Task<AuxiliaryData?> GetMintMetadataAsync(AssetId asset, CancellationToken cancellation) =>
        AskAsync(
            "metadata",
            Question.Transaction,
            view =>
                view.Index.Assets.TryGetValue(asset, out var found)
                    ? found.Mints.LastOrDefault(m => m.Quantity > 0)?.Transaction.Transaction.AuxiliaryData
                    : null,
            cancellation
        );

    public Task<Script?> FindScriptAsync(ScriptHash hash, CancellationToken cancellation) =>
        AskAsync("script", Question.Other, view => view.Index.Scripts.GetValueOrDefault(hash), cancellation);

    public async Task<SubmitResult> SubmitAsync(Transaction transaction, CancellationToken cancellation)
    {
        process.Enter("submit");
        submissions.Offered(state.Node, process, transaction);
        var atOnce = state.Actor.Happens("submit order", 0.5);
        var result = atOnce ? Take(transaction) : null;
        try
        {
            await process.Pause(Latency("submit"), "submit", cancellation);
        }
        catch (OperationCanceledException)
        {
            return new SubmitResult.Unknown("The request was given up.");
        }

        result ??= Take(transaction);
        if (weather.Has(state.Node, Faults.Hang, state.Line) && result is SubmitResult.Unknown)
        {
            await process.Pause(Timeout, "submit hangs", CancellationToken.None);
        }

        submissions.Answered(state.Node, process, transaction, result);
        return result;
    }

    private Forgery? Forged =>
        weather.Bites(state.Node, Faults.Forged, "always", state.Line) is { } lie && state.Forgeries.TryGetValue(lie.Fault.Id, out var forgery)
            ? forgery
            : null;

    private SubmitResult Take(Transaction transaction)
    {
        if (Trouble("submit") is { } trouble)
        {
            return new SubmitResult.Unknown(trouble);
        }

        if (weather.Bites(state.Node, Faults.RequestLost, "submit", state.Line) is not null)
        {
            return new SubmitResult.Unknown("The connection was reset.");
        }

        if (weather.Bites(state.Node, Faults.Swallowed, "submit", state.Line) is not null)
        {
            return new SubmitResult.Accepted(transaction.Id);
        }

        if (weather.Bites(state.Node, Faults.RestoreWaiting, "submit") is { } restore)
        {
            state.Mempool.Add(transaction.Id);
            var end = Nodes.Materials.Start.AddSeconds(restore.Fault.At + restore.Fault.For + restore.Fault.Amount);
            submissions.Later(end - process.Scheduler.Now, () => truth.Submit(transaction));
            return new SubmitResult.Accepted(transaction.Id);
        }

        if (weather.Bites(state.Node, Faults.Delayed, "submit", state.Line) is { } delay)
        {
            state.Mempool.Add(transaction.Id);
            PassOnLater(transaction, delay);
            return new SubmitResult.Accepted(transaction.Id);
        }

        if (weather.Bites(state.Node, Faults.Refused, "submit", state.Line) is { } refusal)
        {
            PassOnLater(transaction, refusal);
            return new SubmitResult.Refused("BadInputsUTxO: " + string.Join(", ", transaction.Body.Inputs.Order()));
        }

        var answer = truth.Submit(transaction);
        if (weather.Bites(state.Node, Faults.AnswerLost, "submit", state.Line) is not null)
        {
            return new SubmitResult.Unknown("The connection was closed before the answer.");
        }

        return answer switch
        {
            DevnetSubmission.Accepted accepted => new SubmitResult.Accepted(accepted.TxId),
            DevnetSubmission.Refused refused => new SubmitResult.Refused(string.Join("; ", refused.Failures)),
            _ => new SubmitResult.Unknown("The mempool is full."),
        };
    }

    private void PassOnLater(Transaction transaction, Weather.On fault) =>
        submissions.Later(TimeSpan.FromSeconds(Math.Max(1, fault.Fault.Amount)), () => truth.Submit(transaction));

    private async Task<T> AskAsync<T>(string call, Question question, Func<DevnetView, T> answer, CancellationToken cancellation)
    {
        process.Enter(call);
        cancellation.ThrowIfCancellationRequested();

        // What is answered was true when the question arrived, or when the answer left.
        var atOnce = state.Actor.Happens(call, 0.5);
        var early = atOnce ? Answer(call, question, answer) : default;
        await process.Pause(Latency(call), call, cancellation);
        var (value, trouble) = atOnce ? early : Answer(call, question, answer);
        if (trouble is null)
        {
            return value!;
        }

        if (weather.Has(state.Node, Faults.Hang, state.Line))
        {
            await process.Pause(Timeout, "no answer", cancellation);
        }

        throw new ChainUnavailableException($"{Name} {call}: {trouble}");
    }

    private (T? Value, string? Trouble) Answer<T>(string call, Question question, Func<DevnetView, T> answer) =>
        Trouble(call) is { } trouble ? (default, trouble) : (answer(ViewFor(call, question)), null);

    private string? Trouble(string call) =>
        weather.Bites(state.Node, Faults.Down, call, state.Line) is not null ? "connection refused"
        : weather.Bites(state.Node, Faults.Unpaid, call, state.Line) is not null ? "402: the plan's limit is reached"
        : weather.Bites(state.Node, Faults.Limited, call, state.Line) is not null ? "429: too many requests"
        : weather.Bites(state.Node, Faults.Hang, call, state.Line) is not null ? "no answer within 10 s"
        : null;

    private DevnetView ViewFor(string call, Question question)
    {
        if (question is Question.List or Question.Unspent && weather.Bites(state.Node, Faults.Blind, call, state.Line) is { } blind)
        {
            return truth.ViewAt(blind.View);
        }

        var kind = question switch
        {
            Question.List => Faults.ListBehind,
            Question.Unspent => Faults.UnspentBehind,
            Question.Transaction => Faults.TransactionsBehind,
            Question.Tip => Faults.TipBehind,
            _ => null,
        };
        var behind = kind is not null && weather.Bites(state.Node, kind, call, state.Line) is { } own ? own.Fault.Amount : 0;
        if (question != Question.Parameters && weather.Bites(state.Node, Faults.Behind, call, state.Line) is { } replica)
        {
            behind = Math.Max(behind, replica.Fault.Amount);
        }

        if (weather.Elsewhere(state.Node, Faults.Ahead) is { } ahead && question is not (Question.Parameters or Question.Other))
        {
            behind = Math.Max(behind, ahead.Fault.Amount);
        }

        return behind == 0 ? truth.Best : truth.ViewAt(truth.Count - 1 - behind);
    }

    // The same rows are missing as long as the fault lasts.
    private bool IsListed(TransactionId txId) =>
        weather.Bites(state.Node, Faults.Half, "always", state.Line) is not { } half
        || Dice.ToFraction(Dice.Mix(Dice.Hash(txId.ToString()) ^ (ulong)half.Fault.Id)) >= half.Fault.Rate
        || truth.ViewAt(half.View).Index.Transactions.ContainsKey(txId);

    // The same are forgotten as long as the fault lasts.
    private bool IsForgotten(TransactionId txId) =>
        weather.Bites(state.Node, Faults.Forgets, "always", state.Line) is { } forgets
        && Dice.ToFraction(Dice.Mix(Dice.Hash(txId.ToString()) ^ (ulong)forgets.Fault.Id)) < forgets.Fault.Rate;

    private TimeSpan Latency(string call) => state.Actor.Between(call, TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(400));

    private ImmutableArray<T> Page<T>(IEnumerable<T> rows, int page) => [.. rows.Skip((page - 1) * PageSize).Take(PageSize)];

    private static ListedTransaction Row(TransactionRecord record) => new(record.Transaction.Id, record.Block.Height, record.Index);

    private BlockHeader HeaderOf(LedgerBlock block) => new(PointOf(block), block.Previous, truth.Epoch);

    private BlockPoint PointOf(LedgerBlock block) => new(block.Height, block.Hash, block.Slot, truth.Slots.TimeOf(block.Slot));
}

/// <summary>Who watches what nodes tell their providers and hear from them.</summary>
internal interface ISubmissions
{
    /// <summary>A transaction is offered; judged before anything becomes of it.</summary>
    void Offered(int node, Process process, Transaction transaction);

    /// <summary>It was answered.</summary>
    void Answered(int node, Process process, Transaction transaction, SubmitResult answer);

    /// <summary>A node was told of a tip.</summary>
    void SawTip(int node, Process process, BlockPoint tip);

    /// <summary>Something happens later, whoever lives then.</summary>
    void Later(TimeSpan after, Action run);
}
