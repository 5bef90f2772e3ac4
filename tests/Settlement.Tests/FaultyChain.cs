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
internal sealed class ProcessDied : Exception;

/// <summary>The way to a real chain, with the faults a network and a provider have.</summary>
internal sealed class FaultyChain(IChain inner) : IChain
{
    /// <summary>Decides what happens to the next submission.</summary>
    public Func<Transaction, Fault> OnSubmit { get; set; } = _ => Fault.None;

    /// <summary>True while nothing can be reached.</summary>
    public bool Down { get; set; }

    /// <summary>True while the provider's tip is lower than what was seen.</summary>
    public bool IsBehind { get; set; }

    private readonly List<Transaction> _held = [];

    /// <summary>Passes on what was delayed.</summary>
    public async Task ReleaseAsync(CancellationToken cancellation)
    {
        foreach (var transaction in _held)
        {
            await inner.SubmitAsync(transaction, cancellation);
        }

        _held.Clear();
    }

    /// <summary>Everything handed over for submission, in order.</summary>
    public List<Transaction> Handed { get; } = [];

    public async Task<SubmitResult> SubmitAsync(Transaction transaction, CancellationToken cancellation)
    {
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

        if (fault == Fault.Swallowed)
        {
            return new SubmitResult.Accepted(transaction.Id);
        }

        if (fault == Fault.Delayed)
        {
            _held.Add(transaction);
            return new SubmitResult.Accepted(transaction.Id);
        }

        var answer = await inner.SubmitAsync(transaction, cancellation);
        return fault switch
        {
            Fault.CrashAfter => throw new ProcessDied(),
            Fault.AnswerLost => new SubmitResult.Unknown("timeout"),
            _ => answer,
        };
    }

    public Task<BlockPoint> GetTipAsync(CancellationToken cancellation) => Up().GetTipAsync(cancellation);

    public Task<ProtocolParameters> GetParametersAsync(CancellationToken cancellation) => Up().GetParametersAsync(cancellation);

    public Task<SlotConfig> GetSlotConfigAsync(CancellationToken cancellation) => Up().GetSlotConfigAsync(cancellation);

    public Task<ImmutableArray<Utxo>> GetUtxosAsync(Address address, CancellationToken cancellation) => Up().GetUtxosAsync(address, cancellation);

    public IAsyncEnumerable<ChainEvent> FollowAddressAsync(Address address, IReadOnlyList<BlockPoint> knownPoints, CancellationToken cancellation) =>
        IsBehind ? BehindAsync(knownPoints) : Up().FollowAddressAsync(address, knownPoints, cancellation);

    public Task<ImmutableArray<ListedTransaction>> ListTransactionsAsync(Address address, long fromHeight, CancellationToken cancellation) =>
        Up().ListTransactionsAsync(address, fromHeight, cancellation);

    public IAsyncEnumerable<ChainEvent> FollowPolicyAsync(PolicyId policy, IReadOnlyList<BlockPoint> knownPoints, CancellationToken cancellation) =>
        Up().FollowPolicyAsync(policy, knownPoints, cancellation);

    public Task<ChainTransaction?> FindTransactionAsync(TransactionId txId, CancellationToken cancellation) => Up().FindTransactionAsync(txId, cancellation);

    public Task<ImmutableArray<Utxo>> ResolveAsync(IReadOnlyCollection<TxInput> inputs, CancellationToken cancellation) =>
        Up().ResolveAsync(inputs, cancellation);

    public Task<ImmutableArray<(Address Address, long Quantity)>> GetHoldersAsync(AssetId asset, CancellationToken cancellation) =>
        Up().GetHoldersAsync(asset, cancellation);

    public Task<AuxiliaryData?> GetMintMetadataAsync(AssetId asset, CancellationToken cancellation) => Up().GetMintMetadataAsync(asset, cancellation);

    public Task<Script?> FindScriptAsync(ScriptHash hash, CancellationToken cancellation) => Up().FindScriptAsync(hash, cancellation);

    private static async IAsyncEnumerable<ChainEvent> BehindAsync(IReadOnlyList<BlockPoint> known)
    {
        await Task.CompletedTask;
        yield return new ChainEvent.Behind(known[^1]);
    }

    private IChain Up() => Down ? throw new ChainUnavailableException("The provider is down.") : inner;
}
