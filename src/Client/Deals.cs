using System.Text.Json;
using Masumi.Protocol;

namespace Masumi.Client;

/// <summary>A payment or purchase row of a payment service. Words that are missing or cannot be read are null; <paramref name="Raw"/> has their text.</summary>
/// <param name="Id">The service's id of the row.</param>
/// <param name="BlockchainIdentifier">The deal's name on both sides.</param>
/// <param name="AgentIdentifier">The agent.</param>
/// <param name="InputHash">What the job is about.</param>
/// <param name="Deadlines">The four deadlines.</param>
/// <param name="OnChainState">What the chain says; null means nothing yet.</param>
/// <param name="RequestedAction">What the service does about it next.</param>
/// <param name="ErrorType">What kind of problem stands in the way.</param>
/// <param name="ErrorNote">The problem in words.</param>
/// <param name="ResultHashText">The result hash on chain, as it stands there; null when there is none.</param>
/// <param name="QueuedResultHash">Payments: the result hash that waits for the chain.</param>
/// <param name="Funds">The price.</param>
/// <param name="Raw">The whole row.</param>
public sealed record DealRow(
    string Id,
    BlockchainIdentifier? BlockchainIdentifier,
    AgentIdentifier? AgentIdentifier,
    InputHash? InputHash,
    Deadlines? Deadlines,
    Word<OnChainState>? OnChainState,
    Word<RequestedAction>? RequestedAction,
    Word<ErrorType>? ErrorType,
    string? ErrorNote,
    string? ResultHashText,
    ResultHash? QueuedResultHash,
    IReadOnlyList<UnitAmount>? Funds,
    JsonElement Raw
)
{
    /// <summary>The result hash on chain; null when there is none, or one that no result can have.</summary>
    public ResultHash? ResultHash => Protocol.ResultHash.TryParse(ResultHashText, out var hash) ? hash : null;

    internal static DealRow Read(JsonElement row)
    {
        var next = row.Inner("NextAction");
        return new(
            row.Text("id") ?? "",
            Protocol.BlockchainIdentifier.TryParse(row.Text("blockchainIdentifier"), out var identifier) ? identifier : null,
            Protocol.AgentIdentifier.TryParse(row.Text("agentIdentifier"), out var agent) ? agent : null,
            Protocol.InputHash.TryParse(row.Text("inputHash"), out var input) ? input : null,
            row.Deadlines(),
            Word.Read<OnChainState>(row.Text("onChainState")),
            Word.Read<RequestedAction>(next?.Text("requestedAction")),
            Word.Read<ErrorType>(next?.Text("errorType")),
            next?.Text("errorNote"),
            row.Text("resultHash") is { Length: > 0 } hash ? hash : null,
            Protocol.ResultHash.TryParse(next?.Text("resultHash"), out var queued) ? queued : null,
            row.Inner("PaidFunds") is null ? row.Amounts("RequestedFunds") : row.Amounts("PaidFunds"),
            row
        );
    }
}

/// <summary>What <c>POST /payment</c> asks for.</summary>
/// <param name="AgentIdentifier">The agent that sells.</param>
/// <param name="InputHash">What the job is about (MIP-004).</param>
/// <param name="IdentifierFromPurchaser">The buyer's nonce.</param>
/// <param name="PayBy">The lock must be on chain by then.</param>
/// <param name="SubmitResult">The result must be on chain before.</param>
/// <param name="Unlock">Null for six hours later.</param>
/// <param name="ExternalDisputeUnlock">Null for twelve hours later.</param>
/// <param name="SupportedPaymentSourceIndex">V2: which advertised payment source is chosen.</param>
/// <param name="RequestedFunds">Under dynamic pricing the price; null under fixed.</param>
/// <param name="Metadata">The caller's own text.</param>
public sealed record PaymentRequest(
    AgentIdentifier AgentIdentifier,
    InputHash InputHash,
    BuyerNonce IdentifierFromPurchaser,
    DateTimeOffset PayBy,
    DateTimeOffset SubmitResult,
    DateTimeOffset? Unlock = null,
    DateTimeOffset? ExternalDisputeUnlock = null,
    int? SupportedPaymentSourceIndex = null,
    IReadOnlyList<UnitAmount>? RequestedFunds = null,
    string? Metadata = null
);

/// <summary>What <c>POST /purchase</c> asks for: the terms the seller signed.</summary>
/// <param name="BlockchainIdentifier">The signed offer, unchanged.</param>
/// <param name="AgentIdentifier">The agent that sells.</param>
/// <param name="SellerVkey">Whose signature it is.</param>
/// <param name="IdentifierFromPurchaser">The buyer's nonce.</param>
/// <param name="InputHash">What the job is about (MIP-004).</param>
/// <param name="Deadlines">The deadlines, to the millisecond.</param>
/// <param name="PaymentSourceType">The contract's generation; null leaves it to the identifier.</param>
/// <param name="SupportedPaymentSourceIndex">V2: which advertised payment source was chosen.</param>
/// <param name="SellerReturnAddress">V2: where the seller is paid, as he signed it.</param>
/// <param name="Amounts">The price; null under fixed pricing leaves it to the registry.</param>
/// <param name="Metadata">The caller's own text.</param>
public sealed record PurchaseRequest(
    BlockchainIdentifier BlockchainIdentifier,
    AgentIdentifier AgentIdentifier,
    WalletVkey SellerVkey,
    BuyerNonce IdentifierFromPurchaser,
    InputHash InputHash,
    Deadlines Deadlines,
    PaymentSourceType? PaymentSourceType = null,
    int? SupportedPaymentSourceIndex = null,
    string? SellerReturnAddress = null,
    IReadOnlyList<UnitAmount>? Amounts = null,
    string? Metadata = null
);
