using System.Text.Json.Nodes;

namespace Masumi.Client;

/// <summary>What became of a purchase.</summary>
public abstract record PurchaseOutcome
{
    private PurchaseOutcome() { }

    /// <summary>Delivered; the result's hash equals the one on chain.</summary>
    public sealed record Delivered(string Result, DealInfo Purchase) : PurchaseOutcome;

    /// <summary>The agent's offer does not fit what was asked or what the registry says; nothing was paid.</summary>
    public sealed record OfferRefused(string What, string Supplied, string Required) : PurchaseOutcome;

    /// <summary>Something was delivered that is not what the seller put on chain.</summary>
    public sealed record WrongResult(string Result, string Supplied, string Required, DealInfo Purchase) : PurchaseOutcome;

    /// <summary>Nothing was delivered in the time given; the purchase stands and can be refunded.</summary>
    public sealed record NotDelivered(DealInfo Purchase) : PurchaseOutcome;
}

/// <summary>Buys from an agent in one call: discover, start, check, pay, wait, verify.</summary>
public sealed class Buyer(RegistryServiceClient registry, PaymentServiceClient node, Func<Uri, AgentClient> agents, string network, TimeProvider time)
{
    /// <summary>How often the agent and the node are asked.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Buys a job.</summary>
    /// <param name="agentIdentifier">Whom to hire.</param>
    /// <param name="input">The job.</param>
    /// <param name="identifierFromPurchaser">14 to 26 hex digits of the buyer's choosing.</param>
    /// <param name="patience">How long to wait for the result.</param>
    /// <param name="cancellation">Ends waiting; the purchase stands.</param>
    public async Task<PurchaseOutcome> BuyAsync(
        string agentIdentifier,
        JsonObject input,
        string identifierFromPurchaser,
        TimeSpan patience,
        CancellationToken cancellation
    )
    {
        var information = await registry.PaymentInformationAsync(agentIdentifier, cancellation).ConfigureAwait(false);
        var agent = agents(new Uri((string)information["apiBaseUrl"]!));
        using var parsed = System.Text.Json.JsonDocument.Parse(input.ToJsonString());
        var inputHash = Mip004.InputHash(identifierFromPurchaser, parsed.RootElement);
        var offer = await agent.StartJobAsync(identifierFromPurchaser, input, cancellation).ConfigureAwait(false);
        if (Refuse(offer, information, agentIdentifier, inputHash, identifierFromPurchaser) is { } refused)
        {
            return refused;
        }

        var purchase = await node.PurchaseAsync(network, offer, inputHash, identifierFromPurchaser, cancellation).ConfigureAwait(false);
        var started = time.GetTimestamp();
        while (time.GetElapsedTime(started) < patience)
        {
            var status = await agent.StatusAsync(offer.JobId, cancellation).ConfigureAwait(false);
            purchase = await node.ResolvePurchaseAsync(network, offer.BlockchainIdentifier, cancellation).ConfigureAwait(false);
            if (status is { Status: "completed", Result: { } result } && purchase.ResultHash is { } committed)
            {
                return Mip004.MatchResult(committed, identifierFromPurchaser, result) is not null
                    ? new PurchaseOutcome.Delivered(result, purchase)
                    : new PurchaseOutcome.WrongResult(result, Mip004.ResultHash(identifierFromPurchaser, result, ResultHashRule.Raw), committed, purchase);
            }

            await Task.Delay(PollInterval, time, cancellation).ConfigureAwait(false);
        }

        return new PurchaseOutcome.NotDelivered(purchase);
    }

    private static PurchaseOutcome.OfferRefused? Refuse(JobOffer offer, JsonObject information, string agentIdentifier, string inputHash, string identifier)
    {
        if (!offer.AgentIdentifier.Equals(agentIdentifier, StringComparison.OrdinalIgnoreCase))
        {
            return new("agentIdentifier", offer.AgentIdentifier, agentIdentifier);
        }

        if (offer.InputHash != inputHash)
        {
            return new("input_hash", offer.InputHash, inputHash);
        }

        if (offer.IdentifierFromPurchaser != identifier)
        {
            return new("identifierFromPurchaser", offer.IdentifierFromPurchaser, identifier);
        }

        return (string?)information["sellerWallet"]?["vkey"] is { } vkey && vkey != offer.SellerVKey ? new("sellerVKey", offer.SellerVKey, vkey) : null;
    }
}
