using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Building;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;
using Masumi.Devnet.Storage;
using Masumi.Ledger;
using Masumi.Ledger.State;
using Masumi.Plutus;

namespace Masumi.Devnet;

/// <summary>
/// A Cardano chain in this process: the ledger's rules, a mempool, a block producer, a clock that can be moved and a faucet. One writer
/// at a time; readers never wait.
/// </summary>
public sealed partial class DevnetChain : IDisposable
{
    private const int ManyTransactions = 10_000;

    private static readonly TimeSpan QuietTime = TimeSpan.FromSeconds(1);

    private readonly DevnetOptions _options;
    private readonly IScriptEvaluator _evaluator;
    private readonly Faucet _faucet;
    private readonly Lock _writer = new();
    private readonly ITimer? _producer;
    private readonly ITimer? _tidying;
    private readonly ChainLog? _log;
    private volatile DevnetView _view;

    // Blocks made again at the same height and slot get other hashes than the ones taken back.
    private long _salt;
    private bool _disposed;
    private int _untidied;
    private string? _storageFailure;

    /// <summary>Creates the chain with its genesis block. With <see cref="BlockProduction.Interval"/> it starts making blocks.</summary>
    public DevnetChain(DevnetOptions? options = null)
    {
        _options = options ?? new DevnetOptions();
        if (_options.BlockInterval < SlotLength && _options.Production == BlockProduction.Interval)
        {
            throw new ArgumentException($"The block interval is at least a slot, {SlotLength}.", nameof(options));
        }

        if (FitNoBlock(_options.Parameters))
        {
            throw new ArgumentException("These parameters allow transactions that fit no block.", nameof(options));
        }

        _changes = [(0, _options.Parameters)];
        _evaluator = _options.Evaluator ?? new PlutusEvaluator();
        _faucet = new Faucet(_options.FaucetMnemonic);
        Clock = new DevnetClock(_options.Time);
        var start = _options.GenesisTime is { } given
            ? DateTimeOffset.FromUnixTimeMilliseconds(given.ToUnixTimeMilliseconds())
            : DateTimeOffset.FromUnixTimeSeconds(_options.Time.GetUtcNow().ToUnixTimeSeconds());
        LedgerBlock? genesis = null;
        if (_options.StateDirectory is { } directory)
        {
            _log = ChainLog.Open(
                directory,
                () =>
                    new StoredGenesis(
                        start,
                        _options.EpochLength,
                        Deposits(),
                        Genesis.Fingerprint(_options, _faucet.Address),
                        StoredBlock.Of(genesis = Genesis.Block(_options, _faucet.Address))
                    )
            );
        }

        try
        {
            var stored = _log?.TakeStored();
            _options = stored is null ? _options : BegunWith(stored.Genesis);
            var rules = new ChainRules(_options.Parameters, _options.EpochLength);
            Slots = new SlotConfig(stored?.Genesis.Time ?? start, new Slot(0), SlotLength);
            _view = DevnetView.Of(stored is null ? [genesis ?? Genesis.Block(_options, _faucet.Address)] : Restore(stored), rules);

            // Whatever they hold lies in the first block now; there may be very many.
            _options = _options with
            {
                Accounts = [],
            };
            AdvanceTo(Slots.TimeOf(_view.Tip.Slot));
        }
        catch
        {
            _log?.Dispose();
            throw;
        }

        if (_options.Production != BlockProduction.OnDemand)
        {
            _tidying = _options.Time.CreateTimer(_ => Tidy(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        if (_options.Production == BlockProduction.Interval)
        {
            _producer = _options.Time.CreateTimer(_ => ProduceOnTime(), null, _options.BlockInterval, _options.BlockInterval);
        }
    }

    /// <summary>The network id of every address here.</summary>
    public static NetworkId Network => NetworkId.Testnet;

    /// <summary>One second.</summary>
    public static TimeSpan SlotLength { get; } = TimeSpan.FromSeconds(1);

    /// <summary>The chain's time. Nodes in this process should live by it.</summary>
    public DevnetClock Clock { get; }

    /// <summary>Slot to time mapping.</summary>
    public SlotConfig Slots { get; }

    /// <summary>The slot in progress.</summary>
    public Slot CurrentSlot => Slots.SlotAt(Clock.GetUtcNow());

    /// <summary>The newest block.</summary>
    public LedgerBlock Tip => _view.Tip;

    /// <summary>All blocks, genesis first; the index is the height.</summary>
    public IReadOnlyList<LedgerBlock> Blocks => _view.Blocks;

    /// <summary>The state after the newest block.</summary>
    public LedgerState State => _view.State;

    /// <summary>Transactions waiting for a block, in order.</summary>
    public ImmutableArray<Transaction> Mempool => [.. _view.Mempool.Select(p => p.Transaction)];

    /// <summary>The wallets that were made and funded in the first block.</summary>
    public ImmutableArray<DevnetAccount> Wallets => _options.Wallets;

    /// <summary>Where the faucet keeps its money.</summary>
    public Address FaucetAddress => _faucet.Address;

    /// <summary>The policy the faucet mints under.</summary>
    public PolicyId FaucetPolicy => _faucet.Script.Hash.ToPolicyId();

    /// <summary>Why the newest block could not be written to disk; null while all is well.</summary>
    public string? StorageFailure => _storageFailure;

    /// <summary>What of the state on disk could not be read when this chain started, and where that lies now; null when all was whole.</summary>
    public string? StorageDamage => _log?.Damage;

    internal DevnetOptions Options => _options;

    internal DevnetView View => _view;

    /// <summary>Checks a transaction against the state after everything that waits, and queues it.</summary>
    public DevnetSubmission Submit(Transaction transaction)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        lock (_writer)
        {
            return _fault is { } fault ? SubmitFaultily(transaction, fault) : SubmitLocked(transaction);
        }
    }

    /// <summary>
    /// Pays from the faucet with an ordinary transaction. Assets: of the faucet's own policy any, of others what it owns; assets without ADA go with the
    /// least that their output must hold.
    /// </summary>
    public DevnetFunding Fund(Address address, Value value)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(value);
        lock (_writer)
        {
            var (transaction, refusal) = _faucet.Pay(address, value, _view.MempoolState, Parameters);
            return transaction is null
                ? new DevnetFunding.Refused(refusal!)
                : SubmitLocked(transaction) switch
                {
                    DevnetSubmission.Accepted accepted => new DevnetFunding.Paid(new TxInput(accepted.TxId, 0)),
                    DevnetSubmission.Refused refused => new DevnetFunding.Refused(string.Join("; ", refused.Failures)),
                    _ => new DevnetFunding.Refused("The mempool is full."),
                };
        }
    }

    /// <summary>Makes blocks now. Slots strictly increase, so a second block within one second moves the clock to the next slot.</summary>
    public void Mine(int blocks = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(blocks);
        lock (_writer)
        {
            for (var i = 0; i < blocks; i++)
            {
                MineLocked();
            }
        }
    }

    /// <summary>Moves the clock forward, and makes one block there: the tip is how everybody learns the time. Costs the same for any jump.</summary>
    public void Advance(TimeSpan by)
    {
        if (!TryAdvance(by))
        {
            throw new ArgumentOutOfRangeException(nameof(by), by, "Time does not go back, nor beyond what the clock can tell.");
        }
    }

    /// <summary>As <see cref="Advance"/>; false, changing nothing, when the clock cannot be moved so.</summary>
    public bool TryAdvance(TimeSpan by)
    {
        lock (_writer)
        {
            if (!Clock.CanAdvance(by))
            {
                return false;
            }

            Clock.Advance(by);
            MineLocked();
            return true;
        }
    }

    /// <summary>
    /// Runs a transaction's scripts against the state after everything that waits, each with the units of a whole transaction as its
    /// limit; null when inputs are unknown, which are then listed.
    /// </summary>
    /// <param name="transaction">Signatures, fee, units and script data hash are not looked at.</param>
    /// <param name="additional">Outputs to know besides the ledger's.</param>
    /// <param name="unknown">Inputs and reference inputs nobody knows.</param>
    public TransactionEvaluation? Evaluate(Transaction transaction, IReadOnlyCollection<Utxo> additional, out ImmutableArray<TxInput> unknown)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        ArgumentNullException.ThrowIfNull(additional);
        return EvaluateOn(_view.MempoolState, transaction, additional, out unknown);
    }

    internal TransactionEvaluation? EvaluateOn(
        LedgerState state,
        Transaction transaction,
        IReadOnlyCollection<Utxo> additional,
        out ImmutableArray<TxInput> unknown
    )
    {
        var extra = additional.ToDictionary(u => u.Input, u => u.Output);
        var resolved = new Dictionary<TxInput, TxOutput>();
        var missing = ImmutableArray.CreateBuilder<TxInput>();
        foreach (var input in transaction.Body.Inputs.Concat(transaction.Body.ReferenceInputs).Distinct())
        {
            if (state.Find(input) is { } output || extra.TryGetValue(input, out output))
            {
                resolved[input] = output;
            }
            else
            {
                missing.Add(input);
            }
        }

        unknown = missing.ToImmutable();
        var parameters = Parameters;
        return unknown.IsEmpty ? _evaluator.Evaluate(transaction, resolved, parameters, Slots, parameters.MaxTxExUnits) : null;
    }

    /// <summary>What a transaction does, in the words of who knows its contracts; null when nobody does.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="resolve">The output at an input; null when nobody knows it.</param>
    internal TransactionWords? Explain(Transaction transaction, Func<TxInput, TxOutput?> resolve)
    {
        if (_options.Explain is not { } explain)
        {
            return null;
        }

        var outputs = transaction
            .Body.Inputs.Concat(transaction.Body.ReferenceInputs)
            .Distinct()
            .Select(i => (Input: i, Output: resolve(i)))
            .Where(i => i.Output is not null)
            .ToDictionary(i => i.Input, i => i.Output!);
        var scripts = transaction
            .Body.Outputs.Concat(outputs.Values)
            .Select(o => o.Address.Payment?.AsScript)
            .OfType<ScriptHash>()
            .Distinct()
            .Select(h => _view.Index.Scripts.GetValueOrDefault(h))
            .OfType<Script>();
        return explain(new TransactionQuestion(transaction, outputs, [.. scripts], Parameters, Slots));
    }

    /// <summary>Judges a payment of the faucet to itself, and forgets it.</summary>
    internal void Rehearse()
    {
        lock (_writer)
        {
            var state = _view.MempoolState;
            if (!_disposed && _faucet.Pay(FaucetAddress, Value.Of(Lovelace.FromAda(2)), state, Parameters).Transaction is { } payment)
            {
                Conway.Apply(state, EnvironmentAt(NextSlot), Transaction.FromCbor(payment.Bytes), _evaluator);
            }
        }
    }

    /// <summary>Stops making blocks, and closes the state on disk.</summary>
    public void Dispose()
    {
        _producer?.Dispose();
        _tidying?.Dispose();
        lock (_writer)
        {
            _disposed = true;
            _log?.Dispose();
        }
    }

    // Blocks need increasing slots; the next one cannot be made earlier than this.
    private Slot NextSlot => CurrentSlot > _view.Tip.Slot ? CurrentSlot : _view.Tip.Slot + 1;

    private LedgerEnvironment EnvironmentAt(Slot slot) => new(ParametersAt(slot), Slots, Network, slot);

    private DevnetSubmission SubmitLocked(Transaction transaction)
    {
        var view = _view;
        if (view.Mempool.Count >= _options.MempoolCapacity || view.MempoolBytes + transaction.Bytes.Length > _options.MempoolBytes)
        {
            return new DevnetSubmission.MempoolFull(_options.MempoolCapacity);
        }

        // An epoch may have begun since the last block.
        var slot = NextSlot;
        var state = view.Rules.At(view.MempoolState, slot);

        // The node's mempool asks this first, so that a second submission is told apart from a wrong one; nothing spent counts as all spent.
        if (transaction.Body.Inputs.All(i => state.Find(i) is null))
        {
            return new DevnetSubmission.Refused([
                new LedgerFailure(LedgerRule.Mempool, "ConwayMempoolFailure", "All inputs are spent. Transaction has probably already been included"),
            ]);
        }

        var environment = EnvironmentAt(slot);
        if (Conway.RefuseFromMempool(state, environment, transaction) is { } failure)
        {
            return new DevnetSubmission.Refused([failure]);
        }

        switch (Conway.Apply(state, environment, transaction, _evaluator))
        {
            case ApplyResult.Refused refused:
                return new DevnetSubmission.Refused(refused.Failures);
            case ApplyResult.Applied applied:
                _view = view with
                {
                    Mempool = view.Mempool.Add(new PendingTransaction(transaction, state, applied.State)),
                    MempoolState = applied.State,
                    MempoolBytes = view.MempoolBytes + transaction.Bytes.Length,
                };
                break;
        }

        if (_options.Production == BlockProduction.PerTransaction && !Clock.IsPaused)
        {
            // At the slot it was judged at, though time went on: it may end with that.
            MineLocked(slot);
        }

        return new DevnetSubmission.Accepted(transaction.Id);
    }
}
