using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using Masumi.Cardano;
using Masumi.Devnet.Storage;
using Masumi.Ledger;
using Masumi.Plutus;

namespace Masumi.Devnet;

/// <summary>
/// A Cardano chain in this process: the ledger's rules, a mempool, a block producer, a clock that can be moved and a faucet. One writer
/// at a time; readers never wait.
/// </summary>
public sealed partial class DevnetChain : IDisposable
{
    // Larger transactions are not read, and inputs refer to outputs by 16 bits.
    private const int MostGenesisBytes = 200_000;

    private readonly DevnetOptions _options;
    private readonly IScriptEvaluator _evaluator;
    private readonly Faucet _faucet;
    private readonly Lock _writer = new();
    private readonly ITimer? _producer;
    private readonly ChainLog? _log;
    private volatile DevnetView _view;

    // Blocks made again at the same height and slot get other hashes than the ones taken back.
    private long _salt;
    private bool _disposed;
    private string? _storageFailure;

    /// <summary>Creates the chain with its genesis block. With <see cref="BlockProduction.Interval"/> it starts making blocks.</summary>
    public DevnetChain(DevnetOptions? options = null)
    {
        _options = options ?? new DevnetOptions();
        if (_options.BlockInterval < SlotLength && _options.Production == BlockProduction.Interval)
        {
            throw new ArgumentException($"The block interval is at least a slot, {SlotLength}.", nameof(options));
        }

        var (limits, block) = (_options.Parameters.MaxTxExUnits, _options.Parameters.MaxBlockExUnits);
        if (_options.Parameters.MaxTxSize > _options.Parameters.MaxBlockBodySize || limits.Memory > block.Memory || limits.Steps > block.Steps)
        {
            throw new ArgumentException("These parameters allow transactions that fit no block.", nameof(options));
        }

        _evaluator = _options.Evaluator ?? new PlutusEvaluator();
        _faucet = new Faucet(_options.FaucetMnemonic);
        Clock = new DevnetClock(_options.Time);
        var start = _options.GenesisTime ?? DateTimeOffset.FromUnixTimeSeconds(_options.Time.GetUtcNow().ToUnixTimeSeconds());
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
                        Fingerprint(),
                        StoredBlock.Of(genesis = LedgerBlock.On(null, new Slot(0), GenesisTransactions()))
                    )
            );
        }

        try
        {
            var stored = _log?.Stored;
            var rules = new ChainRules(Parameters, _options.EpochLength);
            Slots = new SlotConfig(stored?.Genesis.Time ?? start, new Slot(0), SlotLength);
            _view = DevnetView.Of(stored is null ? [genesis ?? LedgerBlock.On(null, new Slot(0), GenesisTransactions())] : Restore(stored), rules);

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
    public Hash28 FaucetPolicy => _faucet.Script.Hash;

    /// <summary>Why the newest block could not be written to disk; null while all is well.</summary>
    public string? StorageFailure => _storageFailure;

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

    /// <summary>Stops making blocks, and closes the state on disk.</summary>
    public void Dispose()
    {
        _producer?.Dispose();
        lock (_writer)
        {
            _disposed = true;
            _log?.Dispose();
        }
    }

    // Blocks need increasing slots; the next one cannot be made earlier than this.
    private Slot NextSlot => CurrentSlot > _view.Tip.Slot ? CurrentSlot : _view.Tip.Slot + 1;

    private LedgerEnvironment EnvironmentAt(Slot slot) => new(Parameters, Slots, Network, slot);

    private DevnetSubmission SubmitLocked(Transaction transaction)
    {
        var view = _view;
        if (view.Mempool.Count >= _options.MempoolCapacity || view.MempoolBytes + transaction.Bytes.Length > _options.MempoolBytes)
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
                _view = view with
                {
                    Mempool = view.Mempool.Add(new PendingTransaction(transaction, view.MempoolState, applied.State)),
                    MempoolState = applied.State,
                    MempoolBytes = view.MempoolBytes + transaction.Bytes.Length,
                };
                break;
        }

        if (_options.Production == BlockProduction.PerTransaction && !Clock.IsPaused)
        {
            MineLocked();
        }

        return new DevnetSubmission.Accepted(transaction.Id);
    }

    // Whatever waits was judged one after the other on top of the tip, so a block is a first part of it that fits, and the rest waits on
    // as it is. Only when time ran out for something, or an epoch
    // began that changes something, all of it is judged again.
    private void MineLocked()
    {
        var view = _view;
        var slot = NextSlot;
        AdvanceTo(Slots.TimeOf(slot));
        var state = view.Rules.At(view.State, slot);

        // Most epochs begin with nothing but another number.
        var unchanged = state with { Epoch = view.State.Epoch } == view.State && view.Mempool.All(p => p.HoldsAt(slot));
        var mempool = unchanged ? view.Mempool : Admit(state, slot, view.Mempool.Select(p => p.Transaction));
        var budget = new BlockBudget(Parameters);
        var included = mempool.TakeWhile(p => budget.TryAdd(p.Transaction, p.Before)).ToArray();
        var block = LedgerBlock.On(view.Tip, slot, [.. included.Select(p => p.Transaction)], _salt);
        var after = included.Length == 0 ? state : view.Rules.At(included[^1].After, slot);
        var rest = included.Length == mempool.Count ? [] : mempool.RemoveRange(0, included.Length);
        Publish(view.With(block, after, rest).Waiting(rest), view.Blocks.Count, StoredClockAt(Clock.GetUtcNow()));
    }

    /// <summary>Makes a view the present one, after what is new in it lies on disk. Throws <see cref="IOException"/>, nothing having changed.</summary>
    private void Publish(DevnetView view, int keep, StoredClock clock)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _log?.Append(new StoredChange(keep, _salt, clock, [.. view.Blocks.GetRange(keep, view.Blocks.Count - keep).Select(StoredBlock.Of)]));
        _storageFailure = null;
        _view = view;
    }

    private StoredClock StoredClockAt(DateTimeOffset time) =>
        Clock.IsPaused ? new StoredClock(true, time.UtcTicks) : new StoredClock(false, (time - _options.Time.GetUtcNow()).Ticks);

    private ImmutableList<LedgerBlock> Restore(StoredChain stored)
    {
        var first = stored.Genesis;
        if (!first.Fingerprint.AsSpan().SequenceEqual(Fingerprint()) || (_options.GenesisTime is { } time && time != first.Time))
        {
            throw new DevnetStateException(
                $"The state in {_options.StateDirectory} began with other accounts or at another time ({first.Time:O}); give the same ones, or another directory."
            );
        }

        if (first.EpochLength != _options.EpochLength || !first.Deposits.AsSpan().SequenceEqual(Deposits()))
        {
            throw new DevnetStateException($"The state in {_options.StateDirectory} was made with another epoch length or other deposits.");
        }

        _salt = stored.Salt;
        if (stored.Clock is { } clock)
        {
            Clock.Set(clock.IsPaused ? new DateTimeOffset(clock.Ticks, TimeSpan.Zero) : _options.Time.GetUtcNow() + TimeSpan.FromTicks(clock.Ticks));
            if (clock.IsPaused)
            {
                Clock.Pause();
            }
        }

        try
        {
            return stored
                .Blocks.AsParallel()
                .AsOrdered()
                .Select((block, height) => block.ToBlock(height, height == 0 ? null : stored.Blocks[height - 1].Hash))
                .ToImmutableList();
        }
        catch (AggregateException e) when (e.InnerException is CborFormatException inner)
        {
            throw new DevnetStateException($"The state in {_options.StateDirectory} holds a transaction that cannot be read: {inner.Message}", e);
        }
    }

    // Of everything the first block is made from: making it only to compare it takes long when there are many accounts.
    private byte[] Fingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> number = stackalloc byte[16];
        Add(new GenesisAccount(_faucet.Address, Value.Of(Lovelace.Zero, _options.FaucetAssets)), number);
        foreach (var account in _options.Accounts)
        {
            Add(account, number);
        }

        foreach (var wallet in _options.Wallets)
        {
            Add(new GenesisAccount(wallet.Address, Value.Of(wallet.Amount)), number);
        }

        return hash.GetHashAndReset();

        void Add(GenesisAccount account, Span<byte> buffer)
        {
            AddBytes(account.Address.Bytes.Span, buffer);
            AddNumber(account.Value.Coin.Amount, buffer);
            AddNumber(account.Value.Assets.Count, buffer);
            foreach (var (asset, quantity) in account.Value.Assets)
            {
                hash.AppendData(asset.Policy.ToArray());
                AddBytes(asset.Name.Bytes.Span, buffer);
                AddNumber(quantity, buffer);
            }
        }

        void AddBytes(ReadOnlySpan<byte> bytes, Span<byte> buffer)
        {
            AddNumber(bytes.Length, buffer);
            hash.AppendData(bytes);
        }

        void AddNumber(Int128 value, Span<byte> buffer)
        {
            BinaryPrimitives.WriteInt128BigEndian(buffer, value);
            hash.AppendData(buffer);
        }
    }

    // What states follow from besides the blocks; all other parameters may change between two runs.
    private long[] Deposits() => [Parameters.KeyDeposit.Amount, Parameters.PoolDeposit.Amount, Parameters.DRepDeposit.Amount];

    /// <summary>What of these transactions, accepted before, holds on top of a state, one after the other.</summary>
    private ImmutableList<PendingTransaction> Admit(LedgerState state, Slot slot, IEnumerable<Transaction> transactions)
    {
        var environment = EnvironmentAt(slot);
        var mempool = ImmutableList.CreateBuilder<PendingTransaction>();
        foreach (var transaction in transactions)
        {
            if (Conway.Reapply(state, environment, transaction) is ApplyResult.Applied applied)
            {
                mempool.Add(new PendingTransaction(transaction, state, applied.State));
                state = applied.State;
            }
        }

        return mempool.ToImmutable();
    }

    private void AdvanceTo(DateTimeOffset time)
    {
        var ahead = time - Clock.GetUtcNow();
        if (ahead > TimeSpan.Zero)
        {
            Clock.Advance(ahead);
        }
    }

    private void ProduceOnTime()
    {
        lock (_writer)
        {
            // Never ahead of the clock: a tick within the tip's slot waits for the next.
            if (_disposed || Clock.IsPaused || CurrentSlot <= _view.Tip.Slot)
            {
                return;
            }

            try
            {
                MineLocked();
            }
            catch (IOException e)
            {
                // Whoever submits or looks at /devnet is told; the next tick tries again.
                _storageFailure = e.Message;
            }
        }
    }

    // Transactions without inputs that make all the money there is.
    private ImmutableArray<Transaction> GenesisTransactions()
    {
        GenesisAccount[] accounts = [.. _options.Accounts, .. _options.Wallets.Select(w => new GenesisAccount(w.Address, Value.Of(w.Amount)))];
        var given = accounts.Aggregate(Int128.Zero, (sum, a) => sum + a.Value.Coin.Amount);
        if (given > Lovelace.MaxSupply.Amount)
        {
            throw new ArgumentException($"The accounts hold more than there is: {given} of {Lovelace.MaxSupply} lovelace.");
        }

        var rest = Value.Of(new Lovelace((long)(Lovelace.MaxSupply.Amount - given)), _options.FaucetAssets);
        var outputs = accounts.Select(a => new TxOutput(a.Address, a.Value)).Prepend(new TxOutput(_faucet.Address, rest));
        return
        [
            .. Chunks(outputs)
                .AsParallel()
                .AsOrdered()
                .Select(
                    (chunk, i) =>
                        Transaction.Create(
                            new TransactionBody
                            {
                                Inputs = [],
                                Outputs = chunk,
                                Fee = Lovelace.Zero,
                                // Sets those apart that have the same outputs.
                                InvalidBefore = i == 0 ? null : new Slot(i),
                            },
                            WitnessSet.Empty
                        )
                ),
        ];
    }

    private static List<ImmutableArray<TxOutput>> Chunks(IEnumerable<TxOutput> outputs)
    {
        var chunks = new List<ImmutableArray<TxOutput>>();
        var chunk = ImmutableArray.CreateBuilder<TxOutput>();
        var bytes = 0;
        foreach (var output in outputs)
        {
            bytes += output.Bytes.Length;
            if (output.Bytes.Length > MostGenesisBytes)
            {
                throw new ArgumentException($"What {output.Address} holds takes more than {MostGenesisBytes} bytes.");
            }

            if (bytes > MostGenesisBytes)
            {
                chunks.Add(chunk.DrainToImmutable());
                bytes = output.Bytes.Length;
            }

            chunk.Add(output);
        }

        chunks.Add(chunk.DrainToImmutable());
        return chunks;
    }
}
