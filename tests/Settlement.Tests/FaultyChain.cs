using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Metadata;
using Masumi.Cardano.Parameters;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;
using Masumi.Chain;

namespace Masumi.Settlement.Tests;

/// <summary>What happens to a submission.</summary>
internal enum Fault
{
    None,

    /// <summary>The mempool takes it; the answer is lost.</summary>
    AnswerLost,

    /// <summary>It never gets there, and nobody says so.</summary>
    RequestLost,

    /// <summary>It is refused, whatever it is, and goes nowhere.</summary>
    Refused,

    /// <summary>The process dies before it is sent.</summary>
    CrashBefore,

    /// <summary>The process dies after it was accepted and before that is written down.</summary>
    CrashAfter,

    /// <summary>The provider takes it and says so, and it is never seen again.</summary>
    Swallowed,

    /// <summary>The provider takes it and says so, and passes it on when <see cref="FaultyChain.ReleaseAsync"/> is called.</summary>
    Delayed,
}

/// <summary>The process under test is gone; only its database is left.</summary>
internal sealed class ProcessDied : OperationCanceledException;

/// <summary>The way to a real chain, with the faults a network and a provider have.</summary>
internal sealed class FaultyChain : IChain
{
    private readonly IChain _inner;
    private readonly Faults _faults;

    public FaultyChain(IChain inner)
        : this(inner, new Faults()) { }

    private FaultyChain(IChain inner, Faults faults) => (_inner, _faults) = (inner, faults);

    /// <summary>Decides what happens to the next submission.</summary>
    public Func<Transaction, Fault> OnSubmit
    {
        get => _faults.OnSubmit;
        set => _faults.OnSubmit = value;
    }

    /// <summary>True while nothing can be reached.</summary>
    public bool Down
    {
        get => _faults.Down;
        set => _faults.Down = value;
    }

    /// <summary>True while no address holds anything.</summary>
    public bool HidesCoins
    {
        get => _faults.HidesCoins;
        set => _faults.HidesCoins = value;
    }

    /// <summary>True while the provider's tip is lower than what was seen.</summary>
    public bool IsBehind
    {
        get => _faults.IsBehind;
        set => _faults.IsBehind = value;
    }

    /// <summary>Lists show nothing above this height, though the tip goes on.</summary>
    public long? ListsStandAt
    {
        get => _faults.ListsStandAt;
        set => _faults.ListsStandAt = value;
    }

    /// <summary>What is told of a transaction; the truth unless set.</summary>
    public Func<ChainTransaction, ChainTransaction> Retell
    {
        get => _faults.Retell;
        set => _faults.Retell = value;
    }

    /// <summary>What is listed; the truth unless set.</summary>
    public Func<ImmutableArray<ListedTransaction>, ImmutableArray<ListedTransaction>> Relist
    {
        get => _faults.Relist;
        set => _faults.Relist = value;
    }

    /// <summary>Runs before every question is put, with its name: what happens in the world in the middle of a round.</summary>
    public Func<string, Task> Before
    {
        get => _faults.Before;
        set => _faults.Before = value;
    }

    /// <summary>Passes on what was delayed.</summary>
    public async Task ReleaseAsync(CancellationToken cancellation)
    {
        foreach (var transaction in _faults.Held)
        {
            await _inner.SubmitAsync(transaction, cancellation);
        }

        _faults.Held.Clear();
    }

    /// <summary>Everything handed over for submission, in order.</summary>
    public List<Transaction> Handed => _faults.Handed;

    public bool HasSeveralProviders => _inner.HasSeveralProviders;

    public IChain With(CallPriority priority) => new FaultyChain(_inner.With(priority), _faults);

    public async Task<bool?> AgreeAsync(TransactionId txId, BlockPoint block, CancellationToken cancellation)
    {
        await Before("agree");
        return await Up().AgreeAsync(txId, block, cancellation);
    }

    public async Task<SubmitResult> SubmitAsync(Transaction transaction, CancellationToken cancellation)
    {
        await Before("submit");
        var fault = OnSubmit(transaction);
        if (fault == Fault.CrashBefore)
        {
            throw new ProcessDied();
        }

        Handed.Add(transaction);
        if (Down || fault == Fault.RequestLost)
        {
            return new SubmitResult.Unknown("connection reset");
        }

        if (fault == Fault.Refused)
        {
            return new SubmitResult.Refused("BadInputsUTxO");
        }

        if (fault == Fault.Swallowed)
        {
            return new SubmitResult.Accepted(transaction.Id);
        }

        if (fault == Fault.Delayed)
        {
            _faults.Held.Add(transaction);
            return new SubmitResult.Accepted(transaction.Id);
        }

        var answer = await _inner.SubmitAsync(transaction, cancellation);
        return fault switch
        {
            Fault.CrashAfter => throw new ProcessDied(),
            Fault.AnswerLost => new SubmitResult.Unknown("timeout"),
            _ => answer,
        };
    }

    public Task<BlockPoint> GetTipAsync(CancellationToken cancellation) => AskAsync("tip", c => c.GetTipAsync(cancellation));

    public Task<ProtocolParameters> GetParametersAsync(CancellationToken cancellation) => AskAsync("parameters", c => c.GetParametersAsync(cancellation));

    public Task<SlotConfig> GetSlotConfigAsync(CancellationToken cancellation) => AskAsync("slots", c => c.GetSlotConfigAsync(cancellation));

    public Task<ImmutableArray<Utxo>> GetUtxosAsync(Address address, CancellationToken cancellation) =>
        AskAsync("unspent", c => HidesCoins ? Task.FromResult(ImmutableArray<Utxo>.Empty) : c.GetUtxosAsync(address, cancellation));

    public IAsyncEnumerable<ChainEvent> FollowAddressAsync(Address address, IReadOnlyList<BlockPoint> knownPoints, CancellationToken cancellation) =>
        IsBehind ? BehindAsync(knownPoints) : FollowAsync(c => c.FollowAddressAsync(address, knownPoints, cancellation));

    public async Task<ImmutableArray<ListedTransaction>> ListTransactionsAsync(Address address, long fromHeight, CancellationToken cancellation)
    {
        var listed = await AskAsync("list", c => c.ListTransactionsAsync(address, fromHeight, cancellation));
        return Relist([.. listed.Where(r => !(r.Height > ListsStandAt))]);
    }

    public IAsyncEnumerable<ChainEvent> FollowPolicyAsync(PolicyId policy, IReadOnlyList<BlockPoint> knownPoints, CancellationToken cancellation) =>
        FollowAsync(c => c.FollowPolicyAsync(policy, knownPoints, cancellation));

    public async Task<ChainTransaction?> FindTransactionAsync(TransactionId txId, CancellationToken cancellation) =>
        await AskAsync("transaction", c => c.FindTransactionAsync(txId, cancellation)) is { } found ? Retell(found) : null;

    public Task<ImmutableArray<Utxo>> ResolveAsync(IReadOnlyCollection<TxInput> inputs, CancellationToken cancellation) =>
        AskAsync("outputs", c => c.ResolveAsync(inputs, cancellation));

    public Task<ImmutableArray<(Address Address, long Quantity)>> GetHoldersAsync(AssetId asset, CancellationToken cancellation) =>
        AskAsync("holders", c => c.GetHoldersAsync(asset, cancellation));

    public Task<bool> IsHeldAsync(AssetId asset, CancellationToken cancellation) => AskAsync("holders", c => c.IsHeldAsync(asset, cancellation));

    public Task<AuxiliaryData?> GetMintMetadataAsync(AssetId asset, CancellationToken cancellation) =>
        AskAsync("metadata", c => c.GetMintMetadataAsync(asset, cancellation));

    public Task<Script?> FindScriptAsync(ScriptHash hash, CancellationToken cancellation) => AskAsync("script", c => c.FindScriptAsync(hash, cancellation));

    private async Task<T> AskAsync<T>(string question, Func<IChain, Task<T>> ask)
    {
        await Before(question);
        return await ask(Up());
    }

    private async IAsyncEnumerable<ChainEvent> FollowAsync(Func<IChain, IAsyncEnumerable<ChainEvent>> follow)
    {
        await Before("follow");
        await foreach (var e in follow(Up()))
        {
            if (e is ChainEvent.CaughtUp)
            {
                await Before("caught up");
            }

            if (e is not ChainEvent.Included { Transaction.Block.Height: var height } || !(height > ListsStandAt))
            {
                yield return e is ChainEvent.Included { Transaction: var told } ? new ChainEvent.Included(Retell(told)) : e;
            }
        }
    }

    private static async IAsyncEnumerable<ChainEvent> BehindAsync(IReadOnlyList<BlockPoint> known)
    {
        await Task.CompletedTask;
        yield return new ChainEvent.Behind(known[^1]);
    }

    private IChain Up() => Down ? throw new ChainUnavailableException("The provider is down.") : _inner;

    private sealed class Faults
    {
        public Func<Transaction, Fault> OnSubmit { get; set; } = _ => Fault.None;

        public bool Down { get; set; }

        public bool HidesCoins { get; set; }

        public bool IsBehind { get; set; }

        public long? ListsStandAt { get; set; }

        public Func<ChainTransaction, ChainTransaction> Retell { get; set; } = t => t;

        public Func<ImmutableArray<ListedTransaction>, ImmutableArray<ListedTransaction>> Relist { get; set; } = l => l;

        public Func<string, Task> Before { get; set; } = _ => Task.CompletedTask;

        public List<Transaction> Held { get; } = [];

        public List<Transaction> Handed { get; } = [];
    }
}
