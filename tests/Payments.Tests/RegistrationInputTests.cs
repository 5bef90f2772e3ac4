using System.Text.Json.Nodes;

namespace Masumi.Payments.Tests;

/// <summary>What is written on the chain for good is looked at before: every part that is wrong is named, and nothing is minted.</summary>
[Collection(EdgesCollection.Name)]
public sealed class RegistrationInputTests(PaymentWorld world)
{
    private const string Twice = "Invalid unit: it stands in the list already";
    private const string OutOfBounds = "Amount must be between 1 and 9223372036854775807";
    private const string TUsdm = "16a55b2a349361ff88c03788f93e1e966e5d689605d044fef722ddde0014df10745553444d";

    [Theory]
    [InlineData("ada")]
    [InlineData("tusdm")]
    [InlineData(" ")]
    [InlineData("lovelace ")]
    [InlineData(TUsdm + "0")]
    [InlineData(TUsdm + "\0")]
    [InlineData("16a55b2a349361ff88c03788f93e1e966e5d689605d044fef722ddde" + "000000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("16a55b2a349361ff88c03788f93e1e966e5d689605d044fef722ddde0014df1041")]
    public async Task A_unit_that_is_none_or_that_nobody_holds_is_refused(string unit) =>
        await RefusedAsync(Fixed((unit, "1")), $"Invalid assets in pricing: {unit} (asset not found on-chain)");

    [Fact]
    public async Task A_token_that_somebody_holds_may_be_a_price_and_so_may_one_that_the_network_knows_by_name()
    {
        foreach (var unit in new[] { world.Agent, TUsdm, "lovelace" })
        {
            var agent = await world.RegisterAsync(Fixed((unit.ToUpperInvariant(), "1000000")));
            var row = (await world.CallAsync("GET", $"registry?network={PaymentWorld.Network}&filterAgentIdentifier={agent}")).Data["Assets"]![0]!;
            var price = row["supportedPaymentSources"]![0]!["pricing"]!["fixed"]![0]!;
            Assert.Equal(unit == "lovelace" ? "" : unit, (string?)price["asset"]);
        }
    }

    [Theory]
    [InlineData("", "LOVELACE")]
    [InlineData(TUsdm, "16A55B2A349361FF88C03788F93E1E966E5D689605D044FEF722DDDE0014DF10745553444D")]
    public async Task A_unit_stands_once_however_it_is_spelled(string one, string other) =>
        await RefusedAsync(Fixed((one, "9223372036854775807"), (other, "9223372036854775807")), $"supportedPaymentSources[0].pricing.fixed[1].asset: {Twice}");

    [Theory]
    [InlineData("0", OutOfBounds)]
    [InlineData("-1", @"Invalid string: must match pattern /^\d+$/")]
    [InlineData("1.5", @"Invalid string: must match pattern /^\d+$/")]
    [InlineData("5000000\0", @"Invalid string: must match pattern /^\d+$/")]
    [InlineData("9223372036854775808", OutOfBounds)]
    public async Task An_amount_that_is_none_is_refused_with_one_sentence(string amount, string message) =>
        await RefusedAsync(Fixed(("", amount)), $"supportedPaymentSources[0].pricing.fixed[0].amount: {message}");

    [Theory]
    [InlineData("""{"pricingType":"Fixed"}""", ".fixed: Invalid input: expected array, received undefined")]
    [InlineData("""{"pricingType":"Fixed","fixed":null}""", ".fixed: Invalid input: expected array, received null")]
    [InlineData("""{"pricingType":"Fixed","fixed":[]}""", ".fixed: Too small: expected array to have >=1 items")]
    [InlineData("""{"pricingType":"Fixed","fixed":[{"asset":""}]}""", ".fixed[0].amount: Invalid input: expected string, received undefined")]
    [InlineData("""{"pricingType":"Cheap"}""", ".pricingType: Invalid option: expected one of \"Fixed\"|\"Dynamic\"|\"Free\"")]
    [InlineData("""{}""", ".pricingType: Invalid option: expected one of \"Fixed\"|\"Dynamic\"|\"Free\"")]
    public async Task A_price_without_its_parts_is_refused_with_one_sentence(string pricing, string message) =>
        await RefusedAsync(JsonNode.Parse(pricing)!.AsObject(), "supportedPaymentSources[0].pricing" + message);

    [Theory]
    [InlineData("nowhere")]
    [InlineData("garbage")]
    [InlineData("addr1wx7j4kmg2cs7yf92uat3ed4a3u97kr7axxr4avaz0lhwdsq87ujx7")]
    [InlineData("stake_test1uqevw2xnsc0pvn9t9r9c7qryfqfeerchgrlm3ea2nefr9hqp8n5xl")]
    public async Task An_address_that_is_none_there_is_refused(string address) =>
        await RefusedAsync(
            b => b["supportedPaymentSources"]![0]!["address"] = address,
            "supportedPaymentSources[0].address is not a valid Cardano address for the registry network"
        );

    [Fact]
    public async Task A_way_of_paying_of_another_network_or_generation_or_twice_is_refused()
    {
        await RefusedAsync(b => b["supportedPaymentSources"]![0]!["network"] = "Mainnet", "Supported payment source network must match the registry network");
        await RefusedAsync(
            b => b["supportedPaymentSources"]![0]!["paymentSourceType"] = "Web3CardanoV1",
            "V2 registry entries may only advertise V2 payment sources."
        );
        await RefusedAsync(
            b =>
            {
                var again = b["supportedPaymentSources"]![0]!.DeepClone();
                again["pricing"]!["fixed"]![0]!["asset"] = "Lovelace";
                again["pricing"]!["fixed"]![0]!["amount"] = "0002000000";
                b["supportedPaymentSources"]!.AsArray().Add(again);
            },
            "supportedPaymentSources[1] duplicates an earlier payment option"
        );
    }

    [Fact]
    public async Task A_way_of_paying_by_x402_is_refused_since_nothing_is_settled_there()
    {
        var evm = JsonNode.Parse(
            """
            {"chain":"EVM","network":"eip155:8453","scheme":"Exact","payTo":"0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913","pricing":{"pricingType":"Free"}}
            """
        )!;
        await RefusedAsync(b => b["supportedPaymentSources"]!.AsArray().Add(evm.DeepClone()), "x402 network is not available for settlement: eip155:8453");
        var (_, token) = await world.KeyAsync(new JsonObject { ["permission"] = "ReadAndPay" });
        var body = world.RegistrationBody(Fixed(("", "2000000")));
        body["supportedPaymentSources"]!.AsArray().Add(evm.DeepClone());
        await world.RefusedAsync("POST", "registry", body, 400, "Not authorized to advertise x402 payment sources on this network", token);
    }

    [Theory]
    [InlineData("Standard", "openApiSpecUrl", true, "openApiSpecUrl is not valid for a Standard agent; use apiBaseUrl")]
    [InlineData("Standard", null, false, "Standard agents require apiBaseUrl")]
    [InlineData("OpenApi", null, true, "OpenApi agents require openApiSpecUrl")]
    [InlineData("OpenApi", "openApiSpecUrl", true, "apiBaseUrl is not valid for a OpenApi agent; use openApiSpecUrl")]
    [InlineData("X402", "openApiSpecUrl", false, "X402 agents require x402ResourcesUrl")]
    [InlineData("X402", "x402ResourcesUrl", true, "apiBaseUrl is not valid for a X402 agent; use x402ResourcesUrl")]
    public async Task Each_type_of_entry_has_its_own_url_and_no_other(string type, string? url, bool keepsBase, string message) =>
        await RefusedAsync(
            b =>
            {
                b["type"] = type;
                if (url is not null)
                {
                    b[url] = "https://example.org/it";
                }

                if (!keepsBase)
                {
                    b.AsObject().Remove("apiBaseUrl");
                }
            },
            message
        );

    [Fact]
    public async Task What_no_reader_would_take_or_no_transaction_could_carry_is_refused()
    {
        await RefusedAsync(b => b["Capability"]!["version"] = new string('1', 61), "Capability.version takes 61 bytes on chain, at most 60 are read");
        await RefusedAsync(b => b["Tags"] = new JsonArray("ok", new string('ü', 33)), "Tags[1] takes 66 bytes on chain, at most 64 are read");
        await RefusedAsync(
            b => b["ExampleOutputs"] = new JsonArray(Example(new string('ü', 31), "text/plain")),
            "ExampleOutputs[0].name takes 62 bytes on chain, at most 60 are read"
        );
        await RefusedAsync(b => b["name"] = "", "name: empty; required: a name");
        await RefusedAsync(b => b["Author"]!["name"] = "", "author.name: empty; required: a name");
        await RefusedAsync(
            b =>
            {
                b["ExampleOutputs"] = new JsonArray([.. Enumerable.Range(0, 25).Select(i => Example($"n{i}", "text/plain"))]);
                b["verifications"] = new JsonArray([.. Enumerable.Range(0, 10).Select(_ => RegistryTests.Claim(new string('a', 480)))]);
            },
            "Agent metadata is too large to mint within the transaction size limit"
        );
    }

    [Fact]
    public async Task Prices_and_ways_of_paying_stand_where_the_generation_has_them()
    {
        await RefusedAsync(
            b => b["AgentPricing"] = new JsonObject { ["pricingType"] = "Free" },
            "V2 registrations must not set AgentPricing; put pricing inside each supportedPaymentSources[].pricing field"
        );
        await RefusedAsync(b => b.AsObject().Remove("supportedPaymentSources"), "V2 registrations require supportedPaymentSources with source-local pricing");
    }

    [Fact]
    public async Task Only_an_admin_key_sends_money_along_and_only_to_a_wallet_of_the_source()
    {
        var (_, token) = await world.KeyAsync(new JsonObject { ["permission"] = "ReadAndPay" });
        var body = world.RegistrationBody(Fixed(("", "2000000")));
        body["sendFundingLovelace"] = "99999000000";
        await world.RefusedAsync("POST", "registry", body, 400, "sendFundingLovelace: only an admin key may send funds along", token);
        body["sendFundingLovelace"] = "99999999999999999";
        await world.RefusedAsync("POST", "registry", body, 400, "sendFundingLovelace: More than there is");
        body.Remove("sendFundingLovelace");
        body["recipientWalletAddress"] = PaymentWorld.FeeWallet.ToString();
        await world.RefusedAsync("POST", "registry", body, 404, "Recipient wallet not found on the same payment source");
        body["recipientWalletAddress"] = "addr1";
        Assert.Equal(400, (await world.CallAsync("POST", "registry", body)).Status);
    }

    [Fact]
    public async Task A_wallet_that_does_not_sell_here_registers_nothing()
    {
        foreach (var vkey in new[] { new string('0', 56), world.BuyerKeys.Payment.KeyHash.ToString() })
        {
            await RefusedAsync(b => b["sellingWalletVkey"] = vkey, "Network and Address combination not supported", 404);
        }

        await RefusedAsync(b => b["network"] = "Mainnet", "Network and Address combination not supported", 404);
        var (_, token) = await world.KeyAsync(new JsonObject { ["permission"] = "ReadAndPay", ["NetworkLimit"] = new JsonArray("Mainnet") });
        var body = world.RegistrationBody(Fixed(("", "2000000")));
        Assert.Equal(401, (await world.CallAsync("POST", "registry", body, token)).Status);
    }

    private static JsonObject Example(string name, string type) =>
        new()
        {
            ["name"] = name,
            ["url"] = "https://example.org/" + new string('u', 200),
            ["mimeType"] = type,
        };

    private async Task RefusedAsync(Action<JsonNode> change, string message, int status = 400)
    {
        var body = world.RegistrationBody(Fixed(("", "2000000")));
        change(body);
        await world.RefusedAsync("POST", "registry", body, status, message);
    }

    private static JsonObject Fixed(params (string Asset, string Amount)[] prices) =>
        new()
        {
            ["pricingType"] = "Fixed",
            ["fixed"] = new JsonArray([.. prices.Select(p => (JsonNode)new JsonObject { ["asset"] = p.Asset, ["amount"] = p.Amount })]),
        };

    private async Task RefusedAsync(JsonObject pricing, string message) =>
        await world.RefusedAsync("POST", "registry", world.RegistrationBody(pricing), 400, message);
}
