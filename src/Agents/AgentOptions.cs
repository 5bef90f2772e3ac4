using System.Text.Json.Nodes;

namespace Masumi.Agents;

/// <summary>What a paid agent is and where its node is.</summary>
public sealed record AgentOptions
{
    /// <summary>The registered agent: policy id and asset name in hex.</summary>
    public required string AgentIdentifier { get; init; }

    /// <summary>The payment service of the agent's own node.</summary>
    public required Uri PaymentService { get; init; }

    /// <summary>An API key of that node with the right to pay.</summary>
    public required string ApiKey { get; init; }

    /// <summary><c>Preprod</c> or <c>Mainnet</c>.</summary>
    public required string Network { get; init; }

    /// <summary>Payment key hash of the selling wallet, hex.</summary>
    public required string SellerVKey { get; init; }

    /// <summary>Where jobs are kept; a file of its own.</summary>
    public required string JobFile { get; init; }

    /// <summary>Which of the advertised payment sources is offered.</summary>
    public int SupportedPaymentSourceIndex { get; init; }

    /// <summary>How long a buyer has to pay.</summary>
    public TimeSpan PayWithin { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How long the work may take, from the start of the job.</summary>
    public TimeSpan DeliverWithin { get; init; } = TimeSpan.FromHours(2);

    /// <summary>How often the node is asked.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>What the input looks like (MIP-003 <c>input_schema</c>).</summary>
    public JsonObject InputSchema { get; init; } = new() { ["input_data"] = new JsonArray() };

    /// <summary>Most jobs at work or waiting for payment; beyond, new ones are turned away with 429.</summary>
    public int MaxOpenJobs { get; init; } = 1000;

    /// <summary>The clock deadlines are counted from; on a devnet with a moved clock, the chain's.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}

/// <summary>A job to do.</summary>
/// <param name="Id">The job's id.</param>
/// <param name="Input">What the buyer sent.</param>
/// <param name="IdentifierFromPurchaser">The buyer's nonce.</param>
public sealed record JobContext(string Id, JsonObject Input, string IdentifierFromPurchaser);

/// <summary>The work: returns the result's text, or null to deliver nothing.</summary>
public delegate Task<string?> AgentWork(JobContext job, CancellationToken cancellation);
