using System.Text.Json;

namespace Masumi.Client;

/// <summary>The checks before money is spent (clients.md 4, step 3). The own node checks the signature.</summary>
internal static class OfferCheck
{
    /// <summary>Why an offer must not be paid, or null.</summary>
    public static string? Refuse(
        StartedJob job,
        PaymentInformation agent,
        string purchaser,
        JsonElement input,
        IReadOnlyList<TokenAmount>? maxPrice,
        DateTimeOffset now
    )
    {
        var times = job.Times;
        if (job.IdentifierFromPurchaser != purchaser)
        {
            return $"The agent answered for purchaser {job.IdentifierFromPurchaser}, not {purchaser}.";
        }

        if (!string.Equals(job.AgentIdentifier, agent.AgentIdentifier, StringComparison.OrdinalIgnoreCase))
        {
            return $"The agent answered as {job.AgentIdentifier}, not {agent.AgentIdentifier}.";
        }

        if (!string.Equals(job.SellerVkey, agent.SellerVkey, StringComparison.OrdinalIgnoreCase))
        {
            return $"The offer is of seller {job.SellerVkey}, the agent belongs to {agent.SellerVkey}.";
        }

        if (!Mip004.IsInputHash(job.InputHash, purchaser, input))
        {
            return $"The offer is for input {job.InputHash}, ours is {Mip004.InputHash(purchaser, input)}.";
        }

        if (times.PayBy <= now || times.SubmitResult <= times.PayBy || times.Unlock <= times.SubmitResult || times.ExternalDisputeUnlock <= times.Unlock)
        {
            return $"The deadlines are not in order from {now:u}: {times}.";
        }

        var price = agent.FixedPrice ?? job.Amounts;
        return maxPrice is not null && Exceeding(price, maxPrice) is { } over ? $"The price of {over.Amount} {over.Unit} is over the limit." : null;
    }

    private static TokenAmount? Exceeding(IReadOnlyList<TokenAmount> price, IReadOnlyList<TokenAmount> limits) =>
        price.FirstOrDefault(p => !UInt128.TryParse(p.Amount, out var amount) || amount > Limit(limits, p.Unit));

    private static UInt128 Limit(IReadOnlyList<TokenAmount> limits, string unit) =>
        limits.FirstOrDefault(l => l.Unit == unit) is { } limit && UInt128.TryParse(limit.Amount, out var amount) ? amount : 0;
}
