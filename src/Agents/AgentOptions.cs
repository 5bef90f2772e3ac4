using System.Text.Json;
using Masumi.Protocol;
using Masumi.Protocol.Hashing;
using Masumi.Protocol.Tokens;

namespace Masumi.Agents;

/// <summary>When an agent agrees to a refund that its buyer asks for, instead of making him wait for the deadline.</summary>
public enum RefundPolicy
{
    /// <summary>Never by itself.</summary>
    Never,

    /// <summary>When the work was not begun.</summary>
    NotStarted,

    /// <summary>When the work was not begun, or the function failed or delivered nothing.</summary>
    NotDelivered,
}

/// <summary>What an agent is and how it sells.</summary>
public sealed record AgentOptions
{
    /// <summary>For people.</summary>
    public required string Name { get; init; }

    /// <summary>The registered asset.</summary>
    public required AgentIdentifier AgentIdentifier { get; init; }

    /// <summary>The hash of the selling wallet's payment key.</summary>
    public required WalletVkey SellerVkey { get; init; }

    /// <summary>
    /// The price of every job of an agent that is registered with dynamic pricing: <c>Price.Usdm(5)</c>, and tUSDM on Preprod. Null where the registry
    /// has the price: the node refuses another one.
    /// </summary>
    public Price? Price { get; init; }

    /// <summary>The append-only file that holds the jobs; created for its owner alone, and refused when others may use it.</summary>
    public required string JobFile { get; init; }

    /// <summary>Which advertised payment source the price comes from. Agents of the first generation (V1) have one price and no such list: it is ignored.</summary>
    public int PricingIndex { get; init; }

    /// <summary>From start_job to payByTime.</summary>
    public TimeSpan PayWithin { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>From payByTime to submitResultTime; the node wants five minutes at least.</summary>
    public TimeSpan SubmitWithin { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How far ahead the deadlines of its offers may lie; buyers refuse what lies further.</summary>
    public DeadlineLimits Deadlines { get; init; } = DeadlineLimits.Default;

    /// <summary>Between two looks at the node.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long after payByTime the chain may still show the lock.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How much of the time before submitResultTime is kept for the transaction itself.</summary>
    public TimeSpan SubmitReserve { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How a result becomes the text that is hashed. The marketplace verifies only the escaped form.</summary>
    public ResultHashRule ResultHashRule { get; init; } = ResultHashRule.Escaped;

    /// <summary>When to agree to a refund. By default whenever there is nothing to be paid for.</summary>
    public RefundPolicy Refunds { get; init; } = RefundPolicy.NotDelivered;

    /// <summary>How many functions run at once.</summary>
    public int MaxRunning { get; init; } = 4;

    /// <summary>How many unfinished jobs are accepted before start_job answers 429.</summary>
    public int MaxOpenJobs { get; init; } = 1000;

    /// <summary>What <c>/input_schema</c> serves.</summary>
    public JsonElement InputSchema { get; init; } = JsonDocument.Parse("""{"input_data":[]}""").RootElement;

    /// <summary>Names a job: 128 random bits, for the id is all that protects the result.</summary>
#pragma warning disable RS0030 // A default for programs without an id source of their own.
    public Func<string> NewJobId { get; init; } = () => System.Security.Cryptography.RandomNumberGenerator.GetHexString(32, lowercase: true);
#pragma warning restore RS0030

    /// <summary>The terms of an offer made now. Throws <see cref="ArgumentException"/> when they lie too far ahead.</summary>
    internal (DateTimeOffset PayBy, DateTimeOffset SubmitResult) Terms(DateTimeOffset now)
    {
        // Whole seconds survive clients that drop the milliseconds (agentic-service-api 3).
        var payBy = DateTimeOffset.FromUnixTimeSeconds((now + PayWithin).ToUnixTimeSeconds());
        var submit = payBy + SubmitWithin;
        return DeadlineRules.CheckLimits(Protocol.Deadlines.WithDefaults(payBy, submit, null, null), now, Deadlines) is [var far, ..]
            ? throw new ArgumentException($"{far.Message}: {nameof(PayWithin)} is {PayWithin}, {nameof(SubmitWithin)} is {SubmitWithin}.")
            : (payBy, submit);
    }
}

/// <summary>What the agent's function gets.</summary>
/// <param name="JobId">The job's id.</param>
/// <param name="IdentifierFromPurchaser">The buyer's nonce.</param>
/// <param name="Input">The input as received, but with the schema's defaults filled in, indexes as labels, and numbers in text as numbers.</param>
/// <param name="Attempt">1 at first; more after a restart interrupted the function.</param>
public sealed record JobContext(string JobId, BuyerNonce IdentifierFromPurchaser, JsonElement Input, int Attempt);
