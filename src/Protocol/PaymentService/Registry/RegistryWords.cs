namespace Masumi.Protocol.PaymentService.Registry;

/// <summary>How an agent is reached: what kind of address its entry names.</summary>
public enum AgentType
{
    /// <summary>The five routes of MIP-003, below <c>apiBaseUrl</c>.</summary>
    Standard,

    /// <summary>An API of its own, described by the OpenAPI document at <c>openApiSpecUrl</c>.</summary>
    OpenApi,

    /// <summary>Resources that are paid by x402, listed by the manifest at <c>x402ResourcesUrl</c>.</summary>
    X402,
}

/// <summary>States of a registration, by what a person would ask for.</summary>
public enum RegistrationFilter
{
    /// <summary>The token is on chain.</summary>
    Registered,

    /// <summary>The token was burned.</summary>
    Deregistered,

    /// <summary>A transaction is wanted or under way.</summary>
    Pending,

    /// <summary>The last step did not succeed.</summary>
    Failed,
}

/// <summary>The kind of chain on which an agent is paid.</summary>
public enum SourceChain
{
    /// <summary>Cardano: an escrow.</summary>
    Cardano,

    /// <summary>A chain of Ethereum's kind: x402, without an escrow.</summary>
    EVM,
}

/// <summary>How x402 moves the money.</summary>
public enum SourceScheme
{
    /// <summary>Exactly the price.</summary>
    Exact,
}
