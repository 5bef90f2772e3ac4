using Masumi.Cardano.Transactions;
using Masumi.Protocol;

namespace Masumi.Settlement.Balances;

/// <summary>How a wallet's balance of an asset stands to the threshold of its rule.</summary>
public enum BalanceStatus
{
    /// <summary>Not looked at since the rule was made or changed.</summary>
    Unknown,

    /// <summary>At the threshold or above.</summary>
    Healthy,

    /// <summary>Below the threshold.</summary>
    Low,
}

/// <summary>When a wallet has too little of an asset, and what it is given then.</summary>
public sealed record BalanceRule
{
    /// <summary>Our id.</summary>
    public required string Id { get; init; }

    /// <summary>Whose balance.</summary>
    public required string WalletId { get; init; }

    /// <summary>Of which asset; a wallet has one rule for each.</summary>
    public required Unit Unit { get; init; }

    /// <summary>Below this it is low.</summary>
    public required long Threshold { get; init; }

    /// <summary>Whether it is looked at, and told of.</summary>
    public required bool IsEnabled { get; init; }

    /// <summary>With how much a funding wallet of the source tops the wallet up when it is low; null: with nothing.</summary>
    public long? TopUp { get; init; }

    /// <summary>How it stood at the last look.</summary>
    public BalanceStatus Status { get; init; }

    /// <summary>What was there at the last look; null before the first.</summary>
    public Int128? Amount { get; init; }

    /// <summary>When that was.</summary>
    public DateTimeOffset? CheckedAt { get; init; }

    /// <summary>When the balance last fell below the threshold.</summary>
    public DateTimeOffset? AlertedAt { get; init; }

    /// <summary>When it is looked at next; null for never.</summary>
    public DateTimeOffset? NextAt { get; init; }

    /// <summary>Counts what its owner changed, so that a look at what it was before says nothing.</summary>
    public long Revision { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>How much of its asset is in a value.</summary>
    public Int128 In(Value value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return Unit.IsAda ? value.Coin.Amount : value[AssetId.Parse(Unit.ToString())];
    }
}
