using System.Globalization;
using System.Text.Json.Nodes;

namespace Masumi.Payments.Tests;

/// <summary>Lists, counts, diffs and look-ups (spec payment-service-api.md 1.7, 6.1, 6.2).</summary>
public sealed class ListingTests(PaymentWorld world) : IClassFixture<PaymentWorld>
{
    private const string V2 = $"?network={PaymentWorld.Network}&filterPaymentSourceType=Web3CardanoV2";

    [Fact]
    public async Task Payments_are_paged_newest_first_with_the_cursor_row_repeated()
    {
        var made = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            made.Insert(0, (string)(await world.CallAsync("POST", "payment", world.PaymentBody())).Data["id"]!);
        }

        Assert.Equal(made, (await IdsAsync($"payment{V2}&limit=100")).Take(5));
        Assert.Equal(made[..2], await IdsAsync($"payment{V2}&limit=2"));
        Assert.Equal(made[1..4], await IdsAsync($"payment{V2}&limit=3&cursorId={made[1]}"));
        Assert.Empty(await IdsAsync($"payment{V2}&cursorId=nobody"));
    }

    [Fact]
    public async Task Without_a_source_of_the_older_generation_nothing_is_hidden_and_a_contract_selects_its_own_rows()
    {
        var id = (string)(await world.CallAsync("POST", "payment", world.PaymentBody())).Data["id"]!;
        var network = $"?network={PaymentWorld.Network}";
        Assert.Contains(id, await IdsAsync($"payment{network}&limit=100"));
        Assert.Empty(await IdsAsync($"payment{network}&filterPaymentSourceType=Web3CardanoV1"));
        Assert.Contains(id, await IdsAsync($"payment{network}&filterSmartContractAddress={world.Escrow}&limit=100"));
        Assert.Empty(await IdsAsync($"payment{network}&filterSmartContractAddress=addr_test1nothing"));
        Assert.Empty(await IdsAsync($"payment{network}&filterSmartContractAddress={world.Escrow}&filterPaymentSourceType=Web3CardanoV1"));
        Assert.Empty(await IdsAsync("payment?network=Mainnet&filterPaymentSourceType=Web3CardanoV2"));
        var count = (await world.CallAsync("GET", $"payment/count{V2}")).Data["total"]!;
        Assert.Equal((long)(await IdsAsync($"payment{V2}&limit=100")).Count, (long)count);
        var unfiltered = (await world.CallAsync("GET", $"payment/count{network}")).Data.AsObject();
        Assert.Equal(("total", (long)count), (Assert.Single(unfiltered).Key, (long)unfiltered["total"]!));
        Assert.Contains(world.Agent, AgentsOf(await world.CallAsync("GET", $"registry{network}")));
    }

    [Fact]
    public async Task An_offer_nobody_paid_is_nobodys_problem_and_a_lock_that_could_not_be_paid_for_is_the_buyers()
    {
        var dear = new JsonObject { ["asset"] = "", ["amount"] = "900000000000" };
        var agent = await world.RegisterAsync(new JsonObject { ["pricingType"] = "Fixed", ["fixed"] = new JsonArray(dear) });
        var asked = world.PaymentBody();
        asked["agentIdentifier"] = agent;
        var unaffordable = world.PurchaseBody((await world.CallAsync("POST", "payment", asked)).Data, asked);
        unaffordable["agentIdentifier"] = agent;
        Assert.Equal(200, (await world.CallAsync("POST", "purchase", unaffordable)).Status);
        await world.OfferAsync();
        await world.AdvanceAsync(TimeSpan.FromMinutes(66));

        const string Stuck = V2 + "&filterNeedsManualAction=true";
        Assert.Empty(await IdsAsync($"payment{Stuck}"));
        Assert.Equal(0, (long)(await world.CallAsync("GET", $"payment/count{Stuck}")).Data["total"]!);
        var offers = (await world.CallAsync("GET", $"payment{V2}&limit=2")).Data["Payments"]!.AsArray();
        Assert.All(
            offers,
            offer =>
            {
                Assert.Equal(("FundsOrDatumInvalid", "None"), ((string?)offer!["onChainState"], (string?)offer["NextAction"]!["requestedAction"]));
                Assert.Null(offer["NextAction"]!["errorType"]);
            }
        );

        var stuck = Assert.Single((await world.CallAsync("GET", $"purchase{Stuck}")).Data["Purchases"]!.AsArray())!;
        Assert.Equal((string?)unaffordable["blockchainIdentifier"], (string?)stuck["blockchainIdentifier"]);
        Assert.Equal(("WaitingForManualAction", "Unknown"), ((string?)stuck["NextAction"]!["requestedAction"], (string?)stuck["NextAction"]!["errorType"]));
        Assert.Equal(1, (long)(await world.CallAsync("GET", $"purchase/count{Stuck}")).Data["total"]!);
    }

    [Theory]
    [InlineData("payment")]
    [InlineData("purchase")]
    [InlineData("payment/diff")]
    [InlineData("purchase/diff/onchain-state-or-result")]
    public async Task A_list_asked_for_wrongly_is_refused(string path)
    {
        const string Option = "network: Invalid option: expected one of \"Preprod\"|\"Mainnet\"";
        foreach (
            var (query, message) in new[]
            {
                ("", Option),
                ("?network=Preview", Option),
                ("?network=Preprod&network=Preprod", Option),
                (V2 + "&limit=0", "limit: Too small: expected number to be >=1"),
                (V2 + "&limit=101", "limit: Too big: expected number to be <=100"),
                (V2 + "&limit=2.5", "limit: Invalid input: expected int, received number"),
                (V2 + "&limit=many", "limit: Invalid input: expected number, received string"),
                (V2 + "&includeHistory=true&includeHistory=true", "includeHistory: Invalid input: expected string, received array"),
                ("?network=Preprod&filterPaymentSourceType=V2", "filterPaymentSourceType: Invalid option: expected one of \"Web3CardanoV1\"|\"Web3CardanoV2\""),
            }
        )
        {
            await world.RefusedAsync("GET", path + query, null, 400, message);
        }
    }

    [Fact]
    public async Task An_unknown_state_or_time_is_refused()
    {
        var state = await world.CallAsync("GET", $"payment{V2}&filterOnChainState=Locked");
        Assert.Equal(400, state.Status);
        Assert.StartsWith("filterOnChainState: Invalid option: expected one of \"FundsLocked\"|", state.Message, StringComparison.Ordinal);
        await world.RefusedAsync("GET", $"payment/diff{V2}&lastUpdate=yesterday", null, 400, "lastUpdate: Invalid date");
    }

    [Fact]
    public async Task A_diff_shows_each_change_once_its_stamp_is_reached_and_goes_on_from_stamp_and_id()
    {
        var first = (await world.CallAsync("POST", "payment", world.PaymentBody())).Data;
        var second = (await world.CallAsync("POST", "payment", world.PaymentBody())).Data;
        var stamp = (string)first["nextActionOrOnChainStateOrResultLastChangedAt"]!;
        var since = await IdsAsync($"payment/diff{V2}&limit=100&lastUpdate={stamp}");
        Assert.Contains((string)first["id"]!, since);
        Assert.Contains((string)second["id"]!, since);
        var on = await IdsAsync($"payment/diff{V2}&limit=100&lastUpdate={(string)second["nextActionLastChangedAt"]!}&cursorId={(string)second["id"]!}");
        Assert.Equal((string)second["id"]!, on[0]);
        var future = world.Devnet.Clock.GetUtcNow().AddDays(30).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        Assert.Empty(await IdsAsync($"payment/diff{V2}&lastUpdate={future}"));
    }

    [Fact]
    public async Task A_state_change_appears_in_the_diffs_that_follow_it_and_the_history_only_when_asked_for()
    {
        var identifier = await world.LockAsync();
        var locked = (await world.ActAsync("POST", "purchase/resolve-blockchain-identifier", identifier)).Data;
        Assert.Null(locked["ActionHistory"]);
        Assert.Null(locked["TransactionHistory"]);
        var id = (string)locked["id"]!;
        var stamp = (string)locked["onChainStateOrResultLastChangedAt"]!;
        Assert.Contains(id, await IdsAsync($"purchase/diff/onchain-state-or-result{V2}&limit=100&lastUpdate={stamp}"));
        Assert.Contains(id, await IdsAsync($"purchase{V2}&filterOnChainState=FundsLocked&limit=100"));
        Assert.DoesNotContain(id, await IdsAsync($"purchase{V2}&filterOnChainState=Withdrawn&limit=100"));
        Assert.Contains(id, await IdsAsync($"purchase{V2}&searchQuery=funds%20lock&limit=100"));
        Assert.DoesNotContain(id, await IdsAsync($"purchase{V2}&searchQuery=%25nothing%25&limit=100"));
        Assert.DoesNotContain(id, await IdsAsync($"purchase{V2}&filterNeedsManualAction=true&limit=100"));

        foreach (var asked in new JsonNode[] { "true", true })
        {
            var body = new JsonObject
            {
                ["network"] = PaymentWorld.Network,
                ["blockchainIdentifier"] = identifier,
                ["includeHistory"] = asked,
            };
            var row = (await world.CallAsync("POST", "purchase/resolve-blockchain-identifier", body)).Data;
            Assert.Equal("FundsLockingInitiated", (string?)row["ActionHistory"]![0]!["requestedAction"]);
            Assert.Empty(row["TransactionHistory"]!.AsArray());
        }
    }

    [Theory]
    [InlineData("payment", "Payment not found")]
    [InlineData("purchase", "Purchase not found")]
    public async Task An_identifier_is_resolved_on_its_own_network_and_contract_only(string side, string message)
    {
        var identifier = await world.LockAsync();
        var path = $"{side}/resolve-blockchain-identifier";
        JsonObject Body(string name, string value)
        {
            var body = new JsonObject { ["network"] = PaymentWorld.Network, ["blockchainIdentifier"] = identifier };
            body[name] = value;
            return body;
        }

        Assert.Equal(
            identifier,
            (string?)(await world.CallAsync("POST", path, Body("filterSmartContractAddress", world.Escrow.ToString()))).Data["blockchainIdentifier"]
        );
        await world.RefusedAsync("POST", path, Body("network", "Mainnet"), 404, message);
        await world.RefusedAsync("POST", path, Body("filterSmartContractAddress", "addr_test1nothing"), 404, message);
        await world.RefusedAsync("POST", path, Body("blockchainIdentifier", identifier.ToUpperInvariant()), 404, message);
        await world.RefusedAsync("POST", path, Body("blockchainIdentifier", "' OR 1=1 --"), 404, message);
        await world.RefusedAsync(
            "POST",
            path,
            Body("blockchainIdentifier", new string('0', 8001)),
            400,
            "blockchainIdentifier: Too big: expected string to have <=8000 characters"
        );
    }

    private static IEnumerable<string?> AgentsOf(Answer registrations) => registrations.Data["Assets"]!.AsArray().Select(r => (string?)r!["agentIdentifier"]);

    private async Task<List<string>> IdsAsync(string path)
    {
        var data = (await world.CallAsync("GET", path)).Data;
        var rows = (data["Payments"] ?? data["Purchases"])!.AsArray();
        return [.. rows.Select(r => (string)r!["id"]!)];
    }
}
