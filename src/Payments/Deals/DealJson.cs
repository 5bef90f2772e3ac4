using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Nodes;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Common;
using Masumi.Protocol;
using Masumi.Protocol.Tokens;
using Masumi.Settlement.Attempts;
using Masumi.Settlement.Deals;
using Masumi.Settlement.Rails;
using Masumi.Settlement.Sources;
using Masumi.Settlement.Stores;

namespace Masumi.Payments.Deals;

/// <summary>Deals as the API shows them (schemas Payment and Purchase of the reference document).</summary>
internal static class DealJson
{
    private const string TimeFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";

    public static string Iso(DateTimeOffset time) => time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    /// <summary>One row.</summary>
    /// <param name="deal">The deal.</param>
    /// <param name="source">Its source.</param>
    /// <param name="wallet">The node's own wallet that acts, when one is chosen and not removed.</param>
    /// <param name="attempts">What acted for it, newest first.</param>
    /// <param name="history">Its action history, when asked for.</param>
    /// <param name="tipHeight">For confirmations.</param>
    [SuppressMessage(
        "Maintainability",
        "CA1502",
        Justification = "One line for each field of the answer; it comes from a declaration with the payment API's own issue (14)."
    )]
    [SuppressMessage(
        "Design",
        "MA0051",
        Justification = "One line for each field of the answer; it comes from a declaration with the payment API's own issue (14)."
    )]
    public static JsonObject Row(
        Deal deal,
        PaymentSource source,
        HotWallet? wallet,
        IReadOnlyList<Attempt> attempts,
        IReadOnlyList<ActionHistoryEntry>? history,
        long? tipHeight
    )
    {
        var terms = deal.Terms;
        var isPayment = deal.Side == DealSide.Payment;
        var p = deal.Projection;
        var seller = p.SellerCooldown.ToUnixTimeMilliseconds();
        var buyer = p.BuyerCooldown.ToUnixTimeMilliseconds();
        var next = new JsonObject
        {
            ["requestedAction"] = Word.Text(deal.NextAction),
            ["errorType"] = Text(deal.Problem?.Type),
            ["errorNote"] = deal.Problem?.Note,
        };
        if (isPayment)
        {
            next["resultHash"] = (deal.UnderWay?.Action ?? deal.Intent) == Intent.SubmitResult ? deal.Wishes.Result?.ToString() : null;
        }

        var row = new JsonObject
        {
            ["id"] = deal.Id,
            ["createdAt"] = Iso(deal.CreatedAt),
            ["updatedAt"] = Iso(deal.UpdatedAt),
            ["blockchainIdentifier"] = terms.Identifier.ToString(),
            ["agentIdentifier"] = terms.AgentIdentifier.ToString(),
            ["agentName"] = deal.AgentName,
            ["pricingType"] = Word.Text(terms.Pricing),
            ["lastCheckedAt"] = null,
            ["payByTime"] = WireTime.Text(terms.Deadlines.PayBy),
            ["submitResultTime"] = WireTime.Text(terms.Deadlines.SubmitResult),
            ["unlockTime"] = WireTime.Text(terms.Deadlines.Unlock),
            ["externalDisputeUnlockTime"] = WireTime.Text(terms.Deadlines.ExternalDisputeUnlock),
            ["totalBuyerCardanoFees"] = Ada(p.BuyerFees),
            ["totalSellerCardanoFees"] = Ada(p.SellerFees),
            ["nextActionOrOnChainStateOrResultLastChangedAt"] = Iso(
                deal.NextActionChangedAt > deal.StateChangedAt ? deal.NextActionChangedAt : deal.StateChangedAt
            ),
            ["nextActionLastChangedAt"] = Iso(deal.NextActionChangedAt),
            ["onChainStateOrResultLastChangedAt"] = Iso(deal.StateChangedAt),
            ["requestedById"] = deal.RequestedBy,
            ["onChainState"] = Text(deal.OnChainState),
            ["collateralReturnLovelace"] = p.CollateralReturn?.ToString(),
            ["buyerReturnAddress"] = (p.BuyerReturnAddress ?? terms.BuyerReturnAddress)?.ToString(),
            ["sellerReturnAddress"] = terms.SellerReturnAddress?.ToString(),
            ["cooldownTime"] = isPayment ? seller : buyer,
            ["cooldownTimeOtherParty"] = isPayment ? buyer : seller,
            ["inputHash"] = terms.InputHash.ToString(),
            ["resultHash"] = p.ResultHash ?? (isPayment ? "" : null),
            ["NextAction"] = next,
            ["CurrentTransaction"] = CurrentTransaction(deal, attempts, tipHeight),
            [isPayment ? "RequestedFunds" : "PaidFunds"] = Funds(terms.Funds, source.Network),
            ["WithdrawnForSeller"] = new JsonArray(),
            ["WithdrawnForBuyer"] = new JsonArray(),
            ["PaymentSource"] = new JsonObject
            {
                ["id"] = source.Id,
                ["network"] = Word.Text(source.Network),
                ["paymentSourceType"] = TypeName(source),
                ["smartContractAddress"] = source.ContractAddress.ToString(),
                ["policyId"] = source.PolicyId.ToString(),
            },
            [isPayment ? "BuyerWallet" : "SellerWallet"] = isPayment ? Counterparty(p.BuyerAddress) : Counterparty(terms.SellerAddress),
            ["SmartContractWallet"] = wallet is null or { DeletedAt: not null }
                ? null
                : new JsonObject
                {
                    ["id"] = wallet.Id,
                    ["walletVkey"] = wallet.KeyHash.ToString(),
                    ["walletAddress"] = wallet.Address.ToString(),
                },
            ["metadata"] = deal.Metadata,
        };
        row["ActionHistory"] = history is null ? null : new JsonArray([.. history.Select(h => (JsonNode)History(h, isPayment))]);
        row["TransactionHistory"] = history is null ? null : new JsonArray([.. attempts.Select(i => (JsonNode)Transaction(i, tipHeight))]);
        return row;
    }

    public static string TypeName(PaymentSource source) => Word.Text(source.Family.ToSourceType());

    public static JsonArray Funds(Value value, Network network) =>
        new([
            .. Amounts
                .ToList(value)
                .Select(a =>
                    (JsonNode)new JsonObject { ["amount"] = a.Quantity.ToString(CultureInfo.InvariantCulture), ["unit"] = a.Unit }.Labelled(a.Unit, network)
                ),
        ]);

    private static string? Text<T>(T? word)
        where T : struct, Enum => word is { } known ? Word.Text(known) : null;

    private static decimal Ada(Lovelace lovelace) => lovelace.Amount / 1_000_000m;

    // The APIs give the other party's wallet an id of their own; the key hash serves.
    private static JsonObject? Counterparty(Address? address) =>
        address?.Payment is { } payment ? new JsonObject { ["id"] = "c" + payment.Hash.ToString()[..24], ["walletVkey"] = payment.Hash.ToString() } : null;

    private static JsonObject? CurrentTransaction(Deal deal, IReadOnlyList<Attempt> attempts, long? tipHeight)
    {
        // What is under way comes first, then what the chain saw last, whoever sent it.
        var current = attempts.FirstOrDefault(i => i.IsSent) ?? attempts.FirstOrDefault(i => i.TxId == deal.Projection.CurrentTransaction);
        if (current is not null)
        {
            return Transaction(current, tipHeight);
        }

        // The last transaction was the other party's: all we have is its id.
        return deal.Projection.CurrentTransaction is not { } hash
            ? null
            : new JsonObject
            {
                ["id"] = "c" + hash.ToString()[..24],
                ["createdAt"] = Iso(deal.StateChangedAt),
                ["updatedAt"] = Iso(deal.StateChangedAt),
                ["txHash"] = hash.ToString(),
                ["status"] = "Confirmed",
                ["fees"] = null,
                ["blockHeight"] = null,
                ["blockTime"] = null,
                ["previousOnChainState"] = null,
                ["newOnChainState"] = Text(deal.OnChainState),
                ["confirmations"] = null,
            };
    }

    private static JsonObject Transaction(Attempt attempt, long? tipHeight) =>
        new()
        {
            ["id"] = attempt.Id,
            ["createdAt"] = Iso(attempt.CreatedAt),
            ["updatedAt"] = Iso(attempt.CreatedAt),
            ["txHash"] = attempt.TxId.ToString(),
            ["status"] = attempt.State switch
            {
                AttemptState.InBlock or AttemptState.Final => "Confirmed",
                AttemptState.Stored or AttemptState.Offered or AttemptState.Pending => "Pending",
                AttemptState.Failed or AttemptState.Conflicted => "RolledBack",
                _ => "FailedViaTimeout",
            },
            ["fees"] = attempt.Fee.ToString(),
            ["blockHeight"] = attempt.Height,
            ["blockTime"] = null,
            ["previousOnChainState"] = null,
            ["newOnChainState"] = null,
            ["confirmations"] = attempt.Height is { } height && tipHeight is { } tip ? Math.Max(0, tip - height + 1) : null,
        };

    private static JsonObject History(ActionHistoryEntry entry, bool isPayment)
    {
        var row = new JsonObject
        {
            ["id"] = "c" + entry.Seq.ToString("d8", CultureInfo.InvariantCulture),
            ["createdAt"] = Iso(entry.At),
            ["updatedAt"] = Iso(entry.At),
            ["requestedAction"] = Word.Text(entry.Action),
            ["errorType"] = Text(entry.ErrorType),
            ["errorNote"] = entry.ErrorNote,
        };
        if (isPayment)
        {
            row["submittedTxHash"] = entry.TxId;
            row["resultHash"] = entry.ResultHash?.ToString();
        }

        return row;
    }
}
