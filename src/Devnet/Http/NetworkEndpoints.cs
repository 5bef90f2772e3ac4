using System.Text.Json.Nodes;
using Masumi.Cardano;

namespace Masumi.Devnet.Http;

/// <summary>/health, /genesis, /epochs.</summary>
internal static class NetworkEndpoints
{
    public static ApiResponse Health() => ApiResponse.Ok(new JsonObject { ["is_healthy"] = true });

    public static ApiResponse Clock(DevnetChain chain) => ApiResponse.Ok(new JsonObject { ["server_time"] = chain.Clock.GetUtcNow().ToUnixTimeMilliseconds() });

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
                ["output"] = Json.Lovelace(records.SelectMany(r => r.Transaction.Body.Outputs)),
                ["fees"] = Json.Text(records.Sum(r => r.Fee.Amount)),
                ["active_stake"] = null,
            }
        );
    }

    public static ApiResponse LatestParameters(DevnetChain chain) =>
        ApiResponse.Ok(BlockfrostParameters.Write(chain.Parameters, (int)(chain.Tip.Slot.Number / chain.Options.EpochLength)));
}
