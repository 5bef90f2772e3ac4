namespace Masumi.Protocol.PaymentService.Wallets;

/// <summary>What a hot wallet is for.</summary>
public enum HotWalletType
{
    /// <summary>Sells: signs offers, puts results on chain, collects.</summary>
    Selling,

    /// <summary>Buys: locks money, asks for refunds.</summary>
    Purchasing,

    /// <summary>Tops up the other two.</summary>
    Funding,
}

/// <summary>How a wallet's balance of an asset stands to its threshold.</summary>
public enum LowBalanceStatus
{
    /// <summary>Not looked at since the rule was made or changed.</summary>
    Unknown,

    /// <summary>At the threshold or above.</summary>
    Healthy,

    /// <summary>Below the threshold.</summary>
    Low,
}

/// <summary>How far a transfer out of a hot wallet is.</summary>
public enum TransferStatus
{
    /// <summary>Queued, or sent and not on chain yet.</summary>
    Pending,

    /// <summary>On chain.</summary>
    Confirmed,

    /// <summary>Its validity ended before it was on chain. No money moved.</summary>
    FailedViaTimeout,

    /// <summary>It could not be made, signed or sent. No money moved.</summary>
    FailedViaManualReset,

    /// <summary>It was on chain, and the chain took it back.</summary>
    RolledBack,
}

/// <summary>Which end of a list comes first.</summary>
public enum SortOrder
{
    /// <summary>The oldest.</summary>
    Asc,

    /// <summary>The newest.</summary>
    Desc,
}

/// <summary>How far a top-up is.</summary>
public enum DistributionStatus
{
    /// <summary>Waits for its transaction.</summary>
    Pending,

    /// <summary>Sent.</summary>
    Submitted,

    /// <summary>On chain.</summary>
    Confirmed,

    /// <summary>It could not be sent, or was not on chain in time.</summary>
    Failed,
}

/// <summary>What a top-up was called once; new ones are all the same.</summary>
public enum DistributionPriority
{
    /// <summary>Every new one.</summary>
    Warning,

    /// <summary>Old ones only.</summary>
    Critical,
}
