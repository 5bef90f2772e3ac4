using System.Globalization;
using System.Text.Json.Nodes;
using Masumi.Contracts.Common;

namespace Masumi.Payments.Tests;

/// <summary>An agent's life on chain through the API: registered, found, updated, taken off (spec payment-service-api.md 6.6).</summary>
public sealed class RegistryTests(MixedWorld world) : IClassFixture<MixedWorld>
{
    private const string All = $"network={PaymentWorld.Network}";

    /// <summary>A claim of identity, with links of a length.</summary>
    internal static JsonObject Claim(string path)
    {
        var oobi = "https://example.org/" + path;
        return new JsonObject
        {
            ["method"] = "KERI-ACDC",
            ["issuer"] = new JsonObject { ["aid"] = "EIssuer", ["oobi"] = oobi },
            ["schema"] = new JsonObject { ["said"] = "ESchema", ["oobi"] = oobi },
            ["credential"] = new JsonObject { ["said"] = "ECredential", ["oobi"] = oobi },
            ["holder"] = new JsonObject { ["aid"] = "EHolder", ["oobi"] = oobi },
        };
    }

    [Fact]
    public async Task An_agent_is_registered_updated_and_taken_off_and_each_step_is_shown()
    {
        var body = Body("Storyteller", "5000000");
        body["verifications"] = new JsonArray(Claim("oobi"));
        body["Legal"] = new JsonObject { ["terms"] = "https://example.org/terms", ["dpa"] = "https://example.org/dpa" };
        body["Author"]!["contactEmail"] = "ada@example.org";
        var (_, token) = await world.KeyAsync(new JsonObject { ["permission"] = "ReadAndPay" });
        var asked = (await world.CallAsync("POST", "registry", body, token)).Data;
        Assert.Equal(("RegistrationRequested", null), ((string?)asked["state"], (string?)asked["agentIdentifier"]));
        var row = await UntilAsync((string)asked["id"]!, "RegistrationConfirmed");
        var agent = (string)row["agentIdentifier"]!;
        Assert.Equal(Claim("oobi").ToJsonString(), row["verifications"]![0]!.ToJsonString());
        Assert.Equal("https://example.org/dpa", (string?)row["Legal"]!["dpa"]);
        Assert.Equal(0, (int)row["SupportedPaymentSources"]![0]!["sourceIndex"]!);
        var transaction = row["CurrentTransaction"]!;
        Assert.Equal("Confirmed", (string?)transaction["status"]);
        Assert.True((long)transaction["blockTime"]! > 0 && (long)transaction["blockHeight"]! > 0 && (long)transaction["confirmations"]! > 0);

        // Whoever asks for it is told what the chain says.
        var found = (await world.CallAsync("GET", $"registry/agent-identifier?{All}&agentIdentifier={agent}", key: token)).Data;
        Assert.Equal(agent, (string)found["policyId"]! + (string)found["assetName"]!);
        Assert.Equal(("Storyteller", 2), ((string?)found["Metadata"]!["name"], (int)found["Metadata"]!["metadataVersion"]!));
        Assert.Equal("5000000", (string?)found["Metadata"]!["supportedPaymentSources"]![0]!["pricing"]!["fixed"]![0]!["amount"]);
        Assert.False((bool)found["isFree"]!);
        Assert.Equal("ECredential", (string?)found["Metadata"]!["verifications"]![0]!["credential"]!["said"]);
        Assert.Contains(agent, await AgentsOfWalletAsync());

        // An update gives the agent another identifier, and keeps what it does not mention.
        var update = Update(agent, "Storyteller II");
        update.Remove("supportedPaymentSources");
        var (_, stranger) = await world.KeyAsync(new JsonObject { ["permission"] = "ReadAndPay" });
        await world.RefusedAsync("POST", "registry/update", update, 403, "You are not authorized to update this agent", stranger);
        var updated = (await world.CallAsync("POST", "registry/update", update, token)).Data;
        Assert.Equal("UpdateRequested", (string?)updated["state"]);
        var second = await UntilAsync((string)asked["id"]!, "UpdateConfirmed");
        var next = (string)second["agentIdentifier"]!;
        Assert.Equal(agent[..^1] + "1", next);
        Assert.Equal(("Storyteller II", "ada@example.org"), ((string?)second["name"], (string?)second["Author"]!["contactEmail"]));
        Assert.Equal("ECredential", (string?)second["verifications"]![0]!["credential"]!["said"]);
        Assert.Equal("https://example.org/terms", (string?)second["Legal"]!["terms"]);
        Assert.Equal("5000000", (string?)second["supportedPaymentSources"]![0]!["pricing"]!["fixed"]![0]!["amount"]);
        await world.RefusedAsync("POST", "registry/update", Update(agent, "Old"), 404, "Registration not found", token);
        Assert.Equal(
            "Storyteller II",
            (string?)(await world.CallAsync("GET", $"registry/agent-identifier?{All}&agentIdentifier={next}")).Data["Metadata"]!["name"]
        );

        // Off the chain. What was burned still has its last words.
        var retire = new JsonObject { ["network"] = PaymentWorld.Network, ["agentIdentifier"] = next };
        await world.RefusedAsync("POST", "registry/deregister", retire, 403, "You are not authorized to deregister this agent", stranger);
        var delete = new JsonObject { ["id"] = (string)asked["id"]! };
        await world.RefusedAsync("DELETE", "registry", delete, 400, "Agent registration cannot be deleted in its current state: UpdateConfirmed");
        Assert.Equal("DeregistrationRequested", (string?)(await world.CallAsync("POST", "registry/deregister", retire, token)).Data["state"]);
        await UntilAsync((string)asked["id"]!, "DeregistrationConfirmed");
        Assert.DoesNotContain(next, await AgentsOfWalletAsync());
        Assert.Equal(
            "Storyteller II",
            (string?)(await world.CallAsync("GET", $"registry/agent-identifier?{All}&agentIdentifier={next}")).Data["Metadata"]!["name"]
        );
        await world.RefusedAsync("POST", "registry/deregister", retire, 404, "Asset not found", token);
        Assert.Equal("DeregistrationConfirmed", (string?)(await world.CallAsync("DELETE", "registry", delete)).Data["state"]);
        await world.RefusedAsync("DELETE", "registry", delete, 404, "Agent Registration not found");
        await world.RefusedAsync("DELETE", "registry", new JsonObject { ["id"] = "no" }, 400, "id: Invalid cuid");
    }

    [Fact]
    public async Task Rows_are_found_by_what_they_say_and_by_where_they_stand()
    {
        var cheap = await MintedAsync("Weather oracle", "1500000", "Augur");
        var dear = await MintedAsync("Stock oracle", "7000000", "Augur");
        var older = await world.MintAsync(world.RegistrationBody(Price("1234567"), EscrowFamily.V1), EscrowFamily.V1);
        const string V2 = $"{All}&filterPaymentSourceType=Web3CardanoV2&limit=100";
        Assert.Equal([dear, cheap], await AgentsAsync($"{V2}&searchQuery=ORACLE"));
        Assert.Equal([cheap], await AgentsAsync($"{V2}&searchQuery=weather%20or"));
        Assert.Equal([dear], await AgentsAsync($"{V2}&searchQuery=7."));
        Assert.Equal([cheap], await AgentsAsync($"{V2}&searchQuery=1.5"));
        Assert.Equal([cheap], await AgentsAsync($"{V2}&searchQuery=1."));
        Assert.Empty(await AgentsAsync($"{V2}&searchQuery=1.6"));
        Assert.Empty(await AgentsAsync($"{V2}&searchQuery=or_cle"));
        Assert.Equal([dear, cheap], await AgentsAsync($"{V2}&searchQuery=augur"));
        Assert.Empty(await AgentsAsync($"{V2}&searchQuery=augu"));
        Assert.Contains(cheap, await AgentsAsync($"{V2}&searchQuery=registration%20conf"));
        Assert.Contains(cheap, await AgentsAsync($"{V2}&searchQuery={world.SellerAddressOf(EscrowFamily.V2)[20..60]}"));
        Assert.Contains(cheap, await AgentsAsync($"{V2}&filterStatus=Registered"));
        Assert.Empty(await AgentsAsync($"{V2}&filterStatus=Failed"));
        Assert.Equal(400, (await world.CallAsync("GET", $"registry?{V2}&filterStatus=Nope")).Status);
        Assert.Equal(400, (await world.CallAsync("GET", $"registry?{V2}&limit=2.5")).Status);

        // Who names an agent, or where it is paid, means either generation.
        Assert.Equal([cheap], await AgentsAsync($"{All}&filterAgentIdentifier={cheap.ToUpperInvariant()}"));
        Assert.Contains(cheap, await AgentsAsync($"{All}&limit=100&filterSupportedPaymentSourceAddress={world.Escrow}"));
        Assert.Contains(cheap, await AgentsAsync($"{All}&limit=100&filterSupportedPaymentSourceNetworks=eip155:1,Preprod"));
        Assert.Empty(await AgentsAsync($"{All}&limit=100&filterSupportedPaymentSourceNetworks=eip155:1"));
        Assert.Empty(await AgentsAsync($"{All}&limit=100&filterSupportedPaymentSourceAddress=0xAB"));
        Assert.Contains(older, await AgentsAsync($"{All}&limit=100"));
        Assert.DoesNotContain(cheap, await AgentsAsync($"{All}&limit=100"));
        Assert.Equal([older], await AgentsAsync($"{All}&searchQuery=1.23"));

        // Pages begin with the row that the one before ended with; changes are told from a moment on.
        var rows = (await world.CallAsync("GET", $"registry?{V2}&searchQuery=oracle")).Data["Assets"]!.AsArray();
        Assert.Equal([cheap], await AgentsAsync($"{V2}&searchQuery=oracle&cursorId={(string)rows[1]!["id"]!}"));
        Assert.Empty(await AgentsAsync($"{V2}&cursorId=cnothing0"));
        var changed = (string)rows[0]!["registrationStateLastChangedAt"]!;
        var diff = (await world.CallAsync("GET", $"registry/diff?{V2}&lastUpdate={changed}&cursorId={(string)rows[0]!["id"]!}")).Data["Assets"]!.AsArray();
        Assert.Equal(dear, (string?)diff[0]!["agentIdentifier"]);
        var total = (int)(await world.CallAsync("GET", $"registry/count?{All}&filterPaymentSourceType=Web3CardanoV2")).Data["total"]!;
        Assert.Equal((await AgentsAsync(V2)).Count, total);
    }

    [Fact]
    public async Task A_price_that_does_not_cover_its_own_fees_is_registered_with_a_warning_that_has_the_numbers()
    {
        var cheap = await world.MintAsync(Body("Giveaway", "300000"), EscrowFamily.V2);
        var warning = (await RowAsync(cheap))["warnings"]![0]!;
        Assert.Equal("price_below_costs", (string?)warning["code"]);
        Assert.Equal(
            """{"leastPrice":"590001","left":"-290000","price":"300000","protocolFee":"0","supportedPaymentSourceIndex":"0","transactionFees":"590000"}""",
            warning["values"]!.ToJsonString()
        );
        Assert.False((await RowAsync(await world.MintAsync(Body("Fair", "600000"), EscrowFamily.V2))).AsObject().ContainsKey("warnings"));
        var older = await world.MintAsync(world.RegistrationBody(Price("600000"), EscrowFamily.V1), EscrowFamily.V1);
        Assert.Equal("30000", (string?)(await RowAsync(older))["warnings"]![0]!["values"]!["protocolFee"]);
    }

    [Theory]
    [InlineData("OpenApi", "openApiSpecUrl")]
    [InlineData("X402", "x402ResourcesUrl")]
    public async Task An_agent_of_another_type_is_registered_with_its_own_url_and_is_not_updated(string type, string field)
    {
        var body = Body("Typed " + type, "2000000");
        body["type"] = type;
        body[field] = "https://example.org/it.json";
        body.Remove("apiBaseUrl");
        var agent = await world.MintAsync(body, EscrowFamily.V2);
        var row = await RowAsync(agent);
        Assert.Equal((type, null, "https://example.org/it.json"), ((string?)row["type"], (string?)row["apiBaseUrl"], (string?)row[field]));
        var told = (await world.CallAsync("GET", $"registry/agent-identifier?{All}&agentIdentifier={agent}")).Data["Metadata"]!;
        Assert.Equal((type, "", "https://example.org/it.json"), ((string?)told["type"], (string?)told["apiBaseUrl"], (string?)told[field]));
        await world.RefusedAsync("POST", "registry/update", Update(agent, "Other"), 400, "Updating OpenApi/X402 agents is not yet supported");
    }

    [Fact]
    public async Task A_token_goes_to_another_wallet_of_the_source_and_is_updated_and_burned_there()
    {
        var body = Body("Traveller", "2000000");
        body["recipientWalletAddress"] = world.BuyerAddressOf(EscrowFamily.V2);
        body["sendFundingLovelace"] = "8000000";
        var agent = await world.MintAsync(body, EscrowFamily.V2);
        var row = await RowAsync(agent);
        Assert.Equal(
            (world.BuyerAddressOf(EscrowFamily.V2), "8000000"),
            ((string?)row["RecipientWallet"]!["walletAddress"], (string?)row["sendFundingLovelace"])
        );
        var update = Update(agent, "Homecomer");
        update["recipientWalletAddress"] = world.SellerAddressOf(EscrowFamily.V2);
        Assert.Equal("UpdateRequested", (string?)(await world.CallAsync("POST", "registry/update", update)).Data["state"]);
        var home = await UntilAsync((string)row["id"]!, "UpdateConfirmed");
        Assert.Null(home["RecipientWallet"]);
        var next = (string)home["agentIdentifier"]!;
        Assert.Contains(next, await AgentsOfWalletAsync());
        Assert.Equal(
            "DeregistrationRequested",
            (string?)
                (await world.CallAsync("PATCH", "registry", new JsonObject { ["network"] = PaymentWorld.Network, ["agentIdentifier"] = next })).Data["state"]
        );
        await UntilAsync((string)row["id"]!, "DeregistrationConfirmed");
    }

    [Fact]
    public async Task Updates_are_for_v2_agents_of_this_node_in_a_state_that_allows_them()
    {
        var older = await world.MintAsync(world.RegistrationBody(Price("2000000"), EscrowFamily.V1), EscrowFamily.V1);
        await Refused(Update(older, "x"), 400, "Update agent identifier is only supported for Web3CardanoV2 payment sources");
        var named = Update(older, "x");
        named["smartContractAddress"] = world.Escrow.ToString();
        await Refused(named, 409, "agentIdentifier policy does not match this payment source");
        await Refused(Update(new string('a', 120), "x"), 404, "Network and Address combination not supported");
        await Refused(Update(world.Agent[..56] + "10" + new string('b', 56) + "000000", "x"), 404, "Registration not found");
        var priced = Update(world.Agent, "x");
        priced["AgentPricing"] = new JsonObject { ["pricingType"] = "Free" };
        await Refused(priced, 400, "V2 registrations must not set AgentPricing; put pricing inside each supportedPaymentSources[].pricing field");

        var agent = await MintedAsync("Twice", "2000000");
        var answers = await Task.WhenAll(
            world.CallAsync("POST", "registry/update", Update(agent, "Twice, first")),
            world.CallAsync("POST", "registry/update", Update(agent, "Twice, second"))
        );
        await UntilAsync((string)answers.Single(a => a.Status == 200).Data["id"]!, "UpdateConfirmed");
        Assert.Equal(1, answers.Count(a => a.Status == 200));
        Assert.Contains(
            answers.Single(a => a.Status != 200).Message,
            new[]
            {
                "Agent registration cannot be updated in its current state: UpdateRequested",
                "Agent registration cannot be updated in its current state: UpdateInitiated",
                "Agent registration state changed concurrently; please retry",
                "Registration not found",
                "Asset not found",
            }
        );

        async Task Refused(JsonObject body, int status, string message) => await world.RefusedAsync("POST", "registry/update", body, status, message);
    }

    [Fact]
    public async Task A_token_that_was_sent_away_is_neither_updated_nor_burned()
    {
        var agent = await MintedAsync("Gone", "2000000");
        var transfer = await world.SendTokenAwayAsync(agent);
        Assert.True(transfer);
        await world.RefusedAsync("POST", "registry/update", Update(agent, "x"), 409, "Registered asset is not currently held by a managed wallet");
        var retire = new JsonObject { ["network"] = PaymentWorld.Network, ["agentIdentifier"] = agent };
        await world.RefusedAsync("POST", "registry/deregister", retire, 409, "Registered asset is not currently held by a managed wallet");
    }

    [Fact]
    public async Task What_the_chain_does_not_know_is_said_in_the_networks_words()
    {
        await Refused("registry/agent-identifier", $"agentIdentifier={new string('z', 120)}", 400, "Agent identifier is not a valid hex string");
        await Refused("registry/agent-identifier", $"agentIdentifier={new string('a', 57)}", 400, "Agent identifier is not a valid hex string");
        await Refused("registry/agent-identifier", $"agentIdentifier={new string('a', 120)}", 404, "Network and policyId combination not supported");
        await Refused("registry/agent-identifier", $"agentIdentifier={world.Agent[..56]}{new string('b', 64)}", 404, "Agent identifier not found");
        await Refused("registry/agent-identifier", $"agentIdentifier={world.Agent}00", 404, "Agent identifier not found");
        await Refused(
            "registry/wallet",
            $"walletVkey={world.SellerVkey}&smartContractAddress=addr_test1nowhere",
            404,
            "Network and Address combination not supported"
        );
        await Refused("registry/wallet", $"walletVkey={new string('0', 56)}&smartContractAddress={world.Escrow}", 404, "Wallet not found");
        await Refused("registry/wallet", $"walletVkey={world.BuyerKeys.Payment.KeyHash}&smartContractAddress={world.Escrow}", 404, "Asset not found");
        await Refused("registry/wallet", $"walletVkey={world.SellerVkey}&network=Mainnet", 400, null);

        async Task Refused(string path, string query, int status, string? message)
        {
            var answer = await world.CallAsync("GET", $"{path}?{All}&{query}");
            Assert.Equal(status, answer.Status);
            Assert.True(message is null || message == answer.Message, answer.Message);
        }
    }

    [Fact]
    public async Task The_oldest_contract_has_no_place_for_claims_of_identity()
    {
        var body = world.RegistrationBody(Price("2000000"), EscrowFamily.V1);
        body["verifications"] = new JsonArray(Claim("oobi"));
        await world.RefusedAsync("POST", "registry", body, 400, "V1 registrations must not set verifications; only V2 metadata carries them");
        var agent = await world.MintAsync(world.RegistrationBody(Price("2000000"), EscrowFamily.V1), EscrowFamily.V1);
        var found = (await world.CallAsync("GET", $"registry/agent-identifier?{All}&agentIdentifier={agent}")).Data["Metadata"]!;
        Assert.Equal("2000000", (string?)found["AgentPricing"]!["Pricing"]![0]!["amount"]);
        Assert.Null(found["supportedPaymentSources"]);
        var own = (await world.CallAsync("GET", $"registry/wallet?{All}&walletVkey={world.SellerVkeyOf(EscrowFamily.V1)}")).Data["Assets"]!.AsArray();
        Assert.Contains(agent, own.Select(a => (string?)a!["agentIdentifier"]));
    }

    private static JsonObject Price(string amount) =>
        new() { ["pricingType"] = "Fixed", ["fixed"] = new JsonArray(new JsonObject { ["asset"] = "", ["amount"] = amount }) };

    private JsonObject Body(string name, string amount)
    {
        var body = world.RegistrationBody(Price(amount));
        body["name"] = name;
        body["description"] = string.Create(CultureInfo.InvariantCulture, $"{name} tells all");
        return body;
    }

    private JsonObject Update(string agent, string name)
    {
        var body = Body(name, "3000000");
        body.Remove("sellingWalletVkey");
        body["agentIdentifier"] = agent;
        return body;
    }

    private Task<string> MintedAsync(string name, string amount, string tag = "text")
    {
        var body = Body(name, amount);
        body["Tags"] = new JsonArray(tag);
        return world.MintAsync(body, EscrowFamily.V2);
    }

    private async Task<JsonNode> RowAsync(string agent) => (await world.CallAsync("GET", $"registry?{All}&filterAgentIdentifier={agent}")).Data["Assets"]![0]!;

    private async Task<List<string?>> AgentsAsync(string query) =>
        [.. (await world.CallAsync("GET", $"registry?{query}")).Data["Assets"]!.AsArray().Select(r => (string?)r!["agentIdentifier"])];

    private async Task<List<string?>> AgentsOfWalletAsync() =>
        [
            .. (await world.CallAsync("GET", $"registry/wallet?{All}&walletVkey={world.SellerVkey}&smartContractAddress={world.Escrow}")).Data["Assets"]!
                .AsArray()
                .Select(r => (string?)r!["agentIdentifier"]),
        ];

    private Task<JsonNode> UntilAsync(string id, string state) =>
        PaymentWorld.UntilAsync(
            async () =>
                (await world.CallAsync("GET", $"registry?{All}&filterPaymentSourceType=Web3CardanoV2&limit=100")).Data["Assets"]!
                    .AsArray()
                    .Single(r => (string)r!["id"]! == id)!,
            row => (string?)row["state"] == state,
            $"{id} {state}"
        );
}
