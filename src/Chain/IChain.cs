using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Metadata;
using Masumi.Cardano.Parameters;
using Masumi.Cardano.Scripts;
using Masumi.Cardano.Transactions;

namespace Masumi.Chain;

/// <summary>A block's place in the chain.</summary>
/// <param name="Height">Block number.</param>
/// <param name="Hash">Block hash.</param>
/// <param name="Slot">Its slot.</param>
/// <param name="Time">The slot's start.</param>
public sealed record BlockPoint(long Height, Hash32 Hash, Slot Slot, DateTimeOffset Time);

/// <summary>A transaction found on chain, with everything a watcher needs to interpret it.</summary>
/// <param name="Transaction">The transaction with its original bytes.</param>
/// <param name="Block">Where it was included.</param>
/// <param name="Index">Its position in the block.</param>
/// <param name="IsValid">False when phase 2 failed: then only collateral moved.</param>
public sealed record ChainTransaction(Transaction Transaction, BlockPoint Block, int Index, bool IsValid)
{
    /// <summary>What it takes from the ledger: its inputs, or its collateral where its scripts failed.</summary>
    public ImmutableArray<TxInput> Spends => IsValid ? Transaction.Body.Inputs : Transaction.Body.Collateral;
}

/// <summary>What following an address or a policy reports, in chain order.</summary>
public abstract record ChainEvent
{
    private ChainEvent() { }

    /// <summary>A transaction that touches what is followed.</summary>
    public sealed record Included(ChainTransaction Transaction) : ChainEvent;

    /// <summary>Everything after this point no longer holds; null: back to before the first known point.</summary>
    public sealed record RolledBack(BlockPoint? To) : ChainEvent;

    /// <summary>All events up to this tip have been reported.</summary>
    public sealed record CaughtUp(BlockPoint Tip) : ChainEvent;

    /// <summary>
    /// The provider's tip is lower than what was seen before: it lags, or is in the middle of a rollback of its own. Nothing follows from it: nothing was
    /// reported, nothing may be concluded, nothing paid; look again.
    /// </summary>
    public sealed record Behind(BlockPoint Tip) : ChainEvent;
}

/// <summary>The answer to a submission. Unknown is never treated as refused.</summary>
public abstract record SubmitResult
{
    private SubmitResult() { }

    /// <summary>The mempool has it.</summary>
    public sealed record Accepted(TransactionId TxId) : SubmitResult;

    /// <summary>The node refused it and says why; it will never be included in this form unless the state changes.</summary>
    public sealed record Refused(string Reason) : SubmitResult;

    /// <summary>No trustworthy answer (timeout, lost connection, 5xx, rate limit): the transaction may or may not be on its way.</summary>
    public sealed record Unknown(string Reason) : SubmitResult
    {
        /// <summary>What went wrong at the provider; null when nothing did.</summary>
        public ProviderTrouble? Trouble { get; init; }

        /// <summary>How long the provider asked to be left alone.</summary>
        public TimeSpan? RetryAfter { get; init; }
    }
}

/// <summary>
/// The chain as a node sees it. Every call can fail with <see cref="ChainUnavailableException"/> (lost infrastructure); every call takes a
/// cancellation token and has a timeout of its own.
/// </summary>
public interface IChain
{
    /// <summary>Why the chain is not available now, as far as that is known without asking; null when it is.</summary>
    string? Problem => null;

    /// <summary>Whether there is a second provider to ask.</summary>
    bool HasSeveralProviders => false;

    /// <summary>The same chain for work of this priority.</summary>
    IChain With(CallPriority priority) => this;

    /// <summary>The newest block.</summary>
    Task<BlockPoint> GetTipAsync(CancellationToken cancellation);

    /// <summary>Current protocol parameters (cached by the adapter for at most one epoch).</summary>
    Task<ProtocolParameters> GetParametersAsync(CancellationToken cancellation);

    /// <summary>Slot to time mapping of the network.</summary>
    Task<SlotConfig> GetSlotConfigAsync(CancellationToken cancellation);

    /// <summary>The unspent outputs at an address; empty for an address never seen.</summary>
    Task<ImmutableArray<Utxo>> GetUtxosAsync(Address address, CancellationToken cancellation);

    /// <summary>
    /// Transactions touching an address after the newest of <paramref name="knownPoints"/> still on chain (exclusive; none known: from the beginning), oldest first, then
    /// <see cref="ChainEvent.CaughtUp"/>. Starts with <see cref="ChainEvent.RolledBack"/> when the newest known point is not on the chain
    /// any more; it names the newest that is. One pass; the caller polls. Costs one call when the tip did not move.
    /// </summary>
    /// <param name="address">Whose transactions.</param>
    /// <param name="knownPoints">
    /// Tips of <see cref="ChainEvent.CaughtUp"/> whose events were all processed, newest first; the newest that is still on chain is where to continue. (The block
    /// of a single transaction is no such point: more of that block may follow.)
    /// </param>
    /// <param name="cancellation">Ends the enumeration.</param>
    IAsyncEnumerable<ChainEvent> FollowAddressAsync(Address address, IReadOnlyList<BlockPoint> knownPoints, CancellationToken cancellation);

    /// <summary>
    /// Every transaction the provider lists for an address in blocks from a height to its tip, in chain order; for looking again at what was followed. Costs a call
    /// per page, and one for the tip.
    /// </summary>
    Task<ImmutableArray<ListedTransaction>> ListTransactionsAsync(Address address, long fromHeight, CancellationToken cancellation);

    /// <summary>The transactions that minted, burned or moved assets of a policy, in the manner of <see cref="FollowAddressAsync"/>.</summary>
    IAsyncEnumerable<ChainEvent> FollowPolicyAsync(PolicyId policy, IReadOnlyList<BlockPoint> knownPoints, CancellationToken cancellation);

    /// <summary>A transaction by id when it is in a block, otherwise null.</summary>
    Task<ChainTransaction?> FindTransactionAsync(TransactionId txId, CancellationToken cancellation);

    /// <summary>Outputs by reference; absent ones are left out. Spent ones are included (history), so callers can decode old inputs.</summary>
    Task<ImmutableArray<Utxo>> ResolveAsync(IReadOnlyCollection<TxInput> inputs, CancellationToken cancellation);

    /// <summary>Who holds an asset now (address and quantity), empty when none.</summary>
    Task<ImmutableArray<(Address Address, long Quantity)>> GetHoldersAsync(AssetId asset, CancellationToken cancellation);

    /// <summary>Whether anybody holds some of an asset now; of one that thousands hold this costs one call too.</summary>
    async Task<bool> IsHeldAsync(AssetId asset, CancellationToken cancellation) =>
        (await GetHoldersAsync(asset, cancellation).ConfigureAwait(false)).Any(h => h.Quantity > 0);

    /// <summary>The metadata of the last transaction that minted (not burned) the asset, or null; the registry's CIP-25 source.</summary>
    Task<AuxiliaryData?> GetMintMetadataAsync(AssetId asset, CancellationToken cancellation);

    /// <summary>A script's bytes by hash, verified against the hash; null when the chain does not know it.</summary>
    Task<Script?> FindScriptAsync(ScriptHash hash, CancellationToken cancellation);

    /// <summary>
    /// Whether a second provider knows a transaction in this very block: true when at least two providers do, false when one of them says otherwise, null when
    /// there is but one provider.
    /// </summary>
    Task<bool?> AgreeAsync(TransactionId txId, BlockPoint block, CancellationToken cancellation) => Task.FromResult<bool?>(null);

    /// <summary>
    /// What each provider says of a transaction, one word each in the order they are asked: for telling whether it is dead, where one that has it outweighs all
    /// that do not. One that does not answer says so.
    /// </summary>
    async Task<ImmutableArray<ProviderWord>> FindEverywhereAsync(TransactionId txId, CancellationToken cancellation) =>
        [new ProviderWord("the provider", await FindTransactionAsync(txId, cancellation).ConfigureAwait(false), null)];

    /// <summary>Submits a signed transaction. Never throws for an unclear outcome: that is <see cref="SubmitResult.Unknown"/>.</summary>
    Task<SubmitResult> SubmitAsync(Transaction transaction, CancellationToken cancellation);
}

/// <summary>What one provider says of a transaction.</summary>
/// <param name="Provider">Its name.</param>
/// <param name="Found">Where it has it; null when it does not, or does not answer.</param>
/// <param name="NoAnswer">Why it does not answer; null when it does.</param>
public sealed record ProviderWord(string Provider, ChainTransaction? Found, string? NoAnswer);

/// <summary>How urgent a call is.</summary>
public enum CallPriority
{
    /// <summary>Can wait.</summary>
    Normal,

    /// <summary>A deadline is near: goes before the rest where calls are scarce.</summary>
    Deadline,
}

/// <summary>What is wrong with a provider that did not answer a question.</summary>
public enum ProviderTrouble
{
    /// <summary>No whole answer in time.</summary>
    NoAnswer,

    /// <summary>It says that it has failed (5xx).</summary>
    Failing,

    /// <summary>It was asked too often (418, 429).</summary>
    Limited,

    /// <summary>It does not serve us: the day's calls are used up, the key is wrong (402, 403). Somebody must act.</summary>
    Refused,

    /// <summary>It answered something that cannot be.</summary>
    Nonsense,

    /// <summary>Genuine data, by its hash, that our decoder does not understand.</summary>
    Undecodable,

    /// <summary>It was not asked: it is left alone for a while, or our own limit of calls is reached.</summary>
    NotAsked,
}

/// <summary>The chain could not be reached or answered nonsense; nothing is known about the state asked for.</summary>
public sealed class ChainUnavailableException : Exception
{
    /// <summary>No detail.</summary>
    public ChainUnavailableException() { }

    /// <summary>What was asked and what came back.</summary>
    public ChainUnavailableException(string message)
        : base(message) { }

    /// <summary>With the transport's own failure inside.</summary>
    public ChainUnavailableException(string message, Exception inner)
        : base(message, inner) { }

    /// <summary>What kind of trouble it is.</summary>
    public ProviderTrouble Trouble { get; init; }

    /// <summary>How long the provider asked to be left alone; null when it did not say.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
