using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Masumi.Cardano;
using Masumi.Cardano.Addresses;

namespace Masumi.Devnet.Http;

/// <summary>/devnet: what only a development network can do. Not part of Blockfrost's API.</summary>
internal static class AdminEndpoints
{
    private const int MostBlocks = 1000;
    private const long MostSeconds = 10L * 365 * 24 * 3600;

    /// <summary>Any path below /devnet. What is not understood is a 400 that says why, and changes nothing.</summary>
    public static ApiResponse Answer(DevnetChain chain, ApiRequest request)
    {
        try
        {
            return (request.Method, request.Path[1..]) switch
            {
                ("GET", []) => Info(chain),
                ("GET", ["clock"]) => Clock(chain),
                ("GET", ["accounts"]) => Accounts(chain),
                ("GET", ["snapshots"]) => ApiResponse.Ok(Names(chain)),
                ("POST", ["fund"]) => Fund(chain, request),
                ("POST", ["mine"]) => Mine(chain, request),
                ("POST", ["advance"]) => Advance(chain, request),
                ("POST", ["set-time"]) => SetTime(chain, request),
                ("POST", ["pause"]) => Pause(chain, request, true),
                ("POST", ["resume"]) => Pause(chain, request, false),
                ("POST", ["snapshot"]) => Snapshot(chain, request),
                ("POST", ["revert"]) => Revert(chain, request),
                ("POST", ["rollback"]) => Rollback(chain, request),
                ("POST", ["drop"]) => Drop(chain, request),
                ("POST", ["fail"]) => Fail(chain, request),
                ("GET", ["parameters"]) => ApiResponse.Ok(Parameters(chain)),
                ("POST", ["parameters"]) => ChangeParameters(chain, request),
                ("POST", ["fail-next-submit"]) => FailNextSubmit(chain, request),
                ("POST", ["reset"]) => Reset(chain, request),
                _ => ApiResponse.NotFound(),
            };
        }
        catch (FormatException e)
        {
            return ApiResponse.BadRequest(e.Message);
        }
    }

    private static ApiResponse Info(DevnetChain chain) =>
        ApiResponse.Ok(
            new JsonObject
            {
                ["network_magic"] = chain.Options.NetworkMagic,
                ["production"] = chain.Options.Production switch
                {
                    BlockProduction.Interval => "interval",
                    BlockProduction.OnDemand => "on-demand",
                    _ => "per-transaction",
                },
                ["block_time"] = chain.Options.Production == BlockProduction.Interval ? chain.Options.BlockInterval.TotalSeconds : 0,
                ["genesis_time"] = chain.Slots.ZeroTime.ToString("O", CultureInfo.InvariantCulture),
                ["faucet_address"] = $"{chain.FaucetAddress}",
                ["faucet_policy"] = $"{chain.FaucetPolicy}",
                ["tokens"] = new JsonArray([
                    .. DevnetTokens.Known.Select(t => new JsonObject
                    {
                        ["unit"] = $"{t.Unit}",
                        ["symbol"] = t.Symbol,
                        ["decimals"] = t.Decimals,
                    }),
                ]),
                ["mempool"] = chain.View.Mempool.Count,
                ["paused"] = chain.IsPaused,
                ["storage_failure"] = chain.StorageFailure,
                ["snapshots"] = Names(chain),
                ["clock"] = Time(chain),
                ["tip"] = Tip(chain),
            }
        );

    private static ApiResponse Clock(DevnetChain chain) => ApiResponse.Ok(Time(chain));

    // Everybody may know these mnemonics: that is what they are for.
    private static ApiResponse Accounts(DevnetChain chain) =>
        ApiResponse.Ok(
            new JsonArray([
                .. chain.Options.Wallets.Select(w => new JsonObject
                {
                    ["address"] = $"{w.Address}",
                    ["mnemonic"] = w.Mnemonic,
                    ["lovelace"] = $"{w.Amount.Coin}",
                    ["assets"] = DevnetTokens.Assets(w.Amount),
                }),
            ])
        );

    /// <summary><c>{address}</c> and how much (<see cref="FundBody"/>).</summary>
    private static ApiResponse Fund(DevnetChain chain, ApiRequest request)
    {
        var body = AdminBody.Read(request, "address", "amounts", "lovelace", "assets");
        if (!Address.TryParse(body.Text("address"), out var address) || address.Network != DevnetChain.Network || address.IsReward)
        {
            return ApiResponse.BadRequest("address: not a payment address of a test network.");
        }

        return chain.Fund(address, FundBody.Read(body)) switch
        {
            DevnetFunding.Paid paid => ApiResponse.Ok(new JsonObject { ["tx_hash"] = $"{paid.Output.TxId}", ["output_index"] = paid.Output.Index }),
            DevnetFunding.Refused refused => ApiResponse.BadRequest(refused.Reason),
            _ => throw new InvalidOperationException("An unknown answer of the faucet."),
        };
    }

    /// <summary><c>{blocks?}</c>, default 1.</summary>
    private static ApiResponse Mine(DevnetChain chain, ApiRequest request)
    {
        chain.Mine((int)AdminBody.Read(request, "blocks").Count("blocks", MostBlocks, 1));
        return ApiResponse.Ok(Tip(chain));
    }

    /// <summary><c>{seconds}</c>.</summary>
    private static ApiResponse Advance(DevnetChain chain, ApiRequest request)
    {
        var by = TimeSpan.FromSeconds(AdminBody.Read(request, "seconds").Count("seconds", MostSeconds));
        return chain.TryAdvance(by) ? ApiResponse.Ok(Time(chain)) : ApiResponse.BadRequest("seconds: beyond what the clock can tell.");
    }

    /// <summary><c>{time}</c>: ISO 8601 (UTC unless it says otherwise), or POSIX milliseconds; <c>{slot}</c>: when that slot starts.</summary>
    private static ApiResponse SetTime(DevnetChain chain, ApiRequest request)
    {
        var body = AdminBody.Read(request, "time", "slot");
        if ((body["time"] is null) == (body["slot"] is null))
        {
            return ApiResponse.BadRequest("Either time or slot.");
        }

        DateTimeOffset time;
        if (body["slot"] is not null)
        {
            var slot = body.Count("slot", (long)(DateTimeOffset.MaxValue - chain.Slots.ZeroTime).TotalSeconds);
            time = chain.Slots.TimeOf(new Slot(slot));
        }
        else if (AdminBody.Number(body["time"]) is { } posix)
        {
            if (posix < 0 || posix > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())
            {
                return ApiResponse.BadRequest("time: POSIX milliseconds out of range.");
            }

            time = DateTimeOffset.FromUnixTimeMilliseconds(posix);
        }
        else if (!Digits.TryReadTime(AdminBody.AsText(body["time"]), out time))
        {
            return ApiResponse.BadRequest("time: ISO 8601 such as 2030-01-31T12:00:00Z, or POSIX milliseconds.");
        }

        return chain.TrySetTime(time)
            ? ApiResponse.Ok(Time(chain))
            : ApiResponse.BadRequest($"time: it is {chain.Clock.GetUtcNow():O} already, or that is beyond what the clock can tell. Only 'revert' goes back.");
    }

    private static ApiResponse Pause(DevnetChain chain, ApiRequest request, bool pause)
    {
        AdminBody.Read(request);
        if (pause)
        {
            chain.Pause();
        }
        else
        {
            chain.Resume();
        }

        return ApiResponse.Ok(Time(chain));
    }

    /// <summary><c>{name?}</c>, default a number.</summary>
    private static ApiResponse Snapshot(DevnetChain chain, ApiRequest request) =>
        chain.TakeSnapshot(AdminBody.Read(request, "name").Text("name")) is { } name
            ? ApiResponse.Ok(new JsonObject { ["name"] = name })
            : ApiResponse.BadRequest(
                $"name: 1 to 64 letters, digits, '.', '-', '_', and not used before; at most {DevnetChain.MaxSnapshots} snapshots are kept."
            );

    /// <summary><c>{name}</c>.</summary>
    private static ApiResponse Revert(DevnetChain chain, ApiRequest request) =>
        chain.TryRevert(AdminBody.Read(request, "name").Text("name") ?? "")
            ? ApiResponse.Ok(Tip(chain))
            : ApiResponse.BadRequest($"name: no such snapshot. There are: {string.Join(", ", chain.Snapshots)}.");

    /// <summary><c>{blocks, drop?, make?}</c>: what the blocks held waits again, or is dropped; so many new blocks are made in the same step.</summary>
    private static ApiResponse Rollback(DevnetChain chain, ApiRequest request)
    {
        var body = AdminBody.Read(request, "blocks", "drop", "make");
        var (blocks, drop, make) = ((int)body.Count("blocks", int.MaxValue), body.Flag("drop"), (int)body.Count("make", MostBlocks, 0));
        return (make == 0 ? chain.TryRollback(blocks, drop) : chain.TryFork(blocks, make, drop))
            ? ApiResponse.Ok(Tip(chain))
            : ApiResponse.BadRequest($"blocks: there are only {chain.Tip.Height} blocks after genesis.");
    }

    /// <summary><c>{tx}</c>: out of the mempool, with all that need it.</summary>
    private static ApiResponse Drop(DevnetChain chain, ApiRequest request)
    {
        if (!TransactionId.TryParse(AdminBody.Read(request, "tx").Text("tx"), out var id))
        {
            return ApiResponse.BadRequest("tx: not a transaction id.");
        }

        var dropped = chain.Drop(id);
        return dropped.IsEmpty
            ? ApiResponse.BadRequest($"tx: {id} does not wait in the mempool.")
            : ApiResponse.Ok(new JsonObject { ["dropped"] = new JsonArray([.. dropped.Select(d => JsonValue.Create($"{d}"))]) });
    }

    /// <summary><c>{tx}</c>: the block that takes it takes it as failed in phase 2; <c>{next: true}</c>: the next one that can fail so.</summary>
    private static ApiResponse Fail(DevnetChain chain, ApiRequest request)
    {
        var body = AdminBody.Read(request, "tx", "next");
        var next = body.Flag("next");
        if (next == (body["tx"] is not null))
        {
            return ApiResponse.BadRequest("Either tx or next.");
        }

        if (next)
        {
            chain.FailNextInBlock();
            return ApiResponse.Ok(new JsonObject { ["failing"] = "next" });
        }

        if (!TransactionId.TryParse(body.Text("tx"), out var id))
        {
            return ApiResponse.BadRequest("tx: not a transaction id.");
        }

        return chain.FailInBlock(id) is { } reason ? ApiResponse.BadRequest($"tx: {reason}") : ApiResponse.Ok(new JsonObject { ["failing"] = $"{id}" });
    }

    /// <summary><c>{set: {NAME: value}, at_epoch?}</c>, by Blockfrost's names: at once, or from an epoch on.</summary>
    private static ApiResponse ChangeParameters(DevnetChain chain, ApiRequest request)
    {
        var body = AdminBody.Read(request, "set", "at_epoch");
        if (body["set"] is not JsonObject { Count: > 0 } set)
        {
            return ApiResponse.BadRequest("set: an object of parameters by their names in epochs/latest/parameters.");
        }

        KeyValuePair<string, string>[] values =
        [
            .. set.Select(s =>
                KeyValuePair.Create(
                    s.Key,
                    AdminBody.AsText(s.Value)
                        ?? (s.Value is JsonValue { } number && number.GetValueKind() == JsonValueKind.Number ? number.ToJsonString() : null)
                        ?? throw new FormatException($"set: {s.Key}: a number.")
                )
            ),
        ];
        try
        {
            var dropped = chain.ChangeParameters(p => ParameterNames.With(p, values), body["at_epoch"] is null ? null : body.Count("at_epoch", int.MaxValue));
            var answer = Parameters(chain);
            answer["dropped"] = new JsonArray([.. dropped.Select(d => JsonValue.Create($"{d}"))]);
            return ApiResponse.Ok(answer);
        }
        catch (ArgumentException e)
        {
            return ApiResponse.BadRequest(e.Message);
        }
    }

    // From which epoch on which values hold, as far as they differ from those before.
    private static JsonObject Parameters(DevnetChain chain) =>
        new()
        {
            ["epoch"] = chain.View.Rules.EpochOf(chain.View.Tip.Slot),
            ["changes"] = new JsonArray([
                .. chain.ParameterChanges.Select(c => new JsonObject { ["epoch"] = c.Epoch, ["parameters"] = ParameterNames.Show(c.Parameters) }),
            ]),
        };

    /// <summary><c>{mode: "accepted" | "rejected" | "lost" | "none"}</c>.</summary>
    private static ApiResponse FailNextSubmit(DevnetChain chain, ApiRequest request)
    {
        var mode = AdminBody.Read(request, "mode").Text("mode");
        SubmitFault? fault = mode switch
        {
            "accepted" => SubmitFault.Accepted,
            "rejected" => SubmitFault.Rejected,
            "lost" => SubmitFault.Lost,
            "none" => null,
            _ => throw new FormatException("mode: accepted, rejected, lost or none."),
        };
        chain.FailNextSubmit(fault);
        return ApiResponse.Ok(new JsonObject { ["mode"] = mode });
    }

    private static ApiResponse Reset(DevnetChain chain, ApiRequest request)
    {
        AdminBody.Read(request);
        chain.Reset();
        return ApiResponse.Ok(Tip(chain));
    }

    private static JsonArray Names(DevnetChain chain) => new([.. chain.Snapshots.Select(n => JsonValue.Create(n))]);

    private static JsonObject Time(DevnetChain chain)
    {
        var now = chain.Clock.GetUtcNow();
        return new JsonObject
        {
            ["slot"] = chain.Slots.SlotAt(now).Number,
            ["time"] = now.ToString("O", CultureInfo.InvariantCulture),
            ["posix_ms"] = now.ToUnixTimeMilliseconds(),
            ["paused"] = chain.IsPaused,
        };
    }

    private static JsonObject Tip(DevnetChain chain)
    {
        var view = chain.View;
        return new JsonObject
        {
            ["height"] = view.Tip.Height,
            ["hash"] = $"{view.Tip.Hash}",
            ["slot"] = view.Tip.Slot.Number,
            ["time"] = Json.Time(view.Tip, chain.Slots),
            ["mempool"] = view.Mempool.Count,
        };
    }
}
