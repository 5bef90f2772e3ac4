using System.Collections.Immutable;
using Masumi.Cardano.Scripts;

namespace Masumi.Cardano.Parameters;

/// <summary>The protocol parameters that transactions depend on (spec cardano.md 1.2).</summary>
public sealed record ProtocolParameters
{
    private static readonly Lazy<ProtocolParameters> MainnetDefaults = new(() => BlockfrostParameters.Read(BlockfrostParameters.MainnetDocument()));

    /// <summary>Mainnet since protocol version 11 (epoch 645, July 2026); preprod is identical in everything here.</summary>
    public static ProtocolParameters Mainnet => MainnetDefaults.Value;

    /// <summary>Major protocol version; 11 on the public networks in 2026.</summary>
    public required int ProtocolMajor { get; init; }

    /// <summary>Lovelace per byte (minFeeA).</summary>
    public required long MinFeePerByte { get; init; }

    /// <summary>Constant part of the fee (minFeeB).</summary>
    public required Lovelace MinFeeConstant { get; init; }

    /// <summary>Largest transaction in bytes.</summary>
    public required int MaxTxSize { get; init; }

    /// <summary>Largest block body in bytes.</summary>
    public required int MaxBlockBodySize { get; init; }

    /// <summary>Lovelace per byte of an output.</summary>
    public required long CoinsPerUtxoByte { get; init; }

    /// <summary>Largest serialised value in bytes.</summary>
    public required int MaxValueSize { get; init; }

    /// <summary>Lovelace per memory unit.</summary>
    public required Rational PriceMemory { get; init; }

    /// <summary>Lovelace per CPU step.</summary>
    public required Rational PriceSteps { get; init; }

    /// <summary>Limit of one transaction.</summary>
    public required ExUnits MaxTxExUnits { get; init; }

    /// <summary>Limit of one block.</summary>
    public required ExUnits MaxBlockExUnits { get; init; }

    /// <summary>Percent of the fee that collateral must cover.</summary>
    public required int CollateralPercentage { get; init; }

    /// <summary>Most collateral inputs.</summary>
    public required int MaxCollateralInputs { get; init; }

    /// <summary>Lovelace per byte of reference script in the first tier.</summary>
    public required Rational MinFeeRefScriptCostPerByte { get; init; }

    /// <summary>Deposit of a stake registration.</summary>
    public required Lovelace KeyDeposit { get; init; }

    /// <summary>Deposit of a pool registration.</summary>
    public required Lovelace PoolDeposit { get; init; }

    /// <summary>Deposit of a DRep registration.</summary>
    public required Lovelace DRepDeposit { get; init; }

    /// <summary>The least fixed cost a stake pool may declare.</summary>
    public Lovelace MinPoolCost { get; init; } = new(170_000_000);

    /// <summary>How many epochs ahead a pool may announce its retirement (eMax).</summary>
    public int PoolRetireMaxEpoch { get; init; } = 18;

    /// <summary>Cost model integers by language, whole arrays as on chain.</summary>
    public required ImmutableDictionary<ScriptLanguage, ImmutableArray<long>> CostModels { get; init; }
}
