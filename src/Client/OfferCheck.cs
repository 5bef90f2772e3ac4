using System.Text.Json;
using Masumi.Protocol;
using Masumi.Protocol.Hashing;
using Masumi.Protocol.Tokens;

namespace Masumi.Client;

/// <summary>The checks before money is spent (clients.md 4, step 3). The own node checks the signature.</summary>
internal static class OfferCheck
{
    /// <summary>Why an offer must not be paid, or null.</summary>
    public static string? Refuse(
        StartedJob job,
        PaymentInformation agent,
        BuyerNonce nonce,
        JsonElement input,
        IReadOnlyList<UnitAmount>? limits,
        Network network,
        DateTimeOffset now,
        DeadlineLimits deadlines
    )
    {
        var times = job.Deadlines;
        if (job.IdentifierFromPurchaser != nonce)
        {
            return $"The agent answered for purchaser {job.IdentifierFromPurchaser}, not {nonce}.";
        }

        if (job.AgentIdentifier != agent.AgentIdentifier)
        {
            return $"The agent answered as {job.AgentIdentifier}, not {agent.AgentIdentifier}.";
        }

        if (job.SellerVkey != agent.SellerVkey)
        {
            return $"The offer is of seller {job.SellerVkey}, the agent belongs to {agent.SellerVkey}.";
        }

        if (job.PaymentSourceType is { } offered && agent.PaymentSourceType is { } registered && offered != registered)
        {
            return $"The offer is for a {Word.Text(offered)} contract, the agent is registered for {Word.Text(registered)}.";
        }

        if (!Mip004.IsInputHash(job.InputHash, nonce, input))
        {
            return $"The offer is for input {job.InputHash}, ours is {Mip004.InputHash(nonce, input)}.";
        }

        if (times.PayBy <= now || times.SubmitResult <= times.PayBy || times.Unlock <= times.SubmitResult || times.ExternalDisputeUnlock <= times.Unlock)
        {
            return $"The deadlines are not in order from {now:u}: {times}.";
        }

        if (DeadlineRules.CheckLimits(times, now, deadlines) is [var far, ..])
        {
            return $"{far.Message}: {far.Supplied:u} is offered, {far.Required:u} is the latest.";
        }

        return limits is null ? null : OverLimit(agent.FixedPrice ?? job.Amounts, limits, network);
    }

    private static string? OverLimit(IReadOnlyList<UnitAmount>? price, IReadOnlyList<UnitAmount> limits, Network network)
    {
        if (price is not { Count: > 0 } || !UnitAmount.TrySum(price, out var asked))
        {
            return "The offer names no price to hold against the limit.";
        }

        var over = asked.FirstOrDefault(amount => amount.Amount > limits.Where(l => l.Unit == amount.Unit).Sum(l => (decimal)l.Amount));
        return over is null ? null : $"The price of {AmountText.Format(over, network)} is over the limit.";
    }
}
