using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Devnet.Index;
using Masumi.Ledger;
using Masumi.Plutus;

namespace Masumi.Devnet;

/// <summary>The answer to a submission.</summary>
public abstract record DevnetSubmission
{
    private DevnetSubmission() { }

    /// <summary>In the mempool, or with one block per transaction already in a block.</summary>
    public sealed record Accepted(Hash32 TxId) : DevnetSubmission;

    /// <summary>Refused by the ledger.</summary>
    public sealed record Refused(ImmutableArray<LedgerFailure> Failures) : DevnetSubmission;

    /// <summary>No room; the same transaction may be accepted later.</summary>
    public sealed record MempoolFull(int Capacity) : DevnetSubmission;
}

/// <summary>The answer to a request for money.</summary>
public abstract record DevnetFunding
{
    private DevnetFunding() { }

    /// <summary>On its way in this transaction, as output <paramref name="Output"/>.</summary>
    public sealed record Paid(TxInput Output) : DevnetFunding;

    /// <summary>Not possible, in a sentence.</summary>
    public sealed record Refused(string Reason) : DevnetFunding;
}

/// <summary>A transaction waiting for a block.</summary>
/// <param name="Transaction">The transaction.</param>
/// <param name="Inputs">The outputs it spends and refers to, as they were when it was accepted.</param>
internal sealed record PendingTransaction(Transaction Transaction, ImmutableDictionary<TxInput, TxOutput> Inputs);

/// <summary>All a reader needs, consistent and immutable.</summary>
internal sealed record DevnetView(LedgerChain Chain, ImmutableList<ChainIndex> Indexes, ImmutableList<PendingTransaction> Mempool, LedgerState MempoolState)
{
    public LedgerBlock Tip => Chain.Tip.Block;

    /// <summary>The index after the newest block.</summary>
    public ChainIndex Index => Indexes[^1];
}

/// <summary>
/// A Cardano chain in this process: the ledger's rules, a mempool, a block producer, a clock that can be moved and a faucet. One writer
/// at a time; readers never wait.
/// </summary>
public sealed class DevnetChain : IDisposable
{
    private readonly DevnetOptions _options;
    private readonly IScriptEvaluator _evaluator;
    private readonly Faucet _faucet;
    private readonly Lock _writer = new();
    private readonly ITimer? _producer;
    private volatile DevnetView _view;

    /// <summary>Creates the chain with its genesis block. With <see cref="BlockProduction.Interval"/> it starts making blocks.</summary>
    public DevnetChain(DevnetOptions? options = null)
    {
        _options = options ?? new DevnetOptions();
        if (_options.BlockInterval < SlotLength && _options.Production == BlockProduction.Interval)
        {
            throw new ArgumentException($"The block interval is at least a slot, {SlotLength}.", nameof(options));
        }

        _evaluator = _options.Evaluator ?? new PlutusEvaluator();
        _faucet = new Faucet(_options.FaucetMnemonic);
        Clock = new DevnetClock(_options.Time);
        var start = _options.GenesisTime ?? DateTimeOffset.FromUnixTimeSeconds(_options.Time.GetUtcNow().ToUnixTimeSeconds());
        Slots = new SlotConfig(start, new Slot(0), SlotLength);
        AdvanceTo(start);
        var chain = LedgerChain.Genesis(new Slot(0), GenesisTransaction());
        _view = new DevnetView(chain, [new ChainIndex().With(chain.Tip.Block)], [], chain.Tip.State);
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

    /// <summary>Protocol parameters.</summary>
    public ProtocolParameters Parameters => _options.Parameters;

    /// <summary>The slot in progress.</summary>
    public Slot CurrentSlot => Slots.SlotAt(Clock.GetUtcNow());

    /// <summary>The newest block.</summary>
    public LedgerBlock Tip => _view.Tip;

    /// <summary>All blocks with the states after them, genesis first; the index is the height.</summary>
    public IReadOnlyList<AppliedBlock> Blocks => _view.Chain.Blocks;

    /// <summary>The state after the newest block.</summary>
    public LedgerState State => _view.Chain.Tip.State;

    /// <summary>Transactions waiting for a block, in order.</summary>
    public ImmutableArray<Transaction> Mempool => [.. _view.Mempool.Select(p => p.Transaction)];

    /// <summary>Where the faucet keeps its money.</summary>
    public Address FaucetAddress => _faucet.Address;

    /// <summary>The policy the faucet mints under.</summary>
    public Hash28 FaucetPolicy => _faucet.Script.Hash;

    internal DevnetOptions Options => _options;

    internal DevnetView View => _view;

    /// <summary>Checks a transaction against the state after everything that waits, and queues it.</summary>
    public DevnetSubmission Submit(Transaction transaction)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        lock (_writer)
        {
            return SubmitLocked(transaction);
        }
    }

    /// <summary>Pays from the faucet with an ordinary transaction. Assets: of the faucet's own policy any, of others what it owns.</summary>
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
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        lock (_writer)
        {
            Clock.Advance(by);
            MineLocked();
        }
    }

    /// <summary>
    /// Takes the newest blocks back. Their transactions are gone, as a node's mempool does not take them up again; what still waits stays
    /// if it still holds. Time does not go back. Throws when there are fewer blocks after genesis.
    /// </summary>
    public void Rollback(int blocks)
    {
        if (!TryRollback(blocks))
        {
            throw new ArgumentOutOfRangeException(nameof(blocks), blocks, "There are not that many blocks after genesis.");
        }
    }

    /// <summary>As <see cref="Rollback"/>; false, changing nothing, when there are fewer blocks after genesis.</summary>
    public bool TryRollback(int blocks)
    {
        lock (_writer)
        {
            if (blocks < 0 || blocks > _view.Tip.Height)
            {
                return false;
            }

            var chain = _view.Chain.Rollback(blocks);
            var indexes = _view.Indexes.RemoveRange(chain.Blocks.Count, _view.Indexes.Count - chain.Blocks.Count);
            Publish(chain, indexes, _view.Mempool.Select(p => p.Transaction));
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
        var state = _view.MempoolState;
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
        return unknown.IsEmpty ? _evaluator.Evaluate(transaction, resolved, Parameters, Slots, Parameters.MaxTxExUnits) : null;
    }

    /// <summary>Stops making blocks.</summary>
    public void Dispose() => _producer?.Dispose();

    // Blocks need increasing slots; the next one cannot be made earlier than this.
    private Slot NextSlot => CurrentSlot > _view.Tip.Slot ? CurrentSlot : _view.Tip.Slot + 1;

    private LedgerEnvironment EnvironmentAt(Slot slot) => new(Parameters, Slots, Network, slot);

    private DevnetSubmission SubmitLocked(Transaction transaction)
    {
        var view = _view;
        if (view.Mempool.Count >= _options.MempoolCapacity)
        {
            return new DevnetSubmission.MempoolFull(_options.MempoolCapacity);
        }

        // The node's mempool asks this first, so that a second submission is told apart from a wrong one.
        if (!transaction.Body.Inputs.IsEmpty && transaction.Body.Inputs.All(i => view.MempoolState.Find(i) is null))
        {
            return new DevnetSubmission.Refused([
                new LedgerFailure(LedgerRule.Mempool, "ConwayMempoolFailure", "All inputs are spent. Transaction has probably already been included"),
            ]);
        }

        switch (Conway.Apply(view.MempoolState, EnvironmentAt(NextSlot), transaction, _evaluator))
        {
            case ApplyResult.Refused refused:
                return new DevnetSubmission.Refused(refused.Failures);
            case ApplyResult.Applied applied:
                _view = view with { Mempool = view.Mempool.Add(Pending(transaction, view.MempoolState)), MempoolState = applied.State };
                break;
        }

        if (_options.Production == BlockProduction.PerTransaction)
        {
            MineLocked();
        }

        return new DevnetSubmission.Accepted(transaction.Id);
    }

    private void MineLocked()
    {
        var slot = NextSlot;
        AdvanceTo(Slots.TimeOf(slot));
        var produced = _view.Chain.Produce(EnvironmentAt(slot), _view.Mempool.Select(p => p.Transaction));
        Publish(produced.Chain, _view.Indexes.Add(_view.Index.With(produced.Block)), produced.Waiting);
    }

    private void AdvanceTo(DateTimeOffset time)
    {
        var ahead = time - Clock.GetUtcNow();
        if (ahead > TimeSpan.Zero)
        {
            Clock.Advance(ahead);
        }
    }

    private void Publish(LedgerChain chain, ImmutableList<ChainIndex> indexes, IEnumerable<Transaction> waiting)
    {
        var state = chain.Tip.State;
        var mempool = ImmutableList.CreateBuilder<PendingTransaction>();
        var environment = EnvironmentAt(CurrentSlot > chain.Tip.Block.Slot ? CurrentSlot : chain.Tip.Block.Slot + 1);
        foreach (var transaction in waiting)
        {
            if (Conway.Reapply(state, environment, transaction) is ApplyResult.Applied applied)
            {
                mempool.Add(Pending(transaction, state));
                state = applied.State;
            }
        }

        _view = new DevnetView(chain, indexes, mempool.ToImmutable(), state);
    }

    private void ProduceOnTime()
    {
        lock (_writer)
        {
            // Never ahead of the clock: a tick within the tip's slot waits for the next.
            if (CurrentSlot > _view.Tip.Slot)
            {
                MineLocked();
            }
        }
    }

    private static PendingTransaction Pending(Transaction transaction, LedgerState state) =>
        new(
            transaction,
            transaction
                .Body.Inputs.Concat(transaction.Body.Collateral)
                .Concat(transaction.Body.ReferenceInputs)
                .Distinct()
                .ToImmutableDictionary(i => i, i => state.Find(i)!)
        );

    private Transaction GenesisTransaction()
    {
        var given = _options.Accounts.Aggregate(Lovelace.Zero, (sum, a) => sum + a.Value.Coin);
        var rest = Value.Of(Lovelace.MaxSupply - given, _options.FaucetAssets);
        if (!rest.IsNonNegative)
        {
            throw new ArgumentException($"The accounts hold more than there is: {given} of {Lovelace.MaxSupply} lovelace.");
        }

        return Transaction.Create(
            new TransactionBody
            {
                Inputs = [],
                Outputs = [new TxOutput(_faucet.Address, rest), .. _options.Accounts.Select(a => new TxOutput(a.Address, a.Value))],
                Fee = Lovelace.Zero,
            },
            WitnessSet.Empty
        );
    }
}
