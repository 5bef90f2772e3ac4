using System.Text.Json.Serialization;

namespace Masumi.Protocol;

// The closed lists of words that the APIs use. A member's name is the word on the wire, except in JobStatus. Unknown words: Word<T>.

/// <summary>The Cardano network, as all three APIs name it. A devnet is called <see cref="Preprod"/> on the wire.</summary>
[JsonConverter(typeof(WordConverter<Network>))]
public enum Network
{
    /// <summary>The public test network.</summary>
    Preprod,

    /// <summary>Real money.</summary>
    Mainnet,
}

/// <summary>The generation of an escrow contract.</summary>
[JsonConverter(typeof(WordConverter<PaymentSourceType>))]
public enum PaymentSourceType
{
    /// <summary>The first contracts: 16 datum fields, a protocol fee.</summary>
    Web3CardanoV1,

    /// <summary>Those with return addresses and no fee.</summary>
    Web3CardanoV2,
}

/// <summary>How an agent is priced.</summary>
[JsonConverter(typeof(WordConverter<PricingType>))]
public enum PricingType
{
    /// <summary>The registry names the price.</summary>
    Fixed,

    /// <summary>The agent names the price of each job.</summary>
    Dynamic,

    /// <summary>Nothing is paid.</summary>
    Free,
}

/// <summary>What the chain says about a deal's escrow; no word (null) means nothing yet (spec payment-service-api.md 3.3).</summary>
[JsonConverter(typeof(WordConverter<OnChainState>))]
public enum OnChainState
{
    /// <summary>The buyer's funds are in escrow under the agreed terms.</summary>
    FundsLocked,

    /// <summary>A lock was seen but not under the agreed terms, or none came in time. Dead.</summary>
    FundsOrDatumInvalid,

    /// <summary>The seller's result hash is on chain.</summary>
    ResultSubmitted,

    /// <summary>The buyer asked for a refund; there is no result.</summary>
    RefundRequested,

    /// <summary>The buyer asked for a refund although there is a result.</summary>
    Disputed,

    /// <summary>The buyer released the escrow to the seller.</summary>
    WithdrawAuthorized,

    /// <summary>The seller released the escrow to the buyer.</summary>
    RefundAuthorized,

    /// <summary>The seller collected. Final.</summary>
    Withdrawn,

    /// <summary>The buyer was refunded. Final.</summary>
    RefundWithdrawn,

    /// <summary>Admins divided the escrow. Final.</summary>
    DisputedWithdrawn,
}

/// <summary>
/// <c>NextAction.requestedAction</c> of both sides. <c>…Requested</c> waits for its transaction, <c>…Initiated</c> waits for the chain
/// (spec payment-service-api.md 3.3).
/// </summary>
[JsonConverter(typeof(WordConverter<RequestedAction>))]
public enum RequestedAction
{
    /// <summary>Finished.</summary>
    None,

    /// <summary>Left alone.</summary>
    Ignore,

    /// <summary>A person is needed.</summary>
    WaitingForManualAction,

    /// <summary>Waiting for the other side, the chain, the time or a call.</summary>
    WaitingForExternalAction,

    /// <summary>Buyer: a lock waits for its transaction.</summary>
    FundsLockingRequested,

    /// <summary>Buyer: the lock's transaction is under way.</summary>
    FundsLockingInitiated,

    /// <summary>Seller: a result hash waits for its transaction.</summary>
    SubmitResultRequested,

    /// <summary>Seller: the result's transaction is under way.</summary>
    SubmitResultInitiated,

    /// <summary>Seller: collecting waits for its transaction.</summary>
    WithdrawRequested,

    /// <summary>Seller: collecting is under way.</summary>
    WithdrawInitiated,

    /// <summary>Seller: consent to a refund waits for its transaction.</summary>
    AuthorizeRefundRequested,

    /// <summary>Seller: consent to a refund is under way.</summary>
    AuthorizeRefundInitiated,

    /// <summary>Buyer: asking for a refund waits for its transaction.</summary>
    SetRefundRequestedRequested,

    /// <summary>Buyer: asking for a refund is under way.</summary>
    SetRefundRequestedInitiated,

    /// <summary>Buyer, V1: taking the request back waits for its transaction.</summary>
    UnSetRefundRequestedRequested,

    /// <summary>Buyer, V1: taking the request back is under way.</summary>
    UnSetRefundRequestedInitiated,

    /// <summary>Buyer: collecting the refund waits for its transaction.</summary>
    WithdrawRefundRequested,

    /// <summary>Buyer: collecting the refund is under way.</summary>
    WithdrawRefundInitiated,

    /// <summary>Buyer, V2: releasing a disputed escrow waits for its transaction.</summary>
    AuthorizeWithdrawalRequested,

    /// <summary>Buyer, V2: releasing a disputed escrow is under way.</summary>
    AuthorizeWithdrawalInitiated,
}

/// <summary>What kind of problem stands in the way of a deal: <c>NextAction.errorType</c>.</summary>
[JsonConverter(typeof(WordConverter<ErrorType>))]
public enum ErrorType
{
    /// <summary>The chain or its provider did not answer, or refused.</summary>
    NetworkError,

    /// <summary>No purchasing wallet has enough. Purchases only.</summary>
    InsufficientFunds,

    /// <summary>Anything else; the note tells.</summary>
    Unknown,
}

/// <summary>How the registration of an agent stands at a payment service.</summary>
[JsonConverter(typeof(WordConverter<RegistrationState>))]
public enum RegistrationState
{
    /// <summary>The mint waits for its transaction.</summary>
    RegistrationRequested,

    /// <summary>The mint is under way.</summary>
    RegistrationInitiated,

    /// <summary>The agent's token is on chain.</summary>
    RegistrationConfirmed,

    /// <summary>There is no token.</summary>
    RegistrationFailed,

    /// <summary>The burn waits for its transaction.</summary>
    DeregistrationRequested,

    /// <summary>The burn is under way.</summary>
    DeregistrationInitiated,

    /// <summary>The agent's token is gone.</summary>
    DeregistrationConfirmed,

    /// <summary>The agent's token is still there.</summary>
    DeregistrationFailed,

    /// <summary>The new version waits for its transaction.</summary>
    UpdateRequested,

    /// <summary>The new version is under way.</summary>
    UpdateInitiated,

    /// <summary>The new version is on chain.</summary>
    UpdateConfirmed,

    /// <summary>The version before stands.</summary>
    UpdateFailed,
}

/// <summary>How a registry service sees an agent.</summary>
[JsonConverter(typeof(WordConverter<AgentStatus>))]
public enum AgentStatus
{
    /// <summary>It answered as the agent it is registered as.</summary>
    Online,

    /// <summary>It did not answer.</summary>
    Offline,

    /// <summary>Its token is burned.</summary>
    Deregistered,

    /// <summary>It answered as something else, or its entry is not valid.</summary>
    Invalid,
}

/// <summary>How a job stands at its agent (MIP-003): <c>awaiting_payment</c> and so on.</summary>
[JsonConverter(typeof(WordConverter<JobStatus>))]
public enum JobStatus
{
    /// <summary><c>awaiting_payment</c>: the chain shows no lock yet.</summary>
    AwaitingPayment,

    /// <summary><c>awaiting_input</c>: the agent asked the buyer something.</summary>
    AwaitingInput,

    /// <summary><c>running</c>: paid, and being worked on.</summary>
    Running,

    /// <summary><c>completed</c>: there is a result.</summary>
    Completed,

    /// <summary><c>failed</c>: there will be none.</summary>
    Failed,
}
