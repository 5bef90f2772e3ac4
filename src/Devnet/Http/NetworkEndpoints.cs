using System.Text.Json.Nodes;
using Masumi.Cardano;

namespace Masumi.Devnet.Http;

/// <summary>The root, /health, /genesis and /network.</summary>
internal static class NetworkEndpoints
{
    // 3k/f slots of the public networks, also how far ahead the ledger lets validity bounds of scripts reach.
    private const long SafeZone = 129_600;

    public static ApiResponse Root() =>
        ApiResponse.Ok(new JsonObject { ["url"] = "https://blockfrost.io/", ["version"] = typeof(NetworkEndpoints).Assembly.GetName().Version!.ToString(3) });

    public static ApiResponse Health() => ApiResponse.Ok(new JsonObject { ["is_healthy"] = true });

    public static ApiResponse Clock(ChainReader chain) => ApiResponse.Ok(new JsonObject { ["server_time"] = chain.Clock.GetUtcNow().ToUnixTimeMilliseconds() });

    public static ApiResponse Genesis(ChainReader chain) =>
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

    /// <summary>What exists and where: here everything is in circulation but the treasury.</summary>
    public static ApiResponse Supply(ChainReader chain)
    {
        var view = chain.View;
        var (locked, delegated) = (Int128.Zero, Int128.Zero);
        var accounts = view.State.Certs.Accounts;
        foreach (var output in view.State.Utxos.Values)
        {
            locked += output.Address.Payment is { IsScript: true } ? output.Value.Coin.Exact : 0;
            delegated += output.Address.Stake is { } stake && accounts.GetValueOrDefault(stake)?.Pool is not null ? output.Value.Coin.Exact : 0;
        }

        var treasury = view.State.Treasury;
        return ApiResponse.Ok(
            new JsonObject
            {
                ["supply"] = new JsonObject
                {
                    ["max"] = $"{Lovelace.MaxSupply}",
                    ["total"] = $"{Lovelace.MaxSupply}",
                    ["circulating"] = $"{Lovelace.MaxSupply - treasury}",
                    ["locked"] = Json.Text(locked),
                    ["treasury"] = $"{treasury}",
                    ["reserves"] = "0",
                },
                // Stake counts once an epoch boundary took note of it; here none ever does.
                ["stake"] = new JsonObject { ["live"] = Json.Text(delegated), ["active"] = "0" },
            }
        );
    }

    /// <summary>One era from the beginning on, as far ahead as slots convert to time: the end of the epoch the forecast reaches into.</summary>
    public static ApiResponse Eras(ChainReader chain)
    {
        var length = chain.Options.EpochLength;
        var end = ((chain.Tip.Slot.Number + SafeZone) / length) + 1;
        return ApiResponse.Ok(
            new JsonArray(
                new JsonObject
                {
                    ["start"] = Bound(0),
                    ["end"] = Bound(end),
                    ["parameters"] = new JsonObject
                    {
                        ["epoch_length"] = length,
                        ["slot_length"] = (int)DevnetChain.SlotLength.TotalSeconds,
                        ["safe_zone"] = SafeZone,
                    },
                }
            )
        );

        JsonObject Bound(long epoch) =>
            new()
            {
                ["time"] = epoch * length * (int)DevnetChain.SlotLength.TotalSeconds,
                ["slot"] = epoch * length,
                ["epoch"] = epoch,
            };
    }
}
