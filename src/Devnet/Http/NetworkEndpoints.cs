using System.Text.Json.Nodes;
using Masumi.Cardano;

namespace Masumi.Devnet.Http;

/// <summary>/health, /genesis, /epochs.</summary>
internal static class NetworkEndpoints
{
    public static ApiResponse Health() => ApiResponse.Ok(new JsonObject { ["is_healthy"] = true });

    public static ApiResponse Clock(DevnetChain chain) =>
        ApiResponse.Ok(new JsonObject { ["server_time"] = chain.Clock.GetUtcNow().ToUnixTimeMilliseconds() });

    public static ApiResponse Genesis(DevnetChain chain) =>
        ApiResponse.Ok(
            new JsonObject
            {
                ["active_slots_coefficient"] = 1,
                ["update_quorum"] = 1,
                ["max_lovelace_supply"] = $"{Lovelace.MaxSupply}",
                ["network_magic"] = chain.Options.NetworkMagic,
                ["epoch_length"] = chain.Options.EpochLength,
                ["system_start"] = chain.Slots.ZeroTime.ToUnixTimeSeconds(),
                ["slots_per_kes_period"] = 129_600,
                ["slot_length"] = (int)DevnetChain.SlotLength.TotalSeconds,
                ["max_kes_evolutions"] = 62,
                ["security_param"] = 2160,
            }
        );

    public static ApiResponse LatestEpoch(DevnetChain chain)
    {
        var view = chain.View;
        var length = chain.Options.EpochLength;
        var epoch = view.Tip.Slot.Number / length;
        var blocks = view.Chain.Blocks.Reverse().TakeWhile(b => b.Block.Slot.Number / length == epoch).Select(b => b.Block).ToArray();
        var records = blocks.SelectMany(b => b.Transactions).Select(t => view.Index.Transactions[t.Id]).ToArray();
        var start = chain.Slots.TimeOf(new Slot(epoch * length)).ToUnixTimeSeconds();
        return ApiResponse.Ok(
            new JsonObject
            {
                ["epoch"] = epoch,
                ["start_time"] = start,
                ["end_time"] = start + length,
                ["first_block_time"] = Json.Time(blocks[^1], chain.Slots),
                ["last_block_time"] = Json.Time(blocks[0], chain.Slots),
                ["block_count"] = blocks.Length,
                ["tx_count"] = records.Length,
                ["output"] = $"{Json.TotalOf(records.SelectMany(r => r.Transaction.Body.Outputs)).Coin}",
                ["fees"] = Json.Text(records.Sum(r => r.Fee.Amount)),
                ["active_stake"] = null,
            }
        );
    }

    public static ApiResponse LatestParameters(DevnetChain chain)
    {
        var p = chain.Parameters;
        var models = new JsonObject();
        foreach (var (language, model) in p.CostModels.OrderBy(m => m.Key))
        {
            models[$"{language}"] = new JsonArray([.. model.Select(n => JsonValue.Create(n))]);
        }

        return ApiResponse.Ok(
            new JsonObject
            {
                ["epoch"] = chain.Tip.Slot.Number / chain.Options.EpochLength,
                ["min_fee_a"] = p.MinFeePerByte,
                ["min_fee_b"] = p.MinFeeConstant.Amount,
                ["max_block_size"] = p.MaxBlockBodySize,
                ["max_tx_size"] = p.MaxTxSize,
                ["max_block_header_size"] = 1100,
                ["key_deposit"] = $"{p.KeyDeposit}",
                ["pool_deposit"] = $"{p.PoolDeposit}",
                ["e_max"] = 18,
                ["n_opt"] = 500,
                ["a0"] = 0.3m,
                ["rho"] = 0.003m,
                ["tau"] = 0.2m,
                ["decentralisation_param"] = 0,
                ["extra_entropy"] = null,
                ["protocol_major_ver"] = p.ProtocolMajor,
                ["protocol_minor_ver"] = 0,
                ["min_utxo"] = Json.Text(p.CoinsPerUtxoByte),
                ["min_pool_cost"] = "170000000",
                ["nonce"] = $"{Blake2b.Hash256([])}",
                ["cost_models_raw"] = models,
                ["price_mem"] = Decimal(p.PriceMemory),
                ["price_step"] = Decimal(p.PriceSteps),
                ["max_tx_ex_mem"] = Json.Text(p.MaxTxExUnits.Memory),
                ["max_tx_ex_steps"] = Json.Text(p.MaxTxExUnits.Steps),
                ["max_block_ex_mem"] = Json.Text(p.MaxBlockExUnits.Memory),
                ["max_block_ex_steps"] = Json.Text(p.MaxBlockExUnits.Steps),
                ["max_val_size"] = Json.Text(p.MaxValueSize),
                ["collateral_percent"] = p.CollateralPercentage,
                ["max_collateral_inputs"] = p.MaxCollateralInputs,
                ["coins_per_utxo_size"] = Json.Text(p.CoinsPerUtxoByte),
                ["coins_per_utxo_word"] = Json.Text(p.CoinsPerUtxoByte),
                ["drep_deposit"] = $"{p.DRepDeposit}",
                ["min_fee_ref_script_cost_per_byte"] = Decimal(p.MinFeeRefScriptCostPerByte),
            }
        );
    }

    private static decimal Decimal(Rational rational) => (decimal)rational.Numerator / rational.Denominator;
}
