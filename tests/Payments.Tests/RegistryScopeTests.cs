using System.Text.Json.Nodes;
using Masumi.Contracts.Common;

namespace Masumi.Payments.Tests;

/// <summary>What a key sees and does with agents whose tokens are with wallets outside its scope: nothing (spec payment-service-api.md 2.4).</summary>
public sealed class RegistryScopeTests(MixedWorld world) : IClassFixture<MixedWorld>
{
    private const string V2 = $"network={PaymentWorld.Network}&filterPaymentSourceType=Web3CardanoV2";

    [Fact]
    public async Task A_key_with_a_wallet_scope_sees_and_moves_the_agents_of_its_wallets_alone()
    {
        var wallets = await world.Store.Wallets.ListAsync(TestContext.Current.CancellationToken);
        var seller = wallets.Single(w => w.KeyHash.ToString() == world.SellerVkeyOf(EscrowFamily.V2)).Id;
        var older = wallets.Single(w => w.KeyHash.ToString() == world.SellerVkeyOf(EscrowFamily.V1)).Id;
        var (inside, outside) = (await ScopedAsync(seller), await ScopedAsync(older));
        Assert.Equal([world.Agent], await AgentsAsync(inside));
        Assert.Empty(await AgentsAsync(outside));
        Assert.Equal(1, (int)(await world.CallAsync("GET", $"registry/count?{V2}", key: inside)).Data["total"]!);
        Assert.Equal(0, (int)(await world.CallAsync("GET", $"registry/count?{V2}", key: outside)).Data["total"]!);
        Assert.Empty((await world.CallAsync("GET", $"registry/diff?{V2}", key: outside)).Data["Assets"]!.AsArray());
        var one = $"registry/agent-identifier?network={PaymentWorld.Network}&agentIdentifier={world.Agent}";
        Assert.Equal(200, (await world.CallAsync("GET", one, key: inside)).Status);
        await world.RefusedAsync("GET", one, null, 404, "Agent not found", outside);
        var held = $"registry/wallet?network={PaymentWorld.Network}&walletVkey={world.SellerVkey}&smartContractAddress={world.Escrow}";
        await world.RefusedAsync("GET", held, null, 404, "Wallet not found", outside);

        var price = new JsonObject { ["pricingType"] = "Fixed", ["fixed"] = new JsonArray(new JsonObject { ["asset"] = "", ["amount"] = "2000000" }) };
        var body = world.RegistrationBody(price);
        await world.RefusedAsync("POST", "registry", body, 404, "Not found", outside);
        body.Remove("sellingWalletVkey");
        body["agentIdentifier"] = world.Agent;
        await world.RefusedAsync("POST", "registry/update", body, 404, "Not found", outside);
        await world.RefusedAsync("POST", "registry/update", body, 403, "You are not authorized to update this agent", inside);
        var retire = new JsonObject { ["network"] = PaymentWorld.Network, ["agentIdentifier"] = world.Agent };
        await world.RefusedAsync("POST", "registry/deregister", retire, 404, "Not found", outside);
        await world.RefusedAsync("POST", "registry/deregister", retire, 403, "You are not authorized to deregister this agent", inside);
        var inbox = new JsonObject
        {
            ["network"] = PaymentWorld.Network,
            ["sellingWalletVkey"] = world.SellerVkey,
            ["name"] = "Help",
            ["agentSlug"] = "help",
        };
        await world.RefusedAsync("POST", "inbox-agents", inbox, 404, "Not found", outside);

        // A key that registered an agent whose token is with another wallet by now signs for it no more.
        var moved = world.RegistrationBody(price);
        moved["recipientWalletAddress"] = world.BuyerAddressOf(EscrowFamily.V2);
        var registered = (await world.CallAsync("POST", "registry", moved, inside)).Data;
        var row = await PaymentWorld.UntilAsync(
            async () => (await world.CallAsync("GET", $"registry?{V2}")).Data["Assets"]!.AsArray().Single(r => (string)r!["id"]! == (string)registered["id"]!)!,
            r => (string?)r["state"] == "RegistrationConfirmed",
            "registration"
        );
        var publish = new JsonObject
        {
            ["publicKey"] = "key",
            ["agentIdentifier"] = (string)row["agentIdentifier"]!,
            ["action"] = "VerifyAndPublishAgent",
        };
        await world.RefusedAsync("POST", "signature/sign/verifyAndPublishAgent", publish, 404, "Not found", inside);
    }

    private async Task<string> ScopedAsync(string wallet)
    {
        var key = new JsonObject
        {
            ["permission"] = "ReadAndPay",
            ["walletScopeEnabled"] = "true",
            ["WalletScopeHotWalletIds"] = new JsonArray(wallet),
        };
        return (await world.KeyAsync(key)).Token;
    }

    private async Task<List<string?>> AgentsAsync(string key) =>
        [.. (await world.CallAsync("GET", $"registry?{V2}", key: key)).Data["Assets"]!.AsArray().Select(r => (string?)r!["agentIdentifier"])];
}
