using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Common;
using Masumi.Contracts.Escrow.Common;
using Masumi.Protocol;
using Masumi.Protocol.PaymentService.Deals;
using Masumi.Settlement.Rails;

namespace Masumi.Settlement.Deals;

/// <summary>Which side of a job this node is on. A purchase and a payment with the same identifier are two deals.</summary>
public enum DealSide
{
    /// <summary>The buyer's side.</summary>
    Purchase,

    /// <summary>The seller's side.</summary>
    Payment,
}

/// <summary>What both sides agreed, fixed when the deal is made.</summary>
/// <param name="Identifier">The signed blockchain identifier.</param>
/// <param name="AgentIdentifier">The agent.</param>
/// <param name="Pricing">How the price was set.</param>
/// <param name="Funds">The price.</param>
/// <param name="InputHash">The hash of the job's input.</param>
/// <param name="Deadlines">By when what must have happened.</param>
/// <param name="SellerAddress">The holder of the agent's NFT; signed the identifier.</param>
/// <param name="SellerReturnAddress">Where the seller is paid instead; signed.</param>
/// <param name="BuyerReturnAddress">Where the buyer is refunded instead; the buyer's choice, so null on the payment side until the lock shows it.</param>
public sealed record DealTerms(
    BlockchainIdentifier Identifier,
    AgentIdentifier AgentIdentifier,
    PricingType Pricing,
    Value Funds,
    InputHash InputHash,
    Deadlines Deadlines,
    Address SellerAddress,
    Address? SellerReturnAddress,
    Address? BuyerReturnAddress
)
{
    /// <summary>The terms in the contracts' form. Throws for an identifier that no stored deal can have.</summary>
    public EscrowTerms ToEscrow() =>
        new()
        {
            Identifier = IdentifierParts.TryDecode(Identifier.ToString(), out var identifier, out _)
                ? identifier
                : throw new InvalidOperationException("A stored identifier does not decode."),
            Deadlines = Deadlines,
            InputHash = InputHash,
            Price = Funds,
            Seller = SellerAddress,
            SellerReturn = SellerReturnAddress,
        };
}

/// <summary>What a buyer decided about its money, once it is locked.</summary>
public enum RefundWish
{
    /// <summary>Nothing: the contract takes its course.</summary>
    None,

    /// <summary>It wants the money back.</summary>
    Asked,

    /// <summary>V1: it no longer wants it back.</summary>
    TakenBack,

    /// <summary>It gives the money to the seller.</summary>
    Released,
}

/// <summary>
/// What the deal's owner decided. It stands for as long as the deal lives: whatever the chain does, forks included, the machine derives from it and the
/// projection what is to be done, so that nothing need be asked for twice.
/// </summary>
/// <param name="Refund">The buyer's.</param>
/// <param name="Result">The seller's result.</param>
/// <param name="AgreesToRefund">The seller gives the money back; a result is not put on chain any more.</param>
/// <param name="About">The result on chain, in hex, that the buyer saw when he took back or released; null when there was none.</param>
public sealed record Wishes(RefundWish Refund = RefundWish.None, ResultHash? Result = null, bool AgreesToRefund = false, string? About = null)
{
    /// <summary>
    /// Whether the buyer gave something up for another result than the one on chain: he has not seen that one, and nothing is given up for it until he says so
    /// again.
    /// </summary>
    /// <param name="result">The result on chain.</param>
    public bool IsAboutAnother(string? result) => Refund is RefundWish.TakenBack or RefundWish.Released && About != result;

    /// <summary>Nothing decided yet.</summary>
    public static Wishes None { get; } = new();
}

/// <summary>Why a transaction that is due was not made; one kind at a time.</summary>
public enum TroubleKind
{
    /// <summary>The contract would not take it yet: no problem, only a time.</summary>
    NotYet,

    /// <summary>The wallets that may pay have too little, unconfirmed change counted.</summary>
    Funds,

    /// <summary>It cannot be built: too large, refused by the contract or by our own ledger rules.</summary>
    Build,

    /// <summary>Something earlier must first be excluded or beyond every rollback.</summary>
    Rival,

    /// <summary>It was in a block and its scripts failed there.</summary>
    Phase2,

    /// <summary>What it needs from the chain (a script) is not to be had.</summary>
    Chain,

    /// <summary>Its source takes no new work.</summary>
    Disabled,

    /// <summary>It was made and refused until its validity was over, or something else took what it spends.</summary>
    Refused,
}

/// <summary>What last stood in the way of the next step, and when it is tried again.</summary>
/// <param name="Kind">Of what kind.</param>
/// <param name="Note">In words, with both values.</param>
/// <param name="Tries">How often in a row.</param>
/// <param name="Since">When it began.</param>
/// <param name="RetryAt">Not before.</param>
public sealed record Trouble(TroubleKind Kind, string Note, int Tries, DateTimeOffset Since, DateTimeOffset RetryAt);

/// <summary>What is wrong with a deal now. Derived; gone with its cause.</summary>
/// <param name="Code">Its kind, a word that stays the same while the numbers in the note change.</param>
/// <param name="Type">What API clients are told; null when it is worth a note and no error.</param>
/// <param name="Note">In words, naming the event, time or amount that causes it.</param>
/// <param name="NeedsManual">True when the contract leaves nothing automatic.</param>
public sealed record DealProblem(string Code, ErrorType? Type, string Note, bool NeedsManual);

/// <summary>An attempt that acts for a deal and is not decided, or decided and not yet shown by the projection.</summary>
/// <param name="Id">Our id.</param>
/// <param name="TxId">The transaction.</param>
/// <param name="Action">What it does.</param>
/// <param name="Refusals">How often in a row providers refused it.</param>
/// <param name="Answer">What a provider last said about it.</param>
public sealed record StandingAttempt(string Id, TransactionId TxId, Intent Action, int Refusals = 0, string? Answer = null);

/// <summary>One side of one job: terms, wishes, what the chain says, and what follows from them.</summary>
public sealed record Deal
{
    /// <summary>Our id.</summary>
    public required string Id { get; init; }

    /// <summary>Buyer's or seller's.</summary>
    public required DealSide Side { get; init; }

    /// <summary>The contract instance.</summary>
    public required string SourceId { get; init; }

    /// <summary>Which rules.</summary>
    public EscrowFamily Family { get; init; } = EscrowFamily.V2;

    /// <summary>What was agreed.</summary>
    public required DealTerms Terms { get; init; }

    /// <summary>The agent's name when the deal was made.</summary>
    public string? AgentName { get; init; }

    /// <summary>The hot wallet that acts: the selling wallet, or the purchasing wallet once one is chosen.</summary>
    public string? WalletId { get; init; }

    /// <summary>Hot wallets that may pay; empty means any.</summary>
    public ImmutableArray<string> AllowedWallets { get; init; } = [];

    /// <summary>The caller's own text.</summary>
    public string? Metadata { get; init; }

    /// <summary>The API key that made it.</summary>
    public string? RequestedBy { get; init; }

    /// <summary>Where its owner insists on; null: anywhere.</summary>
    public SettlementLayer? ForceLayer { get; init; }

    /// <summary>Purchases: where the seller insists on, and signed; null: anywhere.</summary>
    public SettlementLayer? PaymentForceLayer { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>What its owner decided.</summary>
    public Wishes Wishes { get; init; } = Wishes.None;

    /// <summary>What the chain says.</summary>
    public Projection Projection { get; init; } = Projection.Nothing;

    /// <summary>What acts for it now.</summary>
    public StandingAttempt? UnderWay { get; init; }

    /// <summary>What last stood in the way.</summary>
    public Trouble? Trouble { get; init; }

    /// <summary>When it was concluded that no lock will come; a lock that comes all the same ends that.</summary>
    public DateTimeOffset? GaveUpAt { get; init; }

    /// <summary>Derived: what this node does next.</summary>
    public Intent Intent { get; init; }

    /// <summary>Derived: when to look at it again without being told; null when only an event can matter.</summary>
    public DateTimeOffset? NextAt { get; init; }

    /// <summary>Derived: what is wrong with it.</summary>
    public DealProblem? Problem { get; init; }

    /// <summary>Counts its changes.</summary>
    public long Revision { get; init; }

    /// <summary>Last change of anything.</summary>
    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Last change of the next action or its error.</summary>
    public DateTimeOffset NextActionChangedAt { get; init; }

    /// <summary>Last change of the on-chain state or the result.</summary>
    public DateTimeOffset StateChangedAt { get; init; }

    /// <summary>True when the time to pay passed and the chain showed no good lock.</summary>
    public bool IsExpired => GaveUpAt is not null && Projection.State is null;

    /// <summary>True when the chain has spoken the last word.</summary>
    public bool IsFinal => Projection.IsFinal;

    /// <summary>The state as the APIs name it.</summary>
    public OnChainState? OnChainState => Projection.State ?? (IsExpired ? Protocol.OnChainState.FundsOrDatumInvalid : null);

    /// <summary>The next action as the APIs name it.</summary>
    public RequestedAction NextAction => Deals.NextAction.Of(this);
}

/// <summary>The state of a deal's escrow as computed from the chain; never edited by hand, always recomputable.</summary>
public sealed record Projection
{
    /// <summary>Nothing seen yet.</summary>
    public static Projection Nothing { get; } = new();

    /// <summary>Null until a good lock was seen.</summary>
    public OnChainState? State { get; init; }

    /// <summary>Hex; the last one on chain, kept after a refund was authorised. A foreign contract lets it have any length, so it is text here.</summary>
    public string? ResultHash { get; init; }

    /// <summary>The buyer's address, from the lock.</summary>
    public Address? BuyerAddress { get; init; }

    /// <summary>Where the buyer is refunded, from the lock.</summary>
    public Address? BuyerReturnAddress { get; init; }

    /// <summary>ADA that goes back to the buyer in any case.</summary>
    public Lovelace? CollateralReturn { get; init; }

    /// <summary>Until when the seller must wait; the epoch when free.</summary>
    public DateTimeOffset SellerCooldown { get; init; } = DateTimeOffset.UnixEpoch;

    /// <summary>Until when the buyer must wait; the epoch when free.</summary>
    public DateTimeOffset BuyerCooldown { get; init; } = DateTimeOffset.UnixEpoch;

    /// <summary>The unspent escrow output, null before the lock and after the end.</summary>
    public TxInput? Escrow { get; init; }

    /// <summary>The last transaction of the escrow.</summary>
    public TransactionId? CurrentTransaction { get; init; }

    /// <summary>Network fees of the buyer's transactions.</summary>
    public Lovelace BuyerFees { get; init; }

    /// <summary>Network fees of the seller's transactions.</summary>
    public Lovelace SellerFees { get; init; }

    /// <summary>Purchases: the wallet of this node that the lock shows as the payer.</summary>
    public string? PayingWallet { get; init; }

    /// <summary>The last output under the identifier that is not the agreed lock, in words. Ignored otherwise.</summary>
    public string? Strange { get; init; }

    /// <summary>A second good lock: where the money stands. The first counts.</summary>
    public TxInput? SecondLock { get; init; }

    /// <summary>True when the chain has spoken the last word.</summary>
    public bool IsFinal => State is OnChainState.Withdrawn or OnChainState.RefundWithdrawn or OnChainState.DisputedWithdrawn;
}
