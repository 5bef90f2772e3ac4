using System.Text.Json.Nodes;
using Masumi.Contracts.Common;

namespace Masumi.Payments.Tests;

/// <summary>What a node with sources of both generations shows to those who name neither (spec payment-service-api.md 6, "V1 default filter").</summary>
public sealed class DefaultFilterTests(MixedWorld world) : IClassFixture<MixedWorld>
{
    private const string All = $"?network={PaymentWorld.Network}";
    private const string V1 = $"{All}&filterPaymentSourceType=Web3CardanoV1";
    private const string V2 = $"{All}&filterPaymentSourceType=Web3CardanoV2";

    [Fact]
    public async Task Lists_and_counts_show_the_older_generation_and_say_what_they_hid_and_diffs_show_both()
    {
        var price = new JsonObject { ["fixed"] = new JsonArray(new JsonObject { ["asset"] = "", ["amount"] = "5000000" }) };
        var older = await world.MintAsync(world.RegistrationBody(price, EscrowFamily.V1), EscrowFamily.V1);
        var asked = world.PaymentBody();
        asked["agentIdentifier"] = older;
        asked.Remove("supportedPaymentSourceIndex");
        var first = (string)(await world.CallAsync("POST", "payment", asked)).Data["id"]!;
        var second = (string)(await world.CallAsync("POST", "payment", world.PaymentBody())).Data["id"]!;
        var third = (string)(await world.CallAsync("POST", "payment", world.PaymentBody())).Data["id"]!;

        Assert.Equal([first], await IdsAsync($"payment{All}", hidden: 2));
        Assert.Equal([first], await IdsAsync($"payment{V1}", hidden: null));
        Assert.Equal([third, second], await IdsAsync($"payment{V2}", hidden: null));
        Assert.Equal([third, second], await IdsAsync($"payment{All}&filterSmartContractAddress={world.Escrow}", hidden: null));

        // What is hidden is what the request would have shown besides: its other filters hold for it too, a page's end does not.
        Assert.Equal([first], await IdsAsync($"payment{All}&limit=1", hidden: 2));
        Assert.Empty(await IdsAsync($"payment{All}&searchQuery={second}", hidden: 1));
        Assert.Empty(await IdsAsync($"payment{All}&filterOnChainState=Withdrawn", hidden: null));
        Assert.Empty(await IdsAsync($"payment{All}&filterNeedsManualAction=true", hidden: null));
        Assert.Empty(await IdsAsync($"purchase{All}", hidden: null));

        foreach (var (path, total, hidden) in new (string, int, int?)[] { (All, 1, 2), (V1, 1, null), (V2, 2, null) })
        {
            var data = (await world.CallAsync("GET", $"payment/count{path}")).Data;
            Assert.Equal(total, (int)data["total"]!);
            AssertHidden(data, hidden);
        }

        foreach (var diff in new[] { "payment/diff", "payment/diff/next-action", "payment/diff/onchain-state-or-result" })
        {
            Assert.Equal([first, second, third], await IdsAsync($"{diff}{All}", hidden: null));
            Assert.Equal([first], await IdsAsync($"{diff}{V1}", hidden: null));
            Assert.Equal([second, third], await IdsAsync($"{diff}{V2}", hidden: null));
        }

        Assert.Equal([older], await AgentsAsync($"registry{All}", hidden: 1));
        Assert.Equal([older], await AgentsAsync($"registry{V1}", hidden: null));
        Assert.Equal([world.Agent], await AgentsAsync($"registry{V2}", hidden: null));
        Assert.Equal([world.Agent], await AgentsAsync($"registry{All}&filterAgentIdentifier={world.Agent}", hidden: null));

        var identifier = await world.LockAsync();
        foreach (var diff in new[] { "purchase/diff", "purchase/diff/next-action", "purchase/diff/onchain-state-or-result" })
        {
            var rows = (await world.CallAsync("GET", $"{diff}{All}")).Data["Purchases"]!.AsArray();
            Assert.Equal([identifier], rows.Select(r => (string?)r!["blockchainIdentifier"]));
        }

        AssertHidden((await world.CallAsync("GET", $"purchase{All}")).Data, 1);
        AssertHidden((await world.CallAsync("GET", $"purchase/count{All}")).Data, 1);
    }

    private async Task<List<string?>> IdsAsync(string path, int? hidden)
    {
        var data = (await world.CallAsync("GET", path)).Data;
        AssertHidden(data, hidden);
        return [.. (data["Payments"] ?? data["Purchases"])!.AsArray().Select(r => (string?)r!["id"])];
    }

    private async Task<List<string?>> AgentsAsync(string path, int? hidden)
    {
        var data = (await world.CallAsync("GET", path)).Data;
        AssertHidden(data, hidden);
        return [.. data["Assets"]!.AsArray().Select(r => (string?)r!["agentIdentifier"])];
    }

    private static void AssertHidden(JsonNode data, int? count)
    {
        var expected = count is null ? null : $$"""{"filterPaymentSourceType":"Web3CardanoV1","count":{{count}}}""";
        Assert.Equal(expected, data["hiddenByDefaultFilter"]?.ToJsonString());
        Assert.Equal(count is not null, data.AsObject().ContainsKey("hiddenByDefaultFilter"));
    }
}
