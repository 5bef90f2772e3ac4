using System.Collections.Immutable;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Transactions;
using Masumi.Protocol;

namespace Masumi.Settlement;

/// <summary>Which side of a job this node is on. A purchase and a payment with the same identifier are two deals.</summary>
public enum DealSide
{
    /// <summary>The buyer's side.</summary>
    Purchase,

    /// <summary>The seller's side.</summary>
    Payment,
}

/// <summary>What this node wants to happen next to a deal's escrow.</summary>
public enum Intent
{
    /// <summary>Nothing: waiting for the other side, for time, or done.</summary>
    Nothing,

    /// <summary>Buyer: lock the funds.</summary>
    Lock,

    /// <summary>Seller: put the result hash on chain.</summary>
    SubmitResult,

    /// <summary>Buyer: ask for a refund.</summary>
    RequestRefund,

    /// <summary>Buyer, V1: take the request for a refund back.</summary>
    CancelRefundRequest,

    /// <summary>Seller: agree to a refund.</summary>
    AuthorizeRefund,

    /// <summary>Buyer: release a disputed escrow to the seller. Final.</summary>
    AuthorizeWithdrawal,

    /// <summary>Seller: collect.</summary>
    Withdraw,

    /// <summary>Buyer: collect the refund.</summary>
    WithdrawRefund,
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
);

/// <summary>Why a deal needs a person, or what last went wrong.</summary>
/// <param name="Type">Of what kind it is.</param>
/// <param name="Note">In words.</param>
/// <param name="NeedsManual">True when only an operator can go on.</param>
public sealed record DealProblem(ErrorType Type, string Note, bool NeedsManual);

/// <summary>One side of one job: terms, what this node wants, and what the chain says.</summary>
public sealed record Deal
{
    /// <summary>Our id.</summary>
    public required string Id { get; init; }

    /// <summary>Buyer's or seller's.</summary>
    public required DealSide Side { get; init; }

    /// <summary>The contract instance.</summary>
    public required string SourceId { get; init; }

    /// <summary>What was agreed.</summary>
    public required DealTerms Terms { get; init; }

    /// <summary>The agent's name when the deal was made.</summary>
    public string? AgentName { get; init; }

    /// <summary>The hot wallet that acts: the selling wallet, or the purchasing wallet once one is chosen.</summary>
    public string? WalletId { get; init; }

    /// <summary>Hot wallets that may pay; empty means any.</summary>
    public ImmutableArray<string> AllowedWallets { get; init; } = [];

    /// <summary>Purchases: the collateral this node put into its lock; the lock on chain must have the same.</summary>
    public Lovelace? LockCollateral { get; init; }

    /// <summary>The caller's own text.</summary>
    public string? Metadata { get; init; }

    /// <summary>The API key that made it.</summary>
    public string? RequestedBy { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>What this node wants next.</summary>
    public Intent Intent { get; init; }

    /// <summary>The result hash to submit; kept after it was, so that a rollback does not lose it.</summary>
    public ResultHash? IntentResultHash { get; init; }

    /// <summary>What stands in the way.</summary>
    public DealProblem? Problem { get; init; }

    /// <summary>What the chain says.</summary>
    public Projection Projection { get; init; } = Projection.Nothing;

    /// <summary>Last change of anything.</summary>
    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Last change of the next action or its error.</summary>
    public DateTimeOffset NextActionChangedAt { get; init; }

    /// <summary>Last change of the on-chain state or the result.</summary>
    public DateTimeOffset StateChangedAt { get; init; }

    /// <summary>True when the time to pay passed and the chain showed no lock at all, good or bad.</summary>
    public bool IsExpired => Projection is { State: OnChainState.FundsOrDatumInvalid, CurrentTransaction: null };

    /// <summary>True when the chain has spoken the last word.</summary>
    public bool IsFinal => Projection.State is OnChainState.Withdrawn or OnChainState.RefundWithdrawn or OnChainState.DisputedWithdrawn;
}

/// <summary>The state of a deal's escrow as computed from the chain; never edited by hand, always recomputable.</summary>
public sealed record Projection
{
    /// <summary>Nothing seen yet.</summary>
    public static Projection Nothing { get; } = new();

    /// <summary>Null until something was seen.</summary>
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

    /// <summary>Why a lock was not accepted, in words.</summary>
    public string? Refusal { get; init; }
}
