using System.Text.Json.Nodes;
using Masumi.Contracts.Common;

namespace Masumi.Payments.Tests;

/// <summary>An inbox's life on chain through the API, under both of its paths (spec payment-service-api.md 8.3).</summary>
public sealed class InboxTests(MixedWorld world) : IClassFixture<MixedWorld>
{
    private const string All = $"network={PaymentWorld.Network}";

    [Theory]
    [InlineData(EscrowFamily.V1, "inbox-agents", "registry-inbox")]
    [InlineData(EscrowFamily.V2, "registry-inbox", "inbox-agents")]
    public async Task An_inbox_is_registered_found_and_taken_off(EscrowFamily family, string path, string other)
    {
        var source = $"{All}&filterSmartContractAddress={await ContractAsync(family)}";
        var agents = (int)(await world.CallAsync("GET", $"registry/count?{All}&filterPaymentSourceType=Web3Cardano{family}")).Data["total"]!;
        var body = Body($"help-desk-{path}", family);
        body["description"] = new string('d', 500);
        var (_, token) = await world.KeyAsync(new JsonObject { ["permission"] = "ReadAndPay" });
        var asked = (await world.CallAsync("POST", path, body, token)).Data;
        Assert.Equal(("RegistrationRequested", "Help desk", 1), ((string?)asked["state"], (string?)asked["name"], (int)asked["metadataVersion"]!));
        var row = await UntilAsync(other, source, (string)asked["id"]!, "RegistrationConfirmed");
        var agent = (string)row["agentIdentifier"]!;
        Assert.Equal(($"help-desk-{path}", "Confirmed"), ((string?)row["agentSlug"], (string?)row["CurrentTransaction"]!["status"]));
        var found = (await world.CallAsync("GET", $"{other}/agent-identifier?{All}&agentIdentifier={agent}")).Data;
        Assert.Equal(
            $$"""{"name":"Help desk","description":"{{new string('d', 500)}}","agentSlug":"help-desk-{{path}}","metadataVersion":1}""",
            found["Metadata"]!.ToJsonString()
        );
        var held = (
            await world.CallAsync("GET", $"{path}/wallet?{All}&walletVkey={world.SellerVkeyOf(family)}&smartContractAddress={await ContractAsync(family)}")
        ).Data["Assets"]!.AsArray();
        Assert.Equal(agent, (string?)Assert.Single(held)!["agentIdentifier"]);

        // An inbox is no agent, and an agent no inbox.
        Assert.Equal(422, (await world.CallAsync("GET", $"registry/agent-identifier?{All}&agentIdentifier={agent}")).Status);
        Assert.Equal(
            "Inbox agent metadata is invalid or malformed",
            (await world.CallAsync("GET", $"{path}/agent-identifier?{All}&agentIdentifier={world.Agent}")).Message
        );
        Assert.Equal(agents, (int)(await world.CallAsync("GET", $"registry/count?{All}&filterPaymentSourceType=Web3Cardano{family}")).Data["total"]!);
        var retire = new JsonObject { ["network"] = PaymentWorld.Network, ["agentIdentifier"] = agent };
        await world.RefusedAsync("POST", "registry/deregister", retire, 404, "Registration not found");
        Assert.Equal(1, (int)(await world.CallAsync("GET", $"{other}/count?{source}")).Data["total"]!);
        Assert.Single((await world.CallAsync("GET", $"{path}/diff?{source}")).Data["Assets"]!.AsArray());
        Assert.Single((await world.CallAsync("GET", $"{path}?{source}&searchQuery=DESK&filterStatus=Registered")).Data["Assets"]!.AsArray());
        Assert.Empty((await world.CallAsync("GET", $"{path}?{source}&searchQuery=nothing")).Data["Assets"]!.AsArray());

        var (_, stranger) = await world.KeyAsync(new JsonObject { ["permission"] = "ReadAndPay" });
        await world.RefusedAsync("POST", $"{path}/deregister", retire, 403, "You are not authorized to deregister this agent", stranger);
        Assert.Equal("DeregistrationRequested", (string?)(await world.CallAsync("POST", $"{other}/deregister", retire, token)).Data["state"]);
        await UntilAsync(path, source, (string)asked["id"]!, "DeregistrationConfirmed");
        Assert.Equal(200, (await world.CallAsync("DELETE", other, new JsonObject { ["id"] = (string)asked["id"]! })).Status);
        await world.RefusedAsync("DELETE", path, new JsonObject { ["id"] = (string)asked["id"]! }, 404, "Agent Registration not found");
    }

    [Theory]
    [InlineData(" help", "agentSlug must not contain leading or trailing whitespace")]
    [InlineData("--", "agentSlug is required")]
    [InlineData("Help", "agentSlug must already be canonical")]
    [InlineData("help--desk", "agentSlug must already be canonical")]
    [InlineData("help-", "agentSlug must already be canonical")]
    [InlineData("café", "agentSlug must already be canonical")]
    [InlineData("a\uFFFDb", "agentSlug must already be canonical")]
    [InlineData("robots-txt", "agentSlug is reserved")]
    public async Task A_slug_is_written_one_way_only(string slug, string message) =>
        await world.RefusedAsync("POST", "inbox-agents", Body(slug, EscrowFamily.V2), 400, message);

    [Fact]
    public async Task An_inbox_needs_a_wallet_that_sells_here_and_a_name()
    {
        var body = Body("help", EscrowFamily.V2);
        body["sellingWalletVkey"] = "nobody";
        await world.RefusedAsync("POST", "inbox-agents", body, 404, "Network and Address combination not supported");
        body = Body("help", EscrowFamily.V2);
        body["name"] = " ";
        await world.RefusedAsync("POST", "inbox-agents", body, 400, "name: Too small: expected string to have >=1 characters");
        body = Body("help", EscrowFamily.V2);
        body["recipientWalletAddress"] = PaymentWorld.FeeWallet.ToString();
        await world.RefusedAsync("POST", "inbox-agents", body, 404, "Recipient wallet not found on the same payment source");
        body = Body("help", EscrowFamily.V2);
        body["sendFundingLovelace"] = new string('9', 25);
        await world.RefusedAsync("POST", "inbox-agents", body, 400, "sendFundingLovelace: More than there is");
        await world.RefusedAsync(
            "POST",
            "inbox-agents/deregister",
            new JsonObject { ["network"] = PaymentWorld.Network, ["agentIdentifier"] = new string('z', 60) },
            400,
            "Agent identifier is not a valid hex string"
        );
    }

    private JsonObject Body(string slug, EscrowFamily family) =>
        new()
        {
            ["network"] = PaymentWorld.Network,
            ["sellingWalletVkey"] = world.SellerVkeyOf(family),
            ["name"] = " Help desk ",
            ["agentSlug"] = slug,
        };

    private async Task<string> ContractAsync(EscrowFamily family) =>
        (await world.Store.Sources.ListAsync(TestContext.Current.CancellationToken)).Single(s => s.Family == family).ContractAddress.ToString();

    private Task<JsonNode> UntilAsync(string path, string source, string id, string state) =>
        PaymentWorld.UntilAsync(
            async () => (await world.CallAsync("GET", $"{path}?{source}")).Data["Assets"]!.AsArray().Single(r => (string)r!["id"]! == id)!,
            row => (string?)row["state"] == state,
            $"{id} {state}"
        );
}
