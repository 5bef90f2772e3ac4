using System.Collections.Immutable;
using System.Globalization;
using Masumi.Cardano.Parameters;

namespace Masumi.Chain;

/// <summary>How far protocol parameters may be from those that this program was made for.</summary>
/// <param name="Factor">How many times larger or smaller than the shipped ones.</param>
/// <param name="Caps">By which factor the absolute caps are widened.</param>
/// <param name="HasLeast">Whether they can be too small.</param>
public sealed record ParameterLimits(decimal Factor, decimal Caps, bool HasLeast)
{
    /// <summary>For public networks.</summary>
    public static ParameterLimits Standard { get; } = new(3, 1, true);

    /// <summary>For networks of one's own.</summary>
    public static ParameterLimits Wide { get; } = new(100, 100, false);
}

/// <summary>A parameter that is not believed.</summary>
/// <param name="Parameter">Its name, as the API has it.</param>
/// <param name="Value">What the provider says.</param>
/// <param name="Least">The least allowed.</param>
/// <param name="Most">The most allowed.</param>
public sealed record ParameterRefusal(string Parameter, decimal Value, decimal Least, decimal Most)
{
    /// <summary>In words.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Parameter} is {Value}, from {Least} to {Most} is allowed");
}

/// <summary>
/// What of a provider's protocol parameters is believed: a wrong fee or deposit is money lost. Around the shipped ones by a factor, and never above absolute
/// caps. Pure.
/// </summary>
public static class ParameterBounds
{
    /// <summary>The parameters that are not believed; empty when all are.</summary>
    public static ImmutableArray<ParameterRefusal> Refuse(ProtocolParameters found, ProtocolParameters shipped, ParameterLimits limits) =>
        [
            .. Rows.Select(row =>
                {
                    var (value, known) = (row.Read(found), row.Read(shipped));
                    var least = limits.HasLeast ? known / limits.Factor : 0;
                    return new ParameterRefusal(row.Name, value, least, Math.Min(known * limits.Factor, row.Cap * limits.Caps));
                })
                .Where(r => r.Value < r.Least || r.Value > r.Most),
        ];

    /// <summary>What this program was not made for and goes on with: a later protocol version, cost models of other lengths.</summary>
    public static ImmutableArray<string> Unfamiliar(ProtocolParameters found, ProtocolParameters shipped) =>
        [
            .. found.ProtocolMajor > shipped.ProtocolMajor
                ? [$"protocol version {found.ProtocolMajor}, {shipped.ProtocolMajor} is known"]
                : Enumerable.Empty<string>(),
            .. found
                .CostModels.OrderBy(m => m.Key)
                .Where(m => !shipped.CostModels.TryGetValue(m.Key, out var known) || known.Length != m.Value.Length)
                .Select(m =>
                    $"a cost model of {m.Value.Length} numbers for {m.Key}, "
                    + (shipped.CostModels.TryGetValue(m.Key, out var known) ? $"{known.Length} are known" : "none is known")
                ),
        ];

    // The caps are some six times today's values or more: where an operator widens the factor, they still stand.
    private static ImmutableArray<Row> Rows { get; } =
    [
        new("min_fee_a", 500, p => p.MinFeePerByte),
        new("min_fee_b", 1_000_000, p => p.MinFeeConstant.Amount),
        new("max_tx_size", 131_072, p => p.MaxTxSize),
        new("max_block_size", 1_048_576, p => p.MaxBlockBodySize),
        new("coins_per_utxo_size", 35_000, p => p.CoinsPerUtxoByte),
        new("max_val_size", 65_536, p => p.MaxValueSize),
        new("price_mem", 1, p => Of(p.PriceMemory)),
        new("price_step", 0.01m, p => Of(p.PriceSteps)),
        new("max_tx_ex_mem", 200_000_000, p => p.MaxTxExUnits.Memory),
        new("max_tx_ex_steps", 200_000_000_000, p => p.MaxTxExUnits.Steps),
        new("max_block_ex_mem", 2_000_000_000, p => p.MaxBlockExUnits.Memory),
        new("max_block_ex_steps", 2_000_000_000_000, p => p.MaxBlockExUnits.Steps),
        new("collateral_percent", 1_000, p => p.CollateralPercentage),
        new("max_collateral_inputs", 50, p => p.MaxCollateralInputs),
        new("min_fee_ref_script_cost_per_byte", 200, p => Of(p.MinFeeRefScriptCostPerByte)),
        new("key_deposit", 50_000_000, p => p.KeyDeposit.Amount),
        new("pool_deposit", 5_000_000_000, p => p.PoolDeposit.Amount),
        new("drep_deposit", 5_000_000_000, p => p.DRepDeposit.Amount),
    ];

    private static decimal Of(Rational price) => (decimal)price.Numerator / price.Denominator;

    private sealed record Row(string Name, decimal Cap, Func<ProtocolParameters, decimal> Read);
}
